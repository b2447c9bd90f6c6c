"""Logins at a server, judged by the registry that it read at its start: a real directory, on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from certificates import Authority

from lab.products.was import security_registry
from lab.products.was.admin.session import Session
from lab.products.was.connector import Connection
from lab.products.was.errors import NotAuthorized
from lab.products.was.layout import Installation, Profile
from lab.products.was.security_ldap import DirectoryError
from lab.products.was.security_registry import DeniedError, Registry
from lab.products.was.servers import server_index
from tests.lab.products.slapd_here import BIND_DN, BIND_PASSWORD, SUFFIX, Slapd
from tests.lab.products.was.running_cell import LOGIN, free_ports
from tests.lab.products.was.running_host import PASSWORD, ROOT, USER, RunningHost, installed

CELL, NODE, SERVER = "cell1", "node1", "server1"
HOST = "ldap.example.com"
PEOPLE = [("alice", "Al1ce!pw"), ("stgwadmin", "Adm1n!pw")]
REALM = "defaultWIMFileBasedRealm"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def slapd(tmp_path: Path, authority: Authority) -> Iterator[Slapd]:
    certificate, key = authority.issue(HOST)
    made = Slapd(tmp_path / "slapd", PEOPLE, [Path(certificate), Path(key)])
    yield made
    made.stop()


@pytest.fixture
def host(tmp_path: Path) -> Iterator[RunningHost]:
    made = installed(tmp_path / "host", "node1")
    with made.memory.open("names") as names:
        names[HOST] = "127.0.0.1"
    made.make_profile("App", "default", first=free_ports(), node=NODE, cell=CELL, server=SERVER)
    yield made
    made.stop_all()


def profile(host: RunningHost) -> Profile:
    found = Installation(host, ROOT).profile("App")
    assert found is not None
    return found


def configure(host: RunningHost, *commands: tuple[str, str]) -> None:
    """Run commands of AdminTask on the profile's own documents, and save."""
    session = Session(host, profile(host), None)
    for name, arguments in commands:
        session.call("AdminTask", name, [arguments])
    session.call("AdminConfig", "save", [])


def federate(
    host: RunningHost, port: int, *, more: str = "", password: str = BIND_PASSWORD, base: str = SUFFIX
) -> None:
    configure(
        host,
        ("createIdMgrLDAPRepository", "[-default true -id ITDS -ldapServerType IDS6 -loginProperties uid;mail]"),
        (
            "addIdMgrLDAPServer",
            f"[-id ITDS -host {HOST} -port {port} -bindDN {BIND_DN} -bindPassword {password}{more}]",
        ),
        ("addIdMgrRepositoryBaseEntry", f"[-id ITDS -name {base} -nameInRepository {base}]"),
        ("addIdMgrRealmBaseEntry", f"[-name {REALM} -baseEntry {base}]"),
    )


def stand_alone(host: RunningHost, port: int, administrator: str = "stgwadmin") -> None:
    wanted = (
        f"[-secureApps false -secureLocalResources false -userRegistryType LDAPUserRegistry -adminName {administrator}"
        f" -ldapServerType IBM_DIRECTORY_SERVER -ldapBaseDN {SUFFIX} -ldapBindDN {BIND_DN}"
        f" -ldapBindPassword {BIND_PASSWORD} -ldapHostName {HOST} -ldapPort {port}]"
    )
    configure(host, ("applyWizardSettings", wanted))
    # The filter of a fresh cell is for a class that only IBM's schema has.
    file = profile(host).config / f"cells/{CELL}/security.xml"
    file.write_text(file.read_text().replace("objectclass=ePerson", "objectclass=inetOrgPerson"))


def registry(host: RunningHost) -> Registry:
    return security_registry.load(profile(host), CELL).registry


def refuses(made: Registry, user: str, password: str) -> str:
    with pytest.raises(DeniedError) as denied:
        made.check(user, password)
    return str(denied.value)


