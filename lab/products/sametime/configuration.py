"""What a server is configured by: `sametime.ini`, and the documents of `stconfig.nsf`."""

from __future__ import annotations

import configparser
import json
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from lab.host import Host
from lab.products.domino.layout import Installation
from lab.products.sametime import layout
from lab.products.sametime.directory import Search

TRUSTED, BYPASS = "VPS_TRUSTED_IPS", "VPS_BYPASS_TRUSTED_IPS"
_INI = """\
[Config]
STLOG={log}

[Connectivity]

[Directory]
DirectoryType=LDAP

[Debug]
"""
# A Notes database is a binary file, which the lab's reader cannot do without knowing.
_MARK = b"\x1a\0\0NSF"


class BadConfiguration(Exception):
    """The server cannot start with it; the words say why."""


@dataclass(frozen=True)
class Configuration:
    """`trusted` holds the addresses that gateways may connect from; None: any."""

    search: Search
    trusted: frozenset[str] | None


def ini(domino: Installation) -> str:
    """The native path of `sametime.ini`: beside Domino's programs on Windows, in its data folder on AIX."""
    return domino.join(domino.location, layout.INI) if domino.windows else domino.data_file(layout.INI)


def log(domino: Installation) -> str:
    """The native path of the server's log."""
    return domino.join(domino.data, "trace", layout.LOG)


def write_ini(host: Host, domino: Installation) -> Path:
    """`sametime.ini` as the setup program leaves it."""
    file = host.path(ini(domino))
    text = _INI.format(log=log(domino))
    file.write_text(text.replace("\n", "\r\n") if domino.windows else text, "utf-8", newline="")
    return file


def write_documents(host: Host, domino: Installation, search: Search) -> Path:
    """`stconfig.nsf` with its documents LDAPServer and CommunityConnectivity."""
    content = {"LDAPServer": asdict(search), "CommunityConnectivity": {"CommunityTrustedIps": ""}}
    file = host.path(domino.data_file(layout.CONFIGURATION))
    file.write_bytes(_MARK + zlib.compress(json.dumps(content).encode()))
    return file


def read(host: Host, domino: Installation) -> Configuration:
    """What the server starts with. Raises `BadConfiguration`."""
    try:
        documents = _documents(host.path(domino.data_file(layout.CONFIGURATION)))
        settings = _settings(host.path(ini(domino)))
    except (OSError, ValueError, zlib.error, configparser.Error) as error:
        raise BadConfiguration(str(error)) from None
    kind = settings.get("directory", {}).get("directorytype", "")
    if kind.upper() != "LDAP":
        raise BadConfiguration(f"lab: DirectoryType={kind} is not played out, only LDAP")
    connectivity = documents["CommunityConnectivity"]["CommunityTrustedIps"]
    return Configuration(Search(**documents["LDAPServer"]), _trusted(settings.get("config", {}), connectivity))


def _documents(file: Path) -> Mapping[str, Any]:
    content = file.read_bytes()
    if not content.startswith(_MARK):
        raise ValueError(f"{file.name} is no Notes database")
    documents: Mapping[str, Any] = json.loads(zlib.decompress(content[len(_MARK) :]))
    return documents


def _settings(file: Path) -> Mapping[str, Mapping[str, str]]:
    """By section and key, both in small letters."""
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    parser.read_string(file.read_text("utf-8"))
    return {name.lower(): {key: value or "" for key, value in parser[name].items()} for name in parser.sections()}


def _trusted(config: Mapping[str, str], connectivity: str) -> frozenset[str] | None:
    if config.get(BYPASS.lower(), "0").strip() == "1":
        return None
    words = [word.strip() for word in f"{config.get(TRUSTED.lower(), '')},{connectivity}".split(",")]
    for word in filter(None, words):
        try:
            ip_address(word)
        except ValueError:
            raise BadConfiguration(f"{TRUSTED}: {word} is no address") from None
    return frozenset(filter(None, words))
