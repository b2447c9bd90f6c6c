# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The trace: bodies are not in it, Wireshark reads the file, a collector the packets."""

from __future__ import annotations

import json
import os
import socket
import struct
import subprocess
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import NODE, PARTNER, PROXY, answer, bound, configuration, endpoint, message, running

from sipnat.model import Endpoint, Trace
from sipnat.operation import pcap
from sipnat.operation.trace import Tracer, masked, obstacle

HEAD = (
    b"MESSAGE sip:bob@example.com SIP/2.0\r\nVia: SIP/2.0/TCP 192.0.2.11:5060;branch=z9hG4bK1\r\nMax-Forwards: 70\r\n"
    b"From: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: 17@example.com\r\n"
    b"CSeq: 1 MESSAGE\r\n"
)
SDP = b"v=0\r\no=- 1 1 IN IP4 192.0.2.11\r\ns=-\r\nc=IN IP4 192.0.2.11\r\nt=0 0\r\nm=message 5060 sip null\r\n"
HERE, THERE = ("192.0.2.5", 5062), ("192.0.2.11", 40123)
SIX = ("2001:db8:1::11", 5070)
WHEN = 1700000000.25


def _message(content_type: bytes, body: bytes) -> bytes:
    return HEAD + b"Content-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (content_type, len(body), body)


@pytest.mark.parametrize(
    "content_type",
    [
        b"text/plain",
        b"application/im-iscomposing+xml",
        b"multipart/mixed;boundary=application/sdp",
        b"text/plain;\r\n application/sdp",
        b"application/sdpx",
        b"application/sdp\r\nc: text/plain",
    ],
)
def test_what_people_write_is_not_in_a_trace(content_type: bytes) -> None:
    message = _message(content_type, b"--b\r\nmeet me at 9\r\n")
    assert masked(message) == _message(content_type, b"x" * 19)


@pytest.mark.parametrize("field", [b"", b"Content-Type : \r\n", b"X: application/sdp\r\n"])
def test_a_body_without_type_is_not_in_a_trace(field: bytes) -> None:
    for end in (b"\r\n\r\n", b"\n\n", b"\n\r\n"):
        head = HEAD + field + b"Content-Length: 6" + end
        assert masked(head + b"secret") == head + b"xxxxxx"


def test_a_session_description_is_shown_but_its_keys_are_not() -> None:
    keys = b"k=clear:secret\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:secret\r\na=ice-pwd:secret\r\na=sendrecv\r\n"
    shown = masked(_message(b"Application/SDP ; charset=x", SDP + keys))
    assert SDP in shown
    assert b"secret" not in shown
    assert shown.endswith(b"\r\nk=xxxxxxxxxxxx\r\na=crypto:" + b"x" * 39 + b"\r\na=ice-pwd:xxxxxx\r\na=sendrecv\r\n")


def _shark(path: Path) -> List[Dict[str, Any]]:
    fields = [
        "ip.src",
        "ipv6.src",
        "ip.dst",
        "ipv6.dst",
        "udp.srcport",
        "udp.dstport",
        "frame.time_epoch",
        "sip.Method",
    ]
    fields += [
        "sip.Call-ID",
        "sdp.connection_info.address",
        "ip.checksum.status",
        "udp.checksum.status",
        "_ws.malformed",
    ]
    command = [
        "tshark",
        "-n",
        "-r",
        str(path),
        "-T",
        "json",
        "-o",
        "ip.check_checksum:TRUE",
        "-o",
        "udp.check_checksum:TRUE",
    ]
    for field in fields:
        command += ["-e", field]
    answer = subprocess.run(command, check=True, capture_output=True, timeout=60)
    return [packet["_source"]["layers"] for packet in json.loads(answer.stdout)]


