"""The editions of DB2 9.1 that there is an image of."""

from __future__ import annotations

from dataclasses import dataclass

LEVEL = "9.1.0"


@dataclass(frozen=True)
class Edition:
    """What tells one edition from another."""

    abbreviation: str
    """Folder of the image, part of licence names, and type of its instances."""
    keyword: str
    """Value of PROD in a response file."""
    title: str

    @property
    def identifier(self) -> str:
        """Product identifier in licences."""
        return f"db2{self.abbreviation}"


EDITIONS = {
    edition.abbreviation: edition
    for edition in (
        Edition("wse", "WORKGROUP_SERVER_EDITION", "DB2 Workgroup Server Edition"),
        Edition("ese", "ENTERPRISE_SERVER_EDITION", "DB2 Enterprise Server Edition"),
    )
}
BY_KEYWORD = {edition.keyword: edition for edition in EDITIONS.values()}

# Instance types of an edition, largest first. A smaller type may be made with a larger edition.
TYPES = {"ese": ("ese", "wse", "standalone", "client"), "wse": ("wse", "standalone", "client")}