def test_a_federated_realm_asks_the_file_and_the_directory(host: RunningHost, slapd: Slapd) -> None:
    federate(host, slapd.port)
    made = registry(host)
    made.start()
    made.check(USER, PASSWORD)
    made.check("alice", "Al1ce!pw")
    made.check("alice@rtp.example", "Al1ce!pw")
    assert "CWWIM4513E" in refuses(made, USER, "other")
    assert "CWWIM4513E" in refuses(made, "alice", "other")
    assert "CWWIM4513E" in refuses(made, "alice", "")
    assert "CWWIM4537E" in refuses(made, "nobody", "x")
    assert "CWWIM4537E" in refuses(made, "*", "Al1ce!pw")
    slapd.stop()
    assert "CommunicationException" in refuses(made, USER, PASSWORD)


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda host, slapd: federate(host, slapd.port, password="wrong"), "error code 49"),
        (lambda host, slapd: federate(host, slapd.port, base="o=elsewhere"), "error code 32"),
        (lambda host, _slapd: federate(host, 1), "CommunicationException"),
        (lambda host, slapd: federate(host, slapd.tls_port, more=" -sslEnabled true"), "SSLHandshakeException"),
    ],
    ids=["password", "base", "port", "signer"],
)
def test_a_repository_that_does_not_work_keeps_the_administrator_out(
    host: RunningHost, slapd: Slapd, break_it: Callable[[RunningHost, Slapd], None], said: str
) -> None:
    break_it(host, slapd)
    assert said in refuses(registry(host), USER, PASSWORD)


def test_a_name_in_two_repositories_is_nobody(host: RunningHost, tmp_path: Path) -> None:
    twice = Slapd(tmp_path / "twice", [(USER, "0ther!pw")])
    try:
        federate(host, twice.port)
        assert "CWWIM4538E" in refuses(registry(host), USER, PASSWORD)
    finally:
        twice.stop()


def test_over_tls_the_signers_of_the_trust_store_count(host: RunningHost, slapd: Slapd, authority: Authority) -> None:
    host.path("/signer.pem").write_bytes(authority.file.read_bytes())
    configure(host, ("addSignerCertificate", "[-keyStoreName NodeDefaultTrustStore -certificateAlias ldap "
                     "-certificateFilePath /signer.pem -base64Encoded true]"))  # fmt: skip
    federate(host, slapd.tls_port, more=" -sslEnabled true")
    registry(host).check(USER, PASSWORD)
    registry(host).check("alice", "Al1ce!pw")


def test_a_standalone_registry_knows_nobody_else(host: RunningHost, slapd: Slapd) -> None:
    stand_alone(host, slapd.port)
    made = registry(host)
    made.start()
    made.check("stgwadmin", "Adm1n!pw")
    assert "SECJ0336E" in refuses(made, "stgwadmin", "other")
    assert "SECJ0369E" in refuses(made, USER, PASSWORD)
    slapd.stop()
    with pytest.raises(DirectoryError, match="CommunicationException"):
        made.start()


def test_a_running_server_keeps_its_registry_and_a_role_is_needed(host: RunningHost, slapd: Slapd) -> None:
    assert host("App", "startServer", SERVER)[0] == 0
    port = server_index.read(profile(host).config, CELL, NODE).servers[SERVER].port("SOAP_CONNECTOR_ADDRESS")
    stand_alone(host, slapd.port)
    Connection("127.0.0.1", port, USER, PASSWORD).close()
    assert host("App", "stopServer", SERVER, *LOGIN)[0] == 0
    assert host("App", "startServer", SERVER)[0] == 0
    Connection("127.0.0.1", port, "stgwadmin", "Adm1n!pw").close()
    with pytest.raises(NotAuthorized):
        Connection("127.0.0.1", port, USER, PASSWORD)
    # She is who she says, and may do nothing.
    with pytest.raises(NotAuthorized):
        Connection("127.0.0.1", port, "alice", "Al1ce!pw")
    log = host.path(f"{ROOT}/profiles/App/logs/{SERVER}/SystemOut.log").read_text()
    assert "SECJ0305I" in log and "SECJ0369E" in log
    assert "ADMN0022E" in host("App", "stopServer", SERVER, *LOGIN)[1]
    assert host("App", "stopServer", SERVER, "-username", "stgwadmin", "-password", "Adm1n!pw")[0] == 0
    slapd.stop()
    code, said = host("App", "startServer", SERVER)
    assert code != 0 and "ADMU3011E" in said
