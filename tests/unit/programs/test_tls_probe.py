"""The programs of module tls_probe, in Perl and in PowerShell, against servers on loopback."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from plugins.action.tls_probe import ActionModule
from plugins.plugin_utils._target import Platform, Target
from plugins.plugin_utils._tls_probe import probe
from tests.lab.authority import Authority
from tests.unit.programs.hosts_here import Unix, Windows
from tests.unit.programs.shell_cases import standard_tools

Try = Callable[..., dict[str, Any]]
PUBLIC = "rtp_nat.ibm.com"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority("Authority")


@pytest.fixture(scope="module")
def port(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where somebody shakes hands as the public name and hangs up."""
    certificate, key = authority.issue(PUBLIC)
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    file.write_bytes(certificate + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection = listener.accept()[0]
            except OSError:
                return
            try:
                connection.settimeout(5)
                with context.wrap_socket(connection, server_side=True) as talk:
                    talk.recv(1)
            except OSError:
                connection.close()

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


@pytest.fixture(params=["unix", "windows"])
def shake(request: pytest.FixtureRequest, tmp_path: Path) -> Try:
    """Shake hands from a host of either kind; what is not given has its default."""
    platform: Platform = request.param
    target = Target(Unix() if platform == "unix" else Windows(tmp_path), platform)
    defaults = {name: option.get("default") for name, option in ActionModule.SPEC["argument_spec"].items()}
    tools = {"perl": f"{standard_tools()}/perl", "openssl": f"{standard_tools()}/openssl"}
    return lambda **options: probe(target, {**defaults, **tools, "host": "127.0.0.1", **options})


def test_whoever_answers_is_told(shake: Try, port: int, authority: Authority) -> None:
    result = shake(port=port, name="RTP_NAT.ibm.com", authorities=authority.pem.decode())
    assert (result["subject"], result["issuer"]) == (f"CN={PUBLIC}", "CN=Authority")
    assert result["alternative_names"] == [PUBLIC]
    assert result["days_left"] == 363


def test_another_name_and_another_authority_are_refused(shake: Try, port: int) -> None:
    wrong = rf"CN={PUBLIC}: it names {PUBLIC}, not a\.example; nobody who is trusted vouches for CN={PUBLIC}"
    with pytest.raises(AnsibleActionFail, match=wrong):
        shake(port=port, name="a.example", authorities=Authority("Authority").pem.decode())


def test_nobody_speaks_tls(shake: Try) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:

        def hang_up() -> None:
            connection = plain.accept()[0]
            connection.recv(100)
            connection.sendall(b"SIP/2.0 400 Bad Request\r\n\r\n")
            connection.close()

        threading.Thread(target=hang_up, daemon=True).start()
        with pytest.raises(AnsibleActionFail, match="no handshake: "):
            shake(port=plain.getsockname()[1])


def test_nobody_listens(shake: Try) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        with pytest.raises(AnsibleActionFail, match=r"no handshake: .*(refused|Connection)"):
            shake(port=nobody.getsockname()[1])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"host": "a b"}, "host: 'a b' is neither"),
        ({"port": 0}, "port: 0 is not within"),
        ({"timeout": 61}, "timeout: 61 is not within 1 to 60"),
        ({"authorities": "nothing"}, "authorities: they cannot be read"),
    ],
)
def test_what_cannot_be_is_refused(shake: Try, options: dict[str, Any], said: str) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        shake(**{"port": 1, **options})
