"""The simulated ITDS is as strict as the real one."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from lab.products import itds
from lab.products.itds import database, dialog, directory, installation, instances, ldif
from lab.products.itds.layout import Layout
from tests.lab.products.itds_host import PASSWORD, FolderHost

SEED = "a seed of 20 letters"
LAYOUT = Layout("6.1", "aix")


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderHost:
    """A host with the product, DB2, and the owner of an instance."""
    made = FolderHost(tmp_path)
    made.path("/home/ldapdb2").mkdir(parents=True)
    database.write_properties(made, LAYOUT, "/opt/IBM/db2/V9.1", "9.1.0.0")
    # This machine has no such user, and other labs may use the port.
    monkeypatch.setattr(directory, "give", lambda *_: None)
    monkeypatch.setattr(directory, "answers", lambda _: False)
    return made


def run(
    host: FolderHost,
    command: str,
    *arguments: str,
    answers: str = "",
    monkeypatch: pytest.MonkeyPatch,
    version: str = "6.1",
) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
    return itds.PROGRAMS[f"{command}-{version}"](host, arguments)


def create(host: FolderHost, monkeypatch: pytest.MonkeyPatch, *more: str, seed: str = SEED) -> int:
    return run(host, "idsicrt", "-I", "ldapdb2", *more, answers=f"{seed}\n1\n", monkeypatch=monkeypatch)


def conf(host: FolderHost) -> instances.Configuration:
    return instances.configuration(host, instances.list_instances(host, LAYOUT)[0])


def test_a_directory_from_nothing(
    host: FolderHost, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert create(host, monkeypatch) == 0
    assert host.db2_instances == ["ldapdb2"]
    administrator = ("-I", "ldapdb2", "-u", "cn=root")
    assert run(host, "idsdnpw", *administrator, answers="Adm1n\n1\n", monkeypatch=monkeypatch) == 0
    wanted = ("-I", "ldapdb2", "-a", "ldapdb2", "-t", "ldapdb2", "-l", "/home/ldapdb2")
    assert run(host, "idscfgdb", *wanted, answers=f"{PASSWORD}\n1\n", monkeypatch=monkeypatch) == 0
    assert run(host, "idscfgsuf", "-I", "ldapdb2", "-s", "o=rtp,c=us", answers="1\n", monkeypatch=monkeypatch) == 0
    said = capsys.readouterr().out
    for message in ("GLPICR029I", "GLPICR032I", "GLPDPW010I", "GLPCDB003I", "GLPCSF005I Added suffix: 'o=rtp,c=us'."):
        assert message in said
    assert conf(host).database == "ldapdb2"
    assert conf(host).suffixes == ["cn=localhost", "cn=ibmpolicies", "o=rtp,c=us"]
    assert host.databases == ["LDAPDB2"]
    everything = "".join(path.read_text() for path in host.root.rglob("*") if path.is_file())
    for secret in (SEED, "Adm1n", PASSWORD):
        assert secret not in everything, "a file holds a secret"
        assert secret not in str(host.calls)


def test_the_question_can_be_declined(host: FolderHost, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(host, "idsicrt", "-I", "ldapdb2", answers=f"{SEED}\n2\n", monkeypatch=monkeypatch) == 1
    assert instances.list_instances(host, LAYOUT) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("-I", "ldapdb2", "-n"), "GLPICR018E"),
        (("-I", "ldapdb2", "-z"), "Unknown option"),
        (("-I", "nobody"), "GLPICR007E"),
        (("-I", "toolongname"), "GLPICR012E"),
        (("-I", "ldapdb2", "-l", "/nowhere"), "GLPICR011E"),
        (("-I", "ldapdb2", "-p", "70000"), "no port number"),
        (("-I", "ldapdb2", "-p", "636"), "must differ"),
        (("-I", "ldapdb2", "-g", "short"), "exactly 12"),
        (("-I", "ldapdb2", "-e", "short"), "12 to 1016"),
    ],
)
def test_idsicrt_refuses(
    host: FolderHost,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    message: str,
) -> None:
    assert run(host, "idsicrt", *arguments, answers=f"{SEED}\n1\n", monkeypatch=monkeypatch) == 1
    assert message in capsys.readouterr().err


def test_idsicrt_wants_its_prerequisites(
    host: FolderHost, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    host.owners = ("root",)
    assert create(host, monkeypatch) == 1
    host.owners = ("root", "ldapdb2")
    database.write_properties(host, LAYOUT, "", "")
    assert create(host, monkeypatch) == 1
    host.administrator = False
    assert create(host, monkeypatch) == 1
    said = capsys.readouterr().err
    assert "not a member of group 'idsldap'" in said
    assert "Install DB2 before" in said
    assert "GLPICR001E" in said


def test_ports_of_two_instances_differ(
    host: FolderHost, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert create(host, monkeypatch) == 0
    host.accounts.add("second")
    host.owners += ("second",)
    host.path("/home/second").mkdir()
    taken = ("-p", "1389", "-a", "3539")
    assert run(host, "idsicrt", "-I", "second", *taken, answers=f"{SEED}\n1\n", monkeypatch=monkeypatch) == 1
    assert "GLPICR063E" in capsys.readouterr().err
    database.write_properties(host, Layout("6.0", "aix"), "/opt/IBM/db2/V9.1", "9.1.0.0")
    ports = ("-p", "1389", "-s", "1636", "-a", "4538", "-c", "4539")
    assert (
        run(host, "idsicrt", "-I", "second", *ports, answers=f"{SEED}\n1\n", monkeypatch=monkeypatch, version="6.0")
        == 0
    )
    assert [found.version for found in instances.list_instances(host, LAYOUT)] == ["6.1", "6.0"]


def test_a_second_instance_gets_the_next_ports(host: FolderHost, monkeypatch: pytest.MonkeyPatch) -> None:
    create(host, monkeypatch)
    host.accounts.add("second")
    host.owners += ("second",)
    host.path("/home/second").mkdir()
    run(host, "idsicrt", "-I", "second", answers=f"{SEED}\n1\n", monkeypatch=monkeypatch)
    second = instances.configuration(host, instances.list_instances(host, LAYOUT)[1])
    assert second.ports() == {1389, 1636, 3540, 3541}


@pytest.mark.parametrize("option", [("-x",), ("-?",), ("-v",), ("-G", "idsldap"), ("-i",)])
def test_what_is_not_played_out_changes_nothing(
    host: FolderHost, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], option: tuple[str, ...]
) -> None:
    assert create(host, monkeypatch, *option) == 1
    assert option[0] in capsys.readouterr().err
    assert instances.list_instances(host, LAYOUT) == []


def test_the_log_of_the_tools_has_no_secret(host: FolderHost, monkeypatch: pytest.MonkeyPatch) -> None:
    create(host, monkeypatch, "-n", f"-e{SEED}", "-g", "123456789012")
    run(host, "idsdnpw", "-I", "ldapdb2", "-n", "-p", "1234567", monkeypatch=monkeypatch)
    log = host.path(LAYOUT.log).read_text()
    assert "-e***** -g *****" in log
    assert "-p *****" in log
    assert not {SEED, "123456789012", "1234567"} & set(log.replace("'", " ").split())


def test_messages_go_to_a_file_too(host: FolderHost, monkeypatch: pytest.MonkeyPatch) -> None:
    create(host, monkeypatch, "-b", "/out.log")
    assert "GLPICR029I" in host.path("/out.log").read_text()


@pytest.mark.parametrize(
    ("arguments", "password", "message"),
    [
        (("-a", "ldapdb2", "-t", "ldapdb2"), PASSWORD, "GLPCDB012E"),
        (("-a", "ldapdb2", "-t", "ldapdb2", "-l", "/home/ldapdb2", "-n"), PASSWORD, "GLPCDB016E"),
        (("-a", "ldapdb2", "-t", "ldapdb2", "-l", "/home/ldapdb2"), "wrong", "GLPCDB026E"),
        (("-a", "other", "-t", "ldapdb2", "-l", "/home/ldapdb2"), PASSWORD, "GLPCDB021E"),
        (("-a", "ldapdb2", "-t", "muchtoolong", "-l", "/home/ldapdb2"), PASSWORD, "GLPCDB020E"),
        (("-a", "ldapdb2", "-t", "ldapdb2", "-l", "/home/ldapdb2", "-m", "raw"), PASSWORD, "GLPCDB027E"),
    ],
)
def test_idscfgdb_refuses(
    host: FolderHost,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    password: str,
    message: str,
) -> None:
    host.accounts.add("other")
    create(host, monkeypatch)
    assert run(host, "idscfgdb", "-I", "ldapdb2", *arguments, answers=f"{password}\n1\n", monkeypatch=monkeypatch) == 1
    assert message in capsys.readouterr().err
    assert host.databases == []


def test_no_change_while_the_server_runs(
    host: FolderHost, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    create(host, monkeypatch)
    monkeypatch.setattr(directory, "answers", lambda _: True)
    for command, arguments in {"idsdnpw": (), "idscfgsuf": ("-s", "o=x"), "idssetport": ("-p", "1389")}.items():
        assert run(host, command, "-I", "ldapdb2", *arguments, answers="x\n1\n", monkeypatch=monkeypatch) == 1
        assert "GLPCTL034E" in capsys.readouterr().err


def test_the_server_wants_an_administrator_and_a_database(
    host: FolderHost, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    create(host, monkeypatch)
    assert run(host, "ibmslapd", "-I", "ldapdb2", "-n", monkeypatch=monkeypatch) == 1
    assert "GLPSRV012E" in capsys.readouterr().err
    run(host, "idsdnpw", "-I", "ldapdb2", answers="Adm1n\n1\n", monkeypatch=monkeypatch)
    assert run(host, "ibmslapd", "-I", "ldapdb2", "-n", monkeypatch=monkeypatch) == 1
    assert "GLPRDB040E" in capsys.readouterr().err


@pytest.mark.parametrize("server", ["ibmslapd", "ibmdiradm"])
def test_only_root_starts_and_stops(
    host: FolderHost, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], server: str
) -> None:
    create(host, monkeypatch)
    host.administrator = False
    for option in ((), ("-k",)):
        assert run(host, server, "-I", "ldapdb2", *option, monkeypatch=monkeypatch) == 1
        assert "lab: only root" in capsys.readouterr().err


def test_who_may_not_write_the_log_goes_without(host: FolderHost, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    create(host, monkeypatch)
    monkeypatch.setattr(dialog, "write_log", refuse)
    assert run(host, "idsilist", monkeypatch=monkeypatch) == 0


@pytest.mark.parametrize("kind", ["disk-full", "start-fails"])
def test_a_failed_creation_can_be_repeated(host: FolderHost, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    host.ordered["idsicrt"] = kind
    assert create(host, monkeypatch) == 1
    assert instances.list_instances(host, LAYOUT) == []
    assert create(host, monkeypatch) == 0


def test_remote_control_wants_the_administrator(
    host: FolderHost, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    create(host, monkeypatch)
    run(host, "idsdnpw", "-I", "ldapdb2", answers="Adm1n\n1\n", monkeypatch=monkeypatch)
    monkeypatch.setattr(directory, "answers", lambda _: True)
    for password, dn, expected in (("Adm1n", "cn=root", 0), ("wrong", "cn=root", 1), ("Adm1n", "cn=other", 1)):
        arguments = ("-D", dn, "-w", "?", "status")
        assert run(host, "ibmdirctl", *arguments, answers=f"{password}\n", monkeypatch=monkeypatch) == expected
    assert "Server is running" in capsys.readouterr().out


@pytest.mark.parametrize("where", [("-h", "elsewhere"), ("-K", "key.kdb")])
def test_remote_control_of_this_host_only(
    host: FolderHost, monkeypatch: pytest.MonkeyPatch, where: tuple[str, str]
) -> None:
    create(host, monkeypatch)
    run(host, "idsdnpw", "-I", "ldapdb2", answers="Adm1n\n1\n", monkeypatch=monkeypatch)
    monkeypatch.setattr(directory, "answers", lambda _: True)
    arguments = ("-D", "cn=root", "-w", "Adm1n", *where, "status")
    assert run(host, "ibmdirctl", *arguments, monkeypatch=monkeypatch) == 1


def test_the_clients_know_only_ibms_options(
    host: FolderHost, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (("-x", "objectclass=*"), ("-H", "ldap://x", "objectclass=*"), ("-K", "key.kdb", "objectclass=*")):
        assert run(host, "idsldapsearch", *arguments, monkeypatch=monkeypatch) == 1
        assert f"'{arguments[0]}'" in capsys.readouterr().err


def test_names_of_filesets_follow_the_version() -> None:
    for version, short in (("6.0", "60"), ("6.1", "61")):
        package = json.loads(itds.media("aix")[f"tdsV{version}/tdsfiles/idsldap.srv64bit{short}.bff"])
        (fileset,) = package["filesets"]
        assert fileset["licence"] is True
        assert f"/opt/IBM/ldap/V{version}/sbin/idsicrt" in fileset["programs"]
        assert f"idsldap.clt64bit{short}.rte" in fileset["requisites"]


def test_every_program_of_the_media_exists() -> None:
    entries = {
        entry
        for text in itds.media("aix").values()
        for fileset in json.loads(text)["filesets"]
        for entry in [
            *fileset.get("programs", {}).values(),
            *([fileset["configure"]] if "configure" in fileset else []),
        ]
    }
    entries |= {text.removeprefix("program:") for text in itds.media("windows").values() if text.startswith("program:")}
    assert {entry.removeprefix("itds:") for entry in entries} <= set(itds.PROGRAMS)


# -- Windows -----------------------------------------------------------------------------------------------------------
OPTIONS = '-P installLocation="C:\\Program Files\\IBM\\LDAP\\V6.1"\n-P Server.active=true\n-P Client.active=true\n'


def install(host: FolderHost, text: str, *arguments: str) -> int:
    file = host.path("C:\\options.txt")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    words = arguments or ("-is:silent", "-options", "C:\\options.txt")
    return itds.PROGRAMS["setup-6.1"](host, words)


def test_windows_installation(tmp_path: Path) -> None:
    host = FolderHost(tmp_path, "windows")
    assert install(host, OPTIONS) == 0
    assert host.installed["C:\\Program Files\\IBM\\LDAP\\V6.1\\sbin\\ibmslapd.exe"] == "itds:ibmslapd-6.1"
    assert any(call[:2] == ["reg", "add"] and "LDAPHome" in call for call in host.calls)
    assert database.read_properties(host, Layout("6.1", "windows"))["currentDB2InstallPath"] == "C:\\SQLLIB"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (OPTIONS + "-P Sever.active=true\n", "line 4: unknown option Sever.active"),
        (OPTIONS + "-P Client.active=yes\n", "must be true or false"),
        (OPTIONS + "something\n", "not understood"),
        (OPTIONS + "-P DB2.active=true\n", "install DB2 first"),
        (OPTIONS.replace("V6.1", "Elsewhere"), "installLocation"),
    ],
)
def test_windows_options_are_checked(tmp_path: Path, text: str, message: str) -> None:
    host = FolderHost(tmp_path, "windows")
    assert install(host, text) == 1
    assert message in host.path(f"{installation.TEMPORARY}\\ldapinst.log").read_text()
    assert host.installed == {}


def test_windows_launcher_has_no_display(tmp_path: Path) -> None:
    assert install(FolderHost(tmp_path, "windows"), OPTIONS, "-options", "C:\\options.txt") == 1


@pytest.mark.parametrize("kind", ["licence-refused", "disk-full", "start-fails"])
def test_windows_faults_can_be_repeated(tmp_path: Path, kind: str) -> None:
    host = FolderHost(tmp_path, "windows", ordered={"install_tds": kind})
    assert install(host, OPTIONS) == 1
    assert not any(call[:2] == ["reg", "add"] for call in host.calls), "it counts as not installed"
    assert install(host, OPTIONS) == 0


def test_ldif_survives_a_round() -> None:
    text = "dn: cn=a, CN=B\ncn: a\nobjectClass: x\nobjectClass: y\n\n"
    (entry,) = ldif.parse(text)
    assert ldif.render([entry]) == text
    entry.set("objectclass", "z")
    assert entry.all("OBJECTCLASS") == ["z"]
    with pytest.raises(ValueError, match="line 2"):
        ldif.parse("dn: cn=a\nnonsense\n")
