"""itds_instance on recorded answers of both platforms."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

SECRETS = {
    "encryption_seed": "a seed of this test",
    "admin_password": "Adm1n!pw",
    "database": {"password": "Own3r!pw"},
}
OPTIONS: dict[str, Any] = {"name": "ldapdb2", "location": "/home/ldapdb2", "suffixes": ["o=rtp,c=us"], **SECRETS}

REGISTRY = """\
dn: CN=IDS INSTANCES
cn: IDS INSTANCES
objectClass: TOP

dn: cn=ldapdb2, CN=IDS INSTANCES
cn: ldapdb2
ids-instanceDesc: IBM Tivoli Directory Server Instance V6.1
ids-instanceLocation: {location}
ids-instanceVersion: 6.1
objectClass: TOP
objectClass: ids-instance

"""
CONFIGURATION = """\
# ibmslapd.conf
dn: cn=Configuration
cn: Configuration
ibm-slapdAdminDN: cn=root
ibm-slapdPort: 389
objectclass: ibm-slapdTop

dn: cn=Admin, cn=Configuration
ibm-slapdPort: 3538
ibm-slapdSecurePort: 3539

dn: cn=SSL, cn=Configuration
ibm-slapdSecurePort: 636
ibm-slapdSecurity: none

dn: cn=Directory, cn=RDBM Backends, cn=IBM Directory, cn=Schemas, cn=Configuration
ibm-slapdDbInstance: ldapdb2
ibm-slapdDbName: ldapdb2
ibm-slapdDbUserID: ldapdb2
ibm-slapdDbLocation: {location}
ibm-slapdSuffix: cn=localhost
ibm-slapdSuffix: cn=ibmpolicies
ibm-slapdSuffix: O=RTP, C=US
"""


def read(fields: str, location: str = "/home/ldapdb2", configuration: str = CONFIGURATION) -> Answer:
    return Answer("itds_instance_read", fields, (REGISTRY + configuration).format(location=location))


NOTHING = Answer("itds_instance_read", "product=1\n", "")
RUNNING = "product=1\nautostart=1\nadmin_password_set=1\nsearch_rc=0\nmode=FALSE\nbind_rc=0\n"
STOPPED = "product=1\nautostart=1\nadmin_password_set=1\nsearch_rc=81\nmode=\n"


def test_creates_and_proves(run_module: RunModule) -> None:
    change = Answer("itds_instance_change", "done=created instance ldapdb2\ndone=started the server\n")
    run = run_module("itds_instance", OPTIONS, [NOTHING, change, read(RUNNING)])
    assert run.result["changed"]
    assert run.result["operations"] == ["created instance ldapdb2", "started the server"]
    sent = dict(run.sent)["itds_instance_change"]
    assert sent["create"] is True
    assert sent["set_admin"] is True
    assert sent["set_ports"] is False
    assert sent["database"] == "ldapdb2"
    assert sent["database_location"] == "/home/ldapdb2"
    assert sent["suffixes"] == ["o=rtp,c=us"]
    assert (sent["stop"], sent["start"], sent["autostart"]) == (False, True, "add")
    assert sent["salt"] is None


def test_waits_for_another_run_and_does_what_that_left(run_module: RunModule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    busy = Answer("itds_instance_change", "busy=4711\n")
    run = run_module("itds_instance", OPTIONS, [NOTHING, busy, read(RUNNING), read(RUNNING)])
    assert run.result["operations"] == ["waited for another run"]
    change = Answer("itds_instance_change", "done=started the server\n")
    run = run_module("itds_instance", OPTIONS, [NOTHING, busy, read(STOPPED), change, read(RUNNING)])
    assert run.result["operations"] == ["started the server"]
    assert run.sent[-2][1]["create"] is False


def test_does_not_wait_for_another_run_forever(run_module: RunModule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugins.plugin_utils._itds_instance.OTHER_RUN_TIMEOUT", 0)
    with pytest.raises(AnsibleActionFail, match="another run is at work on it"):
        run_module("itds_instance", OPTIONS, [NOTHING, Answer("itds_instance_change", "busy=1\n")])


def test_a_dropped_instance_left_its_autostart(run_module: RunModule) -> None:
    answers = [
        Answer("itds_instance_read", "product=1\nautostart=1\n", ""),
        Answer("itds_instance_change"),
        read(RUNNING),
    ]
    sent = dict(run_module("itds_instance", OPTIONS, answers).sent)["itds_instance_change"]
    assert sent["create"] is True
    assert sent["autostart"] is None


def test_unchanged(run_module: RunModule) -> None:
    run = run_module("itds_instance", OPTIONS, [read(RUNNING)])
    assert not run.result["changed"]
    assert run.result["state"]["suffixes"] == ["cn=localhost", "cn=ibmpolicies", "O=RTP, C=US"]


def test_no_secret_in_result(run_module: RunModule) -> None:
    run = run_module("itds_instance", OPTIONS, [NOTHING], check=True)
    assert run.result["changed"]
    for secret in ("a seed of this test", "Adm1n!pw", "Own3r!pw"):
        assert secret not in str(run.result)


def test_check_before_the_product_is_installed(run_module: RunModule) -> None:
    run = run_module("itds_instance", OPTIONS, [Answer("itds_instance_read", "", "")], check=True)
    assert "created" not in run.result["operations"]
    assert "o=rtp,c=us" in run.result["diff"]["after"]


def test_product_missing(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match=r"install ITDS 6\.1 first"):
        run_module("itds_instance", OPTIONS, [Answer("itds_instance_read", "", "")])


def test_new_suffix_restarts_the_server(run_module: RunModule) -> None:
    options = OPTIONS | {"suffixes": ["o=rtp,c=us", "o=more"]}
    more = CONFIGURATION + "ibm-slapdSuffix: o=more\n"
    change = Answer("itds_instance_change", "done=added suffix o=more\n")
    run = run_module("itds_instance", options, [read(RUNNING), change, read(RUNNING, configuration=more)])
    sent = dict(run.sent)["itds_instance_change"]
    assert sent["suffixes"] == ["o=more"]
    assert (sent["stop"], sent["start"], sent["create"], sent["set_admin"]) == (True, True, False, False)
    assert sent["database"] is None


def test_stopped_server_is_started_with_the_password_as_given(run_module: RunModule) -> None:
    run = run_module("itds_instance", OPTIONS, [read(STOPPED), Answer("itds_instance_change"), read(RUNNING)])
    sent = dict(run.sent)["itds_instance_change"]
    assert (sent["stop"], sent["start"], sent["set_admin"]) == (False, True, True)


def test_wrong_password_is_set_again(run_module: RunModule) -> None:
    wrong = RUNNING.replace("bind_rc=0", "bind_rc=49")
    run = run_module("itds_instance", OPTIONS, [read(wrong), Answer("itds_instance_change"), read(RUNNING)])
    sent = dict(run.sent)["itds_instance_change"]
    assert (sent["stop"], sent["start"], sent["set_admin"]) == (True, True, True)
    assert "admin_password: another one" in run.result["diff"]["before"]


def test_stopping_leaves_the_password_alone(run_module: RunModule) -> None:
    options = OPTIONS | {"state": "stopped"}
    run = run_module("itds_instance", options, [read(RUNNING), Answer("itds_instance_change"), read(STOPPED)])
    sent = dict(run.sent)["itds_instance_change"]
    assert (sent["stop"], sent["start"], sent["set_admin"]) == (True, False, False)
    assert not run_module("itds_instance", options, [read(STOPPED)]).result["changed"]


def test_configuration_only_is_not_started(run_module: RunModule) -> None:
    limited = RUNNING.replace("FALSE", "TRUE")
    run = run_module("itds_instance", OPTIONS, [read(limited)], check=True)
    assert "started for configuration only" in run.result["diff"]["before"]
    assert run.result["changed"]


def test_change_without_effect_fails(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match=r"did not take effect.*state is 'stopped'"):
        run_module("itds_instance", OPTIONS, [read(STOPPED), Answer("itds_instance_change"), read(STOPPED)])


def test_ports_change(run_module: RunModule) -> None:
    options = OPTIONS | {"port": 1389}
    moved = CONFIGURATION.replace("ibm-slapdPort: 389", "ibm-slapdPort: 1389")
    answers = [read(RUNNING), Answer("itds_instance_change"), read(RUNNING, configuration=moved)]
    sent = dict(run_module("itds_instance", options, answers).sent)["itds_instance_change"]
    assert (sent["set_ports"], sent["port"], sent["stop"]) == (True, 1389, True)


def test_windows(run_module: RunModule) -> None:
    options = OPTIONS | {"location": "C:"}
    answers = [NOTHING, Answer("itds_instance_change"), read(RUNNING, "C:")]
    run = run_module("itds_instance", options, answers, platform="windows")
    first, second = run.sent[0][1], run.sent[1][1]
    assert first["registry"] == r"C:\Program Files\IBM\LDAP\idsinstinfo\idsinstances.ldif"
    assert second["service"] == "idsslapd-ldapdb2"
    assert second["database_location"] == "C:"
    assert "autostart_id" not in second


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "LdapDb2"}, "name: 'LdapDb2' cannot be the name"),
        ({"name": "ldapdb2toolong"}, "name: "),
        ({"encryption_seed": "short"}, "encryption_seed: it has 5 characters; use 12 to 1016"),
        ({"encryption_seed": "naïve seed of 12"}, "encryption_seed: .* ASCII"),
        ({"encryption_salt": "123"}, "encryption_salt: it has 3 characters"),
        ({"port": 70000}, "port: 70000 is not a port"),
        ({"secure_port": 389}, "port: 389 is given for two ports"),
        ({"suffixes": ["rtp"]}, "suffixes: 'rtp' is not a DN"),
        ({"location": "home"}, "location: "),
        ({"database": {"password": "x", "name": "toolongname"}}, "database.name: 'toolongname'"),
        ({"database": {"password": "x", "owner": "a-b"}}, "database.owner: "),
        ({"secret_prompts": 0}, "secret_prompts: 0"),
        ({"version": "6.2"}, "version"),
    ],
)
def test_bad_options_fail_before_anything_is_sent(run_module: RunModule, options: dict[str, Any], message: str) -> None:
    with pytest.raises(AnsibleActionFail, match=message):
        run_module("itds_instance", OPTIONS | options)


@pytest.mark.parametrize("missing", ["encryption_seed", "location", "admin_password"])
def test_what_creation_needs(run_module: RunModule, missing: str) -> None:
    options = {name: value for name, value in OPTIONS.items() if name != missing}
    with pytest.raises(AnsibleActionFail, match=f"^{missing}: "):
        run_module("itds_instance", options, [NOTHING])


@pytest.mark.parametrize("moved", [{"location": "/elsewhere"}, {"version": "6.0"}])
def test_an_instance_cannot_move(run_module: RunModule, moved: dict[str, str]) -> None:
    with pytest.raises(AnsibleActionFail, match="cannot be moved"):
        run_module("itds_instance", OPTIONS | moved, [read(RUNNING)])


def test_listed_without_configuration(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="idsidrop -I ldapdb2"):
        run_module("itds_instance", OPTIONS, [read("product=1\n", configuration="")])
