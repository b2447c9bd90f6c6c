"""One thing of a deployed scenario broken by hand, and put back: with wsadmin, nft and SQL, as an operator might."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from plugins.plugin_utils._nat_rules_nftables import TABLE
from tests.lab import gateway_cell
from tests.lab.conftest import Lab

Break = Callable[[Lab], AbstractContextManager[None]]

_BIN = f"{gateway_cell.PROFILE}/bin"
_MEMBERS = (("stgpn1", "RTCGWServer"), ("stgsn1", "RTCGWServer"))
_SIP_PROXY = (("sipproxy1", "SIPProxyServer"),)
_NODES = "AdminControl.queryNames('type=NodeSync,*').splitlines()"
_SAVE = f"AdminConfig.save(); map(lambda one: AdminControl.invoke(one, 'sync'), {_NODES})"
_PROPERTY = "com.ibm.sametime.gateway.fqdn"
_SETTINGS = "AdminConfig.list('SIPProxySettings').splitlines()[0]"

# -- the cell ----------------------------------------------------------------------------------------------------------


@contextmanager
def property_missing(lab: Lab) -> Iterator[None]:
    """The cell does not have the property."""
    found = f"AdminConfig.getid('/Cell:rtpCell/Property:{_PROPERTY}/')"
    _configure(lab, f"AdminConfig.remove({found})", _MEMBERS)
    try:
        yield
    finally:
        values = f"[['name', '{_PROPERTY}'], ['value', 'rtp_nat.ibm.com']]"
        _configure(lab, f"AdminConfig.create('Property', AdminConfig.getid('/Cell:rtpCell/'), {values})", _MEMBERS)


@contextmanager
def sprayer_off(lab: Lab) -> Iterator[None]:
    """The SIP proxy has no sprayer."""
    _configure(lab, _sprayer("isEnabled", "false"), _SIP_PROXY)
    try:
        yield
    finally:
        _configure(lab, _sprayer("isEnabled", "true"), _SIP_PROXY)


@contextmanager
def sprayer_port(lab: Lab) -> Iterator[None]:
    """The sprayer has a port that no rule of the router leads in."""
    _configure(lab, _sprayer("port", "5999"), _SIP_PROXY)
    try:
        yield
    finally:
        _configure(lab, _sprayer("port", "5060"), _SIP_PROXY)


def _sprayer(attribute: str, value: str) -> str:
    sprayer = f"AdminConfig.showAttribute({_SETTINGS}, 'udpSprayer')"
    return f"AdminConfig.modify({sprayer}, [['{attribute}', '{value}']])"


def _configure(lab: Lab, change: str, servers: tuple[tuple[str, str], ...]) -> None:
    """Change the cell, and restart the servers that read it."""
    gateway_cell.by_hand(lab, f"{change}; {_SAVE}")
    password = gateway_cell.secrets(lab)["vault_was_admin_password"]
    for host, server in servers:
        lab.ok("exec", host, f"{_BIN}/stopServer.sh", server, "-username", "wasadmin", "-password", password)
        lab.ok("exec", host, f"{_BIN}/startServer.sh", server)


# -- the router --------------------------------------------------------------------------------------------------------


@contextmanager
def rule_missing(lab: Lab) -> Iterator[None]:
    """The router does not let in what partners dial."""
    with _rules(lab, "inbound", lambda rule: "" if "9.42.124.45" in rule else rule):
        yield


@contextmanager
def pat(lab: Lab) -> Iterator[None]:
    """What leaves gets the address of the router itself, and ports of its choice."""
    to_itself = "meta l4proto { tcp, udp } masquerade to :20000-20999"
    with _rules(lab, "outbound", lambda rule: f"{rule.partition(' snat ')[0]} {to_itself}"):
        yield


@contextmanager
def _rules(lab: Lab, chain: str, change: Callable[[str], str]) -> Iterator[None]:
    text = lab.ok("exec", "natrouter", "/usr/sbin/nft", "-s", "list", "chain", "ip", TABLE, chain)
    rules = [line.strip() for line in text.splitlines() if "nat to " in line]
    assert rules, text
    _load(lab, chain, [changed for changed in map(change, rules) if changed])
    try:
        yield
    finally:
        _load(lab, chain, rules)


def _load(lab: Lab, chain: str, rules: list[str]) -> None:
    lines = [f"flush chain ip {TABLE} {chain}", *(f"add rule ip {TABLE} {chain} {rule}" for rule in rules)]
    lab.ok("exec", "natrouter", "/usr/sbin/nft", "\n".join(lines))
    # What it remembers follows the rules of before.
    lab("exec", "natrouter", "/usr/sbin/conntrack", "-F")


# -- the database ------------------------------------------------------------------------------------------------------


@contextmanager
def community_entry(lab: Lab) -> Iterator[None]:
    """The external community has a port at which nobody listens."""
    port = int(_sql(lab, "select PORT from COMMUNITY where NAME = 'partner'"))
    _sql(lab, "update COMMUNITY set PORT = 5998 where NAME = 'partner'")
    try:
        yield
    finally:
        _sql(lab, f"update COMMUNITY set PORT = {port} where NAME = 'partner'")


def _sql(lab: Lab, statement: str) -> str:
    """The last number that it prints; empty when it prints none."""
    lines = f"'connect to STGW;' \"{statement};\" 'connect reset;'"
    script = f"printf '%s\\n' {lines} >/tmp/by-hand.sql; db2 -x -tf /tmp/by-hand.sql"
    printed = lab.ok("exec", "db2srv1", "/usr/bin/su", "-", "db2inst1", "-c", script)
    numbers = [line.strip() for line in printed.splitlines() if line.strip().isdecimal()]
    return numbers[-1] if numbers else ""
