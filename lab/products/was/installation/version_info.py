"""`versionInfo [-maintenancePackages]`: what is installed in a root."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from lab.host import Host
from lab.products.was import layout
from lab.products.was.installation import packages, product, system
from lab.products.was.layout import Installation

OK, FAILED = 0, 1
_LINE = "-" * 80
_TITLE = "IBM WebSphere Application Server Product Installation Status Report"


def main(host: Host, arguments: Sequence[str]) -> int:
    """The program."""
    installation, _ = layout.of_program(host, [])
    wrong = [word for word in arguments if word != "-maintenancePackages"]
    if wrong:
        print(f"WVER0032E: Invalid argument: {wrong[0]}")
        return FAILED
    print("\n".join(_report(installation, packages_too=bool(arguments))))
    return OK


def _report(installation: Installation, *, packages_too: bool) -> Iterator[str]:
    host, root = installation.host, installation.root
    version = layout.join(host, root, "properties", "version")
    yield "WVER0010I: Copyright (c) IBM Corporation 2002, 2005; All rights reserved."
    yield "WVER0012I: VersionInfo Reporter Version 1.15.1.46, Dated 8/19/06"
    yield from ("", _LINE, _TITLE, _LINE, "")
    yield f"Report at date and time {time.strftime('%B %d, %Y %I:%M:%S %p %Z')}"
    yield from _block(
        "Installation",
        {
            "Product Directory": root,
            "Version Directory": version,
            "DTD Directory": layout.join(host, version, "dtd"),
            "Log Directory": layout.join(host, root, "logs"),
            "Backup Directory": layout.join(host, version, "nif", "backup"),
            "TMP Directory": system.temporary(host),
        },
    )
    found = product.read(installation, "WAS")
    if found:
        yield from _block("Product List", {found.id: "installed"})
        yield from _block(
            "Installed Product",
            {
                "Name": found.name,
                "Version": found.version,
                "ID": found.id,
                "Build Level": found.level,
                "Build Date": found.date,
            },
        )
    if packages_too:
        for package in packages.installed(installation):
            yield from _block(
                "Installed Maintenance Package",
                {
                    "Maintenance Package ID": package.id,
                    "Description": f"Fix pack {package.level} of {package.product}",
                    "Build Date": product.BUILDS[package.level][1],
                    "Package Type": "fixpack",
                },
            )
    yield from ("", _LINE, "End Installation Status Report", _LINE)


def _block(title: str, fields: dict[str, str]) -> Iterator[str]:
    width = max(map(len, fields)) + 2
    yield from ("", title, _LINE)
    yield from (f"{name:<{width}}{value}" for name, value in fields.items())
