"""How the simulated wsadmin reads its options and properties, and whom it connects as."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.products.was import xor
from lab.products.was.wsadmin import build, java_properties, options
from tests.lab.products.was.wsadmin_process import CONNECTED, Wsadmin

ONLY_JYTHON = "wsadmin: -lang jacl: the lab has Jython only; say -lang jython"


@pytest.fixture(scope="module", autouse=True)
def java() -> None:
    build.ensure()


@pytest.fixture
def wsadmin(tmp_path: Path) -> Wsadmin:
    made = Wsadmin(tmp_path)
    made.listen({"AdminConfig.hasChanges": 0}, user="admin", password="S3cret é")
    return made


def client_properties(wsadmin: Wsadmin, *parts: str, user: str = "admin", source: str = "prompt") -> str:
    password = xor.encode("S3cret é").replace("=", "\\=")
    return wsadmin.write(*parts, text=f"""\
# client
com.ibm.SOAP.securityEnabled=true
com.ibm.SOAP.loginUserid={user}
com.ibm.SOAP.loginPassword={password if user else ""}
com.ibm.SOAP.loginSource={source}
""")  # fmt: skip


PROPERTIES = ("profiles", "P", "properties")


def test_credentials_on_the_command_line(wsadmin: Wsadmin) -> None:
    assert wsadmin("-user", "admin", "-password", "S3cret é", "-c", "1") == (0, [CONNECTED, "1"])


def test_credentials_of_the_profile(wsadmin: Wsadmin) -> None:
    client_properties(wsadmin, *PROPERTIES, "soap.client.props")
    assert wsadmin("-c", "1") == (0, [CONNECTED, "1"])


def test_credentials_in_a_file_of_ones_own(wsadmin: Wsadmin) -> None:
    client_properties(wsadmin, *PROPERTIES, "soap.client.props", user="somebody")
    own = client_properties(wsadmin, "own.props")
    assert wsadmin("-javaoption", f"-Dcom.ibm.SOAP.ConfigURL=file:{own}", "-c", "1") == (0, [CONNECTED, "1"])


def test_credentials_typed_in(wsadmin: Wsadmin) -> None:
    client_properties(wsadmin, *PROPERTIES, "soap.client.props", user="")
    lines = wsadmin("-c", "1", stdin="admin\nwrong\n")[1]
    assert lines[0].startswith("Realm/Cell Name: ")
    assert "Username: Password: " in lines[1]
    assert any(line.startswith('WASX7246E: Cannot establish "SOAP" connection to host "localhost"') for line in lines)


def test_what_follows_the_answers_is_the_scripts(wsadmin: Wsadmin) -> None:
    client_properties(wsadmin, *PROPERTIES, "soap.client.props", user="")
    file = wsadmin.host.write("/s.py", "print raw_input()\n")
    assert wsadmin("-f", file, stdin="admin\nS3cret é\nfor the script\n") == (
        0, ["Realm/Cell Name: c", "Username: Password: ", CONNECTED, "for the script"],
    )  # fmt: skip


@pytest.mark.parametrize("source", ["none", "prompt"])
def test_nobody_waits_for_an_answer(wsadmin: Wsadmin, source: str) -> None:
    client_properties(wsadmin, *PROPERTIES, "soap.client.props", user="", source=source)
    lines = wsadmin("-c", "1")[1]
    assert ("Realm/Cell Name" in lines[0]) is (source == "prompt")
    assert any(line.startswith("WASX7246E") for line in lines)


def test_an_unconnected_script_runs_and_fails(wsadmin: Wsadmin) -> None:
    (wsadmin.folder / "server.json").unlink()
    file = wsadmin.host.write("/s.py", "print 'runs'\nAdminConfig.list('Cell')\n")
    code, lines = wsadmin("-host", "dm", "-port", "8881", "-f", file)
    assert code == 105
    assert lines[0] == (
        'WASX7023E: Error creating "SOAP" connection to host "dm"; exception information: '
        "com.ibm.websphere.management.exception.ConnectorNotAvailableException: ADMC0016E: The system cannot create a "
        "SOAP connector to connect to host dm at port 8881."
    )
    assert lines[1].startswith("WASX7213I: This scripting client is not connected to a server process; please refer")
    assert lines[2:4] == ["WASX8011W: AdminTask object is not available.", "runs"]
    assert lines[-1] == (
        "com.ibm.ws.scripting.ScriptingException: WASX7070E: The configuration service is not available."
    )
    assert wsadmin("-c", "AdminTask")[1][-1] == "NameError: AdminTask"
    assert wsadmin("-c", "AdminControl.getHost()")[1][-1].endswith("AdminControl service not available")


def test_a_script_that_needs_nothing_ends_well_unconnected(wsadmin: Wsadmin) -> None:
    (wsadmin.folder / "server.json").unlink()
    assert wsadmin("-c", "1")[0] == 0


def test_the_trace_has_the_messages(wsadmin: Wsadmin) -> None:
    wsadmin("-c", "1", "-user", "admin", "-password", "S3cret é")
    trace = wsadmin.host.read("/W/profiles/P/logs/wsadmin.traceout")
    assert f'WASX7093I: Issuing message: "{CONNECTED}"' in trace
    assert "S3cret" not in trace


def test_properties_are_read_in_order(wsadmin: Wsadmin) -> None:
    key = "com.ibm.ws.scripting"
    client_properties(wsadmin, *PROPERTIES, "soap.client.props")
    wsadmin.write(*PROPERTIES, "wsadmin.properties", text=f"{key}.defaultLang=jython\n{key}.traceFile=/one.trace\n")
    assert wsadmin("-c", "1", lang=False) == (0, [CONNECTED, "1"])
    assert (wsadmin.folder / "one.trace").exists()
    own = wsadmin.write("own.properties", text=f"{key}.traceFile=/two.trace\n{key}.defaultLang jacl\n")
    assert wsadmin("-p", own, "-c", "1", lang=False) == (1, [ONLY_JYTHON])
    assert wsadmin("-p", own, "-c", "1") == (0, [CONNECTED, "1"])
    assert (wsadmin.folder / "two.trace").exists()


def test_scripts_that_run_first(wsadmin: Wsadmin) -> None:
    client_properties(wsadmin, *PROPERTIES, "soap.client.props")
    first = wsadmin.host.write("/first.py", "x = 'of the first'\n")
    assert wsadmin("-profile", first, "-c", "x")[1][-1] == "'of the first'"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-c", "1"], ONLY_JYTHON),
        (["-lang", "jacl", "-c", "1"], ONLY_JYTHON),
        (["-lang", "perl"], "wsadmin: -lang perl: one of jacl, jython is wanted"),
        (["-lng", "jython"], "wsadmin: -lng: no such option"),
        (["-lang", "jython", "-conntype", "HTTP"], "wsadmin: -conntype HTTP: one of SOAP, RMI, NONE is wanted"),
        (["-lang", "jython", "-port", "x"], "wsadmin: -port x: a number is wanted"),
        (["-lang", "jython", "-f"], "wsadmin: -f: its value is missing"),
        (["-lang", "jython", "-f", "/a", "-f", "/b"], "wsadmin: -f: given twice"),
        (["-lang", "jython", "-p", "/gone"], "wsadmin: /gone: no such properties file"),
        (["-lang", "jython", "-profileName", "Q"], "WCMD0003E: Profile name Q does not exist."),
    ],
)
def test_what_is_refused(wsadmin: Wsadmin, arguments: list[str], says: str) -> None:
    assert wsadmin(*arguments, lang=False) == (1, [says])


def test_a_script_that_is_not_there(wsadmin: Wsadmin) -> None:
    assert wsadmin("-f", "/gone.py") == (105, ['WASX7011E: Cannot find file "/gone.py"'])


def test_options_are_known_in_any_case_and_a_script_has_the_rest() -> None:
    found = options.parse(["-LANG", "Jython", "-connType", "none", "-f", "s.py", "-x", "-lang", "jacl"])
    assert found.single == {"language": "jython", "connection": "NONE", "file": "s.py"}
    assert found.arguments == ["-x", "-lang", "jacl"]


def test_properties_files_are_javas() -> None:
    text = "# c\n! c\n\n a = b\\\n   c\nd:e\\u00e9\\n\nf g\\=\\\\\nempty\nlast=\\\n"
    assert java_properties.parse(text) == {"a": "bc", "d": "eé\n", "f": "g=\\", "empty": "", "last": ""}
