# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The configuration is read whole, and what is wrong with it is said at once, each with key, value and cure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Iterator, Tuple

import pytest
from configs import EVERYTHING, SCENARIO, changed, loaded

from sipnat import config
from sipnat.model import Endpoint, Health, Host, Limits, Listener, Outbound, Partner, Public, TlsProfile, Upstream


def problems(data: Any) -> Tuple[config.Problem, ...]:
    with pytest.raises(config.ConfigError) as caught:
        loaded(data)
    return caught.value.problems


def test_the_scenario_and_its_defaults() -> None:
    found = loaded(SCENARIO)
    assert found.hosts[0] == Host(1, "stgpn1", ("9.42.111.2",), ("stgpn1.rtp.example",))
    assert found.upstreams == (Upstream("sipproxy1", Endpoint("9.42.111.5", 5060, "tcp")),)
    assert found.public == Public("rtp_nat.ibm.com", "9.42.124.45", {"tcp": 5062})
    assert found.outbound == Outbound("rtp_natpool1.ibm.com", "9.42.124.46", {"tcp": 5062})
    assert found.listeners == (Listener("9.42.111.5", 5062, "tcp", "both"),)
    partner = Partner("partner", Endpoint("9.42.124.60", 5060, "tcp"), ("9.42.124.60/32",), ("stgw2.partner.example",))
    assert found.partners == (partner,)
    assert found.tls == {"default": TlsProfile()}
    assert (found.limits, found.health) == (Limits(), Health())


def test_one_address_for_both_directions() -> None:
    found = loaded(changed(SCENARIO, "outbound", None))
    assert found.outbound == Outbound("rtp_nat.ibm.com", "9.42.124.45", {"tcp": 5062})


def test_an_outbound_address_without_a_name_is_written_as_it_is() -> None:
    assert loaded(changed(SCENARIO, "outbound", {"address": "9.42.124.46"})).outbound.host == "9.42.124.46"


@pytest.mark.parametrize(("transport", "port"), [("udp", 5060), ("tcp", 5060), ("tls", 5061)])
def test_ports_default_to_the_transports_own(transport: str, port: int) -> None:
    data = changed(EVERYTHING, "partners.2", {"name": "six", "address": "2001:db8:2::7", "transport": transport})
    assert loaded(changed(data, "partners.2.domains", [])).partners[2].endpoint.port == port


def test_text_becomes_canonical() -> None:
    data = changed(EVERYTHING, "partners.2.address", "[2001:DB8:2:0::7]")
    found = loaded(changed(data, "public.host", "SIP.Home.Example."))
    assert found.partners[2].endpoint.address == "2001:db8:2::7"
    assert found.public.host == "sip.home.example"
    assert found.domains == ("home.example", "chat.home.example")


def test_files_count_from_the_folder_of_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "sipnat.json"
    path.write_text(json.dumps(changed(EVERYTHING, "log.file", "/var/log/sipnat.log")), "utf-8-sig")
    found = config.load(str(path))
    assert found.tls["outer"].key == str(tmp_path.resolve() / "outer.key")
    assert found.admin.token == str(tmp_path.resolve() / "ctl.token")
    assert found.log.file == "/var/log/sipnat.log"


