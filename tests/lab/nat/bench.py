"""Calls between the partner's gateway and the SIP proxy of a running lab, through its router."""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lab.settings import REPOSITORY
from plugins.plugin_utils import _nat_rules, _nat_rules_nftables
from tests.lab.conftest import Lab
from tests.lab.nat.cases import ADDRESSES, OUTBOUND, PARTNER, PARTNER_PORT, PROXY, Case, Reading
from tests.lab.nat.scenarios import Messages, Part

Outcome = Literal["works", "lost", "unanswered"]

_OUTSIDE = "out0"
# As PAT does with the ports of a router's own choice; here they are always others than the packet had.
_STATIC, _PAT = (
    f"snat to {ADDRESSES[OUTBOUND]}",
    f"meta l4proto {{ tcp, udp }} snat to {ADDRESSES[OUTBOUND]}:20000-20999",
)
_ANSWER_WITHIN_MS = 2000
_CALL_WITHIN_S = 20
_LISTENS_WITHIN_S = 20.0


class Shell:
    """A shell on a machine of the lab that takes one line after the other."""

    def __init__(self, lab: Lab, host: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "lab", "exec", host, "/usr/bin/sh"],
            cwd=REPOSITORY,
            env={**os.environ, **lab.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, line: str) -> str:
        """Run a line that prints one line: that."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def run(self, line: str) -> int:
        """Run a line that prints nothing: its exit code."""
        return int(self.tell(f"{line}\necho $?"))

    def close(self) -> None:
        """End it."""
        self._process.communicate()


@dataclass(frozen=True)
class Machine:
    """A host that SIPp runs on; it knows its `folder` as `path`."""

    shell: Shell
    first_process: int
    address: str
    sipp: str
    folder: Path
    path: str

    def command(self, name: str, scenario: str, transport: str, port: int, *words: str) -> str:
        """The command line of one call, whose files are called `name`."""
        (self.folder / f"{name}.xml").write_text(scenario)
        # Of an earlier try.
        (self.folder / f"{name}.log").unlink(missing_ok=True)
        file = f"{self.path}/{name}"
        argv = [self.sipp, "-sf", f"{file}.xml", "-i", self.address, "-p", str(port), "-t", f"{transport[0]}1"]
        argv += ["-m", "1", "-nd", "-nostdin", "-recv_timeout", str(_ANSWER_WITHIN_MS), "-timeout", str(_CALL_WITHIN_S)]
        argv += ["-trace_logs", "-log_file", f"{file}.log", "-trace_err", "-error_file", f"{file}.err", *words]
        return f"{shlex.join(argv)} </dev/null >{file}.out 2>&1"

    def wait_for_listener(self, transport: str, port: int) -> None:
        """Until something listens at the port."""
        number = "".join(f"{byte:02X}" for byte in reversed(socket.inet_aton(self.address)))
        wanted = (f"{number}:{port:04X}", {"tcp": "0A", "udp": "07"}[transport])
        table = Path(f"/proc/{self.first_process}/net/{transport}")
        deadline = time.monotonic() + _LISTENS_WITHIN_S
        while time.monotonic() < deadline:
            if any((fields[1], fields[3]) == wanted for fields in map(str.split, table.read_text().splitlines()[1:])):
                return
            time.sleep(0.01)
        raise AssertionError(f"nothing listens at {self.address}:{port} ({transport})")

    def log(self, name: str) -> str:
        """The last line that a scenario wrote; empty when it wrote none."""
        with suppress(FileNotFoundError):
            return (self.folder / f"{name}.log").read_text().strip().rpartition("\n")[2]
        return ""


@dataclass(frozen=True)
class Bench:
    """The SIP proxy, the partner's gateway, and the router between them."""

    proxy: Machine
    partner: Machine
    router: Shell

    def load(self, case: Case) -> None:
        """Give the router the rules of a case; what it remembers of other calls stays."""
        rules = _nat_rules_nftables.render(_nat_rules.rules_of(case.router()), _OUTSIDE)
        if case.outbound == "pat":
            rules = rules.replace(_STATIC, _PAT)
        assert self.router.run(f"nft -f - <<'END'\n{rules}END") == 0

    def forget(self) -> None:
        """Have the router forget all connections."""
        assert self.router.run("conntrack -F >/dev/null 2>&1") == 0

    def call(self, case: Case, kind: str, reading: Reading) -> Outcome:
        """Make one call."""
        name = f"{case.name}-{kind}-{reading}"
        parts: Sequence[Part] = ("set-up", "in-dialog") if kind.endswith("_new") else ("whole",)
        if all(self._part(case, kind, reading, part, f"{name}-{part}") for part in parts):
            return "works"
        caller = self.partner if kind.startswith("inbound") else self.proxy
        return "lost" if caller.log(f"{name}-{parts[0]}") else "unanswered"

    def _part(self, case: Case, kind: str, reading: Reading, part: Part, name: str) -> bool:
        messages = Messages(case.transport, part, case.advertised(reading))
        if kind.startswith("inbound"):
            proxy = _Side(self.proxy, case.listens, messages.proxy_is_called())
            partner = _Side(self.partner, PARTNER_PORT, messages.partner_calls())
            target = f"{ADDRESSES[case.inbound[0][0]]}:{case.dials}"
        else:
            target = f"{PARTNER}:{PARTNER_PORT}"
            proxy = _Side(self.proxy, case.listens, messages.proxy_calls(target))
            partner = _Side(self.partner, PARTNER_PORT, messages.partner_is_called(strict=kind.endswith("strict")))
        words = ["-cid_str", f"{case.name}-{kind}-{reading}"]
        if part == "in-dialog":
            host, port, route, contact = self.partner.log(name.replace(part, "set-up")).split()
            target, words = f"{host}:{port}", [*words, "-key", "route", route, "-key", "contact", contact]
        if kind.startswith("outbound") and part != "in-dialog":
            server, client = partner, proxy
        else:
            server, client = proxy, partner
        return _meet(case.transport, name, server, client, target, words)


