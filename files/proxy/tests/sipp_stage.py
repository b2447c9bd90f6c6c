# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A proxy in the arena, SIPp on both sides of it, and a capture of what is outside."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, Optional, Sequence

from sipp_arena import NODE, OUTBOUND, OUTBOUND_OF_NODE, PARTNER, PROXY, PUBLIC, SECOND_NODE, Arena
from sipp_scenarios import Scenario

_HERE = Path(__file__).parent
CALL_WITHIN_S = 20
MEDIA = OUTBOUND_OF_NODE


def configuration(inner: str, outer: str) -> Dict[str, Any]:
    """For these transports: outside the proxy is known by another port than it has; the first node takes calls."""
    tls = outer == "tls"
    outside = {"address": PROXY, "port": 5063 if tls else 5062, "transport": outer}
    return {
        "inside": {
            "networks": ["9.42.111.0/24"],
            "hosts": [
                {"id": 1, "name": "node1", "addresses": [NODE], "media": MEDIA},
                {"id": 2, "name": "node2", "addresses": [SECOND_NODE]},
                {"id": 3, "name": "proxy", "addresses": [PROXY]},
            ],
            "upstreams": [{"host": "node1", "port": 5060, "transport": inner}],
        },
        "public": {"host": PUBLIC, "address": PUBLIC, "ports": {outer: 5061 if tls else 5060}},
        "outbound": {"host": OUTBOUND, "address": OUTBOUND, "ports": {outer: outside["port"]}},
        "listen": [
            *([] if inner == outer else [{"address": PROXY, "port": 5062, "transport": inner, "leg": "inside"}]),
            {**outside, "leg": "both" if inner == outer else "outside"},
        ],
        "partners": [{"name": "partner", "address": PARTNER, "port": 5061 if tls else 5060, "transport": outer}],
        # It asks a node once, at the start; SIPp is none that would answer later.
        "health": {"interval": 3600},
        "admin": {"port": 0},
        "limits": {"drain": 0},
    }


class Stage:
    """Where a play is given, with the transports of inside and outside."""

    def __init__(self, arena: Arena, inner: str, outer: str) -> None:
        self.arena = arena
        self.inner = inner
        self.outer = outer

    def sipp(
        self,
        name: str,
        scenario: Scenario,
        words: Sequence[str] = (),
        *,
        calls: int = 1,
        patience_s: int = CALL_WITHIN_S,
    ) -> subprocess.Popen[bytes]:
        """Start SIPp with a scenario; without words (of which the last is the target) it waits for the other one.

        Of several calls each has a connection of its own, sends nothing twice, and goes wrong without a word when it
        has waited for a message so long.
        """
        arena, me = self.arena, scenario.me
        side = "outside" if me.outside else "inside"
        (arena.folder / f"{name}.xml").write_text(scenario.xml())
        (arena.folder / f"{name}.log").touch()
        argv = [
            "sipp",
            "-sf",
            f"{name}.xml",
            "-i",
            me.address,
            "-t",
            f"{me.transport[0]}{'n' if calls > 1 and me.transport == 'tcp' else '1'}",
            "-m",
            str(calls),
            "-nd",
            "-nostdin",
        ]
        if calls > 1:
            argv += ["-nr", "-max_socket", "100", "-default_behaviors", "none", "-r", "20"]
        argv += ["-timeout", str(CALL_WITHIN_S), "-recv_timeout", str(1000 * patience_s), "-timeout_error"]
        argv += ["-trace_logs", "-log_file", f"{name}.log", "-trace_err", "-error_file", f"{name}.err"]
        # A connection is opened from any port, so that no old one is in the way.
        if not words or me.transport == "udp":
            argv += ["-p", "5060"]
        program = arena.start(side, [*argv, *words], f"{name}.out")
        if not words:
            arena.wait_for_listener(side, me.transport, me.address, 5060, program)
        return program

    def check(self, name: str, *programs: subprocess.Popen[bytes]) -> None:
        """All of them came to their end, or what their files (`name`...) tell."""
        for program in programs:
            if program.wait(2 * CALL_WITHIN_S) == 0:
                continue
            for other in programs:
                self.arena.stop(other)
            files = [*sorted(self.arena.folder.glob(f"{name}-*")), self.arena.folder / "sipnat.log"]
            raise AssertionError("\n".join(f"== {path.name}\n{path.read_text('utf-8', 'replace')}" for path in files))


@contextmanager
def stage(folder: Path, config: Dict[str, Any], env: Optional[Dict[str, str]] = None) -> Iterator[Stage]:
    """The networks with a proxy that has found its nodes well, and that ends well; `env` is the proxy's."""
    arena = Arena(folder)
    try:
        file = folder / "sipnat.json"
        file.write_text(json.dumps(config))
        addresses = {host["name"]: host["addresses"][0] for host in config["inside"]["hosts"]}
        nodes = [addresses[upstream["host"]] for upstream in config["inside"]["upstreams"]]
        inner = config["inside"]["upstreams"][0]["transport"]
        outer = config["partners"][0]["transport"]
        healthy = [
            arena.start("inside", [sys.executable, str(_HERE / "sipp_healthy.py"), inner, node, "5060"], f"{node}.log")
            for node in nodes
        ]
        for node, program in zip(nodes, healthy):
            arena.wait_for_listener("inside", inner, node, 5060, program)
        listens = [f"{one['port']}/{one['transport']}" for one in config["listen"]]
        proxy = arena.sipnat(file, *listens, env=env or {})
        assert [program.wait(10) for program in healthy] == [0] * len(nodes)
        yield Stage(arena, inner, outer)
        assert arena.stop(proxy) == 0
        assert "Traceback" not in (folder / "sipnat.log").read_text()
    finally:
        arena.close()


class Capture:
    """What passes the partner's interface."""

    def __init__(self, arena: Arena, name: str) -> None:
        self._arena = arena
        self._file = arena.folder / f"{name}.pcap"
        words = [sys.executable, str(_HERE / "packet_capture.py"), "out0", str(self._file)]
        self._program = arena.start("outside", words, f"{name}.capture")
        arena.wait_for_text(f"{name}.capture", "ready", self._program)

    def end(self) -> Path:
        """The file with all of it."""
        assert self._arena.stop(self._program) == 0
        return self._file
