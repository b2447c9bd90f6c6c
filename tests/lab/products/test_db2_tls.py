"""TLS of a simulated instance: it needs what the product needs, and its clients judge what they are shown."""

from __future__ import annotations

import io
import socket
import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lab.products import itds
from lab.products.db2 import client, engine, memory, setup_windows, tls
from lab.products.itds import gskit, gskit_media
from lab.products.itds.layout import GSKIT_COMMAND
from tests.lab.products.test_db2_client import NamesHost
from tests.lab.products.test_db2_manager import OWNER
from tests.lab.products.test_db2_setup import install

FOLDER = "/home/db2inst1/sqllib/cfg"
PARAMETERS = {
    "DB2_SSL_KEYSTORE_FILE": f"{FOLDER}/key.kdb",
    "DB2_SSL_KEYSTORE_LABEL": "db2srv1",
    "DB2_SSL_LISTENER": "50001",
}


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NamesHost:
    made = NamesHost(tmp_path)
    install(made)
    assert made("db2icrt", "-s", "wse", "-u", "db2fenc1", "db2inst1")[0] == 0
    with made.store(memory.STORE) as store:
        memory.copies(store)["/opt/IBM/db2/V9.1"]["fixpack"] = tls.LOWEST_FIXPACK
    made.install_program(GSKIT_COMMAND["aix"], "itds:gsk7capicmd-7")
    monkeypatch.setattr(sys, "stdin", io.StringIO("secret\n"))
    database = PARAMETERS["DB2_SSL_KEYSTORE_FILE"]
    certificate = ("-label", "db2srv1", "-dn", "CN=db2srv1.rtp.example", "-size", "1024", "-expire", "30")
    run = itds.PROGRAMS["gsk7capicmd-7"]
    assert run(made, ["-keydb", "-create", "-db", database, "-pw", "-", "-type", "cms", "-stash"]) == 0
    assert run(made, ["-cert", "-create", "-db", database, "-stashed", *certificate]) == 0
    write(made, PARAMETERS)
    assert made("db2start", **OWNER)[0] == 0
    assert made("db2", "create database stgw using codeset UTF-8 territory US", **OWNER)[0] == 0
    assert made("db2set", "DB2COMM=SSL", **OWNER)[0] == 0
    return made


def write(host: NamesHost, parameters: dict[str, str]) -> None:
    text = "".join(f"{name}={value}\n" for name, value in parameters.items())
    host.path(f"{FOLDER}/SSLconfig.ini").write_text(text)


def record(host: NamesHost) -> dict[str, object]:
    found: dict[str, object] = memory.snapshot(host)["instances"]["db2inst1"]
    return found


@contextmanager
def served(host: NamesHost) -> Iterator[int]:
    """The engine's port for TLS, without its process."""
    context = tls.context(host, "db2inst1", record(host))
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            stream, _ = server.accept()
            engine.serve(host, "db2inst1", stream, context)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def trusting(certificate: bytes = b"") -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    if certificate:
        context.load_verify_locations(cadata=certificate.decode())
    return context


def connect(host: NamesHost, port: int, context: ssl.SSLContext) -> client.Connection:
    return client.connect(host, "db2srv1.rtp.example", port, "STGW", "db2inst1", "right", context)


def test_a_client_that_trusts_the_signer_gets_in(host: NamesHost) -> None:
    _key, certificate = gskit.as_pem(host.path(PARAMETERS["DB2_SSL_KEYSTORE_FILE"]), "db2srv1")
    with served(host) as port, connect(host, port, trusting(certificate)) as connection:
        assert connection.tables("NOBODY") == 0


def test_a_client_that_does_not_trust_it_stays_out(host: NamesHost) -> None:
    with served(host) as port, pytest.raises(client.DatabaseError, match=r"SSLHandshakeException: CERTIFICATE_VERIFY"):
        connect(host, port, trusting())


def test_its_port(host: NamesHost) -> None:
    assert tls.port(host, "db2inst1", record(host)) == 50001
    write(host, PARAMETERS | {"DB2_SSL_LISTENER": "db2s_db2inst1"})
    with pytest.raises(tls.TlsError, match="db2s_db2inst1 is no port"):
        tls.port(host, "db2inst1", record(host))
    with host.path("/etc/services").open("a") as services:
        services.write("db2s_db2inst1\t50009/tcp\n")
    assert tls.port(host, "db2inst1", record(host)) == 50009


@pytest.mark.parametrize("name", list(PARAMETERS))
def test_a_parameter_that_is_missing(host: NamesHost, name: str) -> None:
    write(host, {key: value for key, value in PARAMETERS.items() if key != name})
    with pytest.raises(tls.TlsError, match=f"lacks {name}"):
        tls.port(host, "db2inst1", record(host))


def test_an_older_level_has_no_tls(host: NamesHost) -> None:
    with host.store(memory.STORE) as store:
        memory.copies(store)["/opt/IBM/db2/V9.1"]["fixpack"] = 1
    with pytest.raises(tls.TlsError, match="needs Fix Pack 2"):
        tls.context(host, "db2inst1", record(host))


def test_without_gskit_it_is_not_started(host: NamesHost) -> None:
    host.path(GSKIT_COMMAND["aix"]).unlink()
    assert host("db2stop", "force", **OWNER)[0] == 0
    code, said = host("db2start", **OWNER)
    assert (code, "SQL5043N" in said) == (1, True)


def test_a_label_that_is_not_there(host: NamesHost) -> None:
    write(host, PARAMETERS | {"DB2_SSL_KEYSTORE_LABEL": "other"})
    with pytest.raises(tls.TlsError, match="CTGSK2115W"):
        tls.context(host, "db2inst1", record(host))


@pytest.mark.parametrize(
    "arguments", [["-s"], ["DB2", "-s"], ["DB2", "-s", "-f1C:\\missing.iss"]], ids=["no product", "no file", "missing"]
)
def test_gskit_on_windows_wants_its_arguments(host: NamesHost, arguments: list[str]) -> None:
    assert gskit_media.setup(host, arguments) == 1


def test_a_windows_image_of_a_lower_level_is_refused(host: NamesHost) -> None:
    # `_level_problem` looks at nothing of Windows as long as the level is lower.
    refused = setup_windows._level_problem(host, "/opt/IBM/db2/V9.1", 0, force=True)
    assert "Fix Pack 2 already" in refused
