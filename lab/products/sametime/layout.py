"""Where server and client lie on a host, and the ports they meet at."""

from __future__ import annotations

from typing import Literal

GATEWAY_PORT = 1516
"""Where gateways connect: the port of the VP protocol between servers."""

CLIENT_PORT = 1533
"""Where clients connect."""

SERVICE = "STCommunity"
"""The Windows service; on AIX its small letters are the identifier of the line in `/etc/inittab`."""

PEOPLE = "people.json"
LOG = "sametime.log"

_SERVER = {"aix": "/opt/stcommunity/{}", "windows": "C:\\stcommunity\\{}"}
_CLIENT = {"aix": "/opt/stclient/stclient", "windows": "C:\\stclient\\stclient.exe"}

Platform = Literal["aix", "windows"]


def server_file(platform: Platform, name: str) -> str:
    """The native path of a file of the server."""
    return _SERVER[platform].format(name)


def server_program(platform: Platform) -> str:
    """The native path of the server's program."""
    return server_file(platform, "stcommunity.exe" if platform == "windows" else "stcommunity")


def client_program(platform: Platform) -> str:
    """The native path of the client."""
    return _CLIENT[platform]
