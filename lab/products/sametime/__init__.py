"""A local community as small as it gets: a Sametime server with its people, and their client as a program.

The protocol between a Sametime server and its gateways (VP) is not public, so the lab's gateways and this server speak
lines of JSON at the same port; what those lines are: `gateways.py`. The collection installs neither: the server and the
client are on a host of group `sametime_servers` from the start, and the server starts with the machine.
"""

from __future__ import annotations

from lab.host import Program
from lab.products.sametime import client, server

PROGRAMS: dict[str, Program] = {"stclient": client.stclient, "stcommunity": server.stcommunity}
