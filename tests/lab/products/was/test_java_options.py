"""Java starts with the options that IBM's of 32 bits takes, and says why it does not with others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import pytest

from lab.products.was.servers import java_options
from lab.products.was.servers.server_index import Jvm
from tests.lab.products.was.running_cell import free_ports
from tests.lab.products.was.running_host import RunningHost, installed

USUAL: dict[str, Any] = {
    "initial_heap": 0,
    "maximum_heap": 0,
    "arguments": "",
    "environment": "",
    "verbose_gc": False,
}


@pytest.mark.parametrize(
    ("platform", "given", "said"),
    [
        ("aix", {}, None),
        ("aix", {"initial_heap": 1284, "maximum_heap": 1284, "environment": "-Xgcpolicy:gencon -Xmn150m"}, None),
        ("aix", {"arguments": '-Da=[b], -Dc="d" -Xdebug -Xrunjdwp:transport=dt_socket'}, None),
        ("aix", {"arguments": "it's"}, None),
        ("aix", {"environment": "-Xgcpolicy:g1"}, "JVMJ9VM007E Command-line option unrecognised: -Xgcpolicy:g1"),
        ("aix", {"arguments": "-Xmn150m -Xconc"}, "unrecognised: -Xconc"),
        ("aix", {"initial_heap": 512}, "JVMJ9GC027E -Xms too large for -Xmx"),
        ("aix", {"maximum_heap": 512, "environment": "-Xmn600m"}, "JVMJ9GC028E -Xmn too large for -Xmx"),
        ("aix", {"maximum_heap": 3073}, "JVMJ9GC019E -Xmx too large for heap"),
        ("windows", {"maximum_heap": 2048}, "JVMJ9GC019E -Xmx too large for heap"),
    ],
)
def test_options(platform: Literal["aix", "windows"], given: dict[str, Any], said: str | None) -> None:
    refused = java_options.refusal(platform, Jvm(**{**USUAL, **given}))
    assert (refused is None) if said is None else said in str(refused)


@pytest.fixture
def host(tmp_path: Path) -> Iterator[RunningHost]:
    host = installed(tmp_path, "node1")
    host.make_profile("App", "default", first=free_ports(), node="node1", cell="cell1", server="server1")
    yield host
    host.stop_all()


def test_a_server_whose_java_does_not_start(host: RunningHost) -> None:
    document = host.path("/was/profiles/App/config/cells/cell1/nodes/node1/servers/server1/server.xml")
    text = document.read_text("utf-8")
    log = host.path("/was/profiles/App/logs/server1/native_stderr.log")
    document.write_text(text.replace("<jvmEntries ", '<jvmEntries initialHeapSize="512" '))
    code, said = host("App", "startServer", "server1")
    assert code == -1
    assert "ADMU3011E" in said
    assert "-Xms too large" in log.read_text("utf-8")
    log.unlink()
    document.write_text(text.replace("<jvmEntries ", '<jvmEntries verboseModeGarbageCollection="true" '))
    assert host("App", "startServer", "server1")[0] == 0
    assert "<verbosegc " in log.read_text("utf-8")
