"""GSKit 7: the key databases of the directory server, and the command that makes them.

A key database of the lab is a PKCS #12 file; that of GSKit (CMS) has a format of its own. Beside it lies the stash, the
password with each byte turned over, as GSKit hides it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from lab.host import Host
from lab.products.was.keys import certificates
from lab.products.was.keys.pkcs12 import BadStore, KeyStore, Personal

_STASH_BYTES = 129
_TURNED = 0xF5
_FLAGS = ("-stash", "-stashed")
_OPTIONS = {
    ("-keydb", "-create"): ("-db", "-pw", "-type", "-expire"),
    ("-cert", "-create"): ("-db", "-label", "-dn", "-size", "-expire", "-default_cert"),
    ("-cert", "-list"): ("-db",),
    ("-cert", "-extract"): ("-db", "-label", "-target", "-format"),
}
_SIZES = (512, 1024, 2048)


class GskitError(Exception):
    """What the command refuses; its text is what it prints."""


def gsk7capicmd(host: Host, arguments: Sequence[str]) -> int:
    """`gsk7capicmd -keydb -create ...` and the like, the password from standard input (`-pw -`) or the stash."""
    try:
        action = tuple(arguments[:2])
        if action not in _OPTIONS:
            raise GskitError(f"CTGSK3046W The action {' '.join(action)} is not played out by the lab.")
        options = _parse(arguments[2:], _OPTIONS[action])
        if "-db" not in options:
            raise GskitError("CTGSK3020W The option -db is required.")
        file = host.path(options["-db"])
        if action == ("-keydb", "-create"):
            _create_database(host, file, options)
        else:
            _certificate(host, action[1], file, options)
    except GskitError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def read(file: Path) -> KeyStore:
    """A key database, opened by its stash; raises `GskitError`."""
    stash = file.with_suffix(".sth")
    if not file.is_file() or not stash.is_file():
        raise GskitError(f"CTGSK2137W The key file {file.name} or its stash does not exist or cannot be read.")
    password = bytes(byte ^ _TURNED for byte in stash.read_bytes()).partition(b"\0")[0].decode()
    try:
        return KeyStore.parse(file.read_bytes(), password)
    except BadStore as error:
        raise GskitError(f"CTGSK2104W The stash is not for this key file. ({error})") from None


def as_pem(file: Path, label: str) -> tuple[bytes, bytes]:
    """What a server presents: the key, and the certificates, its own first. Raises `GskitError`."""
    key, chain = _entry(read(file), label)
    return (
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        b"".join(each.public_bytes(Encoding.PEM) for each in chain),
    )


def _entry(store: KeyStore, label: str) -> tuple[RSAPrivateKey, list[x509.Certificate]]:
    found = store.personal.get(label)
    if found is None or found.certificate is None:
        raise GskitError(f"CTGSK2115W The label {label} was not found.")
    return found.key, [found.certificate, *found.chain]


def _parse(words: Sequence[str], known: Sequence[str]) -> dict[str, str]:
    options: dict[str, str] = {}
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in _FLAGS:
            options[word] = ""
        elif word in known and rest:
            options[word] = rest.pop(0)
        else:
            raise GskitError(f"CTGSK3039W The option {word} is not valid here, or has no value.")
    return options


def _create_database(host: Host, file: Path, options: dict[str, str]) -> None:
    if options.get("-type", "cms") != "cms":
        raise GskitError("CTGSK3046W The lab makes key databases of the type cms only.")
    if options.get("-pw") != "-":
        raise GskitError("lab: -pw has to be -, for everybody sees the arguments of a command")
    if file.exists():
        raise GskitError(f"CTGSK3024W The key file {file.name} exists already.")
    if not file.parent.is_dir():
        raise GskitError(f"CTGSK3026W The folder of {file.name} does not exist.")
    password = sys.stdin.readline().rstrip("\r\n")
    if not password:
        raise GskitError("CTGSK3020W A password is required.")
    file.touch(0o600)
    file.write_bytes(KeyStore().content(password))
    fault = host.fault("gskit-database")
    if fault:
        raise GskitError(f"CTGSK3026W The stash could not be written. ({fault})")
    if "-stash" in options:
        stash = file.with_suffix(".sth")
        stash.touch(0o600)
        stash.write_bytes(bytes(byte ^ _TURNED for byte in password.encode().ljust(_STASH_BYTES, b"\0")))


def _certificate(host: Host, action: str, file: Path, options: dict[str, str]) -> None:
    if "-stashed" not in options:
        raise GskitError("lab: only -stashed opens a key database, for everybody sees the arguments of a command")
    store = read(file)
    if action == "-list":
        print("Certificates found\n* default, - personal, ! trusted")
        print("".join(f"-\t{label}\n" for label in store.personal), end="")
        return
    label = options.get("-label", "")
    if not label:
        raise GskitError("CTGSK3020W The option -label is required.")
    if action == "-create":
        if label in store.personal:
            raise GskitError(f"CTGSK2113W The label {label} is in use already.")
        fault = host.fault("gskit-certificate")
        if fault:
            raise GskitError(f"CTGSK3026W The key file could not be written. ({fault})")
        store.personal[label] = _self_signed(options)
        _write(file, store)
    else:
        if options.get("-format") != "ascii":
            raise GskitError("CTGSK3046W The lab extracts in the format ascii only.")
        _key, chain = _entry(store, label)
        host.path(options.get("-target", "")).write_bytes(chain[0].public_bytes(Encoding.PEM))


def _self_signed(options: dict[str, str]) -> Personal:
    try:
        days, size = int(options.get("-expire", "365")), int(options.get("-size", "1024"))
    except ValueError:
        raise GskitError("CTGSK3039W -expire and -size are numbers.") from None
    if size not in _SIZES or not 1 <= days <= 7300:
        raise GskitError("CTGSK3039W -size is 512, 1024 or 2048, and -expire at most 7300 days.")
    parts = [part.strip().partition("=") for part in options.get("-dn", "").split(",") if part.strip()]
    subject = [(name.strip().upper(), value.strip()) for name, _equals, value in parts]
    if not subject or any(name not in certificates.PARTS or not value for name, value in subject):
        raise GskitError(f"CTGSK2043W The distinguished name {options.get('-dn', '')} is not valid.")
    return certificates.self_signed(subject, days=days, size=size)


def _write(file: Path, store: KeyStore) -> None:
    stash = file.with_suffix(".sth").read_bytes()
    password = bytes(byte ^ _TURNED for byte in stash).partition(b"\0")[0].decode()
    file.write_bytes(store.content(password))
