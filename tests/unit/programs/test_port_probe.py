"""The programs of module port_probe, in Perl and in PowerShell, against sockets on loopback."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from plugins.plugin_utils._port_probe import probe
from plugins.plugin_utils._target import Platform, Target
from tests.unit.programs.hosts_here import Unix, Windows
from tests.unit.programs.shell_cases import standard_tools

Try = Callable[..., list[dict[str, Any]]]


@pytest.fixture(params=["unix", "windows"])
def attempt(request: pytest.FixtureRequest, tmp_path: Path) -> Try:
    """Connect from a host of either kind to pairs of host and port."""
    platform: Platform = request.param
    target = Target(Unix() if platform == "unix" else Windows(tmp_path), platform)

    def run(*places: tuple[str, int], **options: Any) -> list[dict[str, Any]]:
        connects = [{"host": host, "port": port} for host, port in places]
        given = {"connects": connects, "timeout": 5, "perl": f"{standard_tools()}/perl", **options}
        results: list[dict[str, Any]] = probe(target, given)["results"]
        return results

    return run


def test_what_is_taken_and_what_is_refused(attempt: Try) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        open_port, closed_port = taken.getsockname()[1], nobody.getsockname()[1]
        found = attempt(("127.0.0.1", closed_port), ("localhost", open_port), ("127.0.0.1", open_port))
    assert [(one["host"], one["port"], one["result"]) for one in found] == [
        ("127.0.0.1", closed_port, "refused"),
        ("localhost", open_port, "open"),
        ("127.0.0.1", open_port, "open"),
    ]
    assert found[0]["reason"]
    assert found[1]["reason"] == ""


def test_nobody_answers_and_the_others_are_not_kept_waiting(attempt: Try) -> None:
    # A listener whose queue is full drops what comes, as a firewall does.
    with socket.socket() as full, socket.create_server(("127.0.0.1", 0)) as taken:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        silent, open_port = full.getsockname()[1], taken.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", silent))
        found = attempt(("127.0.0.1", silent), ("127.0.0.1", open_port), timeout=1)
        for filler in fillers:
            filler.close()
    assert [one["result"] for one in found] == ["timeout", "open"]


def test_a_name_without_an_address_is_told(attempt: Try) -> None:
    (found,) = attempt(("a..b", 80))
    assert (found["result"], found["reason"]) == ("unresolved", "a..b has no address here")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"connects": [{"host": "a b", "port": 1}]}, r"connects\[0\]\.host: 'a b' is neither"),
        ({"connects": [{"host": "::1", "port": 1}]}, r"connects\[0\]\.host: '::1' is neither"),
        ({"connects": [{"host": "a", "port": 0}]}, r"connects\[0\]\.port: 0 is not within"),
        ({"connects": [], "timeout": 61}, "timeout: 61 is not within 1 to 60"),
        ({"connects": [{"host": "a", "port": 1}], "perl": "/nonexistent/perl"}, "perl: /nonexistent/perl is not on"),
    ],
)
def test_what_cannot_be_tried_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        probe(Target(Unix(), "unix"), {"timeout": 5, "perl": "/usr/bin/perl", **options})


def test_nothing_to_try_needs_no_target() -> None:
    assert probe(Target(Unix(), "unix"), {"connects": [], "timeout": 5, "perl": "/nonexistent/perl"})["results"] == []
