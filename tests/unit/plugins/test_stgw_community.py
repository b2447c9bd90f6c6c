"""`stgw_community` against recorded rows of the gateway's database."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleActionFail

from plugins.plugin_utils._community_tables import STATEMENT_LENGTH, TABLES
from plugins.plugin_utils._community_types import KINDS
from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

ROOT = Path(__file__).parents[3]
DATABASE: dict[str, Any] = {"instance": "db2inst1", "schema": "DB2INST1"}
LOCAL: dict[str, Any] = {"name": "local", "type": "local", "host": "stsrv1", "port": 1516, "domains": ["rtp.example"]}
PARTNER: dict[str, Any] = {
    "name": "partner", "type": "sametime", "host": "sipproxy1", "port": 5062, "transport": "tcp",
    "domains": ["partner.example"], "users": ["*"],
}  # fmt: skip
THERE: list[tuple[str, Any]] = [
    ("COMMUNITY", (1, "local", "local", "vp", "stsrv1", 1516, "vp")),
    ("COMMUNITY", (4, "partner", "sametime", "sip_sametime", "sipproxy1", 5062, "tcp")),
    ("COMMUNITY_PROPERTY", (4, "maxIMSessions", "10")),
    ("DOMAIN_NAME", (1, "rtp.example")),
    ("DOMAIN_NAME", (4, "partner.example")),
    ("USER_ACCESS", (4, "*", 1)),
    ("USER_ACCESS", (4, "ann@rtp.example", 0)),
    ("GATEWAY_PROPERTY", ("blacklist", "*.spam.example")),
]


def test_the_role_knows_the_transports_of_the_module() -> None:
    role = yaml.safe_load((ROOT / "roles/community/vars/main.yml").read_text("utf-8"))
    own = {kind: list(rules.transports) for kind, rules in KINDS.items() if kind != "local"}
    assert role["__community_transports"] == own


def options(*communities: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"communities": list(communities), "database": DATABASE, **more}


def read(*rows: tuple[str, Any]) -> Answer:
    """What the database says when it holds `rows`."""
    words = [",".join([str(list(TABLES).index(table)), *map(cell, row)]) for table, row in rows]
    return Answer("db2_rows", "instance=1\n" + "".join(f"row={word}\n" for word in words))


def cell(value: object) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else str(value).encode().hex().upper()


CHANGED = Answer("db2_change")


def statements(run: Any) -> list[str]:
    return list(run.sent[1][1]["statements"])


def test_an_empty_database_gets_all_of_it_numbered(run_module: RunModule) -> None:
    made = [
        ("COMMUNITY", (1, "local", "local", "vp", "stsrv1", 1516, "vp")),
        ("COMMUNITY", (2, "partner", "sametime", "sip_sametime", "sipproxy1", 5062, "tcp")),
        ("DOMAIN_NAME", (1, "rtp.example")),
        ("DOMAIN_NAME", (2, "partner.example")),
        ("USER_ACCESS", (2, "*", 1)),
    ]
    run = run_module("stgw_community", options(LOCAL, PARTNER), [read(), CHANGED, read(*made)])
    assert run.result["operations"] == ["added community local", "added community partner"]
    assert statements(run) == [
        "insert into DB2INST1.COMMUNITY (ID, NAME, TYPE, PROTOCOL, HOST, PORT, TRANSPORT) values"
        " (1, 'local', 'local', 'vp', 'stsrv1', 1516, 'vp'),"
        " (2, 'partner', 'sametime', 'sip_sametime', 'sipproxy1', 5062, 'tcp')",
        "insert into DB2INST1.DOMAIN_NAME (COMMUNITY_ID, NAME) values (1, 'rtp.example'), (2, 'partner.example')",
        "insert into DB2INST1.USER_ACCESS (COMMUNITY_ID, USER_NAME, ALLOWED) values (2, '*', 1)",
    ]


def test_what_is_right_is_left_alone_and_what_is_not_asked_for_stays(run_module: RunModule) -> None:
    run = run_module("stgw_community", options(LOCAL, PARTNER), [read(*THERE)])
    assert run.result["changed"] is False
    assert run.result["state"]["communities"]["partner"]["excluded_users"] == ["ann@rtp.example"]
    assert run.result["state"]["properties"] == {"blacklist": "*.spam.example"}


def test_check_mode_reads_only(run_module: RunModule) -> None:
    run = run_module("stgw_community", options(LOCAL, PARTNER), [read()], check=True)
    assert run.result["changed"] is True
    assert "partner.example" in str(run.result["diff"])


def test_each_difference_is_one_statement_and_removals_come_first(run_module: RunModule) -> None:
    """A domain goes from one community to the other, which only works in this order."""
    asked: list[dict[str, Any]] = [
        {"name": "local", "domains": ["partner.example"]},
        {
            "name": "partner", "port": 5064, "domains": ["other.example"], "users": ["ann@rtp.example"],
            "excluded_users": [], "properties": {"maxIMSessions": 20, "maxPresenceSessions": -1},
        },
    ]  # fmt: skip
    after = [
        ("COMMUNITY", (1, "local", "local", "vp", "stsrv1", 1516, "vp")),
        ("COMMUNITY", (4, "partner", "sametime", "sip_sametime", "sipproxy1", 5064, "tcp")),
        ("COMMUNITY_PROPERTY", (4, "maxIMSessions", "20")),
        ("COMMUNITY_PROPERTY", (4, "maxPresenceSessions", "-1")),
        ("DOMAIN_NAME", (1, "partner.example")),
        ("DOMAIN_NAME", (4, "other.example")),
        ("USER_ACCESS", (4, "ann@rtp.example", 1)),
    ]
    module = options(*asked, properties={"blacklist": None})
    run = run_module("stgw_community", module, [read(*THERE), CHANGED, read(*after)])
    assert statements(run) == [
        "delete from DB2INST1.GATEWAY_PROPERTY where (NAME = 'blacklist')",
        "delete from DB2INST1.USER_ACCESS where (COMMUNITY_ID = 4 and USER_NAME = '*')",
        "delete from DB2INST1.DOMAIN_NAME where (COMMUNITY_ID = 1 and NAME = 'rtp.example')"
        " or (COMMUNITY_ID = 4 and NAME = 'partner.example')",
        "update DB2INST1.COMMUNITY set PORT = 5064 where ID = 4",
        "update DB2INST1.COMMUNITY_PROPERTY set VALUE = '20' where COMMUNITY_ID = 4 and NAME = 'maxIMSessions'",
        "insert into DB2INST1.COMMUNITY_PROPERTY (COMMUNITY_ID, NAME, VALUE) values (4, 'maxPresenceSessions', '-1')",
        "insert into DB2INST1.DOMAIN_NAME (COMMUNITY_ID, NAME) values (1, 'partner.example'), (4, 'other.example')",
        "update DB2INST1.USER_ACCESS set ALLOWED = 1 where COMMUNITY_ID = 4 and USER_NAME = 'ann@rtp.example'",
    ]
    assert run.result["operations"] == [
        "changed community local: domains",
        "changed community partner: port, domains, users, excluded_users, properties",
        "removed property blacklist",
    ]


@pytest.mark.parametrize(
    ("asked", "more"), [([{"name": "partner", "state": "absent"}], {}), ([LOCAL], {"exact": True})]
)
def test_a_community_goes_with_all_that_belongs_to_it(
    run_module: RunModule, asked: list[dict[str, Any]], more: dict[str, Any]
) -> None:
    left = [row for row in THERE if row[1][0] != 4]
    run = run_module("stgw_community", options(*asked, **more), [read(*THERE), CHANGED, read(*left)])
    assert run.result["operations"] == ["removed community partner"]
    assert [text.split()[2] for text in statements(run)] == [
        f"DB2INST1.{table}" for table in ("USER_ACCESS", "DOMAIN_NAME", "COMMUNITY_PROPERTY", "COMMUNITY")
    ]


@pytest.mark.parametrize(
    ("asked", "protocol", "transport"),
    [
        ({"type": "aol", "port": 5061}, "sip_ocs", "tls"),
        ({"type": "yahoo", "port": 5061, "transport": "tls"}, "sip_ocs", "tls"),
        ({"type": "google_talk", "port": 5269, "transport": "tcp"}, "xmpp", "tcp"),
        ({"type": "xmpp", "port": 5269, "transport": "tls"}, "xmpp", "tls"),
        ({"type": "sametime", "port": 5061, "transport": "tls", "protocol": "sip_ocs"}, "sip_ocs", "tls"),
    ],
)
def test_a_type_says_what_nobody_else_does(
    run_module: RunModule, asked: dict[str, Any], protocol: str, transport: str
) -> None:
    options_ = options({"name": "p", "host": "gw.example", "domains": ["p.example"], **asked})
    community = run_module("stgw_community", options_, [read()], check=True).result["state"]["communities"]["p"]
    assert (community["protocol"], community["transport"]) == (protocol, transport)


def test_a_row_without_protocol_stays_so_until_its_type_changes(run_module: RunModule) -> None:
    there = [("COMMUNITY", (1, "p", "sametime", None, "gw", 5061, "tls")), ("DOMAIN_NAME", (1, "p.example"))]
    run = run_module("stgw_community", options({"name": "p", "port": 5061}), [read(*there)])
    assert run.result["changed"] is False
    run = run_module("stgw_community", options({"name": "p", "type": "aol"}), [read(*there)], check=True)
    assert run.result["state"]["communities"]["p"]["protocol"] == "sip_ocs"


def test_a_type_that_this_module_does_not_know_is_left_alone(run_module: RunModule) -> None:
    there = [*THERE, ("COMMUNITY", (7, "lcs", "lcs", "sip_lcs", "gw", 5061, "tls"))]
    assert run_module("stgw_community", options(PARTNER), [read(*there)]).result["changed"] is False
    with pytest.raises(AnsibleActionFail, match=r"\(lcs\).type: 'lcs' is there, and this module does not know it"):
        run_module("stgw_community", options({"name": "lcs", "port": 1}), [read(*there)])


CONFLICT = Answer("db2_change", "conflict=1\n")


def test_what_somebody_changes_meanwhile_is_kept(run_module: RunModule) -> None:
    """Between read and change another domain and another community have come."""
    theirs = [*THERE, ("DOMAIN_NAME", (4, "new.example")), ("COMMUNITY", (5, "x", "xmpp", "xmpp", "x", 5269, "tcp"))]
    after = [*theirs, ("USER_ACCESS", (4, "bob@rtp.example", 1))]
    asked = options({"name": "partner", "users": ["*", "bob@rtp.example"]})
    run = run_module("stgw_community", asked, [read(*THERE), CONFLICT, read(*theirs), CHANGED, read(*after)])
    first, second = (dict[str, Any](sent) for name, sent in run.sent if name == "db2_change")
    assert first["statements"] == second["statements"]
    assert len(second["rows"]) == len(first["rows"]) + 2
    assert first["locks"][0] == "lock table DB2INST1.COMMUNITY in exclusive mode"
    assert run.result["operations"] == ["changed community partner: users"]
    assert run.result["state"]["communities"]["partner"]["domains"] == ["new.example", "partner.example"]


def test_somebody_else_may_want_the_same(run_module: RunModule) -> None:
    there = [row for row in THERE if row[0] != "GATEWAY_PROPERTY"]
    asked = options(properties={"blacklist": "*.spam.example"})
    run = run_module("stgw_community", asked, [read(*there), CONFLICT, read(*THERE), read(*THERE)])
    assert run.result["operations"] == []


def test_whoever_never_gets_through_is_told(run_module: RunModule) -> None:
    answers = [read(*THERE), *[CONFLICT, read(*THERE)] * 3]
    with pytest.raises(AnsibleActionFail, match="somebody else changed them 3 times"):
        run_module("stgw_community", options({"name": "partner", "port": 1}), answers)


def test_names_of_tables_and_columns_may_be_others(run_module: RunModule) -> None:
    names = {"DOMAIN_NAME": "GWDOMAIN", "DOMAIN_NAME.COMMUNITY_ID": "OWNER", "COMMUNITY.ID": "NUMBER"}
    module = {**options(LOCAL), "database": {**DATABASE, "names": names, "schema": "GW"}}
    after = read(*[row for row in THERE if row[1][0] == 1])
    run = run_module("stgw_community", module, [read(), CHANGED, after])
    query = str(run.sent[0][1]["query"])
    assert "from GW.GWDOMAIN" in query
    assert "cast(OWNER as char(11))" in query
    assert statements(run)[0].startswith("insert into GW.COMMUNITY (NUMBER, NAME,")
    assert statements(run)[1].startswith("insert into GW.GWDOMAIN (OWNER, NAME)")


def test_quotes_in_values(run_module: RunModule) -> None:
    partner = {**PARTNER, "users": ["o'neil@rtp.example"]}
    after = [
        ("COMMUNITY", (1, "partner", "sametime", "sip_sametime", "sipproxy1", 5062, "tcp")),
        ("DOMAIN_NAME", (1, "partner.example")),
        ("USER_ACCESS", (1, "o'neil@rtp.example", 1)),
    ]
    run = run_module("stgw_community", options(partner), [read(), CHANGED, read(*after)])
    assert statements(run)[-1].endswith("values (1, 'o''neil@rtp.example', 1)")


def test_many_users_go_in_statements_of_a_length_that_a_program_takes(run_module: RunModule) -> None:
    users = [f"somebody-with-a-long-name-{number:05}@rtp.example" for number in range(2000)]
    after = [*THERE[1:3], THERE[4], *(("USER_ACCESS", (4, user, 1)) for user in users)]
    before = [*THERE[1:3], THERE[4]]
    run = run_module("stgw_community", options({**PARTNER, "users": users}), [read(*before), CHANGED, read(*after)])
    assert max(map(len, statements(run))) <= STATEMENT_LENGTH
    assert sum(text.count("@rtp.example") for text in statements(run)) == 2000


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"host": "stsrv1 or 1=1"}, r"communities\[0\] \(partner\).host: 'stsrv1 or 1=1' is not possible"),
        ({"host": ...}, r"\(partner\).host: missing; the community does not exist yet"),
        ({"port": 0}, r"\(partner\).port: 0 is no port"),
        (
            {"transport": "vp"},
            r"\(partner\).transport: 'vp' does not go with type sametime, which has tcp or tls or udp",
        ),
        ({"type": "aol"}, r"\(partner\).transport: 'tcp' does not go with type aol, which has tls"),
        ({"type": "xmpp", "protocol": "vp"}, r"\(partner\).protocol: 'vp' does not go with type xmpp, which has xmpp"),
        ({"type": "google_talk", "transport": "udp"}, r"'udp' does not go with type google_talk"),
        ({"transport": ...}, r"\(partner\).transport: missing"),
        ({"domains": ["partner example"]}, r"\(partner\).domains: 'partner example'"),
        ({"users": ["a\nb"]}, r"\(partner\).users: 'a\\nb' is not possible; use printable ASCII"),
        ({"users": ["ann"], "excluded_users": ["ann"]}, r"\(partner\).excluded_users: ann cannot be there"),
        ({"users": ["ann"], "excluded_users": ["*"]}, r"\(partner\).excluded_users: \* cannot be there"),
        ({"properties": {"limit": "caf\u00e9"}}, r"\(partner\).properties.limit: 'caf\u00e9' is not possible"),
        ({"name": 'a"b'}, r"communities\[0\].name: 'a\"b' is not possible"),
        ({"type": "local", "transport": ...}, r"\(partner\).users: means nothing for the local community"),
    ],
)
def test_what_no_community_can_be(run_module: RunModule, change: dict[str, Any], said: str) -> None:
    """`...` stands for what is not said."""
    partner = {key: value for key, value in {**PARTNER, **change}.items() if value is not ...}
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("stgw_community", options(partner), [] if "name" in change else [read()])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({**LOCAL, "name": "other", "domains": []}, "local, other are local, and a gateway has one local community"),
        ({**PARTNER, "name": "third"}, "domain partner.example belongs to partner and to third"),
        ({**PARTNER, "name": "Partner"}, r"communities\[2\].name: 'Partner' is there twice"),
    ],
)
def test_contradictions(run_module: RunModule, more: dict[str, Any], said: str) -> None:
    answers = [] if "twice" in said else [read()]
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("stgw_community", options(LOCAL, PARTNER, more), answers)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": "STGWDATABASE"}, "database.name: 'STGWDATABASE' is not possible"),
        ({"instance": "DB2INST1"}, "database.instance: 'DB2INST1' is not possible"),
        ({"schema": None}, "database.schema: missing; say whose the tables are"),
        ({"schema": "DB2 INST"}, "database.schema: 'DB2 INST' cannot be a name in DB2"),
        ({"names": {"COMMUNITIES": "X"}}, "database.names: 'COMMUNITIES' is no name; there are COMMUNITY,"),
        ({"names": {"COMMUNITY": "x; drop"}}, "database.names.COMMUNITY: 'x; drop' cannot be a name"),
    ],
)
def test_what_no_database_can_be_is_refused_before_anything_is_sent(
    run_module: RunModule, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("stgw_community", {**options(LOCAL), "database": {**DATABASE, **change}})


NO_TABLE = Answer("db2_rows", 'instance=1\nproblem=SQL0204N  "DB2INST1.COMMUNITY" is an undefined name.\n')
NO_DATABASE = Answer("db2_rows", "instance=1\nproblem=SQL1013N  The database alias name\n")
NOTHING = Answer("db2_rows", "")
STOPPED = Answer("db2_rows", "instance=1\nproblem=SQL1032N  No start database manager command was issued.\n")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (NO_TABLE, "SQL0204N .*database.schema and database.names"),
        (NO_DATABASE, "STGW does not answer: SQL1013N"),
        (NOTHING, "database.instance: there is no instance db2inst1 on this host"),
        (STOPPED, "SQL1032N"),
    ],
)
def test_a_database_that_does_not_answer(run_module: RunModule, answer: Answer, said: str) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("stgw_community", options(LOCAL), [answer])


@pytest.mark.parametrize(("answer", "changed"), [(NO_DATABASE, True), (NOTHING, True), (STOPPED, False)])
def test_a_dry_run_before_there_is_a_database(run_module: RunModule, answer: Answer, changed: bool) -> None:
    """The stages before would have made and started it."""
    assert run_module("stgw_community", options(LOCAL), [answer], check=True).result["changed"] is changed


def test_a_dry_run_tells_that_the_tables_are_others(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="SQL0204N"):
        run_module("stgw_community", options(LOCAL), [NO_TABLE], check=True)


def test_a_row_that_cannot_be_read_is_told(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match=r"'1,x,41,42' is no row of DB2INST1\.COMMUNITY_PROPERTY"):
        run_module("stgw_community", options(LOCAL), [Answer("db2_rows", "instance=1\nrow=1,x,41,42\n")])


@pytest.mark.parametrize("user", ["a\nb", 'a"b', "j\u00fcrgen@rtp.example"])
def test_what_would_not_survive_the_way_to_the_database_is_left_there(run_module: RunModule, user: str) -> None:
    there = [*THERE, ("USER_ACCESS", (4, user, 1))]
    assert run_module("stgw_community", options(LOCAL), [read(*there)]).result["changed"] is False
    with pytest.raises(AnsibleActionFail, match="is there, and this module cannot write it"):
        run_module("stgw_community", options({"name": "partner", "users": ["*"]}), [read(*there)])


def test_on_windows_the_copy_is_named(run_module: RunModule) -> None:
    module = {**options(LOCAL, PARTNER), "database": {"instance": "DB2", "schema": "ADMINISTRATOR"}}
    run = run_module("stgw_community", module, [read(*THERE)], platform="windows")
    assert (run.sent[0][1]["path"], run.sent[0][1]["name"]) == (r"C:\Program Files\IBM\SQLLIB", "DB2")
