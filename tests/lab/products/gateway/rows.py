"""Rows of a gateway's database, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab.products.gateway.application.communities import Rows

Table = list[Mapping[str, Any]]


def rows(
    local: tuple[str, int],
    partner: tuple[str, int],
    *,
    domains: tuple[str, str] = ("rtp.example", "partner.example"),
    transport: str = "tcp",
    access: Mapping[str, int] | None = None,
    properties: Mapping[str, str] | None = None,
    community_properties: Mapping[str, str] | None = None,
) -> dict[str, Table]:
    """A local community and an external one called `partner`; everybody may talk with it unless `access` says else."""
    return {
        "COMMUNITY": [
            {"ID": 1, "NAME": "own", "TYPE": "local", "HOST": local[0], "PORT": local[1], "TRANSPORT": "vp"},
            {
                "ID": 2, "NAME": "partner", "TYPE": "sametime", "HOST": partner[0], "PORT": partner[1],
                "TRANSPORT": transport,
            },
        ],
        "DOMAIN_NAME": [{"COMMUNITY_ID": 1, "NAME": domains[0]}, {"COMMUNITY_ID": 2, "NAME": domains[1]}],
        "COMMUNITY_PROPERTY": [
            {"COMMUNITY_ID": 2, "NAME": name, "VALUE": value} for name, value in (community_properties or {}).items()
        ],
        "USER_ACCESS": [
            {"COMMUNITY_ID": 2, "USER_NAME": name, "ALLOWED": allowed}
            for name, allowed in ({"*": 1} if access is None else access).items()
        ],
        "GATEWAY_PROPERTY": [{"NAME": name, "VALUE": value} for name, value in (properties or {}).items()],
    }  # fmt: skip


class FixedSource:
    """A database that holds just that; `changes` may be made to `content`."""

    def __init__(self, content: Rows) -> None:
        self.content = content

    def rows(self) -> Rows:
        return self.content
