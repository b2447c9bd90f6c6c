# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The proxy as a process of its own, as an operator starts it, on loopback addresses.

Inside is 127.78.1.0/24 with nodes at .2 and .3 and the proxy at .5, outside is 127.78.2.0/24 with a partner at .60.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Dict, Iterator, Sequence

NODE, SECOND, PROXY, PARTNER, STRANGER = "127.78.1.2", "127.78.1.3", "127.78.1.5", "127.78.2.60", "127.78.3.9"
SOURCE = Path(__file__).parents[1] / "src"
WAIT = 20.0  # seconds until a test gives up


def bound(address: str) -> socket.socket:
    """A UDP socket of a peer."""
    sock = socket.socket(type=socket.SOCK_DGRAM)
    sock.settimeout(WAIT)
    sock.bind((address, 0))
    return sock


def free_port(kind: socket.SocketKind, address: str = PROXY) -> int:
    with socket.socket(type=kind) as sock:
        sock.bind((address, 0))
        return int(sock.getsockname()[1])


def site(node: int, partner: int, **more: Any) -> Dict[str, Any]:
    """A configuration for UDP with the ports where the peers are; `more`: further keys of the top level."""
    port = free_port(socket.SOCK_DGRAM)
    return {
        "inside": {
            "networks": ["127.78.1.0/24"],
            "hosts": [
                {"id": 1, "name": "node", "addresses": [NODE]},
                {"id": 2, "name": "second", "addresses": [SECOND]},
                {"id": 3, "name": "proxy", "addresses": [PROXY]},
            ],
            "upstreams": [{"host": "node", "port": node, "transport": "udp"}],
        },
        "public": {"host": "nat.example.com", "address": "127.78.9.45", "ports": {"udp": 5062}},
        "outbound": {"host": "pool.example.com", "address": "127.78.9.46", "ports": {"udp": port}},
        "listen": [{"address": PROXY, "port": port, "transport": "udp"}],
        "partners": [{"name": "partner", "address": PARTNER, "port": partner, "transport": "udp"}],
        "limits": {"drain": 0},
        "health": {"interval": 600, "timeout": 500},
        "admin": {"port": free_port(socket.SOCK_STREAM, "127.0.0.1"), "token": "token"},
        **more,
    }


def written(folder: Path, configuration: Dict[str, Any]) -> Path:
    """The configuration as a file."""
    file = folder / "sipnat.json"
    file.write_text(json.dumps(configuration), "utf-8")
    return file


def environment() -> Dict[str, str]:
    """With the package's source on the path."""
    return {**os.environ, "PYTHONPATH": str(SOURCE)}


class Process:
    """A proxy that runs."""

    def __init__(self, popen: subprocess.Popen[str], configuration: Dict[str, Any]) -> None:
        self.popen = popen
        self.admin = int(configuration["admin"]["port"])
        self.port = int(configuration["listen"][0]["port"])

    def get(self, path: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.admin, timeout=WAIT)
        try:
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def metric(self, sample: str) -> float:
        """The value of a sample, written as in the text; 0 if there is none."""
        found = re.search(rf"^sipnat_{re.escape(sample)} (\S+)$", self.get("/metrics"), re.MULTILINE)
        return float(found[1]) if found else 0.0

    def until(self, sample: str, value: float) -> None:
        """Wait until a sample has a value."""
        end = time.monotonic() + WAIT
        while self.metric(sample) != value:
            assert time.monotonic() < end, f"{sample} is {self.metric(sample)}, not {value}"
            time.sleep(0.05)


@contextmanager
def started(command: Sequence[str], folder: Path, configuration: Dict[str, Any]) -> Iterator[Process]:
    """``command run -c ...``, once it answers at its administration port."""
    arguments = [*command, "run", "-c", str(written(folder, configuration))]
    popen = subprocess.Popen(arguments, env=environment(), stderr=subprocess.PIPE, text=True)
    process = Process(popen, configuration)
    try:
        end = time.monotonic() + WAIT
        while True:
            assert popen.poll() is None, popen.stderr.read() if popen.stderr else ""
            assert time.monotonic() < end, "does not answer"
            try:
                process.get("/health")
                break
            except OSError:
                time.sleep(0.02)
        yield process
    finally:
        if popen.poll() is None:
            popen.terminate()
        popen.communicate(timeout=WAIT)


def python() -> Sequence[str]:
    """The command that runs the package from its source."""
    return (sys.executable, "-m", "sipnat")


def request(method: str, branch: str, source: socket.socket, extra: str = "") -> bytes:
    """A request of a peer, from its socket, for the other side; `extra`: further header lines with their ends."""
    address, port = source.getsockname()
    return (
        f"{method} sip:a@nat.example.com:5062 SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP {address}:{port};branch=z9hG4bK{branch};rport\r\n"
        "Max-Forwards: 70\r\n"
        "From: <sip:b@partner.example>;tag=1\r\n"
        "To: <sip:a@nat.example.com>\r\n"
        f"Call-ID: {branch}@{address}\r\n"
        f"CSeq: 1 {method}\r\n"
        f"Contact: <sip:b@{address}:{port}>\r\n"
        f"{extra}"
        "Content-Length: 0\r\n\r\n"
    ).encode()


def response(received: bytes, status: str = "200 OK") -> bytes:
    """The answer to a request: its Via, From, To, Call-ID and CSeq."""
    kept = (b"Via:", b"From:", b"To:", b"Call-ID:", b"CSeq:", b"Record-Route:")
    lines = [line for line in received.split(b"\r\n") if line.startswith(kept)]
    return b"\r\n".join([b"SIP/2.0 " + status.encode(), *lines, b"Content-Length: 0", b"", b""])
