"""The product files below `properties/version`, by which everybody tells what is installed in a root."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from lab.products.was.layout import Installation

BASE_LEVEL = "6.1.0.0"
BUILDS = {"6.1.0.0": ("b0620.14", "5/16/06"), "6.1.0.11": ("cf110734.37", "8/31/07")}
"""Build level and date of the levels the images hold."""

_TEXT = """\
<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE product SYSTEM "product.dtd">
<product name="{name}">
  <id>{id}</id>
  <version>{version}</version>
  <build-info date="{date}" level="{level}"/>
</product>
"""


@dataclass(frozen=True)
class Product:
    """One product file: `<file>.product`."""

    file: str
    name: str
    id: str
    version: str
    level: str = ""
    date: str = ""


def nd(version: str) -> Product:
    """Network Deployment at a level of `BUILDS`."""
    level, date = BUILDS[version]
    return Product("WAS", "IBM WebSphere Application Server - ND", "ND", version, level, date)


def sdk(version: str) -> Product:
    """The Java SDK of a root, which has packages of its own."""
    level, date = BUILDS[version]
    return Product("SDK", "IBM SDK, Java 2 Technology Edition", "SDK", version, level, date)


def write(installation: Installation, product: Product) -> None:
    """Put the product's file in place."""
    file = _file(installation, product.file)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        _TEXT.format(
            name=escape(product.name), id=product.id, version=product.version, date=product.date, level=product.level
        ),
        "utf-8",
    )


def read(installation: Installation, name: str) -> Product | None:
    """The product of that file name, None when it is not installed."""
    file = _file(installation, name)
    if not file.exists():
        return None
    root = ET.parse(file).getroot()
    build = root.find("build-info")
    return Product(
        name,
        root.get("name", ""),
        root.findtext("id", ""),
        root.findtext("version", ""),
        build.get("level", "") if build is not None else "",
        build.get("date", "") if build is not None else "",
    )


def numbers(version: str) -> tuple[int, ...]:
    """`6.1.0.11` to compare."""
    return tuple(int(part) for part in version.split("."))


def _file(installation: Installation, name: str) -> Path:
    return installation.file("properties", "version", f"{name}.product")
