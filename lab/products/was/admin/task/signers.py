"""Commands for signer certificates in key stores: group SignerCertificateCommands."""

from __future__ import annotations

import socket
import ssl

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from lab.products.was.admin.task.certificates import listed
from lab.products.was.admin.task.commands import Call, command
from lab.products.was.admin.task.key_stores import store_of
from lab.products.was.admin.task.store_files import StoreFile, file_of, write_file
from lab.products.was.errors import ScriptingError
from lab.products.was.keys import certificates

SIGNERS = "SignerCertificateCommands"
_STORE = "keyStoreName* keyStoreScope"
_WITHIN_S = 5.0


def _keep(store: StoreFile, alias: str, certificate: x509.Certificate) -> None:
    store.require_free(alias)
    store.file.signers[alias] = certificate
    store.write()


@command("listSignerCertificates", SIGNERS, "The list of signer certificates in a key store.", _STORE)
def _list_signers(call: Call) -> str:
    return listed(call, sorted(store_of(call).file.signers.items(), key=lambda pair: pair[0]))


@command("getSignerCertificate", SIGNERS, "Get information about a signer Certificate.", f"{_STORE} certificateAlias*")
def _get_signer(call: Call) -> str:
    store = store_of(call)
    return listed(call, [(call["certificateAlias"], store.one(store.file.signers, call["certificateAlias"]))])


@command("deleteSignerCertificate", SIGNERS, "Delete a signer certificate from a key store file.",
         f"{_STORE} certificateAlias*")  # fmt: skip
def _delete_signer(call: Call) -> str:
    store = store_of(call)
    store.one(store.file.signers, call["certificateAlias"])
    del store.file.signers[call["certificateAlias"]]
    store.write()
    return ""


@command("extractSignerCertificate", SIGNERS, "Extract a signer certificate from a key store.",
         f"{_STORE} certificateAlias* certificateFilePath* base64Encoded:Boolean")  # fmt: skip
def _extract_signer(call: Call) -> str:
    store = store_of(call)
    found = store.one(store.file.signers, call["certificateAlias"])
    write_file(call, call["certificateFilePath"], found.public_bytes(Encoding.PEM))
    return ""


@command("addSignerCertificate", SIGNERS, "Add a signer certificate from a certificate file to a keystore.",
         f"{_STORE} certificateAlias* certificateFilePath* base64Encoded*:Boolean")  # fmt: skip
def _add_signer(call: Call) -> str:
    found = certificates.from_file(file_of(call, call["certificateFilePath"]))
    if not found:
        raise ScriptingError(f"CWPKI0635E: The file {call['certificateFilePath']} holds no certificate.")
    _keep(store_of(call), call["certificateAlias"], found[0])
    return ""


@command(
    "exchangeSigners", SIGNERS, "Exchange Signer Certificates",
    "keyStoreName1* keyStoreScope1 keyStoreName2* keyStoreScope2 certificateAliasList1 certificateAliasList2",
)  # fmt: skip
def _exchange(call: Call) -> str:
    one, other = store_of(call, "1"), store_of(call, "2")
    for source, target, words in ((one, other, "certificateAliasList1"), (other, one, "certificateAliasList2")):
        for alias in filter(None, call.get(words).replace(",", ";").split(";")):
            found = source.one(source.file.personal, alias).certificate
            if found:
                _keep(target, alias, found)
    return ""


@command(
    "retrieveSignerFromPort", SIGNERS, "Retrieve a signer certificate from a port and add it to the KeyStore.",
    f"{_STORE} host* port*:Integer sslConfigName sslConfigScopeName certificateAlias*",
)  # fmt: skip
def _retrieve(call: Call) -> str:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    where = call.host.resolve(call["host"]) or call["host"]
    try:
        with (
            socket.create_connection((where, int(call["port"])), _WITHIN_S) as connection,
            context.wrap_socket(connection) as talk,
        ):
            content = talk.getpeercert(binary_form=True) or b""
    except OSError as error:
        raise ScriptingError(
            f"CWPKI0636E: Cannot retrieve a signer certificate from {call['host']}:{call['port']}: {error.strerror}"
        ) from None
    _keep(store_of(call), call["certificateAlias"], x509.load_der_x509_certificate(content))
    return ""
