"""Captures of a running lab, and what tshark finds in them; they are kept in `tests/output/captures`."""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tshark_judge import Seen, judged

from lab.settings import REPOSITORY
from tests.lab.conftest import Lab

FOLDER = REPOSITORY / "tests/output/captures"
INSIDE = "9.42.111."
"""The first octets of every inside address."""

_NETWORK = f"{INSIDE}0/24"
_INSIDE_IN_HEADERS = f"ip.addr == {_NETWORK} or arp.src.proto_ipv4 == {_NETWORK} or arp.dst.proto_ipv4 == {_NETWORK}"


@contextmanager
def captured(lab: Lab, name: str) -> Iterator[Path]:
    """The folder of a capture of all that passes while the context is open: `inside.pcap`, `outside.pcap`."""
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    lab.ok("capture", "start", str(folder))
    try:
        yield folder
    finally:
        ended = lab("capture", "stop")
    # Not where it would hide an error of the test itself.
    assert ended.returncode == 0, ended.stdout + ended.stderr


def outside_is_clean(folder: Path) -> list[Seen]:
    """The SIP messages of the outside: well formed, and no inside address in or around them or any other packet."""
    file = folder / "outside.pcap"
    around = _tshark(file, _INSIDE_IN_HEADERS)
    assert not around, f"inside addresses in packet headers outside:\n{around}"
    seen = messages(folder, "outside")
    for message in seen:
        assert not message.faults, message
        assert not message.private, message
    assert INSIDE.encode() not in file.read_bytes(), f"{file} shows an inside address"
    return seen


def tls_clients(folder: Path) -> set[str]:
    """Who began TLS with whom outside: `9.42.124.60 > 9.42.124.45:5062`."""
    columns = ["-T", "fields", *(word for field in ("ip.src", "ip.dst", "tcp.dstport") for word in ("-e", field))]
    lines = _tshark(folder / "outside.pcap", "tls.handshake.type == 1", *columns).splitlines()
    return {f"{source} > {to}:{port}" for source, to, port in map(str.split, lines)}


def _tshark(file: Path, wanted: str, *words: str) -> str:
    argv = ["tshark", "-n", "-r", str(file), "-Y", wanted, *words]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def messages(folder: Path, segment: str) -> list[Seen]:
    """The SIP messages of a segment in the order of their ends; `summary-<segment>.txt` counts them."""
    seen = judged(folder / f"{segment}.pcap")
    lines = [f"{number:6} {way}" for way, number in sorted(counts(seen).items())]
    (folder / f"summary-{segment}.txt").write_text("\n".join([*lines, ""]))
    return seen


def counts(seen: list[Seen]) -> Counter[str]:
    """How often each method or status went which way: `9.42.124.60 > 9.42.124.45 INVITE`."""
    return Counter(f"{message.source} > {message.destination} {message.what}" for message in seen)
