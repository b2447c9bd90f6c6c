"""Commands for certificates in key stores: groups PersonalCertificateCommands, SignerCertificateCommands."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping
from pathlib import Path

from lab.products.was.admin.key_store_files import (
    Certificate,
    KeyStoreFile,
    extracted,
    from_file,
    original,
    self_signed,
)
from lab.products.was.admin.task.commands import Call, command
from lab.products.was.admin.task.key_stores import store_named
from lab.products.was.errors import ScriptingError
from lab.products.was.model.element import Element

PERSONAL = "PersonalCertificateCommands"
SIGNERS = "SignerCertificateCommands"
_STORE = "keyStoreName* keyStoreScope"
_NAMES = {
    "CN": "certificateCommonName", "OU": "certificateOrganizationalUnit", "O": "certificateOrganization",
    "L": "certificateLocality", "ST": "certificateState", "C": "certificateCountry",
}  # fmt: skip
_CONNECT_WITHIN_S = 5.0


class _Store:
    """A key store that a call works on; its file lies in the repository or elsewhere on the host."""

    def __init__(self, call: Call, name: str, scope: str) -> None:
        self._call, self.name = call, name
        element = store_named(call, name, scope)
        self._path = (element.get("location") or "").replace("\\", "/")
        content = self._read()
        self.file = (
            KeyStoreFile.parse(content)
            if content is not None
            else _fresh(element, int(call.profile.config.stat().st_mtime))
        )

    def _inside(self) -> str | None:
        below = self._path.removeprefix("${CONFIG_ROOT}/")
        return below if below != self._path else None

    def _outside(self) -> Path:
        path = self._path.replace("${USER_INSTALL_ROOT}", self._call.profile.path.replace("\\", "/"))
        return self._call.host.path(path)

    def _read(self) -> bytes | None:
        inside = self._inside()
        if inside:
            return self._call.workspace.content(inside) if self._call.workspace.exists(inside) else None
        return self._outside().read_bytes() if self._outside().is_file() else None

    def write(self) -> None:
        """Keep what changed: in the repository with the next save."""
        inside = self._inside()
        if inside:
            self._call.workspace.add_file(inside, self.file.content())
        else:
            self._outside().parent.mkdir(parents=True, exist_ok=True)
            self._outside().write_bytes(self.file.content())

    def one(self, certificates: Mapping[str, Certificate], alias: str) -> Certificate:
        """The certificate of an alias; raises `ScriptingError`."""
        if alias not in certificates:
            raise ScriptingError(f"CWPKI0631E: Certificate alias {alias} does not exist in key store {self.name}.")
        return certificates[alias]

    def keep(self, certificates: dict[str, Certificate], alias: str, certificate: Certificate) -> None:
        """Add a certificate; raises `ScriptingError` when the alias is taken."""
        if alias in certificates:
            raise ScriptingError(f"CWPKI0632E: Certificate alias {alias} already exists in key store {self.name}.")
        certificates[alias] = certificate
        self.write()


def _fresh(element: Element, made: int) -> KeyStoreFile:
    """What the key stores of a profile hold since it was made: a certificate, which it trusts itself."""
    name = element.get("name") or ""
    owner = name.removesuffix("KeyStore").removesuffix("TrustStore")
    certificates = {"default": original(f"CN={owner}, O=IBM, C=US", made)}
    if name.endswith("DefaultKeyStore"):
        return KeyStoreFile(personal=certificates)
    return KeyStoreFile(signers=certificates) if name.endswith("DefaultTrustStore") else KeyStoreFile()


def _store(call: Call) -> _Store:
    return _Store(call, call["keyStoreName"], call.get("keyStoreScope"))


def _listed(call: Call, certificates: Mapping[str, Certificate], aliases: Iterable[str]) -> str:
    return call.lines(
        "[ " + "".join(f"[{name} {_value(value)}] " for name, value in certificates[alias].shown(alias).items()) + "]"
        for alias in aliases
    )


def _value(value: str) -> str:
    return f"[{value}]" if " " in value else value


@command("listPersonalCertificates", PERSONAL, "The list of personal certificates in a given key store.", _STORE)
def _list_personal(call: Call) -> str:
    found = _store(call).file.personal
    return _listed(call, found, sorted(found))


@command("listSignerCertificates", SIGNERS, "The list of signer certificates in a key store.", _STORE)
def _list_signers(call: Call) -> str:
    found = _store(call).file.signers
    return _listed(call, found, sorted(found))


@command("getCertificate", PERSONAL, "Get information about a personal certificate.", f"{_STORE} certificateAlias*")
def _get_personal(call: Call) -> str:
    store = _store(call)
    store.one(store.file.personal, call["certificateAlias"])
    return _listed(call, store.file.personal, [call["certificateAlias"]])


@command("getSignerCertificate", SIGNERS, "Get information about a signer Certificate.", f"{_STORE} certificateAlias*")
def _get_signer(call: Call) -> str:
    store = _store(call)
    store.one(store.file.signers, call["certificateAlias"])
    return _listed(call, store.file.signers, [call["certificateAlias"]])


@command(
    "createSelfSignedCertificate", PERSONAL, "Create a new self-signed certificate and store it in a key store.",
    f"{_STORE} certificateAlias* certificateVersion certificateSize:Integer certificateCommonName* "
    "certificateOrganization certificateOrganizationalUnit certificateLocality certificateState certificateZip "
    "certificateCountry certificateValidDays:Integer",
)  # fmt: skip
def _create_self_signed(call: Call) -> str:
    subject = ", ".join(f"{key}={call[name]}" for key, name in _NAMES.items() if call.get(name))
    days, size = int(call.get("certificateValidDays", "365")), int(call.get("certificateSize", "1024"))
    store = _store(call)
    store.keep(store.file.personal, call["certificateAlias"], self_signed(subject, days, size))
    return ""


@command(
    "deleteCertificate", PERSONAL, "Delete a personal certificate used for identity.", f"{_STORE} certificateAlias*"
)
def _delete_personal(call: Call) -> str:
    store = _store(call)
    store.one(store.file.personal, call["certificateAlias"])
    del store.file.personal[call["certificateAlias"]]
    store.write()
    return ""


@command("deleteSignerCertificate", SIGNERS, "Delete a signer certificate from a key store file.",
         f"{_STORE} certificateAlias*")  # fmt: skip
def _delete_signer(call: Call) -> str:
    store = _store(call)
    store.one(store.file.signers, call["certificateAlias"])
    del store.file.signers[call["certificateAlias"]]
    store.write()
    return ""


def _write(call: Call, certificate: Certificate) -> str:
    file = call.host.path(call["certificateFilePath"])
    if not file.parent.is_dir():
        raise ScriptingError(f"CWPKI0633E: The file {call['certificateFilePath']} cannot be written.")
    file.write_text(extracted(certificate), "ascii")
    return ""


@command("extractCertificate", PERSONAL, "extract a signer certificate to a file.",
         f"{_STORE} certificateFilePath* base64Encoded:Boolean certificateAlias*")  # fmt: skip
def _extract_personal(call: Call) -> str:
    store = _store(call)
    return _write(call, store.one(store.file.personal, call["certificateAlias"]))


@command("extractSignerCertificate", SIGNERS, "Extract a signer certificate from a key store.",
         f"{_STORE} certificateAlias* certificateFilePath* base64Encoded:Boolean")  # fmt: skip
def _extract_signer(call: Call) -> str:
    store = _store(call)
    return _write(call, store.one(store.file.signers, call["certificateAlias"]))


def _from(call: Call, path: str) -> bytes:
    file = call.host.path(path)
    if not file.is_file():
        raise ScriptingError(f"CWPKI0634E: The file {path} does not exist.")
    return file.read_bytes()


@command("addSignerCertificate", SIGNERS, "Add a signer certificate from a certificate file to a keystore.",
         f"{_STORE} certificateAlias* certificateFilePath* base64Encoded:Boolean")  # fmt: skip
def _add_signer(call: Call) -> str:
    certificate = from_file(_from(call, call["certificateFilePath"]))
    if certificate is None:
        raise ScriptingError(f"CWPKI0635E: The file {call['certificateFilePath']} holds no certificate.")
    store = _store(call)
    store.keep(store.file.signers, call["certificateAlias"], certificate)
    return ""


@command(
    "exportCertificate", PERSONAL, "Export a certificate to another KeyStore.",
    f"{_STORE} keyStorePassword keyFilePath* keyFilePassword* keyFileType* certificateAlias* aliasInKeyStore",
)  # fmt: skip
def _export(call: Call) -> str:
    store = _store(call)
    certificate = store.one(store.file.personal, call["certificateAlias"])
    file = call.host.path(call["keyFilePath"])
    other = KeyStoreFile.parse(file.read_bytes()) if file.is_file() else KeyStoreFile()
    other.personal[call.get("aliasInKeyStore") or call["certificateAlias"]] = certificate
    file.write_bytes(other.content())
    return ""


@command(
    "importCertificate", PERSONAL, "Import a Certificate from another KeyStore to this KeyStore.",
    f"{_STORE} keyFilePath* keyFilePassword* keyFileType* certificateAliasFromKeyFile* certificateAlias",
)  # fmt: skip
def _import(call: Call) -> str:
    other = KeyStoreFile.parse(_from(call, call["keyFilePath"]))
    wanted = call["certificateAliasFromKeyFile"]
    if wanted not in other.personal:
        raise ScriptingError(
            f"CWPKI0631E: Certificate alias {wanted} does not exist in key file {call['keyFilePath']}."
        )
    store = _store(call)
    store.keep(store.file.personal, call.get("certificateAlias") or wanted, other.personal[wanted])
    return ""


@command(
    "replaceCertificate", PERSONAL, "Replace a Certificate with a different certificate.",
    f"{_STORE} certificateAlias* replacementCertificateAlias* deleteOldCert:Boolean deleteOldSigners:Boolean",
)  # fmt: skip
def _replace(call: Call) -> str:
    store = _store(call)
    store.one(store.file.personal, call["certificateAlias"])
    store.one(store.file.personal, call["replacementCertificateAlias"])
    if call.get("deleteOldCert").lower() == "true":
        del store.file.personal[call["certificateAlias"]]
        store.write()
    return ""


@command(
    "exchangeSigners", SIGNERS, "Exchange Signer Certificates",
    "keyStoreName1* keyStoreScope1 keyStoreName2* keyStoreScope2 certificateAliasList1 certificateAliasList2",
)  # fmt: skip
def _exchange(call: Call) -> str:
    one = _Store(call, call["keyStoreName1"], call.get("keyStoreScope1"))
    other = _Store(call, call["keyStoreName2"], call.get("keyStoreScope2"))
    for source, target, words in ((one, other, "certificateAliasList1"), (other, one, "certificateAliasList2")):
        for alias in filter(None, call.get(words).replace(",", ";").split(";")):
            target.keep(target.file.signers, alias, source.one(source.file.personal, alias))
    return ""


@command(
    "retrieveSignerFromPort", SIGNERS, "Retrieve a signer certificate from a port and add it to the KeyStore.",
    f"{_STORE} host* port*:Integer sslConfigName sslConfigScopeName certificateAlias*",
)  # fmt: skip
def _retrieve(call: Call) -> str:
    store = _store(call)
    try:
        socket.create_connection((call["host"], int(call["port"])), _CONNECT_WITHIN_S).close()
    except OSError as error:
        raise ScriptingError(
            f"CWPKI0636E: Cannot retrieve a signer certificate from {call['host']}:{call['port']}: {error.strerror}"
        ) from None
    store.keep(store.file.signers, call["certificateAlias"], self_signed(f"CN={call['host']}, O=IBM, C=US"))
    return ""
