"""`db2licm` and the licence files on the images."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lab.host import Host
from lab.products.db2 import memory
from lab.products.db2.editions import EDITIONS, Edition

KINDS = {"o": "Authorized User Option", "c": "CPU"}


def licence_file(edition: Edition, kind: str) -> str:
    """The text of a licence file of our own making; `kind` is a key of `KINDS`."""
    return (
        "[LicenseCertificate]\n"
        f"ProductName={edition.title}\n"
        f"ProductID={edition.identifier}\n"
        "ProductVersion=9.1\n"
        f"LicenseType={KINDS[kind]}\n"
        "Expiry=Permanent\n"
    )


def db2licm(host: Host, arguments: Sequence[str]) -> int:
    """Add a licence (`-a file`) or list those there are (`-l`)."""
    path = memory.copy_path(host)
    if list(arguments) == ["-l"]:
        print(_listing(host, path))
        return 0
    if len(arguments) == 2 and arguments[0] == "-a":
        return _add(host, path, arguments[1])
    print("DBI1413N  The parameter specified is not valid. Usage: db2licm -a <license-filename> | -l")
    return 1


def _add(host: Host, path: str, name: str) -> int:
    if not host.user.administrator:
        print("DBI1414N  The user has no authority to add a license.")
        return 1
    file = host.path(name)
    if not file.is_file():
        print(f"DBI1419N  Unexpected system error: the license file {name} was not found.")
        return 1
    text = file.read_text("utf-8")
    product = re.search(r"^ProductID=(\S+)", text, re.MULTILINE)
    with host.store(memory.STORE) as store:
        copy = memory.copies(store)[path]
        fits = product is not None and product[1] == EDITIONS[copy["edition"]].identifier
        if fits and host.fault("db2licm") != "licence-refused":
            licences = set(copy["licences"]) | {text}
            copy["licences"] = sorted(licences)
            print("DBI1402I License added successfully.")
            return 0
    print(
        "DBI1416N  The license could not be added automatically. The license certificate is not valid for this product."
    )
    return 1


def _listing(host: Host, path: str) -> str:
    copy = memory.snapshot(host)["copies"][path]
    edition = EDITIONS[copy["edition"]]
    blocks = []
    for text in copy["licences"]:
        said = dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))
        blocks.append((said["LicenseType"], said["Expiry"]))
    return "\n".join(
        f'Product name:                     "{edition.title}"\n'
        f'License type:                     "{kind}"\n'
        f'Expiry date:                      "{expiry}"\n'
        f'Product identifier:               "{edition.identifier}"\n'
        'Version information:              "9.1"\n'
        for kind, expiry in (blocks or [("Trial", "90 days")])
    )


def media(prefix: str, edition: Edition) -> dict[str, str]:
    """The licence files of an image, by path below `prefix`."""
    return {f"{prefix}{edition.identifier}_{kind}.lic": licence_file(edition, kind) for kind in KINDS}
