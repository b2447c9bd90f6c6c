# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each rule of `check` is found where it is broken, and is silent where it is kept."""

from __future__ import annotations

import os
import resource
import socket
import sys
from typing import Any, List, Set, Tuple

import pytest
from configs import EVERYTHING, SCENARIO, changed, loaded

from sipnat.check import Finding, check, machine, plan, report


def rules(data: Any) -> Set[Tuple[str, str]]:
    return {(one.rule, one.severity) for one in plan.findings(loaded(data))}


def test_a_site_whose_machines_have_their_own_media_addresses_keeps_every_rule() -> None:
    data = changed(changed(SCENARIO, "inside.hosts.0.media", "9.42.124.51"), "inside.hosts.1.media", "9.42.124.52")
    assert list(plan.findings(loaded(data))) == []


@pytest.mark.parametrize(
    ("base", "path", "value", "rule", "severity", "found"),
    [
        (EVERYTHING, "partners.2.transport", "tcp", "R1", "warning", "no tcp listener on its side"),
        (EVERYTHING, "partners.2.transport", "udp", "R1", "error", "no udp listener on its side"),
        (EVERYTHING, "public.host", "sip.home.example", "R1", "warning", "and public.address is 203.0.113.45"),
        (EVERYTHING, "outbound.ports.udp", 5062, "R5", "warning", "out at 203.0.113.46 and comes in at 203.0.113.45"),
        (EVERYTHING, "outbound.ports.udp", 5070, "R2", "warning", "datagrams leave from port 5062"),
        (EVERYTHING, "outbound.ports.tcp", 5070, "R8", "warning", "Via says port 5070 for tcp"),
        (SCENARIO, "inside.hosts.0.media", None, "R3", "warning", "stgpn1, stgsn1, sipproxy1 share 9.42.124.45"),
        (SCENARIO, "inside.networks", ["9.42.0.0/16"], "R4", "error", "public.address 9.42.124.45 is in"),
        (SCENARIO, "outbound.address", "9.42.111.9", "R4", "error", "outbound.address 9.42.111.9 is in"),
        (
            SCENARIO,
            "inside.hosts.0.media",
            "9.42.111.77",
            "R4",
            "error",
            "the media address of stgpn1, 9.42.111.77 is in",
        ),
        (SCENARIO, "partners.0.networks", ["9.42.111.128/25"], "R4", "error", "overlaps 9.42.111.0/24"),
        (SCENARIO, "partners.0.networks", ["9.42.124.0/24"], "R4", "error", "overlaps 9.42.124.45, 9.42.124.46"),
        (
            EVERYTHING,
            "partners.1.networks",
            ["192.0.2.1", "198.51.100.99"],
            "R4",
            "error",
            "overlaps 192.0.2.0/24, 192.0.2.1",
        ),
        (SCENARIO, "partners.0.networks", ["198.51.100.0/24"], "R4", "warning", "is in none of its networks"),
        (EVERYTHING, "partners.1.networks", ["198.51.100.0/24"], "R4", "warning", "overlaps a network of partner old"),
        (SCENARIO, "listen.0.address", "192.0.2.5", "R4", "error", "the listener 192.0.2.5:5062 is in none"),
        (SCENARIO, "inside.firewall", ["192.0.2.1"], "R4", "warning", "inside.firewall 192.0.2.1"),
        (EVERYTHING, "tls.outer.legacy", True, "R9", "warning", "IS DIALLED WITH TLS 1.0 AND WEAK KEYS"),
        (EVERYTHING, "tls.outer.verify", False, "R9", "warning", "is not asked who it is"),
        (EVERYTHING, "tls.outer.authorities", None, "R9", "warning", "client certificates of every public authority"),
        (EVERYTHING, "mask_call_id", False, "R12", "warning", "mask_call_id is off"),
    ],
)
def test_a_broken_rule_is_found(base: Any, path: str, value: Any, rule: str, severity: str, found: str) -> None:
    data = changed(base, path, value) if value is not None or path.endswith("authorities") else base
    matching = [one for one in plan.findings(loaded(data)) if found in one.found]
    assert [(one.rule, one.severity) for one in matching] == [(rule, severity)]


def test_the_name_of_a_tls_partner_is_missed() -> None:
    data = changed(changed(EVERYTHING, "tls.outer.name", None), "partners.0.hosts", [])
    assert any("would have to be for 198.51.100.7" in one.found for one in plan.findings(loaded(data)))


@pytest.mark.parametrize(
    ("path", "value", "rule"),
    [
        (
            "outbound",
            {"ports": {"udp": 5060, "tcp": 5060, "tls": 5061}},
            "R2",
        ),  # it is the inbound record: it is mapped
        ("outbound", {}, "R5"),
        ("outbound.ports", {"udp": 5060, "tcp": 5060, "tls": 5061}, "R8"),
        ("outbound.ports", {"udp": 5062, "tcp": 5060, "tls": 5061}, "R8"),  # it is what datagrams leave from
        ("partners.0.transport", "tcp", "R9"),
        ("mask_call_id", True, "R12"),
    ],
)
def test_a_kept_rule_is_silent(path: str, value: Any, rule: str) -> None:
    data = changed(changed(EVERYTHING, "tls.outer.client_certificate", "none"), path, value)
    assert rule not in {one[0] for one in rules(data)}


