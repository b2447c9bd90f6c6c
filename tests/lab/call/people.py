"""What people at Sametime clients do in a running lab: `stclient` on their server."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from lab.settings import REPOSITORY
from tests.lab.conftest import Lab

_ENDS_WITHIN_S = 60


@dataclass(frozen=True)
class Said:
    """What `stclient` printed: its lines `key=value`, and whether it worked."""

    worked: bool
    lines: tuple[tuple[str, str], ...]

    def all(self, key: str) -> list[str]:
        """The values of a key."""
        return [value for each, value in self.lines if each == key]


@dataclass(frozen=True)
class Person:
    """Somebody of rtp.example, whose server is stsrv1."""

    lab: Lab
    address: str

    def does(self, *words: str) -> Said:
        """Run one command to its end."""
        with self.doing(*words) as process:
            return _said(process)

    @contextmanager
    def doing(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """Begin a command; it has ended when the context is left."""
        argv = [sys.executable, "-m", "lab", "exec", "stsrv1", "/opt/stclient/stclient", self.address, *words]
        environment = {**os.environ, **self.lab.environment}
        process = subprocess.Popen(argv, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True)
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    @staticmethod
    def said(process: subprocess.Popen[str]) -> Said:
        """What a command said that was begun, at its end."""
        return _said(process)


def _said(process: subprocess.Popen[str]) -> Said:
    printed, _ = process.communicate(timeout=_ENDS_WITHIN_S)
    return Said(process.returncode == 0, tuple((k, v) for k, _, v in (x.partition("=") for x in printed.splitlines())))


# What `stclient` asks of the server, for all of its people in one process.
_SILENCE = """
import itertools, json, socket, sys
for user, contact, op in itertools.product(sys.argv[1].split(), sys.argv[2].split(), ("close", "forget")):
    with socket.create_connection(("127.0.0.1", 1533), 30) as connection, connection.makefile("rwb") as stream:
        stream.write(json.dumps({"op": op, "user": user, "contact": contact}).encode() + b"\\n")
        stream.flush()
        stream.readline()
"""
_PEOPLE = {
    "stsrv1": ("/.lab/usr/bin/python3", "alice@rtp.example ann@rtp.example amy@rtp.example"),
    "stsrv2": ("/usr/bin/python3", "bob@partner.example ben@partner.example bea@partner.example"),
}


def silence(lab: Lab) -> None:
    """Nobody has a chat or watches anybody any more."""
    for (server, (python, people)), (_, (_, others)) in zip(_PEOPLE.items(), reversed(_PEOPLE.items()), strict=True):
        lab.ok("exec", server, python, "-c", _SILENCE, people, others)
