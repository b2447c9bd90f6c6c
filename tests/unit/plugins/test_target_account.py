"""`target_account`."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

DB2IADM1 = "group=db2iadm1\nid=999\nadmin=false\nusers=db2inst1\n"
DB2INST1 = """\
user=db2inst1
id=1004
pgrp=db2iadm1
groups=db2iadm1,staff
home=/home/db2inst1
shell=/usr/bin/ksh
gecos=
fsize=-1
nofiles=2000
"""

CHANGED = Answer("target_account_change")

GROUP = {"name": "db2iadm1", "gid": 999}
USER = {
    "name": "db2inst1",
    "uid": 1004,
    "group": "db2iadm1",
    "groups": ["staff"],
    "home": "/home/db2inst1",
    "limits": {"fsize": -1},
    "password": "S3cret:x",
}


def read(fields: str) -> Answer:
    return Answer("target_account_read", fields)


def test_new_accounts_on_aix(run_module: RunModule) -> None:
    run = run_module(
        "target_account", {"groups": [GROUP], "users": [USER]}, [read(""), CHANGED, read(DB2IADM1 + DB2INST1)]
    )
    assert run.sent[0] == ("target_account_read", {"groups": ["db2iadm1"], "users": ["db2inst1"]})
    assert run.sent[1] == (
        "target_account_change",
        {
            "steps": [
                "mkgroup\tid=999\tdb2iadm1",
                "mkuser\tid=1004\tpgrp=db2iadm1\thome=/home/db2inst1\tgroups=staff\tfsize=-1\tdb2inst1",
            ],
            "passwords": ["db2inst1:S3cret:x"],
        },
    )
    assert run.result["operations"][-1] == "password of db2inst1"
    assert "S3cret" not in str(run.result)


def test_same_accounts_are_left_alone(run_module: RunModule) -> None:
    run = run_module("target_account", {"groups": [GROUP], "users": [USER]}, [read(DB2IADM1 + DB2INST1)])
    assert run.result["changed"] is False


def test_only_what_differs_is_changed(run_module: RunModule) -> None:
    user = {"name": "db2inst1", "groups": ["dasadm1"], "limits": {"fsize": -1, "nofiles": -1}, "comment": "DB2"}
    after = (
        DB2INST1.replace("staff", "staff,dasadm1").replace("nofiles=2000", "nofiles=-1").replace("gecos=", "gecos=DB2")
    )
    run = run_module("target_account", {"users": [user]}, [read(DB2INST1), CHANGED, read(after)])
    assert run.sent[1][1]["steps"] == ["chuser\tgecos=DB2\tgroups=staff,dasadm1\tnofiles=-1\tdb2inst1"]


def test_members_are_added_to_a_group(run_module: RunModule) -> None:
    group = {"name": "idsldap", "members": ["root", "idsinst"]}
    before = "group=idsldap\nid=210\nusers=idsldap,root\n"
    after = before.replace("root", "root,idsinst")
    run = run_module("target_account", {"groups": [group]}, [read(before), CHANGED, read(after)])
    assert run.sent[1][1]["steps"] == ["chgrpmem\t-m\t+\tidsinst\tidsldap"]


def test_a_user_left_without_password_gets_it(run_module: RunModule) -> None:
    options = {"users": [USER]}
    run = run_module("target_account", options, [read(DB2INST1 + "password=none\n"), CHANGED, read(DB2INST1)])
    assert run.sent[1][1] == {"steps": [], "passwords": ["db2inst1:S3cret:x"]}


def test_password_is_set_again_only_on_request(run_module: RunModule) -> None:
    user = {**USER, "update_password": "always"}
    run = run_module("target_account", {"users": [user]}, [read(DB2INST1), CHANGED, read(DB2INST1)])
    assert run.sent[1][1]["passwords"] == ["db2inst1:S3cret:x"]
    assert "to be set" in run.result["diff"]["after"]


def test_removal(run_module: RunModule) -> None:
    options = {"groups": [{"name": "db2iadm1", "state": "absent"}], "users": [{"name": "db2inst1", "state": "absent"}]}
    run = run_module("target_account", options, [read(DB2IADM1 + DB2INST1), CHANGED, read("")])
    assert run.sent[1][1]["steps"] == ["rmuser\t-p\tdb2inst1", "rmgroup\tdb2iadm1"]


def test_check_mode_changes_nothing(run_module: RunModule) -> None:
    run = run_module("target_account", {"groups": [GROUP], "users": [USER]}, [read("")], check=True)
    assert run.result["state"]["group db2iadm1"] == {"gid": 999}
    assert "password: (to be set)" in run.result["diff"]["after"]


WINDOWS_USER = (
    "user=db2admin\r\ncomment=DB2\r\npassword_expires=False\r\nmember_of=Administrators\r\nmember_of=Users\r\n"
)


def test_new_user_on_windows(run_module: RunModule) -> None:
    user = {
        "name": "db2admin",
        "comment": "DB2",
        "groups": ["administrators"],
        "password": "S3cret",
        "password_expires": False,
    }
    run = run_module("target_account", {"users": [user]}, [read(""), CHANGED, read(WINDOWS_USER)], platform="windows")
    assert run.sent[1][1] == {
        "steps": [
            "make-user\tdb2admin",
            "comment-user\tdb2admin\tDB2",
            "expire-password\tdb2admin\tFalse",
            "add-member\tadministrators\tdb2admin",
        ],
        "passwords": ["db2admin:S3cret"],
    }
    run = run_module("target_account", {"users": [user]}, [read(WINDOWS_USER)], platform="windows")
    assert run.result["changed"] is False


def test_changes_on_windows(run_module: RunModule) -> None:
    options = {
        "groups": [{"name": "DB2USERS", "comment": "Users of DB2", "members": ["db2admin"]}],
        "users": [
            {"name": "db2admin", "password": "S3cret", "update_password": "always"},
            {"name": "old", "state": "absent"},
        ],
    }
    before = "group=DB2USERS\ncomment=\n" + WINDOWS_USER + "user=old\ncomment=\npassword_expires=True\n"
    after = "group=DB2USERS\ncomment=Users of DB2\nmember=db2admin\n" + WINDOWS_USER
    run = run_module("target_account", options, [read(before), CHANGED, read(after)], platform="windows")
    assert run.sent[1][1]["steps"] == [
        "comment-group\tDB2USERS\tUsers of DB2",
        "add-member\tDB2USERS\tdb2admin",
        "remove-user\told",
        "set-password\tdb2admin",
    ]


@pytest.mark.parametrize(
    ("options", "platform", "said"),
    [
        (
            {"users": [{"name": "db2instance"}]},
            "unix",
            r"users\[0\].name: 'db2instance' cannot be used; AIX takes at most",
        ),
        ({"groups": [{"name": "a", "members": ["toolongname"]}]}, "unix", "'toolongname' cannot be used"),
        ({"groups": [{"name": "a", "comment": "x"}]}, "unix", "comment: has no meaning on AIX"),
        ({"users": [{"name": "a", "password_expires": True}]}, "unix", "password_expires: has no meaning on AIX"),
        ({"users": [{"name": "a", "limits": {"files": 1}}]}, "unix", r"users\[0\].limits: 'files' is none of"),
        ({"users": [{"name": "a", "limits": {"fsize": "all"}}]}, "unix", "limits.fsize: 'all' is neither"),
        ({"users": [{"name": "a", "comment": "a\tb"}]}, "unix", "comment: .* is not one line without colons"),
        ({"users": [{"name": "a", "password": "x\ny"}]}, "unix", "password: must be one line"),
        ({"users": [{"name": "a", "uid": 3}]}, "windows", "uid: has no meaning on Windows"),
        ({"groups": [{"name": "a", "gid": 3}]}, "windows", "gid: has no meaning on Windows"),
        ({"users": [{"name": "O'Hara"}]}, "windows", "cannot be used; Windows takes"),
    ],
)
def test_bad_options_are_refused_before_the_first_contact(
    run_module: RunModule, options: dict[str, Any], platform: str, said: str
) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("target_account", options, platform=platform)


def test_the_password_is_masked_in_errors(run_module: RunModule) -> None:
    refused = Answer("target_account_change", rc=1, stderr="chpasswd: bad line db2inst1:S3cret:x")
    with pytest.raises(AnsibleActionFail) as error:
        run_module("target_account", {"users": [USER]}, [read(""), refused])
    assert "S3cret" not in str(error.value)
    assert "db2inst1:********" in str(error.value)
