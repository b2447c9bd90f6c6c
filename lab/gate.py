"""How a starting machine and the supervisor wait for each other."""

from __future__ import annotations

import socket

from lab.errors import LabError


class Gate:
    """A pair of sockets, made before the fork; each side closes the other's, so that its end shows."""

    def __init__(self) -> None:
        self._supervisor, self._machine = socket.socketpair()

    def be_supervisor(self) -> None:
        """For the supervisor, after the fork."""
        self._machine.close()

    def be_machine(self) -> None:
        """For the machine's process."""
        self._supervisor.close()

    def tell_machine(self) -> None:
        """Let the machine go on."""
        self._supervisor.send(b".")

    def tell_supervisor(self) -> None:
        """Let the supervisor go on."""
        self._machine.send(b".")

    def await_machine(self, name: str) -> None:
        """Wait for the machine; raises `LabError` when its process ends instead."""
        if not self._supervisor.recv(1):
            raise LabError(f"{name} did not come up")

    def await_supervisor(self) -> None:
        """Wait for the supervisor; raises `LabError` when it ends instead."""
        if not self._machine.recv(1):
            raise LabError("the supervisor has gone")
