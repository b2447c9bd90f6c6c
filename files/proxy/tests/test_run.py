# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`sipnat run` as operators live with it: what it forwards, refuses, counts, logs and obeys."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any, Dict, List, Tuple

import pytest
from processes import (
    NODE,
    PARTNER,
    PROXY,
    SECOND,
    STRANGER,
    WAIT,
    bound,
    environment,
    python,
    request,
    response,
    site,
    started,
    written,
)

RECEIVED = 'messages_total{leg="outside",kind="request"}'


def order(folder: Path, *words: str) -> Tuple[int, str]:
    """`sipnat ctl`: its exit code, and what it says."""
    done = subprocess.run(
        [*python(), "ctl", "-c", str(folder / "sipnat.json"), *words],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def two_nodes(node: socket.socket, second: socket.socket, partner: socket.socket) -> Dict[str, Any]:
    configuration = site(node.getsockname()[1], partner.getsockname()[1])
    upstream = {"host": "second", "port": second.getsockname()[1], "transport": "udp"}
    configuration["inside"]["upstreams"].append(upstream)
    return configuration


def taken(nodes: List[socket.socket]) -> Tuple[socket.socket, bytes]:
    """The node that gets the next message, and the message; questions about health are answered and passed over."""
    for _each in range(10):
        for node in nodes:
            node.settimeout(0.2)
            try:
                data, proxy = node.recvfrom(65535)
            except socket.timeout:
                continue
            if not data.startswith(b"OPTIONS"):
                return node, data
            node.sendto(response(data), proxy)
    raise AssertionError("nothing comes")


def test_transaction_stays_on_its_node_while_that_is_drained(tmp_path: Path) -> None:
    with bound(NODE) as node, bound(SECOND) as second, bound(PARTNER) as partner:
        nodes = [node, second]
        with started(python(), tmp_path, two_nodes(node, second, partner)) as proxy:
            partner.sendto(request("INVITE", "call", partner), (PROXY, proxy.port))
            first, invite = taken(nodes)
            name = "node" if first is node else "second"
            assert order(tmp_path, "drain", name)[0] == 0
            for method in ("INVITE", "CANCEL", "ACK"):
                partner.sendto(request(method, "call", partner), (PROXY, proxy.port))
                where, received = taken(nodes)
                assert where is first
                assert received.split(b"\r\n")[1] == invite.split(b"\r\n")[1]  # the same branch
            for number in range(8):
                partner.sendto(request("INVITE", f"new{number}", partner), (PROXY, proxy.port))
                assert taken(nodes)[0] is not first
            status = json.loads(proxy.get("/health"))
            assert [one["drained"] for one in status["upstreams"]] == [first is node, first is second]


def test_strangers_and_nonsense_are_refused_counted_and_told(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with bound(NODE) as node, bound(PARTNER) as partner, bound(STRANGER) as stranger:
        configuration = site(node.getsockname()[1], partner.getsockname()[1], log={"format": "json", "file": "log"})
        with started(python(), tmp_path, configuration) as proxy:
            assert node.recv(65535).startswith(b"OPTIONS")
            for number in range(20):
                stranger.sendto(request("MESSAGE", f"x{number}", stranger), (PROXY, proxy.port))
            secret = request("MESSAGE", "bad", partner, "CSeq: 2 MESSAGE\r\n")[:-4] + b"\r\n\r\nthe secret body"
            partner.sendto(secret, (PROXY, proxy.port))
            assert partner.recv(65535).startswith(b"SIP/2.0 400 ")
            proxy.until('messages_total{leg="outside",kind="reply"}', 1)
            refused = [line for line in proxy.get("/metrics").splitlines() if line.startswith("sipnat_drops_total{")]
            assert any(line.endswith(" 20") for line in refused)
            partner.sendto(request("MESSAGE", "good", partner), (PROXY, proxy.port))
            assert b"\r\nCall-ID: good@" in node.recv(65535)  # nothing of the strangers
    lines = [json.loads(line) for line in log.read_text("ascii").splitlines()]
    assert 1 <= len([line for line in lines if line.get("source") == STRANGER]) <= 5
    answered = [line for line in lines if line.get("reason") == "status 400"]
    assert [(line["source"], line["call_id"]) for line in answered] == [(PARTNER, f"bad@{PARTNER}")]
    assert "secret" not in log.read_text("ascii")


def test_one_scrape_shows_all_processes(tmp_path: Path) -> None:
    with bound(NODE) as node, bound(PARTNER) as partner:
        configuration = site(node.getsockname()[1], partner.getsockname()[1], processes=3)
        with started(python(), tmp_path, configuration) as proxy:
            assert node.recv(65535).startswith(b"OPTIONS")
            for number in range(60):
                partner.sendto(request("MESSAGE", f"m{number}", partner), (PROXY, proxy.port))
                node.recv(65535)
            proxy.until(RECEIVED, 60)
            assert proxy.metric("processes") >= 3
            code, told = order(tmp_path, "stop")
            assert code == 0, told
            assert proxy.popen.wait(WAIT) == 0


def until_logged(log: Path, *errors: str) -> None:
    end = time.monotonic() + WAIT
    while not all(f'error="{error}' in log.read_text("ascii") for error in errors):
        assert time.monotonic() < end, log.read_text("ascii")
        time.sleep(0.05)


def test_reload_that_fails_changes_nothing(tmp_path: Path) -> None:
    with bound(NODE) as node, bound(PARTNER) as partner, bound(STRANGER) as stranger:
        configuration = site(node.getsockname()[1], partner.getsockname()[1], log={"file": "log"})
        with started(python(), tmp_path, configuration) as proxy:
            assert node.recv(65535).startswith(b"OPTIONS")
            file = written(tmp_path, {**configuration, "processes": "many"})
            proxy.popen.send_signal(signal.SIGHUP)
            proxy.until("config_ok", 0)
            file.write_text(json.dumps({**configuration, "user": 5, "unknown": "x" * 300, "group": 7}), "utf-8")
            proxy.popen.send_signal(signal.SIGHUP)
            until_logged(tmp_path / "log", "user: 5: ", "unknown: ", "group: 7: ")  # none is cut off
            partner.sendto(request("MESSAGE", "still", partner), (PROXY, proxy.port))
            assert b"\r\nCall-ID: still@" in node.recv(65535)
            other = dict(configuration["partners"][0], name="other", address=STRANGER, domains=["other.example"])
            file.write_text(json.dumps({**configuration, "partners": [*configuration["partners"], other]}), "utf-8")
            assert order(tmp_path, "reload")[0] == 0
            assert proxy.metric("config_ok") == 1
            code, told = order(tmp_path, "trace", "on")
            assert (code, "neither trace.file nor trace.hep" in told) == (1, True)
            stranger.sendto(request("MESSAGE", "now", stranger), (PROXY, proxy.port))
            assert b"\r\nCall-ID: now@" in node.recv(65535)


def test_health_of_upstreams_decides_the_health_of_the_proxy(tmp_path: Path) -> None:
    with bound(NODE) as node, bound(PARTNER) as partner:
        configuration = site(node.getsockname()[1], partner.getsockname()[1])
        configuration["health"] = {"interval": 0.2, "timeout": 0.1, "down_after": 2}
        with started(python(), tmp_path, configuration) as proxy:
            sample = f'node_up{{node="node:{node.getsockname()[1]}/udp"}}'
            proxy.until(sample, 0)
            assert json.loads(proxy.get("/health"))["ok"] is False
            partner.sendto(request("MESSAGE", "down", partner), (PROXY, proxy.port))
            refusal = partner.recv(65535)
            assert refusal.startswith(b"SIP/2.0 503 ")
            assert b"\r\nRetry-After: " in refusal
            for _each in range(100):
                question, address = node.recvfrom(65535)
                node.sendto(response(question), address)
                if json.loads(proxy.get("/health"))["ok"]:
                    break
            assert proxy.metric(sample) == 1


@pytest.mark.parametrize("log", [{}, {"file": "log"}], ids=["standard error", "file"])
def test_port_that_is_taken_is_named(log: Dict[str, str], tmp_path: Path) -> None:
    with bound(PROXY) as taken_port:
        port = taken_port.getsockname()[1]
        configuration = site(5060, 5060, log=log)
        configuration["listen"][0]["port"] = port
        done = subprocess.run(
            [*python(), "run", "-c", str(written(tmp_path, configuration))],
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=WAIT,
        )
    told = (tmp_path / "log").read_text("ascii") if log else done.stderr
    assert done.returncode == 1
    assert f"udp {PROXY} port {port}" in told
    if log:
        assert done.stderr == f"sipnat: cannot run, {tmp_path / 'log'} says why\n"


@pytest.mark.parametrize(("connections", "warned"), [(40, False), (1000, True)])
def test_too_few_descriptors_are_told(tmp_path: Path, connections: int, warned: bool) -> None:
    limited = ["/bin/sh", "-c", 'ulimit -n 200; exec "$@"', "sh", *python()]
    configuration = site(5060, 5060, limits={"connections": connections}, log={"file": "log"})
    with started(limited, tmp_path, configuration):
        told = (tmp_path / "log").read_text("ascii")
    assert ('event="few descriptors" wanted=3064 allowed=200' in told) is warned


def test_end_by_signal_is_a_good_end(tmp_path: Path) -> None:
    with started(python(), tmp_path, site(5060, 5060)) as proxy:
        proxy.popen.terminate()
        assert proxy.popen.wait(WAIT) == 0
