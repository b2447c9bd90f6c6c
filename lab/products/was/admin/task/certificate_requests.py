"""Commands for certificate requests: group CertificateRequestCommands."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import rsa

from lab.products.was.admin.task.certificates import SUBJECT, size_of, subject_of
from lab.products.was.admin.task.commands import Call, command
from lab.products.was.admin.task.key_stores import store_of
from lab.products.was.admin.task.store_files import write_file
from lab.products.was.keys import certificates
from lab.products.was.keys.pkcs12 import Personal

GROUP = "CertificateRequestCommands"
_STORE = "keyStoreName* keyStoreScope"


@command(
    "createCertificateRequest", GROUP, "Create Certificate Request",
    f"{_STORE} certificateAlias* certificateVersion certificateSize:Integer {SUBJECT} certificateRequestFilePath*",
)  # fmt: skip
def _create(call: Call) -> str:
    store, alias = store_of(call), call["certificateAlias"]
    store.require_free(alias)
    entry = Personal(rsa.generate_private_key(65537, size_of(call)))
    write_file(call, call["certificateRequestFilePath"], certificates.request(entry, subject_of(call)))
    store.file.personal[alias] = entry
    store.write()
    return ""


@command("listCertificateRequests", GROUP, "The list of certificate request in a keystore.", _STORE)
def _list(call: Call) -> str:
    found = store_of(call).file.personal
    return call.lines(f"[ [alias {alias}] ]" for alias, each in sorted(found.items()) if each.certificate is None)


@command(
    "deleteCertificateRequest", GROUP, "Delete an existing certificate request from a keystore.",
    f"{_STORE} certificateAlias*",
)  # fmt: skip
def _delete(call: Call) -> str:
    store = store_of(call)
    requests = {alias: each for alias, each in store.file.personal.items() if each.certificate is None}
    store.one(requests, call["certificateAlias"])
    del store.file.personal[call["certificateAlias"]]
    store.write()
    return ""
