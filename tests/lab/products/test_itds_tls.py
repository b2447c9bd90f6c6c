"""GSKit, and the directory server's configuration while it runs, are as strict as the real ones."""

from __future__ import annotations

import io
import ssl
import sys
from pathlib import Path

import pytest
from cryptography import x509

from lab.products import itds
from lab.products.itds import directory, gskit, instances
from lab.products.itds.instances import CONFIGURATION, SSL
from lab.products.itds.layout import Layout
from tests.lab.products.itds_host import FolderHost

LAYOUT = Layout("6.1", "aix")
DATABASE = "/home/ldapdb2/key.kdb"
CREATE = ("-keydb", "-create", "-db", DATABASE, "-pw", "-", "-type", "cms", "-stash")
CERTIFICATE = (
    "-cert", "-create", "-db", DATABASE, "-stashed", "-label", "srv", "-dn", "CN=srv.rtp.example,O=Example",
    "-size", "2048", "-expire", "30",
)  # fmt: skip


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderHost:
    made = FolderHost(tmp_path)
    made.path("/home/ldapdb2").mkdir(parents=True)
    monkeypatch.setattr(sys, "stdin", io.StringIO("secret\n"))
    return made


def gsk(host: FolderHost, *arguments: str) -> int:
    return itds.PROGRAMS["gsk7capicmd-7"](host, arguments)


def test_a_certificate_that_signs_itself(host: FolderHost) -> None:
    assert gsk(host, *CREATE) == 0
    assert gsk(host, *CERTIFICATE) == 0
    target = ("-target", "/home/ldapdb2/srv.arm", "-format", "ascii")
    assert gsk(host, "-cert", "-extract", "-db", DATABASE, "-stashed", "-label", "srv", *target) == 0
    extracted = host.path("/home/ldapdb2/srv.arm").read_bytes()
    assert x509.load_pem_x509_certificate(extracted).subject.rfc4514_string() == "CN=srv.rtp.example,O=Example"
    key, certificates = gskit.as_pem(host.path(DATABASE), "srv")
    assert certificates == extracted
    files = host.path("/home/ldapdb2/key.pem"), host.path("/home/ldapdb2/srv.arm")
    files[0].write_bytes(key)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(files[1], files[0])
    assert b"secret" not in host.path("/home/ldapdb2/key.sth").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*CREATE[:5], "secret", *CREATE[6:]), "everybody sees the arguments"),
        ((*CREATE[:7], "kdb"), "type cms only"),
        ((*CERTIFICATE, "-color", "red"), "-color is not valid here"),
        (tuple(word for word in CERTIFICATE if word != "-stashed"), "only -stashed opens"),
        (CERTIFICATE, "or its stash does not exist"),
        (("-keydb", "-burn"), "-keydb -burn is not played out"),
        (("-cert", "-list", "-stashed"), "-db is required"),
    ],
)
def test_what_gskit_does_not_take(
    host: FolderHost, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert gsk(host, *arguments) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("-label", "srv"), "srv is in use already"),
        (("-dn", "srv"), "distinguished name srv is not valid"),
        (("-size", "4096"), "-size is 512, 1024 or 2048"),
        (("-expire", "9999"), "at most 7300 days"),
    ],
)
def test_what_a_certificate_cannot_be(
    host: FolderHost, capsys: pytest.CaptureFixture[str], changed: tuple[str, str], said: str
) -> None:
    gsk(host, *CREATE)
    gsk(host, *CERTIFICATE)
    words = list(CERTIFICATE)
    words[words.index("-label") + 1] = "other"
    words[words.index(changed[0]) + 1] = changed[1]
    assert gsk(host, *words) == 1
    assert said in capsys.readouterr().err


# -- the configuration while the server runs ---------------------------------------------------------------------------
@pytest.fixture
def running(host: FolderHost, monkeypatch: pytest.MonkeyPatch) -> FolderHost:
    """A host with an instance whose server seems to run, and whose administrator is cn=root."""
    instance = instances.Instance("ldapdb2", "/home/ldapdb2", "6.1", "", LAYOUT)
    instances.save_instances(host, LAYOUT, [instance])
    file = host.path(instance.configuration)
    file.parent.mkdir(parents=True)
    file.write_text(instances.new_configuration(instance, (389, 636, 3538, 3539), "all"), "utf-8")
    settings = instances.configuration(host, instance)
    settings.entry(CONFIGURATION).set("ibm-slapdAdminPW", instances.hashed("Adm1n"))
    settings.save()
    monkeypatch.setattr(directory, "answers", lambda port: port == 389)
    return host


def modify(host: FolderHost, change: str, *, password: str = "Adm1n", port: str = "389") -> int:
    host.path("/tmp").mkdir(exist_ok=True)
    host.path("/tmp/change.ldif").write_text(f"dn: cn=SSL,cn=Configuration\nchangetype: modify\n{change}\n-\n", "utf-8")
    sys.stdin = io.StringIO(f"{password}\n")
    arguments = ("-p", port, "-D", "cn=root", "-w", "?", "-f", "/tmp/change.ldif")
    return itds.PROGRAMS["idsldapmodify-6.1"](host, arguments)


def test_the_administrator_turns_ssl_on(running: FolderHost, capsys: pytest.CaptureFixture[str]) -> None:
    changes = {"ibm-slapdSecurity": "SSL", "ibm-slapdSslCertificate": "srv"}
    change = "\n-\n".join(f"replace: {name}\n{name}: {value}" for name, value in changes.items())
    assert modify(running, change) == 0
    settings = instances.configuration(running, instances.list_instances(running, LAYOUT)[0])
    assert settings.secure
    assert settings.get(SSL, "ibm-slapdSslCertificate") == "srv"
    sys.stdin = io.StringIO("Adm1n\n")
    asked = ("-L", "-D", "cn=root", "-w", "?", "-s", "base", "-b", "cn=SSL,cn=Configuration", "objectclass=*")
    assert itds.PROGRAMS["idsldapsearch-6.1"](running, asked) == 0
    assert "ibm-slapdSecurity: SSL" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "more", "code"),
    [
        ("replace: ibm-slapdSecurity\nibm-slapdSecurity: SSL", {"password": "wrong"}, 49),
        ("replace: ibm-slapdSecurity\nibm-slapdSecurity: SSL", {"port": "390"}, 81),
        ("replace: ibm-slapdSecurity\nibm-slapdSecurity: SSLOnly", {}, 53),
        ("replace: favouriteColour\nfavouriteColour: red", {}, 16),
        ("add: ibm-slapdSecurity\nibm-slapdSecurity: SSL", {}, 53),
    ],
)
def test_other_changes_are_refused(running: FolderHost, change: str, more: dict[str, str], code: int) -> None:
    assert modify(running, change, **more) == code
    assert not instances.configuration(running, instances.list_instances(running, LAYOUT)[0]).secure
