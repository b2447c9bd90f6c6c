"""ldap_entry on recorded answers of both platforms."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from plugins.plugin_utils._ldif import ldif_line, parse_ldif
from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

BASE = {"dn": "o=rtp,c=us", "attributes": {"objectClass": "organization"}}
USER = {
    "dn": "uid=wasbind,o=rtp,c=us",
    "attributes": {"objectClass": "inetOrgPerson", "cn": "bind", "sn": "bind", "mail": "bind@example.com"},
    "password": "B1nd!pw",
}
OPTIONS: dict[str, Any] = {"bind_password": "Adm1n!pw", "entries": [BASE, USER]}

BASE_FOUND = "dn: o=rtp,c=us\nobjectclass: top\nobjectclass: organization\no: rtp\n\n# rc=0\n\n"
USER_FOUND = (
    "Enter password ==> dn: uid=wasbind,o=rtp,c=us\nobjectclass: inetOrgPerson\nobjectclass: organizationalPerson\n"
    "objectclass: person\nobjectclass: top\ncn: bind\nsn: bind\nuid: wasbind\nmail: bind@exam\n ple.com\n"
    "description: by hand\n\n# rc=0\n\n"
)
NO_ENTRY = "\n# rc=32\n\n"


def read(blob: str, tried: str = "tried=0\n") -> Answer:
    return Answer("ldap_read", f"client=1\n{tried}", blob)


FOUND = read(BASE_FOUND + USER_FOUND)


@pytest.mark.parametrize("platform", ["unix", "windows"])
def test_adds_what_is_missing(run_module: RunModule, platform: str) -> None:
    answers = [read(NO_ENTRY * 2, "tried=49\n"), Answer("ldap_change"), FOUND]
    run = run_module("ldap_entry", OPTIONS, answers, platform=platform)
    assert run.result["operations"] == ["add o=rtp,c=us", "add uid=wasbind,o=rtp,c=us"]
    base, user = str(run.sent[1][1]["ldif"]).split("\n\n")[:2]
    assert base.splitlines() == ["dn: o=rtp,c=us", "changetype: add", "objectclass: organization", "o: rtp"]
    assert "uid: wasbind" in user.splitlines()
    assert "userPassword: B1nd!pw" in user.splitlines()
    assert "B1nd!pw" not in str(run.result)


def test_unchanged(run_module: RunModule) -> None:
    run = run_module("ldap_entry", OPTIONS, [FOUND])
    assert not run.result["changed"]
    assert run.sent[0][1]["tries"] == ["uid=wasbind,o=rtp,c=us", "B1nd!pw"]


def test_password_is_verified_by_a_bind(run_module: RunModule) -> None:
    run = run_module("ldap_entry", OPTIONS, [read(BASE_FOUND + USER_FOUND, "tried=49\n"), Answer("ldap_change"), FOUND])
    assert run.result["operations"] == ["modify uid=wasbind,o=rtp,c=us"]
    assert str(run.sent[1][1]["ldif"]).strip().splitlines()[1:] == [
        "changetype: modify", "replace: userPassword", "userPassword: B1nd!pw", "-",
    ]  # fmt: skip
    assert "password: another one" in run.result["diff"]["before"]


def test_one_attribute_differs(run_module: RunModule) -> None:
    entries = [BASE, USER | {"attributes": USER["attributes"] | {"mail": ["a@example.com", "b@example.com"]}}]  # type: ignore[operator]
    changed = USER_FOUND.replace("mail: bind@exam\n ple.com", "mail: b@example.com\nmail: a@example.com")
    answers = [FOUND, Answer("ldap_change"), read(BASE_FOUND + changed)]
    run = run_module("ldap_entry", OPTIONS | {"entries": entries}, answers)
    assert str(run.sent[1][1]["ldif"]).strip().splitlines()[1:] == [
        "changetype: modify", "replace: mail", "mail: a@example.com", "mail: b@example.com", "-",
    ]  # fmt: skip


def test_exact_removes_the_rest(run_module: RunModule) -> None:
    entries = [BASE, USER | {"exact": True}]
    run = run_module("ldap_entry", OPTIONS | {"entries": entries}, [FOUND], check=True)
    assert run.result["changed"]
    assert "description" in run.result["diff"]["before"]
    assert "description" not in run.result["diff"]["after"]
    assert "top" in run.result["diff"]["after"], "classes that the directory adds stay"


def test_children_are_deleted_first(run_module: RunModule) -> None:
    entries = [{"dn": entry["dn"], "state": "absent"} for entry in (BASE, USER)]
    answers = [read(BASE_FOUND + USER_FOUND, ""), Answer("ldap_change"), read(NO_ENTRY * 2, "")]
    run = run_module("ldap_entry", OPTIONS | {"entries": entries}, answers)
    assert run.result["operations"] == ["delete uid=wasbind,o=rtp,c=us", "delete o=rtp,c=us"]


def test_first_check_has_no_directory_yet(run_module: RunModule) -> None:
    for answer in (Answer("ldap_read"), read("\n# rc=81\n\n" * 2, "tried=81\n")):
        run = run_module("ldap_entry", OPTIONS, [answer], check=True)
        assert run.result["changed"]
        assert "mail" in run.result["diff"]["after"]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (Answer("ldap_read"), "no idsldapsearch"),
        (read("\n# rc=81\n\n" * 2), "81: nobody answers"),
        (read("\n# rc=49\n\n" * 2), "49: invalid credentials"),
    ],
)
def test_a_directory_that_does_not_answer_fails(run_module: RunModule, answer: Answer, message: str) -> None:
    with pytest.raises(AnsibleActionFail, match=message):
        run_module("ldap_entry", OPTIONS, [answer])


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"dn": "rtp", "attributes": {"objectClass": "x"}}, r"entries\[0\].dn: 'rtp' is not a DN"),
        ({"dn": "o=rtp", "attributes": {}}, r"entries\[0\].attributes: o=rtp has no objectClass"),
        ({"dn": "o=rtp", "attributes": {"objectClass": "x", "userPassword": "y"}}, r"give it as entries\[0\].password"),
        ({"dn": "o=rtp", "attributes": {"objectClass": "x", "a b": "y"}}, "'a b' is not the name"),
        ({"dn": "o=rtp", "attributes": {"objectClass": "x"}, "password": "ü"}, "ASCII"),
    ],
)
def test_bad_entries(run_module: RunModule, entry: dict[str, Any], message: str) -> None:
    with pytest.raises(AnsibleActionFail, match=message):
        run_module("ldap_entry", OPTIONS | {"entries": [entry]})


def test_given_twice(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="given twice"):
        run_module("ldap_entry", OPTIONS | {"entries": [BASE, BASE | {"dn": "O=RTP, C=US"}]})


@pytest.mark.parametrize("value", ["plain", "Grüße", " blank first", ": colon", "x" * 300, "a\nb", ""])
def test_ldif_values_survive(value: str) -> None:
    (entry,) = parse_ldif(f"dn: o=x\n{ldif_line('description', value)}\n")
    assert entry.get("description") == value
    assert all(len(line) <= 76 for line in ldif_line("description", value).splitlines())
