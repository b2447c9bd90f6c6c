"""Installation media: the images of the products, unpacked below each host's media root as an administrator would."""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from lab.aix import host as aix
from lab.host import Media
from lab.topology import HostSpec, Platform
from lab.windows import installation as windows

# The folder below the media root is named like the product; these groups of the inventory want it.
_GATEWAYS = frozenset(
    {"deployment_managers", "primary_nodes", "secondary_nodes", "sip_proxies", "standalone_gateways"}
)  # fmt: skip
_WANTED_BY = {
    "db2": frozenset({"db2_servers", "ldap_servers"}),
    "itds": frozenset({"ldap_servers"}),
    "sametime": frozenset({"sametime_servers"}),
    "was": _GATEWAYS,
    "gateway": _GATEWAYS | {"db2_servers"},
    "domino": frozenset({"sametime_servers"}),
}
_PROGRAM = "program:"


def files(host: HostSpec) -> Mapping[str, str]:
    """Text by path below the host's media root; the texts of programs too."""
    return {
        f"{product}/{path}": text
        for product, groups in _WANTED_BY.items()
        if host.groups & groups
        for path, text in _image(product, host.platform).items()
    }


def checksums(host: HostSpec) -> dict[str, str]:
    """SHA-1 by path below the host's media root."""
    return {path: hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest() for path, text in files(host).items()}


def lay_out(host: HostSpec, root: Path) -> None:
    """Write the host's media below `root`, which is its media root seen from here."""
    for path, text in files(host).items():
        file = root / path
        content = text.encode()
        if not file.exists() or file.read_bytes() != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            file.chmod(0o755 if text.startswith("#!") else 0o644)


@cache
def _image(product: str, platform: Platform) -> Media:
    media: Callable[[str], Media] = importlib.import_module(f"lab.products.{product}").media
    return {path: _text(platform, Path(path), content) for path, content in media(platform).items()}


def _text(platform: Platform, file: Path, content: str) -> str:
    if not content.startswith(_PROGRAM):
        return content
    entry = content.removeprefix(_PROGRAM)
    return aix.program_text(entry) if platform == "aix" else windows.program_text(file, entry)
