"""The community partner.example, played by SIPp on the host of its gateway, which is stopped.

SIPp takes requests at port 5060 in one process and sends its own from others, over connections of their own, so that
what the other side advertises is what decides whether they arrive.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from tests.lab.call.messages import Dialog, Message, received
from tests.lab.conftest import Lab
from tests.lab.nat.bench import Machine, Shell

ADDRESS, PORT = "9.42.124.60", 5060
BOB, ALICE = "bob@partner.example", "alice@rtp.example"
_CLIENT_PORT = 5070
_WAITS_S = 20.0

Spoken = Literal["tcp", "udp"]


@dataclass(frozen=True)
class Heard:
    """A SIPp that takes requests."""

    community: Community
    name: str
    pid: str

    def messages(self) -> list[Message]:
        """What it received so far."""
        return received(self.community.machine.folder / f"{self.name}.messages")

    def wait(self, what: str, number: int = 1) -> Message:
        """The message of that number whose start line matches; raises `AssertionError` when it does not come."""
        deadline = time.monotonic() + _WAITS_S
        while True:
            found = [message for message in self.messages() if re.match(what, message.start)]
            if len(found) >= number:
                return found[number - 1]
            assert time.monotonic() < deadline, (what, [message.start for message in self.messages()], self._errors())
            time.sleep(0.05)

    def ends(self) -> None:
        """It has played its scenario to the end."""
        assert self.community.machine.shell.run(f"wait {self.pid} 2>/dev/null") == 0, self._errors()

    def _errors(self) -> str:
        return self.community.errors(self.name)


class Community:
    """SIPp as bob@partner.example, and as the gateway of partner.example."""

    def __init__(self, lab: Lab, machine: Machine, caller: Shell, spoken: Spoken, gateway: str) -> None:
        self.lab = lab
        self.machine = machine
        self.gateway = gateway
        self._caller = caller
        self._spoken = spoken
        self._number = 0

    @contextmanager
    def hears(self, *steps: str) -> Iterator[Heard]:
        """Take the requests of `steps`, each a method to wait for or a message to send, and end then."""
        self._number += 1
        name = f"{self._spoken}-{self._number}-hears"
        command = self._command(name, steps, PORT)
        pid = self.machine.shell.tell(f"{command} & echo $!")
        self.machine.wait_for_listener(self._spoken, PORT)
        try:
            yield Heard(self, name, pid)
        finally:
            self.machine.shell.run(f"kill -9 {pid} 2>/dev/null; wait {pid} 2>/dev/null")

    def says(self, *steps: str, dialog: Dialog | None = None) -> list[Message]:
        """Send what `steps` say, to the other gateway or inside a dialog; the messages that came back."""
        self._number += 1
        name = f"{self._spoken}-{self._number}-says"
        target = dialog.next_hop if dialog else self.gateway
        words = ["-cid_str", dialog.call_id if dialog else f"{self._number}-%u@{ADDRESS}", target]
        code = self._caller.run(self._command(name, steps, _CLIENT_PORT, *words))
        found = received(self.machine.folder / f"{name}.messages")
        assert code == 0, ([message.start for message in found], self.errors(name))
        return found

    def errors(self, name: str) -> str:
        """What SIPp complained of."""
        file = self.machine.folder / f"{name}.err"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    def _command(self, name: str, steps: Sequence[str], port: int, *words: str) -> str:
        for kind in ("err", "messages"):
            (self.machine.folder / f"{name}.{kind}").unlink(missing_ok=True)
        file = f"{self.machine.path}/{name}"
        more = ["-trace_msg", "-message_file", f"{file}.messages", "-recv_timeout", str(int(1000 * _WAITS_S))]
        return self.machine.command(name, self._scenario(steps), self._spoken, port, *more, *words)

    def _scenario(self, steps: Sequence[str]) -> str:
        lines = [self._step(step) for step in steps]
        text = "\n".join(lines)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<scenario name="x">\n{text}\n</scenario>\n'

    def _step(self, step: str) -> str:
        if re.fullmatch(r"[A-Z]+", step):
            return f'<recv request="{step}"/>'
        if re.fullmatch(r"[0-9]+", step):
            # Provisional answers may come before.
            optional = "" if step.startswith("1") else '<recv response="100" optional="true"/>\n'
            return f'{optional}<recv response="{step}"/>'
        if re.fullmatch(r"pause [0-9]+", step):
            return f'<pause milliseconds="{step.split()[1]}"/>'
        text = step.replace("[spoken]", self._spoken.upper()).replace("[sent_by]", "[local_ip]:[local_port]")
        text = text.replace("[at]", f"sip:bob@{ADDRESS}:{PORT};transport={self._spoken}")
        return f"<send><![CDATA[\n{text}\n]]></send>"


@contextmanager
def played(lab: Lab, spoken: Spoken, gateway: str) -> Iterator[Community]:
    """On stgw2 of a lab that is up, with nothing at port 5060 there; `gateway` is host and port of the other one."""
    folder = lab.settings.hosts / "stgw2/sipp"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o777)
    hears, says = Shell(lab, "stgw2"), Shell(lab, "stgw2")
    try:
        machine = Machine(hears, lab.pids()["stgw2"], ADDRESS, "/usr/bin/sipp", folder, str(folder))
        yield Community(lab, machine, says, spoken, gateway)
    finally:
        for shell in (hears, says):
            shell.close()
