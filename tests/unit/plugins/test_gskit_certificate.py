"""`gskit_certificate`."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from cryptography.hazmat.primitives.serialization import Encoding

from lab.products.was.keys.certificates import self_signed
from plugins.plugin_utils._key_store import chain_in
from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

DATABASE = "/home/ldapdb2/idsslapd-ldapdb2/etc/key.kdb"
OPTIONS = {
    "database": DATABASE,
    "password": "k3y.database",
    "label": "ldapsrv1",
    "subject": "CN=ldapsrv1.rtp.example,O=Example",
    "owner": "ldapdb2",
    "group": "idsldap",
}
OWNED = "owner=ldapdb2\ngroup=idsldap\n"
NOTHING = Answer("gskit_read", "command=1\n")
NO_LABEL = Answer("gskit_read", "command=1\ndatabase=1\nextract_rc=1\n", blob="")


@pytest.fixture(scope="module")
def certificate() -> str:
    made = self_signed([("CN", "ldapsrv1.rtp.example"), ("O", "Example")], days=30, size=1024).certificate
    assert made
    return made.public_bytes(Encoding.PEM).decode()


def there(certificate: str, owner: str = "ldapdb2") -> Answer:
    said = f"command=1\ndatabase=1\n{OWNED}owner={owner}\ngroup=idsldap\nextract_rc=0\n"
    return Answer("gskit_read", said, blob=certificate)


def test_a_key_database_and_its_certificate_are_made(run_module: RunModule, certificate: str) -> None:
    done = "done=made key database x\ndone=made certificate ldapsrv1\n"
    run = run_module("gskit_certificate", OPTIONS, [NOTHING, Answer("gskit_change", done), there(certificate)])
    assert run.result["changed"]
    assert run.result["operations"] == ["made key database x", "made certificate ldapsrv1"]
    assert run.result["certificate"] == certificate.strip()
    assert run.result["fingerprint"] == chain_in(certificate)[0].fingerprint
    assert run.result["state"] == {
        "label": "ldapsrv1", "names": ["ldapsrv1.rtp.example"], "owner": "ldapdb2", "group": "idsldap",
    }  # fmt: skip
    _program, sent = run.sent[1]
    assert (sent["create"], sent["password"], sent["owner"]) == (True, "k3y.database", "ldapdb2")
    assert "k3y.database" not in str(run.result)


def test_what_a_run_that_broke_off_has_made_is_used(run_module: RunModule, certificate: str) -> None:
    answers = [NO_LABEL, Answer("gskit_change", "done=made certificate ldapsrv1\n"), there(certificate)]
    run = run_module("gskit_certificate", OPTIONS, answers)
    assert run.sent[1][1]["create"] is False


def test_files_that_a_killed_run_has_left_to_root_get_their_owner(run_module: RunModule, certificate: str) -> None:
    answers = [there(certificate, owner="root"), Answer("gskit_change", "done=gave x to ldapdb2\n"), there(certificate)]
    run = run_module("gskit_certificate", {**OPTIONS, "password": None}, answers)
    assert run.result["operations"] == ["gave x to ldapdb2"]
    assert (run.sent[1][1]["create"], run.sent[1][1]["certify"]) == (False, False)
    assert "owner: ldapdb2, root" in run.result["diff"]["before"]


@pytest.mark.parametrize("platform", ["unix", "windows"])
def test_a_certificate_that_is_there_stays(run_module: RunModule, certificate: str, platform: str) -> None:
    place = DATABASE if platform == "unix" else r"C:\idsslapd-ldapdb2\etc\key.kdb"
    options = {**OPTIONS, "database": place, "subject": "CN=LDAPSRV1.rtp.example"}
    run = run_module("gskit_certificate", options, [there(certificate)], platform=platform)
    assert not run.result["changed"]


def test_check_mode_tells_whom_it_would_be_for(run_module: RunModule) -> None:
    run = run_module("gskit_certificate", OPTIONS, [Answer("gskit_read", "")], check=True)
    assert (run.result["changed"], run.result["certificate"], run.result["fingerprint"]) == (True, "", "")
    assert "ldapsrv1.rtp.example" in run.result["diff"]["after"]


@pytest.mark.parametrize(
    ("changes", "answers", "said"),
    [
        ({"subject": "CN=other.rtp.example"}, True, "is for ldapsrv1.rtp.example, asked for is other.rtp.example"),
        ({"password": None}, [NOTHING], "password: it is needed to make the key database"),
        ({}, [Answer("gskit_read", "")], "gsk7capicmd_64 is not on the host; install GSKit"),
    ],
)
def test_what_cannot_be_is_refused_before_the_change(
    run_module: RunModule, certificate: str, changes: dict[str, Any], answers: Any, said: str
) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("gskit_certificate", {**OPTIONS, **changes}, [there(certificate)] if answers is True else answers)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"database": "key.kdb"}, "database: 'key.kdb' is not an absolute path"),
        ({"database": "/etc/key.p12"}, "database: /etc/key.p12 does not end in .kdb"),
        ({"label": 'a"b'}, "label: 'a\"b' is not letters"),
        ({"subject": "O=Example"}, "subject: 'O=Example' is not a name such as CN="),
        ({"subject": 'CN=a",O=b'}, "subject: "),
        ({"password": "schl\u00fcssel"}, "password: it is not printable ASCII only"),
        ({"days": 7301}, "days: 7301 is not within 1 to 7300"),
        ({"size": 4096}, "size"),
    ],
)
def test_options_that_no_tool_takes_are_refused(run_module: RunModule, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        run_module("gskit_certificate", {**OPTIONS, **changes})
