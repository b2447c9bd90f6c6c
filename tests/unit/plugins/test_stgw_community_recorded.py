"""`stgw_community` by SQL that was recorded at a gateway whose tables are others than those that the module knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleActionFail

from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

RECORDING: dict[str, Any] = {
    "lock": ["GW.RTC_ROUTE", "GW.RTC_DOMAIN"],
    "words": {"type": {"local": "0", "sametime": "2"}, "protocol": {"sip_sametime": 7}},
    "read": {
        "community": {
            "from": "GW.RTC_ROUTE R", "name": "R.LABEL", "type": "char(R.KIND)", "protocol": "R.TRANSLATOR",
            "host": "R.PEER", "port": "R.PEER_PORT", "transport": "R.WIRE",
        },
        "domain": {
            "from": "GW.RTC_ROUTE R join GW.RTC_DOMAIN D on D.ROUTE = R.GUID", "community": "R.LABEL", "name": "D.NAME",
        },
    },
    "add": {
        "community": [
            "insert into GW.RTC_ROUTE (GUID, LABEL, KIND, TRANSLATOR, PEER, PEER_PORT, WIRE, NOTE)"
            " values (hex(generate_unique()), :name, :type, :protocol, :host, :port, :transport, 'at 12:name')",
        ],
        "domain": "insert into GW.RTC_DOMAIN select GUID, :name from GW.RTC_ROUTE where LABEL = :community",
    },
    "change": {"community": ["update GW.RTC_ROUTE set PEER_PORT = :port where LABEL = :name", "values 1"]},
    "remove": {
        "domain": "delete from GW.RTC_DOMAIN where NAME = :name",
        "community": "delete from GW.RTC_ROUTE where LABEL = :name",
    },
}  # fmt: skip
PARTNER = {
    "name": "o'neil",
    "type": "sametime",
    "host": "gw",
    "port": 5060,
    "transport": "tcp",
    "domains": ["p.example"],
}


def options(file: Path, content: Any, *communities: dict[str, Any], **more: Any) -> dict[str, Any]:
    file.write_text(yaml.safe_dump(content))
    return {
        "backend": "recorded", "recording": str(file), "database": {"instance": "db2inst1"},
        "communities": list(communities), **more,
    }  # fmt: skip


def answer(*rows: tuple[int, tuple[Any, ...]]) -> Answer:
    words = [",".join([str(kind), *(str(cell) if isinstance(cell, int) else cell.encode().hex() for cell in row)])
             for kind, row in rows]  # fmt: skip
    return Answer("db2_rows", "instance=1\n" + "".join(f"row={word}\n" for word in words))


THERE = [(0, ("o'neil", "2          ", "7", "gw", 5060, "tcp")), (2, ("o'neil", "p.example"))]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "recording.yml"


def test_rows_are_read_by_the_recorded_expressions(run_module: RunModule, file: Path) -> None:
    run = run_module("stgw_community", options(file, RECORDING, PARTNER), [answer(*THERE)])
    assert run.result["changed"] is False
    assert run.result["launches"] == 0
    community = run.result["state"]["communities"]["o'neil"]
    assert (community["type"], community["protocol"], community["port"]) == ("sametime", "sip_sametime", 5060)
    query = str(run.sent[0][1]["query"])
    assert query.startswith("select '0,' || case when R.LABEL is null then '-' else hex(R.LABEL) end || ',' || ")
    assert "rtrim(cast(R.PEER_PORT as char(11)))" in query
    assert query.endswith("from GW.RTC_ROUTE R join GW.RTC_DOMAIN D on D.ROUTE = R.GUID")


def test_statements_are_replayed_with_values(run_module: RunModule, file: Path) -> None:
    run = run_module(
        "stgw_community", options(file, RECORDING, PARTNER), [answer(), Answer("db2_change"), answer(*THERE)]
    )
    sent = run.sent[1][1]
    assert sent["locks"] == ["lock table GW.RTC_ROUTE in exclusive mode", "lock table GW.RTC_DOMAIN in exclusive mode"]
    assert sent["statements"] == [
        "insert into GW.RTC_ROUTE (GUID, LABEL, KIND, TRANSLATOR, PEER, PEER_PORT, WIRE, NOTE)"
        " values (hex(generate_unique()), 'o''neil', '2', 7, 'gw', 5060, 'tcp', 'at 12:name')",
        "insert into GW.RTC_DOMAIN select GUID, 'p.example' from GW.RTC_ROUTE where LABEL = 'o''neil'",
    ]


def test_what_belongs_to_a_community_goes_before_it_and_changes_come_last(run_module: RunModule, file: Path) -> None:
    there = [*THERE, (0, ("other", "2", "7", "gw2", 5060, "tcp"))]
    asked: list[dict[str, Any]] = [{"name": "o'neil", "state": "absent"}, {"name": "other", "port": 5062}]
    left = answer((0, ("other", "2", "7", "gw2", 5062, "tcp")))
    run = run_module("stgw_community", options(file, RECORDING, *asked), [answer(*there), Answer("db2_change"), left])
    assert run.sent[1][1]["statements"] == [
        "delete from GW.RTC_DOMAIN where NAME = 'p.example'",
        "delete from GW.RTC_ROUTE where LABEL = 'o''neil'",
        "update GW.RTC_ROUTE set PEER_PORT = 5062 where LABEL = 'other'",
        "values 1",
    ]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            {**PARTNER, "users": ["*"]},
            r"add\.access: missing, and \"o'neil\" needs it; record what the gateway's console",
        ),
        ({**PARTNER, "type": "aol", "transport": "tls"}, r"words\.type: has no word for aol"),
    ],
)
def test_what_was_not_recorded_is_told(run_module: RunModule, file: Path, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(AnsibleActionFail, match=rf"recording .*recording.yml: {said}"):
        run_module("stgw_community", options(file, RECORDING, asked), [answer()])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lock": []}, "lock, read.community: missing"),
        ({"read": {}}, "lock, read.community: missing"),
        ({"reads": {}}, "reads: unknown; there are lock, read, words"),
        ({"read": {"users": {}}}, "read.users: unknown; there are community, property"),
        ({"read": {"domain": {"from": "T", "name": "X"}}}, "read.domain.community: missing"),
        ({"read": {"domain": {"frm": "T"}}}, "read.domain.frm: unknown"),
        ({"add": {"domain": "values :user"}}, "add.domain: :user is no value of such a row; there are community, name"),
        ({"add": {"domains": "values 1"}}, "add.domains: unknown"),
        ({"add": {"domain": 'values "A"'}}, 'add.domain: .* is no line of printable ASCII without "'),
        ({"add": {"domain": "values\n1"}}, "add.domain: .* is no line of printable ASCII"),
        ({"words": {"name": {}}}, "words.name: unknown; there are type, protocol, transport"),
        ({"words": ["type"]}, "words: .* is not a mapping"),
    ],
)
def test_a_recording_that_cannot_be_used_is_refused_before_anything_is_sent(
    run_module: RunModule, file: Path, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("stgw_community", options(file, {**RECORDING, **change}, PARTNER))


def test_a_file_that_is_no_recording(run_module: RunModule, file: Path) -> None:
    with pytest.raises(AnsibleActionFail, match="is no mapping"):
        run_module("stgw_community", options(file, ["a"], PARTNER))
    module = {**options(file, RECORDING), "recording": str(file.parent / "none.yml")}
    with pytest.raises(AnsibleActionFail, match=r"none.yml cannot be read on the controller"):
        run_module("stgw_community", module)


def test_a_row_that_cannot_be_read_is_told(run_module: RunModule, file: Path) -> None:
    with pytest.raises(AnsibleActionFail, match=r"read\.domain: '2,zz,41' is what came"):
        run_module("stgw_community", options(file, RECORDING), [Answer("db2_rows", "instance=1\nrow=2,zz,41\n")])