def test_wireshark_reads_the_file(tmp_path: Path) -> None:
    path = tmp_path / "trace.pcap"
    first, second = (Tracer(Trace(file=str(path))) for unused in range(2))  # as two processes would
    first.write(_message(b"application/sdp", SDP), THERE, HERE, "tcp", WHEN)
    second.write(_message(b"text/plain", b"odd"), SIX, ("0.0.0.0", 0), "udp", WHEN)
    first.close()
    first.write(_message(b"text/plain", b"even"), ("2001:db8:1::5", 5061), SIX, "tls", WHEN + 1)
    assert (first.lost, second.lost) == (0, 0)
    assert path.stat().st_mode & 0o077 == 0
    packets = _shark(path)
    assert [packet["sip.Method"] for packet in packets] == [["MESSAGE"]] * 3
    assert [packet["sip.Call-ID"] for packet in packets] == [["17@example.com"]] * 3
    assert packets[0]["ip.src"] + packets[0]["udp.srcport"] == ["192.0.2.11", "40123"]
    assert packets[0]["ip.dst"] + packets[0]["udp.dstport"] == ["192.0.2.5", "5062"]
    assert packets[0]["sdp.connection_info.address"] == ["192.0.2.11"]
    assert packets[0]["frame.time_epoch"] == ["1700000000.250000000"]
    assert packets[1]["ipv6.dst"] == ["::ffff:0.0.0.0"]
    assert packets[2]["ipv6.src"] + packets[2]["ipv6.dst"] == ["2001:db8:1::5", "2001:db8:1::11"]
    good = ["1"]
    assert packets[0]["ip.checksum.status"] == good
    assert packets[1]["udp.checksum.status"] == packets[2]["udp.checksum.status"] == good
    assert not any("_ws.malformed" in packet for packet in packets)


def test_the_largest_message_fits(tmp_path: Path) -> None:
    path = tmp_path / "trace.pcap"
    tracer = Tracer(Trace(file=str(path)))
    message = _message(b"text/plain", b"x" * 65536)
    tracer.write(message, THERE, HERE, "tcp", WHEN)
    tracer.write(message, SIX, SIX, "tcp", WHEN)
    assert tracer.lost == 0
    assert [packet["sip.Method"] for packet in _shark(path)] == [["MESSAGE"]] * 2


def test_a_file_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"not a capture")
    tracer = Tracer(Trace(file=str(path)))
    tracer.write(_message(b"text/plain", b"x"), THERE, HERE, "udp", WHEN)
    assert tracer.lost == 1
    assert tracer.error is not None
    assert "notes.txt" in tracer.error
    assert path.read_bytes() == b"not a capture"


def test_a_forgotten_trace_does_not_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pcap, "_LARGEST", 1000)
    path = tmp_path / "trace.pcap"
    tracer = Tracer(Trace(file=str(path)))
    for _unused in range(10):
        tracer.write(_message(b"text/plain", b"x"), THERE, HERE, "udp", WHEN)
    assert 0 < tracer.lost < 10
    assert path.stat().st_size < 2000


def _chunks(packet: bytes) -> Dict[int, bytes]:
    """The values of a HEP3 packet by their type."""
    assert packet[:6] == b"HEP3" + struct.pack("!H", len(packet))
    values: Dict[int, bytes] = {}
    place = 6
    while place < len(packet):
        vendor, kind, length = struct.unpack_from("!HHH", packet, place)
        assert (vendor, kind in values) == (0, False)
        values[kind] = packet[place + 6 : place + length]
        place += length
    assert place == len(packet)
    return values


def _collector(kind: int) -> Tuple[socket.socket, Endpoint]:
    sock = socket.socket(socket.AF_INET, kind)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(10)
    return sock, Endpoint("127.0.0.1", sock.getsockname()[1], "udp" if kind == socket.SOCK_DGRAM else "tcp")


def test_a_collector_gets_packets() -> None:
    sock, endpoint = _collector(socket.SOCK_DGRAM)
    with sock:
        tracer = Tracer(Trace(hep=endpoint, capture_id=7))
        tracer.write(_message(b"text/plain", b"odd"), THERE, HERE, "tls", WHEN)
        assert _chunks(sock.recv(65535)) == {
            1: b"\x02",
            2: b"\x06",
            3: bytes((192, 0, 2, 11)),
            4: bytes((192, 0, 2, 5)),
            7: struct.pack("!H", 40123),
            8: struct.pack("!H", 5062),
            9: struct.pack("!I", 1700000000),
            10: struct.pack("!I", 250000),
            11: b"\x01",
            12: struct.pack("!I", 7),
            15: _message(b"text/plain", b"xxx"),
            17: b"17@example.com",
        }
        tracer.write(b"SIP/2.0 200 OK\r\n\r\n", SIX, SIX, "udp", WHEN)
        six = _chunks(sock.recv(65535))
        assert (six[1], six[2], 17 in six) == (b"\x0a", b"\x11", False)
        assert six[5] == six[6] == socket.inet_pton(socket.AF_INET6, SIX[0])
        tracer.write(_message(b"text/plain", b"x" * 65536), THERE, HERE, "tcp", WHEN)
        assert _chunks(sock.recv(65535))[15].startswith(HEAD)
        tracer.close()


