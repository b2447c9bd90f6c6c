"""AdminTask: certificates in key stores, SSL configurations by destination, the security wizard."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from lab.products.was.admin import Argument
from lab.products.was.errors import ScriptingError
from lab.products.was.keys.pkcs12 import BadStore, KeyStore
from lab.products.was.model.workspace import Workspace
from tests.lab.authority import Authority
from tests.lab.products.was.cell import Cell

STORE = "-keyStoreName CellDefaultKeyStore -keyStoreScope (cell):C"
TRUST = "-keyStoreName CellDefaultTrustStore -keyStoreScope (cell):C"
SUBJECT = "-certificateCommonName h.example.com -certificateOrganization IBM -certificateCountry US"


@pytest.fixture
def cell(tmp_path: Path) -> Cell:
    made = Cell(tmp_path)
    made.host.path("/tmp").mkdir(parents=True, exist_ok=True)
    return made


def refused(cell: Cell, text: str, name: str, *arguments: Argument) -> None:
    with pytest.raises(ScriptingError) as error:
        cell.task(name, *arguments)
    assert str(error.value).startswith(text)


def aliases(shown: str) -> list[str]:
    return [line.split("[alias ")[1].split("]")[0] for line in shown.splitlines()]


def test_a_new_cell_trusts_its_own_certificate(cell: Cell) -> None:
    assert aliases(cell.task("listPersonalCertificates", f"[{STORE}]")) == ["default"]
    assert aliases(cell.task("listSignerCertificates", f"[{TRUST}]")) == ["default", "default_m", "default_n"]


def test_a_certificate_is_made_shown_and_deleted(cell: Cell) -> None:
    cell.task("createSelfSignedCertificate", f"[{STORE} -certificateAlias me -certificateSize 2048 {SUBJECT}]")
    shown = cell.task("getCertificate", f"[{STORE} -certificateAlias me]")
    assert "[issuedTo [CN=h.example.com, O=IBM, C=US]]" in shown
    assert "[size 2048]" in shown
    refused(cell, "CWPKI0632E", "createSelfSignedCertificate",
            f"[{STORE} -certificateAlias me -certificateSize 1024 {SUBJECT}]")  # fmt: skip
    cell.task("deleteCertificate", f"[{STORE} -certificateAlias me]")
    refused(cell, "CWPKI0631E", "deleteCertificate", f"[{STORE} -certificateAlias me]")


def test_key_stores_of_the_repository_change_with_the_save(cell: Cell) -> None:
    cell.task("createSelfSignedCertificate", f"[{STORE} -certificateAlias me {SUBJECT}]")
    file = cell.profile.config / "cells/C/key.p12"
    before = file.read_bytes()
    assert "cells/C/key.p12" in cell.workspace.changed()
    cell.workspace.save()
    assert file.read_bytes() != before
    cell.workspace = Workspace(cell.profile.config)
    assert aliases(cell.task("listPersonalCertificates", f"[{STORE}]")) == ["default", "me"]


def test_a_signer_goes_from_one_store_to_another_by_file(cell: Cell) -> None:
    cell.task("extractCertificate", f"[{STORE} -certificateAlias default -certificateFilePath /tmp/c.arm]")
    text = cell.host.path("/tmp/c.arm").read_text()
    assert text.startswith("-----BEGIN CERTIFICATE-----\n")
    added = f"[{TRUST} -certificateFilePath /tmp/c.arm -base64Encoded true -certificateAlias x]"
    cell.task("addSignerCertificate", added)
    before = cell.task("getCertificate", f"[{STORE} -certificateAlias default]")
    assert cell.task("getSignerCertificate", f"[{TRUST} -certificateAlias x]") == before.replace("default]", "x]")
    refused(cell, "CWPKI0632E", "addSignerCertificate", added)
    cell.host.path("/tmp/c.arm").write_text("nothing")
    refused(cell, "CWPKI0635E", "addSignerCertificate", added.replace(" x]", " y]"))
    refused(cell, "CWPKI0634E", "addSignerCertificate", added.replace("c.arm", "d.arm"))


def test_a_request_becomes_a_certificate_of_its_signer(cell: Cell) -> None:
    authority = Authority("CA of the test")
    asked = f"-certificateAlias me {SUBJECT} -certificateRequestFilePath /tmp/me.csr"
    cell.task("createCertificateRequest", f"[{STORE} {asked}]")
    assert aliases(cell.task("listPersonalCertificates", f"[{STORE}]")) == ["default"], "it is none yet"
    assert cell.task("listCertificateRequests", f"[{STORE}]") == "[ [alias me] ]"
    request = cell.host.path("/tmp/me.csr").read_bytes()
    cell.host.path("/tmp/me.arm").write_bytes(authority.sign(request, "h.example.com"))
    cell.host.path("/tmp/other.arm").write_bytes(authority.issue("h.example.com")[0])
    cell.host.path("/tmp/ca.arm").write_bytes(authority.pem)
    received = f"[{STORE} -certificateAlias me -certificateFilePath /tmp/me.arm -base64Encoded true]"
    refused(cell, "CWPKI0642E: The signer CN=CA of the test", "receiveCertificate", received)
    cell.task("addSignerCertificate",
              f"[{STORE} -certificateAlias ca -certificateFilePath /tmp/ca.arm -base64Encoded true]")  # fmt: skip
    refused(cell, "CWPKI0641E", "receiveCertificate", received.replace("me.arm", "other.arm"))
    cell.task("receiveCertificate", received)
    shown = cell.task("getCertificate", f"[{STORE} -certificateAlias me]")
    assert "[issuedBy [CN=CA of the test]]" in shown
    assert cell.task("listCertificateRequests", f"[{STORE}]") == ""


def test_a_file_of_somebody_else_is_imported(cell: Cell) -> None:
    authority = Authority("CA of the test")
    cell.host.path("/tmp/k.p12").write_bytes(authority.key_file("h.example.com", "me", "s3cret"))
    wanted = f"[{STORE} -keyFilePath /tmp/k.p12 -keyFileType PKCS12 -certificateAliasFromKeyFile me -keyFilePassword"
    refused(cell, "java.io.IOException", "importCertificate", f"{wanted} wrong]")
    cell.task("importCertificate", f"{wanted} s3cret]")
    cell.workspace.save()
    content = (cell.profile.config / "cells/C/key.p12").read_bytes()
    entry = KeyStore.parse(content, "WebAS").personal["me"]
    assert [each.subject.rfc4514_string() for each in entry.chain] == ["CN=CA of the test"]
    with pytest.raises(BadStore):
        KeyStore.parse(content, "another")


def test_a_new_key_store_is_a_file_that_openssl_reads(cell: Cell) -> None:
    place = "-keyStoreType PKCS12 -keyStoreLocation ${CONFIG_ROOT}/cells/C/own.p12"
    words = "-keyStorePassword p1 -keyStorePasswordVerify p1"
    cell.task("createKeyStore", f"[-keyStoreName Own -scopeName (cell):C {place} {words}]")
    own = "-keyStoreName Own -keyStoreScope (cell):C"
    for alias in ("one", "two"):
        cell.task("createSelfSignedCertificate", f"[{own} -certificateAlias {alias} {SUBJECT}]")
    cell.workspace.save()
    file = cell.profile.config / "cells/C/own.p12"
    said = subprocess.run(["openssl", "pkcs12", "-in", file, "-passin", "pass:p1", "-nodes"], capture_output=True,
                          text=True, check=True, timeout=30).stdout  # fmt: skip
    assert said.count("BEGIN PRIVATE KEY") == 2
    assert "friendlyName: two" in said


def test_certificates_are_exported_and_imported(cell: Cell) -> None:
    key_file = "-keyFilePath /tmp/k.p12 -keyFilePassword p -keyFileType PKCS12"
    cell.task("exportCertificate", f"[{STORE} -keyStorePassword p {key_file} -certificateAlias default]")
    cell.task("importCertificate", f"[{STORE} {key_file} -certificateAliasFromKeyFile default -certificateAlias two]")
    assert aliases(cell.task("listPersonalCertificates", f"[{STORE}]")) == ["default", "two"]
    cell.task("replaceCertificate",
              f"[{STORE} -certificateAlias default -replacementCertificateAlias two -deleteOldCert true]")  # fmt: skip
    assert aliases(cell.task("listPersonalCertificates", f"[{STORE}]")) == ["two"]


def test_nobody_listens_at_the_port(cell: Cell) -> None:
    refused(cell, "CWPKI0636E", "retrieveSignerFromPort", f"[{TRUST} -host localhost -port 1 -certificateAlias x]")


def test_ssl_is_chosen_by_destination(cell: Cell) -> None:
    options = "-dynSSLConfigSelectionName d -dynSSLConfigSelectionInfo *,h,443 -sslConfigName CellDefaultSSLSettings"
    made = cell.task("createDynamicSSLConfigSelection", f"[{options}]")
    assert cell.task("listDynamicSSLConfigSelections") == made
    refused(cell, "CWPKI0638E", "createDynamicSSLConfigSelection", f"[{options}]")
    cell.task("deleteDynamicSSLConfigSelection", "[-dynSSLConfigSelectionName d]")
    assert cell.task("listDynamicSSLConfigSelections") == ""


def test_the_wizard_switches_security_to_ldap(cell: Cell) -> None:
    options = "[-secureApps true -secureLocalResources false -userRegistryType LDAPUserRegistry -adminName admin"
    refused(cell, "ADMF0002E: Required parameter ldapHostName", "applyWizardSettings", f"{options}]")
    cell.task("applyWizardSettings", f"{options} -ldapHostName l.example.com -ldapPort 636 -ldapBaseDN o=x]")
    security = cell.one("/Security:/")
    (registry,) = cell.workspace.referenced(security, "activeUserRegistry")
    assert (registry.type, registry.get("primaryAdminId"), registry.get("baseDN")) == (
        "LDAPUserRegistry",
        "admin",
        "o=x",
    )
    assert [(each.get("host"), each.get("port")) for each in registry.children["hosts"]] == [("l.example.com", "636")]
    assert (security.get("enabled"), security.get("appEnabled")) == ("true", "true")
