"""What access lists let through, and which lines of a configuration speak of an address."""

from __future__ import annotations

import pytest

from plugins.plugin_utils._ios_config import IosConfig
from plugins.plugin_utils._ios_lists import permits
from plugins.plugin_utils._ios_nat import dynamic_for, network_with, pool_with, statics

HOST = "9.42.111.5"


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (["permit any"], True),
        (["permit 9.42.111.5"], True),
        (["permit host 9.42.111.5"], True),
        (["permit 9.42.111.6"], False),
        (["permit 9.42.111.0 0.0.0.255"], True),
        (["permit 9.42.112.0 0.0.0.255"], False),
        (["permit 9.42.0.5 0.0.255.0"], True),
        (["deny 9.42.111.5", "permit 9.42.111.0 0.0.0.255"], False),
        (["deny host 9.42.111.5", "permit any"], False),
        (["permit 9.42.111.0 0.0.0.255", "deny 9.42.111.5"], True),
        (["deny 9.42.111.6", "permit any"], True),
        (["permit ip any any"], True),
        (["permit tcp host 9.42.111.5 any eq www"], True),
        (["permit ip 9.42.111.0 0.0.0.255 any"], True),
        (["deny ip host 9.42.111.5 any", "permit ip any any"], False),
        (["deny tcp host 9.42.111.5 any", "permit ip any any"], True),
        (["deny ip host 9.42.111.5 10.0.0.0 0.255.255.255", "permit ip any any"], True),
        (["deny tcp any eq smtp any", "deny ip any any", "permit ip any any"], False),
        (["10 deny ip host 9.42.111.5 any", "20 permit ip any any"], False),
        (["10 permit ip host 9.42.111.5 any"], True),
        (["remark permit any"], False),
        ([], False),
        (None, True),
    ],
)
def test_whether_a_list_covers_a_host(entries: list[str] | None, expected: bool) -> None:
    assert permits(entries, HOST) is expected


CONFIG = IosConfig.read(
    """
interface FastEthernet0/0
 ip nat inside
!
ip nat pool TEN 9.42.124.50 9.42.124.59 prefix-length 24
ip nat inside source list 10 pool TEN overload
ip nat inside source list NAMED interface FastEthernet0/1 overload
ip nat inside source route-map SOME interface FastEthernet0/1 overload
ip nat inside source route-map ALL pool TEN
ip nat inside source static network 9.42.113.0 9.42.125.0 /24
ip nat inside source static tcp 9.42.111.5 5062 9.42.124.45 5062 extendable
ip nat inside source static 9.42.111.8 9.42.124.48 route-map X
ip nat inside source static tcp 9.42.111.8 25 interface FastEthernet0/1 25
!
ip access-list standard NAMED
 permit 9.42.111.7
access-list 10 permit 9.42.111.6
access-list 101 permit ip host 9.42.111.9 any
route-map SOME permit 10
 match ip address 101
route-map ALL permit 10
"""
)


@pytest.mark.parametrize(
    ("host", "line"),
    [
        ("9.42.111.6", "ip nat inside source list 10 pool TEN overload"),
        ("9.42.111.7", "ip nat inside source list NAMED interface FastEthernet0/1 overload"),
        ("9.42.111.9", "ip nat inside source route-map SOME interface FastEthernet0/1 overload"),
        # A route map that asks for no list is for every packet.
        ("9.42.111.5", "ip nat inside source route-map ALL pool TEN"),
    ],
)
def test_the_line_that_translates_a_host_to_what_changes(host: str, line: str) -> None:
    assert dynamic_for(CONFIG, host) == line


def test_hosts_that_no_list_covers() -> None:
    assert dynamic_for(IosConfig.read("ip nat inside source list 10 pool X\naccess-list 10 deny any"), HOST) is None


@pytest.mark.parametrize(("address", "found"), [("9.42.113.7", True), ("9.42.125.7", True), ("9.42.126.1", False)])
def test_networks(address: str, found: bool) -> None:
    assert bool(network_with(CONFIG, address)) is found


@pytest.mark.parametrize(("address", "found"), [("9.42.124.50", True), ("9.42.124.59", True), ("9.42.124.60", False)])
def test_pools(address: str, found: bool) -> None:
    assert bool(pool_with(CONFIG, address)) is found


def test_static_entries() -> None:
    found = [(static.protocol, static.local, static.public, set(static.keywords)) for _, static in statics(CONFIG)]
    assert found == [
        ("tcp", "9.42.111.5", "9.42.124.45", set()),
        ("", "9.42.111.8", "9.42.124.48", {"route-map", "X"}),
    ]


def test_sections_and_interfaces() -> None:
    assert CONFIG.interfaces == ["FastEthernet0/0"]
    assert CONFIG.interface("fastethernet0/0") == ["ip nat inside"]
    assert CONFIG.interface("FastEthernet0/1") is None
    assert CONFIG.access_list("NAMED") == ["permit 9.42.111.7"]
    assert CONFIG.access_list("10") == ["permit 9.42.111.6"]
    assert CONFIG.access_list("1") is None
