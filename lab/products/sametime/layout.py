"""Where server and client lie on a host, and the ports they meet at."""

from __future__ import annotations

from typing import Literal

GATEWAY_PORT = 1516
"""Where gateways connect: the port of the VP protocol between servers."""

CLIENT_PORT = 1533
"""Where clients connect."""

VERSION = "8.0.1"
TASK = "STADDIN"
"""What Domino starts the server by: a word of ServerTasks in its notes.ini."""

INI, CONFIGURATION, LOG = "sametime.ini", "stconfig.nsf", "sametime.log"
PEOPLE = "people.json"

_SEPARATOR = {"aix": "/", "windows": "\\"}
_SETUP_LOG = {"aix": "/tmp/stsetup.log", "windows": "C:\\WINDOWS\\Temp\\stsetup.log"}  # noqa: S108 - a host's own
_ADDIN = {"aix": "staddin", "windows": "nstaddin.exe"}
_DESKS = {"aix": "/opt/stclient", "windows": "C:\\stclient"}
_CLIENT = {"aix": "stclient", "windows": "stclient.exe"}

Platform = Literal["aix", "windows"]


def join(platform: Platform, *parts: str) -> str:
    """Parts of a native path, put together as the platform does."""
    return _SEPARATOR[platform].join(parts)


def setup_log(platform: Platform) -> str:
    """What the setup program writes, whatever becomes of it."""
    return _SETUP_LOG[platform]


def addin(platform: Platform) -> str:
    """The file name of the server's program in Domino's program directory."""
    return _ADDIN[platform]


def people(platform: Platform) -> str:
    """The native path of the file that says who is at his desk."""
    return join(platform, _DESKS[platform], PEOPLE)


def client_program(platform: Platform) -> str:
    """The native path of the client."""
    return join(platform, _DESKS[platform], _CLIENT[platform])
