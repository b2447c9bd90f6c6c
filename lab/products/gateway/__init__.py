"""The Sametime Gateway; so far its image holds the scripts that create its database."""

from __future__ import annotations

from lab.host import Media, Programs
from lab.products.gateway import database

PROGRAMS: Programs = {}


def media(platform: str) -> Media:
    """The image."""
    return database.media(platform)