def at(address: str, port: int, transport: str = "tcp", **more: Any) -> List[Finding]:
    """What this machine says about one listener."""
    data = changed(SCENARIO, "admin.port", 0)
    data = changed(data, "listen.0", {"address": address, "port": port, "transport": "tcp"})
    data = changed(
        data, "listen.1", {"address": address, "port": port, "transport": transport, "leg": "inside", **more}
    )
    config = loaded(data) if transport != "tcp" else loaded(changed(data, "listen.1", None))
    return list(machine.findings(config, resolve=False))


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_listeners_are_tried_and_given_back(transport: str) -> None:
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.77.2.1", 0))
        port = taken.getsockname()[1]
        if transport == "tcp":
            taken.listen(1)
        assert [(one.rule, one.severity) for one in at("127.77.2.1", port, transport)] == [("R11", "warning")]
    assert at("127.77.2.1", port, transport) == []
    with socket.socket(socket.AF_INET, kind) as again:
        again.bind(("127.77.2.1", port))


def test_the_administration_port_is_tried_too() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as taken:
        taken.bind(("127.77.2.1", 0))
        taken.listen(1)
        data = changed(SCENARIO, "admin", {"address": "127.77.2.1", "port": taken.getsockname()[1]})
        found = [one.found for one in machine.findings(loaded(data), resolve=False)]
    assert any(f"port {data['admin']['port']}/tcp is in use" in one for one in found)
    data = changed(SCENARIO, "admin", {"port": 0})
    assert len(list(machine.findings(loaded(data), resolve=False))) == 1


def test_an_address_of_another_machine() -> None:
    (found,) = at("192.0.2.5", 5062)
    assert (found.rule, found.severity) == ("R11", "warning")
    assert "does not have 192.0.2.5" in found.found


def test_a_port_without_the_right_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: socket.socket, where: Tuple[str, int]) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    (found,) = at("127.77.2.1", 80)
    assert (found.rule, found.severity) == ("R11", "error")


def test_accounts_that_do_not_exist() -> None:
    data = changed(changed(SCENARIO, "user", "no such user"), "group", "no such group")
    found = [one for one in machine.findings(loaded(data), resolve=False) if "does not exist" in one.found]
    assert [(one.rule, one.severity) for one in found] == [("R11", "error")] * 2


def test_a_system_without_accounts_and_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows."""
    monkeypatch.setattr(machine, "getpwnam", None)
    monkeypatch.delattr(os, "fork")
    data = changed(changed(SCENARIO, "user", "root"), "processes", 2)
    found = [one.found for one in machine.findings(loaded(data), resolve=False) if one.severity == "error"]
    assert len(found) == 2 and "cannot be changed" in found[0] and "no fork" in found[1]


def test_windows_takes_fewer_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    config = loaded(SCENARIO)
    monkeypatch.setattr(sys, "platform", "win32")
    assert any("512 descriptors" in one.found for one in machine.findings(config, resolve=False))


def test_more_connections_than_descriptors(monkeypatch: pytest.MonkeyPatch) -> None:
    data = changed(SCENARIO, "limits.connections", 1000)

    def descriptors() -> List[str]:
        found = machine.findings(loaded(data), resolve=False)
        return [one.found for one in found if one.rule == "R11" and "descriptors" in one.found]

    for hard, findings in ((1064, 0), (1063, 1), (resource.RLIM_INFINITY, 0)):
        monkeypatch.setattr(resource, "getrlimit", lambda kind, hard=hard: (1024, hard))
        assert len(descriptors()) == findings


def test_names_are_asked_only_when_told_to(monkeypatch: pytest.MonkeyPatch) -> None:
    zone = {"rtp_nat.ibm.com": "9.42.124.45", "rtp_natpool1.ibm.com": "9.42.124.99"}
    asked: List[str] = []

    def look_up(name: str, service: None) -> List[Tuple[int, int, int, str, Tuple[str, int]]]:
        asked.append(name)
        if name not in zone:
            raise socket.gaierror(-2, "Name or service not known")
        return [(2, 1, 6, "", (zone[name], 0))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    config = loaded(SCENARIO)
    assert not [one for one in machine.findings(config, resolve=False) if one.rule == "R6"] and asked == []
    found = {one.wanted: one.found for one in machine.findings(config, resolve=True) if one.rule == "R6"}
    assert "rtp_nat.ibm.com is 9.42.124.45" not in found
    assert found["rtp_natpool1.ibm.com is 9.42.124.46"] == "rtp_natpool1.ibm.com is 9.42.124.99 on this machine"
    assert "has no address" in found["stgpn1.rtp.example is 9.42.111.2"]
    assert "has no address" in found["stgw2.partner.example is 9.42.124.60"]


def test_the_report_has_errors_first_and_every_part() -> None:
    findings = [Finding("R3", "warning", "a", "b", "c"), Finding("R4", "error", "d", "e", "f")]
    text = report(findings)
    assert text.index("R4 error") < text.index("R3 warning")
    assert all(part in text for part in ("found:  d", "wanted: e", "cure:   f", "1 errors, 1 warnings"))
    assert report([]) == "no findings"


def test_findings_come_by_rule() -> None:
    found = check(loaded(changed(EVERYTHING, "tls.outer.legacy", True)))
    numbers = [int(one.rule[1:]) for one in found]
    assert len(found) == len(set(found))
    assert numbers == sorted(numbers) and {3, 5, 7, 9, 11, 12} <= set(numbers)
