"""One launch of wsadmin: what is sent, and what each way to fail is told as."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from ansible.errors import AnsibleActionFail

from plugins.plugin_utils._outcome import Outcome
from plugins.plugin_utils._target import Target
from plugins.plugin_utils._wsadmin import Access, launch, result_of
from tests.unit.plugins.fake_target import Answer, FakeTarget

ACCESS = Access(
    profile="/was/profiles/P", user="wasadmin", password="Adm1n\\pw", connection="soap", host="localhost", port=8879,
    timeout=600,
)  # fmt: skip
DONE = "WASX7209I: Connected to process\n\n@@STGW {'saved': 1, 'text': 'a\\u20ac'}\nWASX7309W: later\n"


@pytest.mark.parametrize("platform", ["unix", "windows"])
def test_what_is_sent(platform: str) -> None:
    target = FakeTarget(platform, [Answer("was_launch", "rc=0\n", DONE)], ["Adm1n\\pw"])  # type: ignore[arg-type]
    assert launch(target, ACCESS, "was_apply", "{}\n") == {"saved": 1, "text": "a\u20ac"}
    ((_, parameters),) = target.sent
    assert parameters["connection"] == ["-conntype", "SOAP", "-host", "localhost", "-port", "8879"]
    assert str(parameters["credentials"]).splitlines() == [
        "com.ibm.SOAP.securityEnabled=true",
        "com.ibm.SOAP.loginUserid=wasadmin",
        "com.ibm.SOAP.loginPassword=Adm1n\\\\pw",
        "com.ibm.SOAP.loginSource=none",
    ]
    assert "def run_all" in str(parameters["script"])


def test_files_need_no_credentials() -> None:
    target = FakeTarget("unix", [Answer("was_launch", "rc=0\n", DONE)])
    launch(target, replace(ACCESS, connection="none"), "was_apply", "{}")
    assert target.sent[0][1]["connection"] == ["-conntype", "NONE"]
    assert target.sent[0][1]["credentials"] == ""


NOBODY = (
    'WASX7023E: Error creating "SOAP" connection to host "localhost"; exception information: '
    "com.ibm.websphere.management.exception.ConnectorNotAvailableException: ADMC0016E\n"
    "WASX7213I: This scripting client is not connected to a server process\n"
    "WASX8011W: AdminTask object is not available.\n"
    "@@STGW {'error': 'WASX7070E: The configuration service is not available.'}\n"
)


@pytest.mark.parametrize(
    ("fields", "said", "message"),
    [
        ("timeout=1\n", "", "timeout: wsadmin did not end within 600 seconds .* raise timeout"),
        ("rc=0\n", NOBODY, "host, port: no deployment manager answers at localhost:8879; start it"),
        (
            "rc=105\n",
            'WASX7246E: Cannot establish "SOAP" connection',
            "user, password: localhost:8879 refuses wasadmin;",
        ),
        ("rc=0\n", "ADMN0022E: Access is denied", "user, password: localhost:8879 refuses wasadmin;"),
        ("rc=1\n", "WCMD0003E: Profile name X does not exist.", "profile: WebSphere does not know /was/profiles/P"),
        (
            "rc=105\n",
            "WASX7017E: Exception received\nTraceback",
            "exit code 105 and no result; run the task again, it compares anew. It said",
        ),
        (
            "rc=105\n",
            "ADMC0009E: The system failed to make the SOAP RPC call: invoke",
            "the deployment manager at localhost:8879 went away meanwhile; see its SystemOut.log, start it",
        ),
        ("rc=0\n", 'WASX7309W: No "save" was performed', r"exit code 0 and no result; nothing was saved \(WASX7309W\)"),
        ("rc=1\n", "", "it said nothing"),
    ],
)
def test_each_way_to_fail(fields: str, said: str, message: str) -> None:
    target = FakeTarget("unix", [Answer("was_launch", fields, said)])
    with pytest.raises(AnsibleActionFail, match=message):
        launch(target, ACCESS, "was_apply", "{}")


def test_what_wsadmin_says_is_masked() -> None:
    outcome = Outcome(105, (("rc", "105"),), "Traceback: Db2!pw", "")
    target = Target(SimpleNamespace(), "unix", ["Db2!pw"])
    with pytest.raises(AnsibleActionFail) as failed:
        result_of(outcome, ACCESS, target)
    assert "Db2!pw" not in str(failed.value) and "********" in str(failed.value)
