"""A standalone gateway behind the NAT with nothing but the SIP NAT proxy before it, and one on AIX outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.lab import gateway_cell
from tests.lab.call import by_hand
from tests.lab.call.by_hand import Break
from tests.lab.call.verified import verified
from tests.lab.captures import captured, outside_is_clean
from tests.lab.conftest import Lab, new_lab

pytestmark = pytest.mark.long

INVENTORY = "tests/inventories/standalone_inside"
TOPOLOGY = "tests/lab/topologies/standalone_inside.yml"
STAGES = [
    f"playbooks/{stage}.yml"
    for stage in ("databases", "directories", "community_servers", "nat", "communities", "standalone")
]
NAT_PROXY_PORT = 5062

OUTBOUND = ["presence-from-partner", "chat-from-inside"]
"""What the gateway inside begins."""
INBOUND = ["chat-from-partner", "inbound-rule"]
"""What partners begin."""


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The lab of both gateways, up and deployed."""
    plain = new_lab(tmp_path_factory.mktemp("inside"), INVENTORY)
    lab = Lab({**plain.environment, "LAB_TOPOLOGY": TOPOLOGY})
    lab.ok("up")
    # Whom WebSphere asks for its administrators makes no difference to a call.
    play(lab, *STAGES, "-e", "ldap_security_host=")
    yield lab
    lab("clean")


def play(lab: Lab, *words: str) -> None:
    """Play playbooks that must go well."""
    where = ["-i", INVENTORY, "-i", str(lab.settings.overlay)]
    played = gateway_cell.ansible_playbook(lab, *words, *where, within_s=1200)
    assert played.rc == 0, played.shown


@contextmanager
def wrong_entry(lab: Lab) -> Iterator[None]:
    """The external community of the gateway inside has a port at which nobody listens."""
    entry = str(Path(__file__).with_name("standalone_entry.yml"))
    play(lab, entry, "-e", "test_port=5998")
    try:
        yield
    finally:
        play(lab, entry, "-e", f"test_port={NAT_PROXY_PORT}")


@contextmanager
def property_set(lab: Lab) -> Iterator[None]:
    """The cell of the gateway inside has a property that a cluster would take its public name from."""
    play(lab, str(Path(__file__).with_name("standalone_property.yml")))
    yield


def test_all_goes_through_and_nothing_private_leaves(inside: Lab, tmp_path: Path) -> None:
    with captured(inside, "sipnat-only") as folder:
        results = verified(inside, tmp_path, [INVENTORY])
    assert {case for case, result in results.items() if result == "failed"} == set()
    assert set(results) >= {*OUTBOUND, *INBOUND, "standalone-behind-nat", "session-addresses", "outbound-address"}
    assert outside_is_clean(folder)


@pytest.mark.parametrize(
    ("broken", "cases", "fail"),
    [
        # The answer to what goes out comes by the connection that it went out by.
        (by_hand.rule_missing, [*INBOUND, "message-to-nobody"], INBOUND),
        # Over TCP nobody minds the port that a connection comes from; only the address is another.
        (by_hand.pat, ["chat-from-inside", "chat-from-partner", "outbound-address"], ["outbound-address"]),
        (wrong_entry, [*OUTBOUND, *INBOUND], OUTBOUND),
        # Without WebSphere's SIP proxy there is no sprayer, and the property has no effect.
        (property_set, ["chat-from-inside", "chat-from-partner", "session-addresses"], []),
    ],
    ids=["rule-missing", "pat", "wrong-entry", "property-set"],
)
def test_what_breaks_shows(
    inside: Lab, tmp_path: Path, broken: Break, cases: Sequence[str], fail: Sequence[str]
) -> None:
    with broken(inside):
        if broken is by_hand.pat:
            # The connection that the gateway has goes by the rules of before: the first that is said over it is lost.
            verified(inside, tmp_path, [INVENTORY], only=["chat-from-inside"])
        results = verified(inside, tmp_path, [INVENTORY], only=cases)
    assert results == {case: "failed" if case in fail else "passed" for case in cases}
