"""Maintenance packages (`.pak`): what one says of itself, and which are in a root."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab.products.was.layout import Installation

FIX_PACK = 11
PLATFORMS = {"aix": ("AixPPC32", "AixPPC64"), "windows": ("WinX32", "WinX64")}
BACKUP = ("properties", "version", "nif", "backup")
PRODUCTS = {"WAS": "WAS", "WASSDK": "SDK"}
"""What a package is for to the product file that shows its level."""

_TEXT = """\
id={id}
product={product}
platform={platform}
level={level}
base=6.1.0.0
"""
_IDENTIFIER = re.compile(r"6\.1\.0-WS-(WAS|WASSDK)-(\w+)-FP0*(\d+)")


@dataclass(frozen=True)
class Package:
    """A fix pack: `product` is WAS or WASSDK, `level` what it brings the product to."""

    id: str
    product: str
    platform: str
    level: str

    @property
    def text(self) -> str:
        """The content of its file."""
        return _TEXT.format(id=self.id, product=self.product, platform=self.platform, level=self.level)


def fix_packs(platform: str) -> list[Package]:
    """Those on the image, the SDK's first."""
    native = PLATFORMS[platform][0]
    return [
        Package(f"6.1.0-WS-{product}-{native}-FP{FIX_PACK:07}", product, native, f"6.1.0.{FIX_PACK}")
        for product in ("WASSDK", "WAS")
    ]


def read(file: Path) -> Package | None:
    """The package in a file, None when there is none: its name must be that of the package."""
    if not file.is_file():
        return None
    values = dict(line.partition("=")[::2] for line in file.read_text("utf-8", "replace").splitlines())
    if not _IDENTIFIER.fullmatch(values.get("id", "")) or file.name != f"{values['id']}.pak":
        return None
    return Package(values["id"], values["product"], values["platform"], values["level"])


def installed(installation: Installation) -> Iterator[Package]:
    """The packages in a root, by their backups."""
    for file in sorted(installation.file(*BACKUP).glob("*.pak")):
        package = read(file)
        if package:
            yield package
