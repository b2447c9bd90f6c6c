# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The command line: what it does, what it says when it cannot, and its exit codes."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from pathlib import Path
from typing import Any, Dict, List

import pytest
from configs import SCENARIO, changed
from processes import PARTNER, PROXY, WAIT, environment, free_port, python, site, written

from sipnat import __version__, cli


def run(arguments: List[object]) -> int:
    return cli.main([str(one) for one in arguments])


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["version"]) == 0
    assert capsys.readouterr().out.startswith(f"sipnat {__version__}, kernel ")


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        ([], "required: COMMAND"),
        (["no-such-command"], "choose from"),
        (["run"], "required: -c/--config"),
        (["check", "-c"], "expected one argument"),
        (["explain", "-c", "x", "y"], "required: --source"),
        (["probe", "--source-port", "65536", "127.0.0.1:5060/udp"], "--source-port: 65536: write a port, 0 to 65535"),
        (["self-test", "-c", "x", "--timeout", "-1"], "--timeout: -1: write seconds, above 0 and up to 3600"),
        (["self-test", "-c", "x", "--timeout", "nan"], "--timeout: nan: write seconds"),
        (["self-test", "-c", "x", "--timeout", "soon"], "--timeout: soon: write seconds"),
    ],
)
def test_wrong_use(arguments: List[object], cure: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run(arguments)
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "usage: sipnat" in told
    assert cure in told


@pytest.mark.parametrize("command", ["run", "check", "self-test", "ctl"])
def test_configuration_that_cannot_be_used(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = ["status"] if command == "ctl" else []
    assert run([command, "-c", tmp_path / "gone", *more]) == 2
    assert "gone: No such file" in capsys.readouterr().err
    assert run([command, "-c", written(tmp_path, changed(SCENARIO, "listen.0.port", "five")), *more]) == 2
    told = capsys.readouterr().err
    assert "sipnat.json cannot be used:" in told
    assert 'listen[0].port: "five"' in told


def findings(tmp_path: Path, configuration: Dict[str, Any], capsys: pytest.CaptureFixture[str], code: int) -> Any:
    file = written(tmp_path, configuration)
    assert run(["check", "-c", file, "--json", "--strict"]) == code
    return json.loads(capsys.readouterr().out)


def test_check_has_an_exit_code_for_each_severity(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = site(5060, 5060)
    severities = {one["severity"] for one in findings(tmp_path, good, capsys, 3)}
    assert severities == {"warning"}  # UDP whose answers come to another address than they were sent from
    assert run(["check", "-c", written(tmp_path, good)]) == 0
    assert capsys.readouterr().out.count("warning") >= len(severities)
    bad = changed(good, "partners.0.networks", ["127.78.0.0/16"])  # the inside is in it
    assert "error" in {one["severity"] for one in findings(tmp_path, bad, capsys, 1)}


def test_explain(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, site(5070, 5060))
    message = tmp_path / "message"
    message.write_bytes(
        b"OPTIONS sip:a@nat.example.com:5062 SIP/2.0\r\nVia: SIP/2.0/UDP 127.78.2.60:5060;branch=z9hG4bK1\r\n"
        b"Max-Forwards: 70\r\nFrom: <sip:b@partner.example>;tag=1\r\nTo: <sip:a@nat.example.com>\r\nCall-ID: 1@b\r\n"
        b"CSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n"
    )
    assert run(["explain", "-c", file, "--source", f"{PARTNER}:5060", message]) == 0
    assert "sip:a@127.78.1.2:5070" in capsys.readouterr().out
    for source in (f"{PARTNER}:x", f"{PARTNER}:65536", "partner", "[::1]:", "1.2.3.4:5:6"):
        assert run(["explain", "-c", file, "--source", source, message]) == 2
        assert f"--source {source}: write ADDRESS or ADDRESS:PORT" in capsys.readouterr().err
    assert run(["explain", "-c", file, "--source", "198.51.100.1", message]) == 2  # of neither side
    assert run(["explain", "-c", file, "--source", PARTNER, tmp_path / "gone"]) == 2
    assert "gone: No such file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("written_source", "address", "port"),
    [
        ("192.0.2.1", "192.0.2.1", 0),
        ("192.0.2.1:5060", "192.0.2.1", 5060),
        ("2001:db8::1", "2001:db8::1", 0),
        ("[2001:DB8:0::1]:5061", "2001:db8::1", 5061),
    ],
)
def test_source(written_source: str, address: str, port: int) -> None:
    assert cli._source(written_source) == (address, port)


def test_self_test(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, site(5060, 5060))
    assert run(["self-test", "-c", file, "--timeout", 0.2]) == 1
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told] == ["ok", "FAILED"]


def test_ctl(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, site(5060, 5060))
    (tmp_path / "token").write_text("secret", "ascii")
    assert run(["ctl", "-c", file, "status"]) == 1
    assert "does the proxy run?" in capsys.readouterr().err
    assert run(["ctl", "-c", file, "dance"]) == 2
    assert "dance: no such order" in capsys.readouterr().err


def test_probe_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["probe", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err
    assert run(["probe", "--serve", "192.0.2.1:5060/udp"]) == 1  # no address of this machine
    assert "192.0.2.1:5060/udp: Cannot assign" in capsys.readouterr().err
    assert run(["probe", "--serve", "127.0.0.1:5061/tls"]) == 2
    assert "serve udp or tcp" in capsys.readouterr().err


def test_terminal_that_cannot_show_everything(tmp_path: Path) -> None:
    message = tmp_path / "message"
    message.write_bytes(
        "OPTIONS sip:a@nat.example.com:5062 SIP/2.0\r\nVia: SIP/2.0/UDP 127.78.2.60:5060;branch=z9hG4bK1\r\n"
        "Max-Forwards: 70\r\nFrom: <sip:b@partner.example>;tag=1\r\nTo: <sip:a@nat.example.com>\r\nCall-ID: 1@b\r\n"
        'Contact: "J\xf6rg \x1b[2J" <sip:a@nat.example.com:5062;np=1->\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n'
        "\r\n".encode()
    )
    done = subprocess.run(
        [*python(), "explain", "-c", str(written(tmp_path, site(5070, 5060))), "--source", PARTNER, str(message)],
        env={**environment(), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b'"J\\xf6rg \\x1b[2J"' in done.stdout


def test_probe_of_a_direct_way(capsys: pytest.CaptureFixture[str]) -> None:
    endpoint = f"{PROXY}:{free_port(socket.SOCK_DGRAM)}/udp"
    popen = subprocess.Popen([*python(), "probe", "--serve", endpoint], env=environment())
    try:
        end = time.monotonic() + WAIT
        while run(["probe", endpoint]) != 0:  # until it serves
            assert time.monotonic() < end, capsys.readouterr().out
            time.sleep(0.1)
        assert endpoint.partition("/")[0] in capsys.readouterr().out
    finally:
        popen.terminate()
        popen.wait(WAIT)


def test_reader_that_has_seen_enough() -> None:
    """A closed pipe is no reason for a traceback."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*python(), "version"], env=environment(), stdout=write, stderr=subprocess.PIPE, check=False, text=True
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device that is always full")
def test_output_that_cannot_be_written() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*python(), "version"], env=environment(), stdout=full, stderr=subprocess.PIPE, check=False, text=True
        )
    assert (done.returncode, done.stderr) == (1, "sipnat: standard output: No space left on device\n")


def test_output_that_is_closed() -> None:
    closed = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *python(), "version"],
        env=environment(),
        stderr=subprocess.PIPE,
        check=False,
        text=True,
    )
    assert (closed.returncode, closed.stderr) == (0, "")
