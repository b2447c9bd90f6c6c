# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Three closed networks, for root and for an ordinary user: inside, the NAT router, outside. No packet leaves them.

::

    inside  9.42.111.2  node ---+
            9.42.111.3  node    +-- 9.42.111.1 [router] 9.42.124.1 ---- 9.42.124.60  partner   outside
            9.42.111.5  proxy --+
                          in:  9.42.124.45:5060 -> 9.42.111.5:5062,  :5061 -> :5063 (TCP)
                          out: 9.42.111.5 -> 9.42.124.46; the node is stopped

Neither side has a route to anything else, so that whoever sends to an inside address from outside gets no answer.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence

SOURCES = Path(__file__).resolve().parents[1] / "src"
_WAITS_S = 20.0

NODE, SECOND_NODE, PROXY, PARTNER = "9.42.111.2", "9.42.111.3", "9.42.111.5", "9.42.124.60"
PUBLIC, OUTBOUND = "9.42.124.45", "9.42.124.46"
OUTBOUND_OF_NODE = "9.42.124.51"

_ROUTER = f"""
ip link set lo up
ip link add in1 type veth peer name in0 netns $inside
ip link add out1 type veth peer name out0 netns $outside
ip address add 9.42.111.1/24 dev in1
ip address add 9.42.124.1/24 dev out1
ip address add {PUBLIC}/24 dev out1
ip address add {OUTBOUND}/24 dev out1
ip address add {OUTBOUND_OF_NODE}/24 dev out1
ip link set in1 up
ip link set out1 up
ip route add {NODE} via {PROXY}
ip route add {SECOND_NODE} via {PROXY}
echo 1 >/proc/sys/net/ipv4/ip_forward
nft -f - <<'END'
table ip nat {{
  chain incoming {{
    type nat hook prerouting priority dstnat
    iifname "out1" ip daddr {PUBLIC} udp dport 5060 dnat to {PROXY}:5062
    iifname "out1" ip daddr {PUBLIC} tcp dport 5060 dnat to {PROXY}:5062
    iifname "out1" ip daddr {PUBLIC} tcp dport 5061 dnat to {PROXY}:5063
  }}
  chain outgoing {{
    type nat hook postrouting priority srcnat
    oifname "out1" ip saddr {PROXY} snat to {OUTBOUND}
  }}
  chain through {{
    type filter hook forward priority filter; policy drop
    ct state established,related accept
    iifname "out1" ct status dnat accept
    iifname "in1" ip saddr {PROXY} accept
  }}
}}
END
"""
_INSIDE = f"""
ip link set lo up
ip address add {PROXY}/24 dev in0
ip address add {NODE}/32 dev lo
ip address add {SECOND_NODE}/32 dev lo
ip link set in0 up
ip route add default via 9.42.111.1
"""
_OUTSIDE = f"""
ip link set lo up
ip address add {PARTNER}/24 dev out0
ip link set out0 up
"""


class Arena:
    """The three networks, as long as it is open, and the programs in them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._programs: List[subprocess.Popen[bytes]] = []
        self._holders: Dict[str, subprocess.Popen[bytes]] = {}
        self._hold("router", ["unshare", "--user", "--map-root-user", "--net"])
        for name in ("inside", "outside"):
            self._hold(name, [*self._enter("router"), "unshare", "--net"])
        pids = {name: str(holder.pid) for name, holder in self._holders.items()}
        for name, script in (("router", _ROUTER), ("inside", _INSIDE), ("outside", _OUTSIDE)):
            words = [*self._enter(name), "sh", "-euc", script]
            subprocess.run(words, env={**os.environ, **pids, "PATH": _path()}, check=True, capture_output=True)

    def route(self, rules: str) -> None:
        """Give the router more rules, or others: lines of nft, to the table that it has."""
        words = [*self._enter("router"), "nft", "-f", "-"]
        subprocess.run(words, input=rules, env={**os.environ, "PATH": _path()}, check=True, text=True)

    def start(
        self, side: str, words: Sequence[str], log: str, env: Optional[Mapping[str, str]] = None
    ) -> subprocess.Popen[bytes]:
        """Start a program on a side; what it prints goes to the file `log`."""
        with (self.folder / log).open("wb") as out:
            program = subprocess.Popen(
                [*self._enter(side), *words],
                cwd=self.folder,
                env={**os.environ, "PATH": _path(), **(env or {})},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        self._programs.append(program)
        return program

    def sipnat(self, config: Path, *listens: str, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start the proxy and wait until it listens: `listens` is ``5062/udp``, ..."""
        words = [sys.executable, "-m", "sipnat", "run", "-c", str(config)]
        path = os.pathsep.join([str(SOURCES), *filter(None, [env.get("PYTHONPATH")])])
        program = self.start("inside", words, f"{config.stem}.log", {**env, "PYTHONPATH": path})
        for endpoint in listens:
            port, _, transport = endpoint.partition("/")
            self.wait_for_listener("inside", transport, PROXY, int(port), program)
        return program

    def wait_for_listener(
        self, side: str, transport: str, address: str, port: int, program: subprocess.Popen[bytes]
    ) -> None:
        """Until the program has a socket at that end point."""
        number = "".join(f"{byte:02X}" for byte in reversed(socket.inet_aton(address)))
        wanted = (f"{number}:{port:04X}", "07" if transport == "udp" else "0A")
        table = Path(f"/proc/{self._holders[side].pid}/net/{'udp' if transport == 'udp' else 'tcp'}")
        deadline = time.monotonic() + _WAITS_S
        while time.monotonic() < deadline and program.poll() is None:
            if any((line[1], line[3]) == wanted for line in map(str.split, table.read_text().splitlines()[1:])):
                return
            time.sleep(0.01)
        logs = "\n".join(path.read_text("utf-8", "replace") for path in self.folder.glob("*.log"))
        raise AssertionError(f"nothing listens at {address}:{port}/{transport}: {program.args!r}\n{logs}")

    def wait_for_text(self, file: str, text: str, program: subprocess.Popen[bytes]) -> None:
        """Until the program has written that."""
        deadline = time.monotonic() + _WAITS_S
        while text not in (self.folder / file).read_text("utf-8", "replace"):
            assert time.monotonic() < deadline, (text, program.args)
            assert program.poll() is None, (text, program.args)
            time.sleep(0.01)

    def stop(self, program: subprocess.Popen[bytes]) -> int:
        """End a program and wait for its end."""
        if program.poll() is None:
            program.terminate()
        return program.wait(_WAITS_S)

    def close(self) -> None:
        """End everything that was started."""
        for program in self._programs:
            if program.poll() is None:
                program.kill()
            program.wait()
        for holder in self._holders.values():
            holder.communicate()

    def _hold(self, name: str, words: Sequence[str]) -> None:
        # The shell, and with it the network, ends when this end of its input is closed, by us or by our own end.
        holder = subprocess.Popen(
            [*words, "sh", "-c", "echo; exec cat >/dev/null"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._holders[name] = holder
        assert holder.stdout
        if not holder.stdout.readline():
            raise AssertionError("this machine refuses user namespaces: see lab/README.md")

    def _enter(self, name: str) -> List[str]:
        return ["nsenter", "--target", str(self._holders[name].pid), "--user", "--net", "--preserve-credentials"]


def _path() -> str:
    # An ordinary user's often lacks the folders of nft and ip.
    return os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