def test_a_collector_gets_a_stream() -> None:
    sock, endpoint = _collector(socket.SOCK_STREAM)
    with sock:
        sock.listen()
        tracer = Tracer(Trace(hep=endpoint))
        tracer.write(_message(b"text/plain", b"one"), THERE, HERE, "tcp", WHEN)
        connection = sock.accept()[0]
        with connection:
            connection.settimeout(10)
            tracer.write(_message(b"text/plain", b"two!"), THERE, HERE, "tcp", WHEN)
            received = b""
            while received.count(b"\r\n\r\nxxx") < 2:
                received += connection.recv(65535)
            first = int.from_bytes(received[4:6], "big")
            assert _chunks(received[:first])[15].endswith(b"\r\n\r\nxxx")
            assert _chunks(received[first:])[15].endswith(b"\r\n\r\nxxxx")
        tracer.close()


def test_a_collector_that_does_not_read_costs_no_memory() -> None:
    sock, endpoint = _collector(socket.SOCK_STREAM)
    with sock:
        sock.listen()
        tracer = Tracer(Trace(hep=endpoint))
        for _unused in range(200):
            tracer.write(_message(b"text/plain", b"x" * 60000), THERE, HERE, "tcp", WHEN)
        assert tracer.lost > 0
        assert tracer.error == "the collector does not read"
        tracer.close()


def test_a_collector_that_is_not_there_is_not_waited_for() -> None:
    sock, endpoint = _collector(socket.SOCK_STREAM)
    sock.close()
    tracer = Tracer(Trace(hep=endpoint))
    for seconds in range(60):
        tracer.write(_message(b"text/plain", b"x"), THERE, HERE, "tcp", WHEN + seconds)
    assert tracer.lost > 30


def test_both_are_written_though_one_fails(tmp_path: Path) -> None:
    sock, endpoint = _collector(socket.SOCK_DGRAM)
    with sock:
        tracer = Tracer(Trace(file=str(tmp_path / "missing" / "trace.pcap"), hep=endpoint))
        tracer.write(_message(b"text/plain", b"x"), THERE, HERE, "udp", WHEN)
        assert tracer.lost == 1
        assert sock.recv(65535)
        tracer.close()


@given(st.binary(max_size=300), st.sampled_from(["", "192.0.2.1", "fe80::1%eth0", "name"]), st.floats(0, 2e10))
def test_anything_can_be_traced(data: bytes, address: str, when: float) -> None:
    tracer = Tracer(Trace(file=os.devnull))
    tracer.write(data, (address, 1), HERE, "udp", when)
    shown = masked(data)
    assert len(shown) == len(data)
    tracer.close()


def test_trace_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    assert obstacle(Trace()) == "neither trace.file nor trace.hep is configured"
    assert obstacle(Trace(hep=Endpoint("127.0.0.1", 9060, "udp"))) == ""
    gone = tmp_path / "gone" / "trace.pcap"
    assert obstacle(Trace(file=str(gone))) == f"trace.file: {gone}: No such file or directory"
    other = tmp_path / "other"
    other.write_text("somebody's work\n" * 9)
    assert obstacle(Trace(file=str(other))) == f"trace.file: {other}: is there, and no trace of this program"
    assert other.read_text() == "somebody's work\n" * 9
    good = tmp_path / "trace.pcap"
    for _each in range(2):
        assert obstacle(Trace(file=str(good))) == ""
        assert len(good.read_bytes()) == 24


def test_what_a_loop_does_is_traced_while_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "trace.pcap"
    node, partner = bound(NODE), bound(PARTNER)
    config = configuration(("udp",), endpoint(partner, "udp"), trace=Trace(file=str(path)))
    with node, partner, running(config) as proxy:

        def exchange() -> None:
            node.sendto(message(body=b"secret"), (PROXY, proxy.port("udp")))
            partner.sendto(answer(partner.recv(65535)), (PROXY, proxy.port("udp")))
            node.recv(65535)

        exchange()
        proxy.loop.tracer = Tracer(config.trace)
        assert proxy.call(lambda: proxy.loop.trace(True)) == ""
        exchange()
        proxy.call(lambda: proxy.loop.trace(False))
        exchange()
        before = path.read_bytes()
        path.rename(tmp_path / "before.pcap")
        assert proxy.call(lambda: proxy.loop.trace(True)) == ""
        exchange()
    assert len(path.read_bytes()) == len(before)  # a file of its own
    assert b"secret" not in path.read_bytes()
    seen = [(packet["ip.src"][0], packet["ip.dst"][0], packet.get("sip.Method")) for packet in _shark(path)]
    assert seen == [
        (NODE, PROXY, ["MESSAGE"]),
        (PROXY, PARTNER, ["MESSAGE"]),
        (PARTNER, PROXY, None),
        (PROXY, NODE, None),
    ]
