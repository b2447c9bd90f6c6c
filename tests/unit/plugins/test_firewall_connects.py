"""Which connections prove the table of ports, and how they are judged."""

from __future__ import annotations

import pytest

from plugins.filter.firewall import firewall_connects, firewall_problems
from tests.unit.plugins.firewall import MACHINES, Data, scenario, speaking

CONNECTS = firewall_connects(scenario(), MACHINES)


def wanted(connects: list[Data], host: str) -> dict[str, str]:
    return {f"{one['address']}:{one['port']}": one["wanted"] for one in connects if one["host"] == host}


def test_partners_dial_the_public_address_and_must_not_reach_the_rest() -> None:
    found = wanted(CONNECTS, "stgw2")
    assert found["9.42.124.45:5062"] == "open"
    assert {
        found[f"{address}:{port}"] for address in ("9.42.124.45", "9.42.124.46") for port in (22, 8879, 9060, 50000)
    } == {"closed"}
    assert "9.42.111.5:5062" not in found


def test_gateways_reach_what_they_need_and_cells_what_they_might() -> None:
    assert wanted(CONNECTS, "sipproxy1")["9.42.124.60:5060"] == "open"
    node = wanted(CONNECTS, "stgpn1")
    assert {node[where] for where in ("9.42.111.6:50000", "9.42.111.7:389", "9.42.111.8:1516")} == {"open"}
    assert node["9.42.111.1:8879"] == "passed"
    assert not any(where.startswith("9.42.111.2:") for where in node)


def test_udp_cannot_be_tried_by_connecting() -> None:
    assert "9.42.124.45:5062" not in wanted(firewall_connects(speaking("udp"), MACHINES), "stgw2")


@pytest.mark.parametrize(
    ("expected", "result", "said"),
    [
        ("open", "open", None),
        ("open", "refused", "nobody listens there; start the target, or correct its port"),
        ("open", "timeout", "no answer; let the firewall between them pass it"),
        ("open", "unreachable", "no answer; let the firewall between them pass it"),
        ("passed", "refused", None),
        ("passed", "open", None),
        ("passed", "timeout", "no answer; let the firewall"),
        ("closed", "timeout", None),
        ("closed", "refused", None),
        ("closed", "open", "it is taken, and must not be; let the firewall refuse it"),
    ],
)
def test_what_came_is_judged_by_what_was_wanted(expected: str, result: str, said: str | None) -> None:
    one = {"host": "a", "address": "192.0.2.1", "port": 1, "wanted": expected, "why": "JDBC"}
    found = firewall_problems([one], [{"result": result, "reason": "no answer"}])
    if said is None:
        assert found == []
    else:
        assert [text.startswith(f"a to 192.0.2.1:1 (JDBC): {said}") for text in found] == [True]
