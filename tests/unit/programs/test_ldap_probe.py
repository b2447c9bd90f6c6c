"""The talkers of module ldap_probe, in Perl and in PowerShell, against a real directory on loopback."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from certificates import Authority

from plugins.action.ldap_probe import ActionModule
from plugins.plugin_utils._ldap_filter import encoded_filter
from plugins.plugin_utils._ldap_probe import probe
from plugins.plugin_utils._target import Platform, Target
from tests.lab.products.slapd_here import BIND_DN, BIND_PASSWORD, SUFFIX, Slapd
from tests.unit.programs.hosts_here import Unix, Windows
from tests.unit.programs.shell_cases import standard_tools

Ask = Callable[..., dict[str, Any]]
PEOPLE = [("wasadmin", "Adm1n!pw"), *((f"user{number:02d}", "Us3r!pw") for number in range(40))]


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slapd]:
    folder = tmp_path_factory.mktemp("slapd")
    certificate, key = Authority(folder).issue("ldapsrv1.rtp.example")
    made = Slapd(folder / "directory", PEOPLE, [Path(certificate), Path(key)])
    yield made
    made.stop()


@pytest.fixture(params=["unix", "windows"])
def ask(request: pytest.FixtureRequest, tmp_path: Path, directory: Slapd) -> Ask:
    """Ask from a host of either kind; whatever is not given has its default."""
    platform: Platform = request.param
    executor = Unix() if platform == "unix" else Windows(tmp_path)
    defaults = {name: option.get("default") for name, option in ActionModule.SPEC["argument_spec"].items()}
    defaults |= {"host": "127.0.0.1", "port": directory.port, "bind_dn": BIND_DN, "bind_password": BIND_PASSWORD}
    defaults |= {"perl": f"{standard_tools()}/perl", "openssl": f"{standard_tools()}/openssl", "base": SUFFIX}

    def run(**options: Any) -> dict[str, Any]:
        return probe(Target(executor, platform, [BIND_PASSWORD]), {**defaults, **options})

    return run


def test_who_binds_finds_the_base(ask: Ask) -> None:
    result = ask(expected="one")
    assert result["entries"] == [{"dn": SUFFIX, "attributes": {}}]
    assert BIND_PASSWORD not in str(result)


def test_attributes_of_people_and_the_end_of_a_long_list(ask: Ask) -> None:
    result = ask(
        scope="sub", filter="(&(objectClass=inetOrgPerson)(mail=user1*))", attributes=["mail"], expected="some"
    )
    mails = [entry["attributes"]["mail"] for entry in result["entries"]]
    assert mails == [[f"user{number}@rtp.example"] for number in range(10, 20)]
    limited = ask(scope="sub", size_limit=3, attributes=["cn", "mail", "sn"])
    assert (len(limited["entries"]), limited["more"]) == (3, True)


def test_over_tls_the_certificate_is_told(ask: Ask, directory: Slapd) -> None:
    result = ask(port=directory.tls_port, tls=True, expected="one")
    assert result["certificate_names"] == ["ldapsrv1.rtp.example"]


def test_whether_somebody_could_log_in(ask: Ask) -> None:
    who = {"scope": "sub", "filter": "(uid=wasadmin)"}
    assert ask(**who, login_password="Adm1n!pw")["entries"][0]["dn"] == f"uid=wasadmin,{SUFFIX}"
    with pytest.raises(AnsibleActionFail, match="does not let uid=wasadmin,o=rtp,c=us in: 49 invalidCredentials"):
        ask(**who, login_password="0ther!pw")
    with pytest.raises(AnsibleActionFail, match="login_password: 0 entries fit"):
        ask(scope="sub", filter="(uid=nobody)", login_password="Adm1n!pw")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"bind_password": "wrong"},
            "bind_dn, bind_password: .* refuses uid=stgwbind,o=rtp,c=us: 49 ",
        ),
        ({"bind_dn": "no dn"}, "bind_dn, bind_password: .* 34 invalidDNSyntax"),
        ({"base": "o=other"}, "base, filter: .* in 'o=other' .*: 32 noSuchObject"),
        ({"scope": "sub", "filter": "(uid=wasadmin)", "expected": "none"}, "has 1 entries .* not none: uid=wasadmin"),
        ({"filter": "(uid=*", "expected": "some"}, "filter: .* has no \\)"),
        ({"bind_password": ""}, "bind_dn, bind_password: give both"),
        ({"login_password": ""}, "login_password: it is empty"),
        ({"port": 1}, "host, port: no directory answers at 127.0.0.1:1"),
        ({"tls": True}, "tls: 127.0.0.1:.* does not speak TLS"),
        ({"timeout": 0}, "timeout: 0 is not within"),
    ],
)
def test_what_is_wrong_is_told_by_its_option(ask: Ask, given: dict[str, Any], said: str) -> None:
    with pytest.raises(AnsibleActionFail, match=said) as failed:
        ask(**given)
    assert BIND_PASSWORD not in str(failed.value)


@pytest.mark.parametrize(
    ("answer", "said"),
    [(b"HTTP/1.0 400\r\n\r\n", "that is no LDAP"), (b"", "closed the connection"), (None, "no answer")],
)
def test_what_is_no_directory(ask: Ask, answer: bytes | None, said: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1024)
                if answer is None:
                    connection.recv(1024)
                else:
                    connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(AnsibleActionFail, match=said):
            ask(port=listener.getsockname()[1], timeout=1)


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("(uid=a)", "a308 0403756964 040161"),
        ("(&(uid=a)(!(sn=*)))", "a010 a308 0403756964 040161 a204 8702736e"),
        ("(|(a>=1)(a<=2))", "a110 a506040161040131 a606040161040132"),
        ("(cn=a*b*c)", "a40f 0402636e 3009 800161 810162 820163"),
        (r"(cn=\2a\29)", "a308 0402636e 04022a29"),
    ],
)
def test_filters_are_encoded_as_the_rfc_has_them(text: str, encoded: str) -> None:
    assert encoded_filter(text).hex() == encoded.replace(" ", "")


@pytest.mark.parametrize("text", ["", "uid=a", "(uid=a", "(uid=a))", "(!(a=b)(c=d))", "(=a)", "(&(a=b)"])
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"character|behind"):
        encoded_filter(text)
