"""AdminTask: certificates in key stores, SSL configurations by destination, the security wizard."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.products.was.admin import Argument
from lab.products.was.errors import ScriptingError
from lab.products.was.model.workspace import Workspace
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
    assert aliases(cell.task("listSignerCertificates", f"[{TRUST}]")) == ["default"]


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
    assert not file.exists()
    assert "cells/C/key.p12" in cell.workspace.changed()
    cell.workspace.save()
    assert file.exists()
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


def test_a_certificate_from_elsewhere_has_its_fingerprint(cell: Cell) -> None:
    cell.host.path("/tmp/c.der").write_bytes(b"\x30\x03\x02\x01\x01")
    cell.task("addSignerCertificate", f"[{TRUST} -certificateFilePath /tmp/c.der -certificateAlias x]")
    shown = cell.task("getSignerCertificate", f"[{TRUST} -certificateAlias x]")
    assert "[fingerPrint 90:D8:0B:02:14:71:5C:21:17:F1:DB:31:0C:C5:6F:1E:87:DC:47:75]" in shown


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