@dataclass(frozen=True)
class _Side:
    machine: Machine
    port: int
    scenario: str


def _meet(transport: str, name: str, server: _Side, client: _Side, target: str, words: Sequence[str]) -> bool:
    """Have the client send to the server, by way of `target`: whether both scenarios came to their end."""
    serving, calling = server.machine.shell, client.machine.shell
    pid = serving.tell(
        f"{server.machine.command(name, server.scenario, transport, server.port, *words)} & echo $!",
    )
    server.machine.wait_for_listener(transport, server.port)
    went_well = calling.run(client.machine.command(name, client.scenario, transport, client.port, target, *words)) == 0
    if not went_well:
        serving.run(f"kill -9 {pid}")
    return serving.run(f"wait {pid} 2>/dev/null") == 0 and went_well


@contextmanager
def bench(lab: Lab) -> Iterator[Bench]:
    """For a lab that is up; its router has no rules afterwards. Both hosts are fresh: other tests may have left
    a server at their ports."""
    for host in ("sipproxy1", "stgw2"):
        lab.ok("reset", host)
    pids, hosts = lab.pids(), lab.settings.hosts
    shells = {name: Shell(lab, name) for name in ("sipproxy1", "stgw2", "natrouter")}
    inside, outside = hosts / "sipproxy1/disk/tmp/sipp", hosts / "stgw2/sipp"
    for folder in (inside, outside):
        folder.mkdir(exist_ok=True)
        # The users of the hosts are not this one.
        folder.chmod(0o777)
    proxy = Machine(shells["sipproxy1"], pids["sipproxy1"], PROXY, "/.lab/usr/bin/sipp", inside, "/tmp/sipp")
    partner = Machine(shells["stgw2"], pids["stgw2"], PARTNER, "/usr/bin/sipp", outside, str(outside))
    try:
        yield Bench(proxy, partner, shells["natrouter"])
    finally:
        shells["natrouter"].run(f"nft delete table ip {_nat_rules_nftables.TABLE}")
        for shell in shells.values():
            shell.close()
