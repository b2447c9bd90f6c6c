"""The setup program of Sametime: what it refuses, what it leaves, and what a second try finds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lab.products.domino import layout as domino
from lab.products.sametime import configuration, layout, setup
from tests.lab.products.sametime.domino_host import PLACES, DominoHost, with_domino

PASSWORD = "s3cret"
LDAP = {
    "ldap.host": "ldapsrv1.rtp.example",
    "ldap.port": "389",
    "ldap.bindDN": "uid=stgwbind,o=rtp,c=us",
    "ldap.bindPassword": PASSWORD,
    "ldap.personBase": "o=rtp,c=us",
    "ldap.personFilter": "(&(objectclass=inetOrgPerson)(mail=%s))",
    "ldap.mailAttribute": "mail",
}


@pytest.fixture(params=["aix", "windows"])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> DominoHost:
    return with_domino(tmp_path, request.param)


def options(host: DominoHost, **changes: str | None) -> list[str]:
    """The arguments, with a file that holds the options; None leaves one out."""
    location, data = PLACES[host.platform]
    values: dict[str, str | None] = {
        "licenseAgreement.accepted": "true",
        "domino.dataDirectory": data,
        "directory.type": "LDAP",
        "installLocation": location,
        **LDAP,
        **{name.replace("__", "."): value for name, value in changes.items()},
    }
    lines = [
        f'-{"P" if name == "installLocation" else "W"} {name}="{value}"'
        for name, value in values.items()
        if value is not None
    ]
    file = host.path("/options.txt")
    file.write_text("\n".join(lines))
    return ["-silent", "-options", "/options.txt"]


def said(host: DominoHost) -> str:
    return host.path(layout.setup_log(host.platform)).read_text()


def test_it_leaves_a_server_that_domino_starts(host: DominoHost) -> None:
    assert setup.main(host, options(host)) == 0, said(host)
    assert host.installed == {host.domino.task("staddin"): "sametime:staddin"}
    assert domino.server_tasks(host, host.domino) == ("update", "router", "http", "staddin")
    found = configuration.read(host, host.domino)
    assert (found.search.base, found.search.bind_password, found.trusted) == ("o=rtp,c=us", PASSWORD, frozenset())
    assert setup.SUCCESS in said(host)
    # Nobody finds the password by looking through the files.
    holders = [path for path in host.root.rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()]
    assert holders == [host.path("/options.txt")]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"licenseAgreement__accepted": "false"}, "license agreement is not accepted"),
        ({"installLocation": "/opt/lotus"}, "/opt/lotus holds no Lotus Domino"),
        ({"domino__dataDirectory": "/local/other"}, "/local/other is not the data directory"),
        ({"directory__type": "Domino"}, "Domino directory is not played out"),
        ({"directory__type": None}, "directory.type is missing"),
        ({"ldap__port": "many"}, 'ldap.port: "many" is not valid'),
        ({"ldap__personFilter": "(mail=x)"}, "ldap.personFilter"),
        ({"ldap__bindPassword": None}, "both of them or none"),
        ({"ldap__bindPassword": ""}, "ldap.bindPassword: its value is not valid"),
        ({"ldap__basedn": "o=rtp"}, "-W ldap.basedn is not known"),
    ],
)
def test_what_it_refuses(host: DominoHost, changes: dict[str, str | None], words: str) -> None:
    assert setup.main(host, options(host, **changes)) == 1
    assert words in said(host)
    assert setup.FAILURE in said(host)
    assert host.installed == {}


def test_without_silent_options_it_wants_a_display(host: DominoHost) -> None:
    assert setup.main(host, []) == 1
    assert "needs a display" in said(host)


def test_domino_has_to_be_set_up_and_down(host: DominoHost) -> None:
    host.running[7] = domino.running_title(host.domino)
    domino.write_ini(host, host.domino, {"ServerSetup": ""})
    assert setup.main(host, options(host)) == 1
    assert "The Domino server has not been set up." in said(host)
    assert "The Domino server is running." in said(host)


def test_who_may_not_install_is_told(host: DominoHost) -> None:
    host.administrator = False
    assert setup.main(host, options(host)) == 1
    assert "is not allowed to install" in said(host)


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("sametime:prerequisites", "licence-refused"),
        ("sametime:install", "disk-full"),
        ("sametime:configure", "start-fails"),
    ],
)
def test_after_a_fault_it_can_be_run_again(host: DominoHost, step: str, kind: str) -> None:
    host.ordered[step] = kind
    assert setup.main(host, options(host)) == 1
    assert not host.path(configuration.ini(host.domino)).exists()
    assert setup.main(host, options(host)) == 0, said(host)
    assert domino.server_tasks(host, host.domino).count("staddin") == 1


def test_a_second_installation_is_refused(host: DominoHost) -> None:
    setup.main(host, options(host))
    assert setup.main(host, options(host)) == 1
    assert "installed already" in said(host)


@pytest.mark.parametrize(
    ("line", "trusted"),
    [
        ("VPS_TRUSTED_IPS=9.42.111.2, 9.42.111.3", {"9.42.111.2", "9.42.111.3"}),
        ("vps_trusted_ips=9.42.111.2", {"9.42.111.2"}),
        ("VPS_BYPASS_TRUSTED_IPS=1", None),
        ("", set()),
    ],
)
def test_trusted_addresses_stand_in_the_section_config(host: DominoHost, line: str, trusted: set[str] | None) -> None:
    setup.main(host, options(host))
    ini = host.path(configuration.ini(host.domino))
    text = ini.read_text()
    ini.write_text(re.sub(r"(?m)^\[Config\]$", f"[Config]\n{line}", text))
    assert configuration.read(host, host.domino).trusted == trusted
    ini.write_text(text.replace("[Debug]", f"[Debug]\n{line}"))
    assert configuration.read(host, host.domino).trusted == frozenset()


def test_what_is_no_address_stops_the_server(host: DominoHost) -> None:
    setup.main(host, options(host))
    ini = host.path(configuration.ini(host.domino))
    ini.write_text(ini.read_text().replace("[Config]", "[Config]\nVPS_TRUSTED_IPS=stgpn1.rtp.example"))
    with pytest.raises(configuration.BadConfiguration, match=r"stgpn1\.rtp\.example is no address"):
        configuration.read(host, host.domino)
