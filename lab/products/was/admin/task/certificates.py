"""Commands for personal certificates in key stores: group PersonalCertificateCommands."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lab.products.was.admin.task.commands import Call, command, invalid
from lab.products.was.admin.task.key_stores import store_of
from lab.products.was.admin.task.store_files import StoreFile, file_of, write_file
from lab.products.was.errors import ScriptingError
from lab.products.was.keys import certificates
from lab.products.was.keys.pkcs12 import BadStore, KeyStore, Personal, imported

PERSONAL = "PersonalCertificateCommands"
_STORE = "keyStoreName* keyStoreScope"
SUBJECT = (
    "certificateCommonName* certificateOrganization certificateOrganizationalUnit certificateLocality "
    "certificateState certificateZip certificateCountry"
)
_PARTS = {
    "CN": "certificateCommonName", "OU": "certificateOrganizationalUnit", "O": "certificateOrganization",
    "L": "certificateLocality", "ST": "certificateState", "postalCode": "certificateZip", "C": "certificateCountry",
}  # fmt: skip
_SIZES = (512, 1024, 2048)


def subject_of(call: Call) -> list[tuple[str, str]]:
    """The subject that a call names."""
    return [(short, call[name]) for short, name in _PARTS.items() if call.get(name)]


def size_of(call: Call) -> int:
    """The length of the key that a call asks for, in bits; raises `ScriptingError`."""
    size = int(call.get("certificateSize", "1024"))
    if size not in _SIZES:
        raise invalid(str(size), "certificateSize", "createSelfSignedCertificate")
    if size == _SIZES[0]:
        raise ScriptingError("lab: no keys of 512 bits are made here")
    return size


def listed(call: Call, found: list[tuple[str, x509.Certificate]]) -> str:
    """Certificates by alias, one a line."""
    return call.lines(
        "[ " + "".join(f"[{name} {_value(value)}] " for name, value in certificates.shown(each, alias).items()) + "]"
        for alias, each in found
    )


def _value(value: str) -> str:
    return f"[{value}]" if " " in value else value


def _of(store: StoreFile, alias: str) -> tuple[Personal, x509.Certificate]:
    """The entry of an alias and its certificate: a request has none yet. Raises `ScriptingError`."""
    entry = store.one(store.file.personal, alias)
    if entry.certificate is None:
        raise ScriptingError(f"CWPKI0631E: Certificate alias {alias} does not exist in key store {store.name}.")
    return entry, entry.certificate


@command("listPersonalCertificates", PERSONAL, "The list of personal certificates in a given key store.", _STORE)
def _list_personal(call: Call) -> str:
    found = store_of(call).file.personal
    return listed(call, [(alias, each.certificate) for alias, each in sorted(found.items()) if each.certificate])


@command("getCertificate", PERSONAL, "Get information about a personal certificate.", f"{_STORE} certificateAlias*")
def _get_personal(call: Call) -> str:
    _entry, certificate = _of(store_of(call), call["certificateAlias"])
    return listed(call, [(call["certificateAlias"], certificate)])


@command(
    "createSelfSignedCertificate", PERSONAL, "Create a new self-signed certificate and store it in a key store.",
    f"{_STORE} certificateAlias* certificateVersion certificateSize:Integer {SUBJECT} certificateValidDays:Integer",
)  # fmt: skip
def _create_self_signed(call: Call) -> str:
    store = store_of(call)
    store.require_free(call["certificateAlias"])
    made = certificates.self_signed(
        subject_of(call), days=int(call.get("certificateValidDays", "365")), size=size_of(call)
    )
    store.file.personal[call["certificateAlias"]] = made
    store.write()
    return ""


@command(
    "deleteCertificate", PERSONAL, "Delete a personal certificate used for identity.", f"{_STORE} certificateAlias*"
)
def _delete_personal(call: Call) -> str:
    store = store_of(call)
    store.one(store.file.personal, call["certificateAlias"])
    del store.file.personal[call["certificateAlias"]]
    store.write()
    return ""


@command("extractCertificate", PERSONAL, "extract a signer certificate to a file.",
         f"{_STORE} certificateFilePath* base64Encoded:Boolean certificateAlias*")  # fmt: skip
def _extract_personal(call: Call) -> str:
    _entry, certificate = _of(store_of(call), call["certificateAlias"])
    write_file(call, call["certificateFilePath"], certificate.public_bytes(Encoding.PEM))
    return ""


@command(
    "receiveCertificate", PERSONAL, "Receive a certificate from a file.",
    f"{_STORE} certificateAlias* certificateFilePath* base64Encoded*:Boolean",
)  # fmt: skip
def _receive(call: Call) -> str:
    store = store_of(call)
    found = certificates.from_file(file_of(call, call["certificateFilePath"]))
    if not found:
        raise ScriptingError(f"CWPKI0635E: The file {call['certificateFilePath']} holds no certificate.")
    entry = store.one(store.file.personal, call["certificateAlias"])
    if entry.key.public_key() != found[0].public_key():
        raise ScriptingError(
            f"CWPKI0641E: The certificate is not that of the request {call['certificateAlias']} in {store.name}."
        )
    chain = certificates.chain_of(found[0], [*found[1:], *store.file.signers.values()])
    if chain is None:
        raise ScriptingError(
            f"CWPKI0642E: The signer {certificates.subject_text(found[0].issuer)} is not in key store {store.name}."
        )
    store.file.personal[call["certificateAlias"]] = Personal(entry.key, found[0], chain)
    store.write()
    return ""


@command(
    "exportCertificate", PERSONAL, "Export a certificate to another KeyStore.",
    f"{_STORE} keyStorePassword keyFilePath* keyFilePassword* keyFileType* certificateAlias* aliasInKeyStore",
)  # fmt: skip
def _export(call: Call) -> str:
    entry, _certificate = _of(store_of(call), call["certificateAlias"])
    file = call.host.path(call["keyFilePath"])
    other = _key_file(call) if file.is_file() else KeyStore()
    other.personal[call.get("aliasInKeyStore") or call["certificateAlias"]] = entry
    write_file(call, call["keyFilePath"], other.content(call["keyFilePassword"]))
    return ""


def _key_file(call: Call) -> KeyStore:
    """What a file of keys holds, of the lab or of somebody else; raises `ScriptingError`."""
    if call["keyFileType"] != "PKCS12":
        raise ScriptingError(f"lab: key files of type {call['keyFileType']} are not read here")
    content = file_of(call, call["keyFilePath"])
    try:
        return KeyStore.parse(content, call["keyFilePassword"])
    except BadStore:
        pass
    try:
        return imported(content, call["keyFilePassword"])
    except BadStore as error:
        raise ScriptingError(
            f"java.io.IOException: {call['keyFilePath']}: Keystore was tampered with, or password was incorrect"
            f" ({error})"
        ) from None


@command(
    "importCertificate", PERSONAL, "Import a Certificate from another KeyStore to this KeyStore.",
    f"{_STORE} keyFilePath* keyFilePassword* keyFileType* certificateAliasFromKeyFile* certificateAlias",
)  # fmt: skip
def _import(call: Call) -> str:
    other, wanted = _key_file(call), call["certificateAliasFromKeyFile"]
    if wanted not in other.personal:
        raise ScriptingError(
            f"CWPKI0631E: Certificate alias {wanted} does not exist in key file {call['keyFilePath']}."
        )
    store, alias = store_of(call), call.get("certificateAlias") or wanted
    store.require_free(alias)
    store.file.personal[alias] = other.personal[wanted]
    store.write()
    return ""


@command(
    "replaceCertificate", PERSONAL, "Replace a Certificate with a different certificate.",
    f"{_STORE} certificateAlias* replacementCertificateAlias* deleteOldCert:Boolean deleteOldSigners:Boolean",
)  # fmt: skip
def _replace(call: Call) -> str:
    store = store_of(call)
    _of(store, call["certificateAlias"])
    _of(store, call["replacementCertificateAlias"])
    if call.get("deleteOldCert").lower() == "true":
        del store.file.personal[call["certificateAlias"]]
        store.write()
    return ""
