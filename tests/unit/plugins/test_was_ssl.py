"""was_ssl on a cell in a folder: read from its key stores, compared on the model, done by the simulated AdminTask."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from lab.products.was.admin.task import AdminTask
from lab.products.was.documents.profile import lay
from lab.products.was.keys.pkcs12 import KeyStore
from lab.products.was.layout import Profile
from lab.products.was.model.workspace import Workspace
from tests.lab.authority import Authority
from tests.lab.products.was.cell import PATH, SPEC, Cell
from tests.lab.products.was_host import FolderHost
from tests.unit.plugins.was_modules import Modules

PUBLIC = "rtp_nat.ibm.com"
PASSWORD = "K3y-store"
STORES = [
    {"name": "Own", "password": PASSWORD},
    {"name": "CellDefaultTrustStore", "password": "WebAS", "state": "existing"},
]
# A short key is made sooner.
CERTIFICATE = {
    "key_store": "Own", "alias": "stgw", "common_name": PUBLIC, "trusted_by": ["CellDefaultTrustStore"],
    "key_size": 1024,
}  # fmt: skip
CONFIG = {
    "alias": "OwnSettings", "key_store": "Own", "trust_store": "CellDefaultTrustStore", "key_alias": "stgw",
    "destinations": ["*,*,5061"], "servers": [{"node": "N", "server": "P"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority("Authority")


def laid(folder: Path) -> Modules:
    cell = Cell(folder)
    cell.task("createProxyServer", "N", "[-name P -templateName sip_proxy_server]")
    cell.workspace.save()
    return Modules(cell)


@pytest.fixture
def modules(tmp_path: Path) -> Modules:
    return laid(tmp_path)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Modules:
    """One cell for all tests that must not change it."""
    return laid(tmp_path_factory.mktemp("cell"))


def ssl(
    modules: Modules, *, check: bool = False, certificate: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    given = {"key_stores": STORES, "certificate": {**CERTIFICATE, **(certificate or {})}, "ssl_configs": [CONFIG]}
    return modules("was_ssl", check=check, **{**given, **more})


def store(modules: Modules, name: str = "Own.p12", password: str = PASSWORD) -> KeyStore:
    return KeyStore.parse((modules.cell.profile.config / "cells/C" / name).read_bytes(), password)


def trust(modules: Modules) -> KeyStore:
    return store(modules, "trust.p12", "WebAS")


def names(result: dict[str, Any]) -> list[str]:
    return [operation.split(" ")[0] for operation in result["operations"]]


def test_all_of_it_takes_one_launch_and_the_next_run_none(modules: Modules) -> None:
    foreseen = ssl(modules, check=True)
    assert foreseen["changed"]
    assert modules.target.launches == []
    done = ssl(modules)
    assert names(done) == [
        "createKeyStore", "importCertificate", "addSignerCertificate", "createSSLConfig",
        "createDynamicSSLConfigSelection", "modify",
    ]  # fmt: skip
    assert [each["after_header"].split(" ")[0] for each in done["diff"]] == [
        each["after_header"].split(" ")[0] for each in foreseen["diff"]
    ]
    assert done["launches"] == len(modules.target.launches) == 1
    assert done["restart_required"] == ["N/P"]
    again = ssl(modules)
    assert not again["changed"]
    assert again["launches"] == 0
    assert again["chain"] == done["chain"]
    made = store(modules).personal["stgw"].certificate
    assert made is not None
    assert made in trust(modules).signers.values()


def test_secrets_are_nowhere_and_no_file_is_left(modules: Modules) -> None:
    before = {file for file in modules.cell.profile.file().parent.rglob("*") if file.is_file()}
    result = ssl(modules)
    key = store(modules).personal["stgw"].key.private_numbers().d.to_bytes(256, "big").hex()
    assert PASSWORD not in str(result)
    assert key not in str(result)
    after = {file for file in modules.cell.profile.file().parent.rglob("*") if file.is_file()}
    assert {file.name for file in after - before} == {"Own.p12"}


def test_fresh_hosts_are_checked_without_a_profile(modules: Modules) -> None:
    modules.target.empty = True
    foreseen = ssl(modules, check=True)
    assert [each["after_header"].split(" ")[:2] for each in foreseen["diff"]] == [
        ["createKeyStore", "Own"],
        ["importCertificate", "Own"],
        ["addSignerCertificate", "CellDefaultTrustStore"],
        ["createSSLConfig", "OwnSettings"],
        ["createDynamicSSLConfigSelection", "OwnSettings"],
    ]
    with pytest.raises(AnsibleActionFail, match="profile: there is no profile in"):
        ssl(modules)


def test_a_certificate_for_others_or_about_to_end_is_replaced(modules: Modules) -> None:
    ssl(modules, certificate={"valid_days": 100})
    first = store(modules).personal["stgw"].certificate
    result = ssl(modules, certificate={"renew_days": 120})
    assert names(result) == [
        "deleteCertificate",
        "importCertificate",
        "deleteSignerCertificate",
        "addSignerCertificate",
    ]
    second = store(modules).personal["stgw"].certificate
    assert first != second
    assert first not in trust(modules).signers.values()
    moved = ssl(modules, certificate={"alternative_names": ["sipproxy1.rtp.example"]})
    assert names(moved)[:2] == ["deleteCertificate", "importCertificate"]
    (told,) = [each for each in moved["certificates"] if each["alias"] == "stgw" and each["key_store"] == "Own"]
    assert told["alternative_names"] == [PUBLIC, "sipproxy1.rtp.example"]


def test_what_somebody_changed_in_the_console_is_put_right(modules: Modules) -> None:
    ssl(modules)
    modules.cell.workspace.discard()
    modules.cell.task("modifySSLConfig", "[-alias OwnSettings -scopeName (cell):C -serverKeyAlias other]")
    modules.cell.workspace.save()
    assert names(ssl(modules)) == ["modify"]


def test_what_ends_soon_is_told(modules: Modules) -> None:
    result = ssl(modules, certificate={"valid_days": 95}, warn_days=100)
    assert [text.split(" (")[0] for text in result["expiring"]] == ["Own: stgw", "CellDefaultTrustStore: stgw"]
    assert "in 9" in result["expiring"][0]
    assert ssl(modules, certificate={"valid_days": 95})["expiring"] == []


# -- requests ----------------------------------------------------------------------------------------------------------
REQUEST = {"source": "request", "request_file": f"{PATH}/etc/stgw.csr"}


def test_servers_wait_for_the_answer_to_a_request(modules: Modules, authority: Authority) -> None:
    modules.cell.profile.file("etc").mkdir(exist_ok=True)
    asked = ssl(modules, certificate=REQUEST)
    assert names(asked) == ["createKeyStore", "createCertificateRequest"]
    assert asked["pending"]
    assert asked["request"].startswith("-----BEGIN CERTIFICATE REQUEST-----")
    assert not ssl(modules, certificate=REQUEST)["changed"]

    answer = (authority.sign(asked["request"].encode(), PUBLIC) + authority.pem).decode()
    got = ssl(modules, certificate={**REQUEST, "signed": answer})
    assert names(got) == [
        "addSignerCertificate", "receiveCertificate", "addSignerCertificate", "createSSLConfig",
        "createDynamicSSLConfigSelection", "modify",
    ]  # fmt: skip
    assert got["chain"] == authority.pem.decode()
    assert not ssl(modules, certificate={**REQUEST, "signed": answer})["changed"]
    assert not ssl(modules, certificate=REQUEST)["changed"], "what was received stays without the answer too"


def test_an_answer_to_another_request_changes_nothing(modules: Modules, authority: Authority) -> None:
    modules.cell.profile.file("etc").mkdir(exist_ok=True)
    ssl(modules, certificate=REQUEST)
    other = (authority.issue(PUBLIC)[0] + authority.pem).decode()
    with pytest.raises(AnsibleActionFail, match=r"CWPKI0641E.*\nNothing was saved"):
        ssl(modules, certificate={**REQUEST, "signed": other})
    assert store(modules).signers == {}


# -- files -------------------------------------------------------------------------------------------------------------
def test_a_file_is_imported_with_its_chain(modules: Modules, authority: Authority, tmp_path: Path) -> None:
    file = tmp_path / "key.p12"
    file.write_bytes(authority.key_file(PUBLIC, "mine", "-s3cret"))
    given = {"source": "pkcs12", "pkcs12": str(file), "pkcs12_password": "-s3cret"}
    result = ssl(modules, certificate=given)
    assert "s3cret" not in str(result)
    assert [each.subject for each in store(modules).personal["stgw"].chain] == [authority.certificate.subject]
    assert authority.certificate in trust(modules).signers.values()
    assert not ssl(modules, certificate=given)["changed"]
    assert not ssl(modules)["changed"], "a signed one is not replaced by one that nobody signed"


def test_signers_come_and_go(modules: Modules, authority: Authority) -> None:
    partner = {"key_store": "CellDefaultTrustStore", "alias": "partner", "certificate": authority.pem.decode()}
    only: dict[str, Any] = {"key_stores": STORES[1:], "signers": [partner]}
    assert names(modules("was_ssl", **only)) == ["addSignerCertificate"]
    assert not modules("was_ssl", **only)["changed"]
    renamed = {**only, "signers": [{**partner, "alias": "another"}]}
    assert not modules("was_ssl", **renamed)["changed"], "it is there, whatever it is called"
    changed = {**only, "signers": [{**partner, "certificate": Authority("New").pem.decode()}]}
    assert names(modules("was_ssl", **changed)) == ["deleteSignerCertificate", "addSignerCertificate"]
    gone = {**only, "signers": [{"key_store": "CellDefaultTrustStore", "alias": "partner", "state": "absent"}]}
    assert names(modules("was_ssl", **gone)) == ["deleteSignerCertificate"]
    assert not modules("was_ssl", **gone)["changed"]


# -- refused -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("certificate", "more", "said"),
    [
        ({"common_name": "a b"}, {}, "certificate.common_name: 'a b' is no name of a host"),
        ({"alias": "Stgw"}, {}, "certificate.alias: 'Stgw' cannot be one"),
        ({"renew_days": 3650}, {}, "certificate.renew_days: 3650 is not less than valid_days, 3650"),
        ({"subject": {"C": "usa"}}, {}, "certificate.subject: C='usa' is no country"),
        ({"key_store": "Other"}, {}, "certificate.key_store: 'Other' is none of key_stores"),
        ({"signed": "x"}, {}, "certificate.signed: it answers a request"),
        (
            {"source": "pkcs12", "pkcs12": "/nonexistent", "pkcs12_password": "x"}, {},
            "certificate.pkcs12: /nonexistent: No such",
        ),
        ({}, {"key_stores": [STORES[0], {**STORES[1], "password": "x"}]}, r"key_stores\[1\].password: it is not the"),
        ({}, {"key_stores": [{**STORES[0], "password": "a b"}, STORES[1]]}, r"key_stores\[0\].password: blanks"),
        (
            {"source": "pkcs12", "pkcs12": "/nonexistent", "pkcs12_password": 'a"b'}, {},
            "certificate.pkcs12_password: blanks, quotes",
        ),
        (
            {"source": "pkcs12", "pkcs12": "/nonexistent", "pkcs12_password": "p\u00e4"}, {},
            "certificate.pkcs12_password: blanks, quotes",
        ),
        ({}, {"key_stores": [{**STORES[0], "state": "existing"}, STORES[1]]}, "there is no key store Own; say state"),
        ({}, {"ssl_configs": [{**CONFIG, "destinations": ["5061"]}]}, "destinations: '5061' is no destination"),
        ({}, {"ssl_configs": [{**CONFIG, "servers": [{"node": "N", "server": "Q"}]}]}, "N/Q is not there"),
        (
            {}, {"signers": [{"key_store": "Own", "alias": "p", "certificate": "nothing"}]},
            r"signers\[0\].certificate: no certificates are in it",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_before_anything_changes(
    untouched: Modules, certificate: dict[str, Any], more: dict[str, Any], said: str
) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        ssl(untouched, certificate=certificate, **more)
    assert untouched.target.launches == []


@pytest.mark.parametrize(
    ("name", "days", "said"),
    [
        ("somebody.example", 365, "its common name is somebody.example, but partners dial rtp_nat.ibm.com"),
        (PUBLIC, 1, "is valid from .* only; give one that is valid now"),
    ],
)
def test_a_signed_certificate_that_partners_would_refuse_is_refused(
    untouched: Modules, authority: Authority, tmp_path: Path, name: str, days: int, said: str
) -> None:
    file = tmp_path / "key.p12"
    file.write_bytes(authority.key_file(name, "mine", "s3cret", days))
    with pytest.raises(AnsibleActionFail, match=said):
        ssl(untouched, certificate={"source": "pkcs12", "pkcs12": str(file), "pkcs12_password": "s3cret"})
    assert untouched.target.launches == []


def test_a_chain_without_its_root_is_refused(untouched: Modules, authority: Authority) -> None:
    alone = authority.issue(PUBLIC)[0].decode()
    with pytest.raises(AnsibleActionFail, match="the certificate of CN=Authority is missing"):
        ssl(untouched, certificate={**REQUEST, "signed": alone})


def test_a_key_file_without_its_root_is_refused(untouched: Modules, authority: Authority, tmp_path: Path) -> None:
    certificate, key = authority.issue(PUBLIC)
    file = tmp_path / "key.p12"
    alone, secret = x509.load_pem_x509_certificate(certificate), BestAvailableEncryption(b"s3cret")
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"mine", key, alone, None, secret))
    with pytest.raises(AnsibleActionFail, match=r"certificate.pkcs12: the certificate of CN=Authority is missing"):
        ssl(untouched, certificate={"source": "pkcs12", "pkcs12": str(file), "pkcs12_password": "s3cret"})


def test_a_check_supposes_servers_that_are_not_there_yet(untouched: Modules) -> None:
    later = [{**CONFIG, "servers": [{"node": "N", "server": "Later"}]}]
    assert ssl(untouched, check=True, ssl_configs=later)["changed"]


# -- a gateway alone ---------------------------------------------------------------------------------------------------
class Alone(Cell):
    """A profile that belongs to no cell: node `D` with one server."""

    def __init__(self, folder: Path) -> None:
        self.host = FolderHost(folder)
        self.profile = Profile(self.host, "RTCGW_Profile", PATH, "default", default=True)
        lay(self.profile.config, replace(SPEC, template="default", server="RTCGWServer"))
        self.workspace = Workspace(self.profile.config)
        self.admin_task = AdminTask(self.workspace, self.host, self.profile, None)


def test_a_gateway_alone_has_its_own_in_the_scope_of_its_node(tmp_path: Path) -> None:
    modules = Modules(Alone(tmp_path))
    stores = [STORES[0], {**STORES[1], "name": "NodeDefaultTrustStore"}]
    config = {**CONFIG, "trust_store": "NodeDefaultTrustStore", "servers": [{"node": "D", "server": "RTCGWServer"}]}
    given: dict[str, Any] = {
        "key_stores": stores, "certificate": {"trusted_by": ["NodeDefaultTrustStore"]}, "ssl_configs": [config],
    }  # fmt: skip
    assert ssl(modules, **given)["launches"] == 1
    assert not ssl(modules, **given)["changed"]
    assert store(modules, "nodes/D/Own.p12").personal["stgw"].certificate is not None
    scope = "-scopeName (cell):C:(node):D"
    modules.cell.workspace.discard()
    assert "OwnSettings" in modules.cell.task("listSSLConfigs", f"[{scope}]")
