"""A cell that others change too: saved under our hands, changed in the console, overridden, out of synchronisation."""

from __future__ import annotations

import pytest

from tests.lab.conftest import Lab
from tests.lab.gateway_cell import PROFILE, Played, by_hand, launches, play, succeed

SETTINGS = "tests/lab/drift/settings.yml"
SYNC = "tests/lab/drift/sync.yml"
CELL = "/Cell:rtpCell/"
HEAP = "/Cell:rtpCell/Node:stgpn1Node/Server:RTCGWServer/JavaProcessDef:/JavaVirtualMachine:/"
PROXY = "/Cell:rtpCell/Node:sipproxy1Node/Server:SIPProxyServer/SIPProxySettings:/"


def settings(lab: Lab, **variables: object) -> Played:
    return succeed(lab, SETTINGS, variables=variables)


def unchanged(lab: Lab, **variables: object) -> None:
    before = launches(lab)
    played = settings(lab, **variables)
    assert (played.changed, launches(lab) - before) == (0, 0), played.shown


def cell_document(lab: Lab, host: str) -> str:
    return lab.ok("exec", host, "cat", f"{PROFILE}/config/cells/rtpCell/cell.xml")


@pytest.fixture(scope="module")
def cell(federated: Lab) -> Lab:
    """With the settings that the tests are about."""
    settings(federated)
    unchanged(federated)
    return federated


def test_somebody_saves_the_same_document_first(cell: Lab) -> None:
    before = launches(cell)
    cell.ok("fail", "stgdm1", "repository:save", "conflict")
    played = settings(cell, value="after a conflict")
    assert (played.changed, launches(cell) - before) == (1, 2), played.shown
    assert "wsadmin launches in all: 2" in played.said
    assert 'value="after a conflict"' in cell_document(cell, "stgdm1")
    unchanged(cell, value="after a conflict")


def test_somebody_saves_first_again_and_again(cell: Lab) -> None:
    untouched = cell_document(cell, "stgdm1").rstrip()
    before = launches(cell)
    for _ in range(2):
        cell.ok("fail", "stgdm1", "repository:save", "conflict")
    played = play(cell, SETTINGS, variables={"value": "never saved"})
    assert played.rc == 2, played.shown
    assert f"{PROFILE}: wsadmin could not save, 2 times; somebody else changes the same documents" in played.said
    assert "See who works in the console, and run the task again" in played.said
    assert "cells/rtpCell/cell.xml cannot be saved" in played.said
    assert launches(cell) - before == 2
    assert cell_document(cell, "stgdm1").rstrip() == untouched
    assert settings(cell, value="saved at last").changed == 1
    unchanged(cell, value="saved at last")


def test_no_room_for_the_configuration(cell: Lab) -> None:
    for _ in range(2):
        cell.ok("fail", "stgdm1", "repository:save", "disk-full")
    played = play(cell, SETTINGS, variables={"value": "no room"})
    assert played.rc == 2, played.shown
    assert "or there is no room" in played.said
    assert "There is not enough space in the file system" in played.said
    assert settings(cell, value="room again").changed == 1
    unchanged(cell, value="room again")


@pytest.mark.parametrize("step", ["wsadmin", "wsadmin:save"])
def test_wsadmin_is_killed(cell: Lab, step: str) -> None:
    cell.ok("fail", "stgdm1", step, "killed")
    played = play(cell, SETTINGS, variables={"value": f"killed {step}"})
    assert played.rc == 2, played.shown
    assert "and no result; run the task again, it compares anew" in played.said
    assert "stgw" not in cell.ok("exec", "stgdm1", "ls", "-a", "/tmp"), "the credentials are gone"
    assert settings(cell, value=f"killed {step}").changed == 1
    unchanged(cell, value=f"killed {step}")


def test_a_property_that_overrides_the_sprayer(cell: Lab) -> None:
    settings(cell)
    named = "[['name', 'tcp.IPSprayer.host'], ['value', '9.9.9.9']]"
    by_hand(cell, f"AdminConfig.create('Property', AdminConfig.getid('{PROXY}'), {named})")
    played = settings(cell)
    finding = "tcp.IPSprayer.host=9.9.9.9 of sipproxy1Node/SIPProxyServer overrides the host of the tcp sprayer"
    assert finding in played.said
    assert played.changed == 0, "reported, and left to who set it"
    played = settings(cell, overriding="remove")
    assert played.changed == 1, played.shown
    assert "findings: []" in played.said
    assert "tcp.IPSprayer" not in by_hand(cell, f"print AdminConfig.showall(AdminConfig.getid('{PROXY}'))")
    unchanged(cell, overriding="remove")


def test_values_changed_by_hand(cell: Lab) -> None:
    settings(cell)
    by_hand(cell, f"AdminConfig.modify(AdminConfig.getid('{HEAP}'), [['maximumHeapSize', '111']])")
    by_hand(cell, f"AdminConfig.remove(AdminConfig.getid('{CELL}Property:stgw.test/'))")
    before = launches(cell)
    dry = play(cell, SETTINGS, check=True)
    assert (dry.rc, dry.changed, launches(cell) - before) == (0, 1, 0), dry.shown
    for played in (dry, settings(cell)):
        assert "-maximumHeapSize: '111' +maximumHeapSize: '768'" in played.said, played.shown
        assert "+value: ours" in played.said
    assert by_hand(cell, f"print AdminConfig.showAttribute(AdminConfig.getid('{HEAP}'), 'maximumHeapSize')").endswith(
        "768\n"
    )
    unchanged(cell)


def test_a_node_that_missed_a_change(cell: Lab) -> None:
    """Nobody synchronises a node whose agent is stopped; a running one waits for its time when it is not asked."""
    settings(cell, value="for all", sync=False)
    due = succeed(cell, SYNC)
    assert due.changed == 1, due.shown
    for host in ("stgpn1", "stgsn1", "sipproxy1"):
        assert 'value="for all"' in cell_document(cell, host), host
    before = launches(cell)
    again = succeed(cell, SYNC)
    assert (again.changed, launches(cell) - before) == (0, 0), again.shown
