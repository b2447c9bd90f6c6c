"""What a configuration of the simulated router does to packets, and how it reads the kernel's table of them."""

from __future__ import annotations

import pytest

from lab.ios import packets, translations
from lab.ios.nat import Static
from tests.lab.ios.simulated import DEVICES, configured

SIDES = "interface FastEthernet0/0\nip nat inside\ninterface FastEthernet0/1\nip nat outside\n"
PORT = Static("9.42.111.5", "9.42.124.45", "tcp", 5062, 5060, True)
WHOLE = Static("9.42.111.5", "9.42.124.46", extendable=True)
OUTWARD = 'iifname { "in0" } oifname { "out0" }'


def rules(commands: str) -> list[str]:
    return [line.strip() for line in packets.rules(configured(commands), DEVICES).splitlines()]


def test_an_entry_of_a_port_wins_over_one_of_the_whole_address() -> None:
    found = rules(f"{SIDES}{WHOLE}\n{PORT}")
    inward = [line for line in found if "dnat" in line]
    assert inward == [
        'iifname { "out0" } ip daddr 9.42.124.45 tcp dport 5060 dnat to 9.42.111.5:5062',
        'iifname { "out0" } ip daddr 9.42.124.46 dnat to 9.42.111.5',
    ]
    assert [line for line in found if "snat" in line] == [
        f"{OUTWARD} ip saddr 9.42.111.5 tcp sport 5062 snat to 9.42.124.45:5060",
        f"{OUTWARD} ip saddr 9.42.111.5 snat to 9.42.124.46",
    ]


def test_static_entries_win_over_lists() -> None:
    found = rules(
        f"{SIDES}ip nat pool P 9.42.124.50 9.42.124.52 netmask 255.255.255.0\n"
        "access-list 10 deny 9.42.111.6\naccess-list 10 permit 9.42.111.0 0.0.0.255\n"
        f"ip nat inside source list 10 pool P overload\n{WHOLE}"
    )
    assert found.index(f"{OUTWARD} ip saddr 9.42.111.5 snat to 9.42.124.46") < found.index(f"{OUTWARD} jump list0")
    assert found[found.index("chain list0 {") + 1 :][:2] == [
        "ip saddr 9.42.111.6/32 return",
        "ip saddr 9.42.111.0/24 snat to 9.42.124.50-9.42.124.52",
    ]


@pytest.mark.parametrize("missing", ["inside", "outside"])
def test_nothing_is_translated_without_both_sides(missing: str) -> None:
    found = rules(f"{SIDES.replace(f'ip nat {missing}', 'exit')}{WHOLE}")
    assert not any("nat to" in line for line in found)


def test_a_list_at_an_interface_ends_with_a_denial_and_one_without_entries_denies_nothing() -> None:
    group = "interface FastEthernet0/1\nip access-group X in\nip access-group Y out\n"
    found = rules(f"{group}ip access-list extended Y\nip access-list extended X\npermit tcp any host 9.42.124.46 est")
    assert found[found.index("chain in_out0 {") + 1 :][:2] == [
        "meta l4proto tcp ip daddr 9.42.124.46/32 tcp flags & (ack | rst) != 0 accept",
        "drop",
    ]
    assert 'iifname "out0" jump in_out0' in found
    assert not any("jump out_out0" in line for line in found)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("deny udp any eq 53 host 9.42.124.46", "meta l4proto udp ip daddr 9.42.124.46/32 udp sport 53 drop"),
        ("permit ip 9.42.0.5 0.0.255.0 any", "ip saddr & 255.255.0.255 == 9.42.0.5 accept"),
        ("permit ip any any", "accept"),
    ],
)
def test_entries(entry: str, expected: str) -> None:
    found = rules(f"interface FastEthernet0/1\nip access-group X in\nip access-list extended X\n{entry}")
    assert found[found.index("chain in_out0 {") + 1] == expected


TABLE = """\
tcp      6 115 TIME_WAIT src=9.42.124.60 dst=9.42.124.45 sport=54824 dport=5060 src=9.42.111.5 \
dst=9.42.124.60 sport=5062 dport=54824 [ASSURED] mark=0 zone=0 use=2
udp      17 20 src=9.42.111.5 dst=9.42.124.60 sport=5070 dport=5060 [UNREPLIED] src=9.42.124.60 \
dst=9.42.124.46 sport=5060 dport=5070 mark=0 zone=0 use=2
icmp     1 29 src=9.42.111.5 dst=9.42.124.60 type=8 code=0 id=7 src=9.42.124.60 dst=9.42.124.46 type=0 \
code=0 id=7 mark=0 zone=0 use=2
tcp      6 115 TIME_WAIT src=9.42.111.7 dst=9.42.124.60 sport=1 dport=2 src=9.42.124.60 dst=9.42.111.7 \
sport=2 dport=1 [ASSURED] mark=0 zone=0 use=2
"""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What conntrack was asked for; its table is the one above."""
    found: list[tuple[str, ...]] = []

    def conntrack(*arguments: str) -> str:
        found.append(arguments)
        return TABLE

    monkeypatch.setattr(translations, "_conntrack", conntrack)
    return found


@pytest.mark.usefixtures("asked")
def test_translations_as_the_kernel_shows_them() -> None:
    assert [
        (each.protocol, each.inside_global, each.inside_local, each.outside) for each in translations.current()
    ] == [
        ("tcp", "9.42.124.45:5060", "9.42.111.5:5062", "9.42.124.60:54824"),
        ("udp", "9.42.124.46:5070", "9.42.111.5:5070", "9.42.124.60:5060"),
        ("icmp", "9.42.124.46:7", "9.42.111.5:7", "9.42.124.60:7"),
    ]


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("static", "number"),
    [
        (PORT, 1),
        (WHOLE, 2),
        (Static("9.42.111.5", "9.42.124.45", "udp", 5062, 5060), 0),
        (Static("9.42.111.7", "9.42.124.47"), 0),
    ],
)
def test_which_entry_is_in_use(static: Static, number: int) -> None:
    assert len(translations.of(static)) == number


@pytest.mark.parametrize(
    ("static", "expected"),
    [
        (WHOLE, ["--orig-dst 9.42.124.46", "--reply-dst 9.42.124.46"]),
        (
            PORT,
            [
                "--orig-dst 9.42.124.45 --proto tcp --orig-port-dst 5060",
                "--reply-dst 9.42.124.45 --proto tcp --reply-port-dst 5060",
            ],
        ),
    ],
)
def test_only_the_translations_of_an_entry_end_with_it(
    asked: list[tuple[str, ...]], static: Static, expected: list[str]
) -> None:
    translations.forget(static)
    assert [" ".join(arguments) for arguments in asked] == [f"-D -f ipv4 {which}" for which in expected]