@pytest.mark.parametrize(
    ("path", "value", "where", "cure"),
    [
        ("listen.0.adress", "192.0.2.5", "listen[0].adress", "did you mean address?"),
        ("verbose", 1, "verbose", "known are"),
        ("listen.0.port", "5062", "listen[0].port", "from 1 to 65535 without quotation marks"),
        ("listen.0.port", 65536, "listen[0].port", "from 1 to 65535"),
        ("listen.0.port", True, "listen[0].port", "from 1 to 65535"),
        ("listen.0.transport", "sctp", "listen[0].transport", "one of udp, tcp, tls"),
        ("listen.0.address", "192.0.2.256", "listen[0].address", "an IPv4 or IPv6 address"),
        ("listen.0.address", "fe80::1%eth0", "listen[0].address", "an IPv4 or IPv6 address"),
        ("listen.0.address", "224.0.0.1", "listen[0].address", "not of a group"),
        ("listen.0.address", "::ffff:192.0.2.5", "listen[0].address", "write 192.0.2.5"),
        ("listen.0.address", "0.0.0.0", "listen[0].address", "the address that the inside reaches"),
        ("listen.0.tls", "nobody", "listen[0].tls", "known are default, inner, outer"),
        ("listen.3.tls", "default", "listen[3]", 'add certificate and key to tls."default"'),
        ("listen.0", {"address": "192.0.2.5", "port": 5062, "transport": "udp"}, "listen[1]", "listen[0] has this"),
        ("listen", {}, "listen", "write a list"),
        ("inside.networks.0", "192.0.2.5/24", "inside.networks[0]", "write 192.0.2.0/24"),
        ("inside.networks.0", "home", "inside.networks[0]", "a network such as"),
        ("inside.networks.1", "192.0.2.0/24", "inside.networks[1]", "is there already"),
        ("inside.networks", ["2001:db8:1::/64"], "inside.hosts[1].addresses[0]", "in none of inside.networks"),
        ("inside.hosts.0", [], "inside.hosts[0]", "write an object"),
        ("inside.hosts.0.id", 256, "inside.hosts[0].id", "from 1 to 255"),
        ("inside.hosts.1.id", 1, "inside.hosts[1].id", "inside.hosts[0].id has this id"),
        ("inside.hosts.1.name", "node1", "inside.hosts[1].name", "has this name"),
        ("inside.hosts.1.addresses.0", "192.0.2.11", "inside.hosts[1].addresses[0]", "inside.hosts[0].addresses[0]"),
        ("inside.hosts.1.names", ["NODE1.home.example"], "inside.hosts[1].names[0]", "inside.hosts[0].names[0]"),
        ("inside.hosts.1.names", ["sip.home.example"], "inside.hosts[1]", "is public"),
        ("inside.hosts.1.names", ["no name"], "inside.hosts[1].names[0]", "a DNS name"),
        ("inside.hosts.1.names", ["10.1"], "inside.hosts[1].names[0]", "a DNS name"),
        ("inside.hosts.1.media", "everywhere", "inside.hosts[1].media", "an IPv4 or IPv6 address"),
        ("inside.upstreams.0.host", "node7", "inside.upstreams[0].host", "known are node1, node2, proxy"),
        ("inside.upstreams.1.address", "192.0.2.12", "inside.upstreams[1].address", "no address of node1"),
        (
            "inside.upstreams",
            [{"host": "node1", "port": port} for port in range(5060, 5069)],
            "inside.upstreams[8].host",
            "more than 8 upstreams",
        ),
        ("inside.upstreams.0.tls", "outre", "inside.upstreams[0].tls", "no such profile"),
        ("inside.firewall.0", "192.0.2.11", "inside.firewall[0]", "node1 has this address"),
        ("inside.firewall.0", "203.0.113.46", "inside.firewall[0]", "outbound has this address"),
        ("partners.1.hosts", ["192.0.2.1"], "partners[1].hosts[0]", "is ours"),
        ("public.ports.tls", None, "partners[0].transport", "public.ports has no port"),
        ("outbound.ports.udp", None, "partners[1].transport", "outbound.ports has no port"),
        ("public.ports", {}, "public.ports", "name the public port of each transport"),
        ("listen.1", None, "public.ports.udp", "with leg outside or both"),
        ("listen.2", None, "inside.upstreams[1].transport", "with leg inside or both"),
        ("partners.0.networks", [], "partners[0].networks", "name the networks"),
        ("partners.1.domains", ["away.example"], "partners[1].domains", "partners[0].domains has this domain"),
        ("partners.2.domains", ["*"], "partners[2].domains", "partners[1].domains has this domain"),
        ("inside.upstreams.0", {"host": "proxy", "port": 5062}, "inside.upstreams[0].port", "our own listener"),
        ("partners.1.address", "192.0.2.5", "partners[1].address", "is ours"),
        ("partners.1.domains.0", "sip.home.example", "partners[1].domains[0]", "is ours"),
        ("partners.1.networks", ["255.255.255.255"], "partners[1].networks[0]", "not of a group"),
        ("partners.1.hosts", ["sip.home.example"], "partners[1].hosts[0]", "is ours"),
        ("partners.1.hosts", ["a.example", "node1.home.example"], "partners[1].hosts[1]", "is ours"),
        ("partners.1.hosts", ["gw.away.example"], "partners[1].hosts", "partners[0].hosts has this host"),
        ("partners.0.name", "old", "partners[1].name", "partners[0].name has this name"),
        ("partners.0.rate", -1, "partners[0].rate", "from 0 on"),
        ("partners.0.reuse", "yes", "partners[0].reuse", "true or false"),
        ("tls.inner.key", None, "tls.inner.key", "name both"),
        ("tls.outer.legacy", False, "tls.outer.minimum", "for old peers only"),
        ("tls.outer.minimum", 1.2, "tls.outer.minimum", "one of 1.0, 1.1, 1.2, 1.3"),
        ("limits.partial", 0, "limits.partial", "above 0"),
        ("limits.write_buffer", 600, "limits.write_buffer", "at least 32768"),
        ("health.timeout", 6, "health.timeout", "at most 5"),
        ("admin.address", "192.0.2.5", "admin.address", "127.0.0.1 or ::1"),
        ("trace.hep.address", None, "trace.hep.address", "is missing"),
        ("processes", 0, "processes", "from 1 to 256"),
        ("user", "", "user", "not empty"),
    ],
)
def test_a_problem_names_key_and_cure(path: str, value: Any, where: str, cure: str) -> None:
    found = problems(changed(EVERYTHING, path, value))
    assert any(one.path == where and cure in one.cure for one in found), found


