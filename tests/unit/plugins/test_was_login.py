"""A login that is proven, and documents that are kept until it is: `was_login` and `was_config_backup`."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from plugins.plugin_utils._target import Platform
from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer
from tests.unit.plugins.test_was_sync import OPTIONS, known_mark, read

__all__ = ["known_mark"]

DENIED = 'WASX7246E: Cannot establish "SOAP" connection to host "localhost" because of an authentication failure.'
KEEP: dict[str, Any] = {"profile": "/was/p/", "name": "ldap_security", "documents": ["cells/{cell}/security.xml"]}
NOTHING = Answer("was_config_backup", "profile=1\n")
KEPT = Answer("was_config_backup", "profile=1\nkept=1\n")


def said(text: str) -> Answer:
    return Answer("was_launch", "rc=0\n", text)


def test_who_gets_in_learns_where_and_brings_the_nodes_up_to_date(run_module: RunModule) -> None:
    answer = said("@@STGW {'cell': 'rtpCell', 'node': 'dmNode', 'sync': {'pnNode': 1, 'snNode': 0}}\n")
    run = run_module("was_login", {**OPTIONS, "sync": True}, [read(), answer])
    assert run.result["changed"] is False
    assert (run.result["cell"], run.result["node"], run.result["server"]) == ("rtpCell", "dmNode", "dmgr")
    assert run.result["sync"] == {"pnNode": True, "snNode": False}
    assert run.sent[1][1]["request"] == "{'sync': 1}"
    assert "S3cret" not in str(run.result)


def test_who_does_not_get_in_is_told_so(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match=r"user, password: localhost:8879 refuses wasadmin"):
        run_module("was_login", OPTIONS, [read(), said(DENIED)])


def test_without_a_profile_nobody_logs_in(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="there is no profile in /was/profiles/P"):
        run_module("was_login", OPTIONS, [Answer("was_read")])


def test_in_check_mode_nobody_logs_in(run_module: RunModule) -> None:
    assert run_module("was_login", OPTIONS, [], check=True).result["skipped"]


@pytest.mark.parametrize("platform", ["unix", "windows"])
def test_documents_are_kept_once(run_module: RunModule, platform: Platform) -> None:
    options = KEEP if platform == "unix" else {**KEEP, "profile": "C:\\was\\p"}
    run = run_module("was_config_backup", options, [NOTHING, KEPT, KEPT], platform=platform)
    assert run.result["changed"] and run.result["operations"] == ["save ldap_security"]
    place = "/was/p/stgw-before-ldap_security" if platform == "unix" else "C:\\was\\p\\stgw-before-ldap_security"
    assert run.sent[1][1]["backup"] == place
    assert not run_module("was_config_backup", options, [KEPT], platform=platform).result["changed"]


def test_documents_are_put_back_or_forgotten(run_module: RunModule) -> None:
    back = {**KEEP, "state": "restored", "server": "dmgr"}
    run = run_module("was_config_backup", back, [KEPT, NOTHING, NOTHING])
    assert run.result["operations"] == ["restore ldap_security"]
    assert not run_module("was_config_backup", back, [NOTHING]).result["changed"]
    run = run_module("was_config_backup", {**KEEP, "state": "absent"}, [KEPT, NOTHING, NOTHING])
    assert run.result["operations"] == ["drop ldap_security"]


def test_on_a_bare_host_there_is_nothing_to_keep(run_module: RunModule) -> None:
    run = run_module("was_config_backup", KEEP, [Answer("was_config_backup")], check=True)
    assert not run.result["changed"]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"name": "a b"}, "name: 'a b' is no name"),
        ({"documents": ["cells/../../etc/passwd"]}, "documents: .* is no document"),
        ({"documents": ["/etc/passwd"]}, "documents: .* is no document"),
        ({"documents": []}, "documents"),
        ({"state": "restored"}, "server"),
        ({"profile": "was"}, "profile"),
    ],
)
def test_what_cannot_be_kept_is_refused(run_module: RunModule, given: dict[str, Any], message: str) -> None:
    with pytest.raises(AnsibleActionFail, match=message):
        run_module("was_config_backup", {**KEEP, **given}, [])


def test_a_document_that_is_missing_is_named(run_module: RunModule) -> None:
    missing = Answer("was_config_backup", "profile=1\nmissing=cells/C/security.xml\n")
    with pytest.raises(AnsibleActionFail, match=r"has no cells/C/security\.xml"):
        run_module("was_config_backup", KEEP, [NOTHING, missing])
