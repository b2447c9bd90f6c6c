"""The objects that scripts work with: those of a server, those of a profile's own files, or none."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TextIO, cast

from lab.host import Host
from lab.products.was import credentials
from lab.products.was.admin import Admin, Argument, Process, Reply
from lab.products.was.errors import NotAuthorized, NotReachable, ScriptingError
from lab.products.was.layout import Profile
from lab.products.was.wsadmin.messages import Messages
from lab.products.was.wsadmin.settings import Settings

_NOT_REACHABLE = (
    'WASX7023E: Error creating "{kind}" connection to host "{host}"; exception information: '
    "com.ibm.websphere.management.exception.ConnectorNotAvailableException: ADMC0016E: The system cannot create a "
    "{kind} connector to connect to host {host} at port {port}."
)
_NOT_AUTHORIZED = (
    'WASX7246E: Cannot establish "{kind}" connection to host "{host}" because of an authentication failure. Ensure '
    "that user and password are correct on the command line or in a properties file.\n"
    'Exception message (if any): "ADMN0022E: Access is denied for the getProcessType operation on Server MBean because '
    'of insufficient or empty credentials."'
)
_UNCONNECTED = (
    "WASX7213I: This scripting client is not connected to a server process; please refer to the log file {trace} for "
    "additional information."
)
_LOCAL = (
    "WASX7357I: By request, this scripting client is not connected to any server process. Certain configuration and "
    "application operations will be available in local mode."
)


class Unconnected(Admin):
    """What is left when the connection failed: every method fails."""

    process: Process | None = None

    def names(self, target: str) -> Sequence[str]:  # noqa: ARG002
        return ()

    def call(self, target: str, method: str, arguments: Sequence[Argument]) -> Reply:  # noqa: ARG002
        raise ScriptingError("WASX7070E: The configuration service is not available.")

    def close(self) -> None:
        """Nothing is kept."""


class _Typed:
    """Standard input as `credentials.ask` reads it, and no byte more: what follows is the script's."""

    def readline(self) -> str:
        """One line."""
        line = b""
        while not line.endswith(b"\n") and (byte := os.read(0, 1)):
            line += byte
        return line.decode("utf-8", "replace")


def open_client(host: Host, profile: Profile, settings: Settings, messages: Messages) -> Admin:
    """Connect as the settings say, and say what came of it."""
    if settings.connection == "NONE":
        from lab.products.was.admin.session import Session  # noqa: PLC0415

        session = Session(host, profile, None, settings.login.user or "")
        messages.say(_LOCAL)
        return session
    from lab.products.was.connector import Connection  # noqa: PLC0415

    login = settings.login
    user, password = login.user, login.password
    if login.ask:
        sys.stdin = cast(TextIO, _Typed())
        typed = credentials.ask(profile.cell)
        user, password = typed.user, typed.password
    facts = {"kind": settings.connection, "host": settings.host, "port": settings.port, "trace": settings.trace}
    try:
        connection = Connection(settings.host, settings.port, user, password)
    except NotReachable:
        messages.say(_NOT_REACHABLE.format(**facts))
    except NotAuthorized:
        messages.say(_NOT_AUTHORIZED.format(**facts))
    else:
        process = connection.process
        messages.say(
            f'WASX7209I: Connected to process "{process.name}" on node {process.node} using {settings.connection} '
            f"connector;  The type of process is: {process.kind}"
        )
        return connection
    messages.say(_UNCONNECTED.format(**facts))
    messages.say("WASX8011W: AdminTask object is not available.")
    return Unconnected()
