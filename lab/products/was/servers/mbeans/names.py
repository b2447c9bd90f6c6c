"""Names of managed beans: `WebSphere:name=dmgr,process=dmgr,...,type=Server,...`, and patterns for them."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase

from lab.products.was.errors import ScriptingError

DOMAIN = "WebSphere"


def parse(text: str) -> tuple[str, dict[str, str], bool]:
    """Domain, properties, and whether more properties may follow (`,*`). Raises `ScriptingError`."""
    domain, colon, rest = text.partition(":")
    if not text or not colon or not rest:
        raise ScriptingError(f'WASX7025E: Error found in String "{text}"; cannot create ObjectName.')
    properties: dict[str, str] = {}
    more = False
    for part in rest.split(","):
        key, equals, value = part.partition("=")
        if part == "*":
            more = True
        elif not equals or not key or not value or key in properties:
            raise ScriptingError(f'WASX7025E: Error found in String "{text}"; cannot create ObjectName.')
        else:
            properties[key] = value
    return domain, properties, more


def complete(template: str) -> str:
    """A template of a script as a pattern: without a domain it is WebSphere's, and further properties may follow when
    the template says so itself."""
    return template if ":" in template.partition("=")[0] else f"{DOMAIN}:{template}"


def matches(pattern: str, properties: Mapping[str, str]) -> bool:
    """Whether a bean with those properties is meant. Raises `ScriptingError`."""
    domain, wanted, more = parse(pattern)
    if not fnmatchcase(DOMAIN, domain or "*"):
        return False
    if not more and set(wanted) != set(properties):
        return False
    return all(key in properties and properties[key] == value for key, value in wanted.items())


def text(properties: Mapping[str, str]) -> str:
    """The name as it is printed."""
    return f"{DOMAIN}:" + ",".join(f"{key}={value}" for key, value in properties.items())
