"""The community partner.example, played by SIPp on the host of its gateway, which is stopped.

SIPp takes requests in one process and sends its own from others, over connections of their own, so that what the other
side advertises is what decides whether they arrive. Debian's has no TLS: for that socat stands between it and the
network, and all that messages say of the transport is TLS.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from tests.lab.call.messages import Dialog, Message, received
from tests.lab.conftest import Lab
from tests.lab.nat.bench import Machine, Shell

ADDRESS = "9.42.124.60"
PORTS = {"tcp": 5060, "udp": 5060, "tls": 5061}
BOB, ALICE = "bob@partner.example", "alice@rtp.example"
_CLIENT_PORT = 5070
# Behind a tunnel SIPp is spoken to, and speaks, on the loopback interface only.
_LOOPBACK, _TUNNEL_PORT = "127.0.0.1", 5071
_WAITS_S = 20.0

Spoken = Literal["tcp", "udp", "tls"]


@dataclass(frozen=True)
class Certificates:
    """Files that the partner's host sees: its own certificate and key in one, and the authority of the other side's."""

    own: str
    authority: str


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
    """SIPp as bob@partner.example, and as the gateway of partner.example; `gateway` is host and port of the other."""

    def __init__(
        self, machine: Machine, caller: Shell, spoken: Spoken, gateway: str, certificates: Certificates | None = None
    ) -> None:
        self.machine = machine
        self.gateway = gateway
        self.spoken = spoken
        self._caller = caller
        self._certificates = certificates
        self._number = 0

    @contextmanager
    def hears(self, *steps: str) -> Iterator[Heard]:
        """Take the requests of `steps`, each a method to wait for or a message to send, and end then."""
        name = self._name("hears")
        shell, port = self.machine.shell, PORTS[self.spoken]
        pid = shell.tell(f"{self._command(name, steps, 5060)} & echo $!")
        Machine.wait_for_listener(self._local, self._carried, 5060)
        tunnel = ""
        if self._certificates:
            listens = f"OPENSSL-LISTEN:{port},bind={ADDRESS},reuseaddr,fork,cert={self._certificates.own},verify=0"
            tunnel = shell.tell(f"socat {listens} TCP:{_LOOPBACK}:5060 >/dev/null 2>&1 & echo $!")
            self.machine.wait_for_listener("tcp", port)
        try:
            yield Heard(self, name, pid)
        finally:
            shell.run(f"kill -9 {pid} {tunnel} 2>/dev/null; wait {pid} {tunnel} 2>/dev/null")

    def says(self, *steps: str, dialog: Dialog | None = None) -> list[Message]:
        """Send what `steps` say, to the other gateway or inside a dialog; the messages that came back."""
        name = self._name("says")
        target = dialog.next_hop if dialog else self.gateway
        words = ["-cid_str", dialog.call_id if dialog else f"{self._number}-%u@{ADDRESS}"]
        tunnel = ""
        if self._certificates:
            connects = f"OPENSSL:{target},cafile={self._certificates.authority},verify=1"
            listens = f"TCP-LISTEN:{_TUNNEL_PORT},bind={_LOOPBACK},reuseaddr"
            tunnel = self._caller.tell(f"socat {listens} {connects} >/dev/null 2>&1 & echo $!")
            Machine.wait_for_listener(self._local, "tcp", _TUNNEL_PORT)
            target = f"{_LOOPBACK}:{_TUNNEL_PORT}"
        code = self._caller.run(self._command(name, steps, _CLIENT_PORT, *words, target))
        if tunnel:
            self._caller.run(f"kill -9 {tunnel} 2>/dev/null; wait {tunnel} 2>/dev/null")
        found = received(self.machine.folder / f"{name}.messages")
        assert code == 0, ([message.start for message in found], self.errors(name))
        return found

    def seen(self) -> str:
        """All messages that SIPp received and sent so far, in all its processes."""
        files = self.machine.folder.glob(f"{self.spoken}-*.messages")
        return "".join(file.read_bytes().decode("utf-8", "replace") for file in files)

    def errors(self, name: str) -> str:
        """What SIPp complained of."""
        file = self.machine.folder / f"{name}.err"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    @property
    def _carried(self) -> Literal["tcp", "udp"]:
        """What SIPp itself speaks."""
        return "udp" if self.spoken == "udp" else "tcp"

    @property
    def _local(self) -> Machine:
        """The host as SIPp is bound to it."""
        return replace(self.machine, address=_LOOPBACK) if self._certificates else self.machine

    def _name(self, what: str) -> str:
        self._number += 1
        return f"{self.spoken}-{self._number}-{what}"

    def _command(self, name: str, steps: Sequence[str], port: int, *words: str) -> str:
        for kind in ("err", "messages"):
            (self.machine.folder / f"{name}.{kind}").unlink(missing_ok=True)
        file = f"{self.machine.path}/{name}"
        more = ["-trace_msg", "-message_file", f"{file}.messages", "-recv_timeout", str(int(1000 * _WAITS_S))]
        return self._local.command(name, self._scenario(steps), self._carried, port, *more, *words)

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
        text = step.replace("[spoken]", self.spoken.upper()).replace("[sent_by]", f"{ADDRESS}:[local_port]")
        text = text.replace("[at]", f"sip:bob@{ADDRESS}:{PORTS[self.spoken]};transport={self.spoken}")
        return f"<send><![CDATA[\n{text}\n]]></send>"


@contextmanager
def played(lab: Lab, spoken: Spoken, gateway: str, certificates: Path | None = None) -> Iterator[Community]:
    """On stgw2 of a lab that is up, with nothing at the ports of SIP there. For TLS `certificates` is a folder with
    `partner.pem` and `authority.pem`."""
    folder = lab.settings.hosts / "stgw2/sipp"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o777)
    files = None
    if certificates:
        copies = [shutil.copy(certificates / name, folder / name) for name in ("partner.pem", "authority.pem")]
        files = Certificates(*map(str, copies))
    hears, says = Shell(lab, "stgw2"), Shell(lab, "stgw2")
    try:
        machine = Machine(hears, lab.pids()["stgw2"], ADDRESS, "/usr/bin/sipp", folder, str(folder))
        yield Community(machine, says, spoken, gateway, files)
    finally:
        for shell in (hears, says):
            shell.close()