def test_what_is_wrong_is_shown() -> None:
    (found,) = problems(changed(SCENARIO, "listen.0.port", 70000))
    assert str(found) == "listen[0].port: 70000: write a whole number from 1 to 65535 without quotation marks"


def test_everything_is_said_at_once() -> None:
    assert len(problems({"listen": [{"port": 0}, {"leg": "left"}], "limits": {"rate": "fast"}})) >= 8


def test_a_secret_in_the_wrong_place_is_not_repeated() -> None:
    secret = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----\n"
    (found,) = problems(changed(EVERYTHING, "tls.inner.key", secret))[:1]
    assert found.path == "tls.inner.key"
    assert "MIGH" not in str(found) and "name of a file" in found.cure


def test_a_key_that_is_there_twice() -> None:
    written = json.dumps(SCENARIO)[:-1] + ', "limits": {"rate": 1, "rate": 2}, "listen": []}'
    with pytest.raises(config.ConfigError) as caught:
        config.read(written)
    twice = [one.path for one in caught.value.problems if "twice" in one.cure]
    assert twice == ["listen", "limits.rate"]


@pytest.mark.parametrize("written", ["", "{", "[1, 2", "nonsense", "[" * 100000, '{"processes": ' + "9" * 5000 + "}"])
def test_no_json_is_a_problem_too(written: str) -> None:
    with pytest.raises(config.ConfigError):
        config.read(written)


@pytest.mark.parametrize("written", ["null", "1", '"text"', "[]", "{}", "NaN"])
def test_json_that_is_no_configuration(written: str) -> None:
    with pytest.raises(config.ConfigError) as caught:
        config.read(written)
    assert any(one.path == "listen" for one in caught.value.problems)


def test_no_utf8(tmp_path: Path) -> None:
    path = tmp_path / "sipnat.json"
    path.write_bytes(b'{"comment": "\xe4"}')
    with pytest.raises(config.ConfigError, match="byte 13"):
        config.load(str(path))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        config.load(str(tmp_path / "none.json"))


def _paths(value: Any, path: str = "") -> Iterator[str]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in below:
        yield f"{path}{key}"
        yield from _paths(one, f"{path}{key}.")


@pytest.mark.parametrize(
    "value",
    [None, 0, -1, 10**400, "", "x\ny", True, [], {}, [[]], [{}], [None], {"a": 1}],
    ids=lambda value: repr(value)[:12],
)
def test_a_value_of_any_kind_in_any_place_is_read_or_refused(value: Any) -> None:
    """Nothing but a ConfigError comes out of it, and each problem says where and what to do."""
    for path in _paths(EVERYTHING):
        assert all(one.path and one.cure for one in _refused(changed(EVERYTHING, path, value))), path


def _refused(data: Any) -> Tuple[config.Problem, ...]:
    try:
        loaded(data)
    except config.ConfigError as error:
        return error.problems
    return ()


def test_comments_are_free() -> None:
    data = changed(EVERYTHING, "public.ports.comment", ["as the router has it"])
    assert loaded(changed(data, "listen.0.comment", {"any": "thing"})) == loaded(EVERYTHING)
