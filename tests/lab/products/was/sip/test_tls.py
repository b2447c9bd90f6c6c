"""Certificates of the end points, and whom a server trusts."""

from __future__ import annotations

from cryptography import x509

from lab.products.was.sip import tls
from lab.products.was.sip.certificate_name import common_name
from tests.lab.products.was.sip.site import PROXY, Site, partner
from tests.lab.sip.parties import code, run, until

STORE = "-keyStoreName NodeDefaultKeyStore -keyStoreScope (cell):C:(node):N"
SUBJECT = "-certificateCommonName rtp_nat.ibm.com -certificateOrganization IBM -certificateCountry US"


def test_a_certificate_is_made_once_in_the_name_of_the_host(site: Site) -> None:
    profile = site.cell.profile
    tls.serving(profile, "rtp_nat.ibm.com")
    file = profile.file("etc", "lab", "rtp_nat.ibm.com.pem")
    made = file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    tls.serving(profile, "rtp_nat.ibm.com")
    assert file.read_text() == made
    certificate = x509.load_pem_x509_certificate(made.encode())
    assert certificate.subject.rfc4514_string() == "CN=rtp_nat.ibm.com,O=IBM,C=US"
    assert certificate.issuer == certificate.subject
    assert list(file.parent.iterdir()) == [file]


def test_the_certificate_has_the_name_of_the_one_in_the_key_store(site: Site) -> None:
    task, node = site.cell.task, site.runtime("N", PROXY)

    def name() -> str:
        site.cell.workspace.save()
        return common_name(node.config, "C", "N", "n.example.com")

    assert name() == "n.example.com"
    task("createSelfSignedCertificate", f"[{STORE} -certificateAlias public -certificateSize 1024 {SUBJECT}]")
    assert name() == "n.example.com", "the settings choose none, and the original one is there"
    task("modifySSLConfig", "[-alias NodeDefaultSSLSettings -scopeName (cell):C:(node):M -serverKeyAlias public]")
    assert name() == "n.example.com", "those of another node"
    task("modifySSLConfig", "[-alias NodeDefaultSSLSettings -scopeName (cell):C:(node):N -serverKeyAlias public]")
    assert name() == "rtp_nat.ibm.com"
    task("modifySSLConfig", "[-alias NodeDefaultSSLSettings -scopeName (cell):C:(node):N -serverKeyAlias default]")
    assert name() == "n.example.com"


def test_the_certificate_that_is_left_is_shown(site: Site) -> None:
    for command, words in (
        ("createSelfSignedCertificate", f"-certificateAlias public -certificateSize 1024 {SUBJECT}"),
        ("replaceCertificate", "-certificateAlias default -replacementCertificateAlias public -deleteOldCert true"),
    ):
        site.cell.task(command, f"[{STORE} {words}]")
    site.cell.workspace.save()
    assert common_name(site.cell.profile.config, "C", "N", "n.example.com") == "rtp_nat.ibm.com"


def test_a_real_trust_store_decides(site: Site) -> None:
    """The members' certificates are in it, the partner's is not."""
    profile = site.cell.profile
    known = []
    for name in ("n.example.com", "m.example.com"):
        tls.serving(profile, name)
        text = profile.file("etc", "lab", f"{name}.pem").read_text()
        known.append(text[text.index("-----BEGIN CERT") :])
    store = profile.file("config", "cells", "C", "trust.p12")
    store.write_text("".join(known))

    async def work() -> None:
        _, members = await site.up("N", "M")
        other = await partner("tls", site)
        answer = await members["N"].request(other.request("MESSAGE", "one"), other.place)
        assert code(answer) == 503
        assert "certificate" in answer.phrase.lower()
        assert not other.messages
        await site.stop_all(other)

    run(work())
    assert "certificate verify failed" in site.log(PROXY)
    assert "trusts every peer" not in site.log(PROXY)


def test_a_member_that_is_not_trusted_is_reached_otherwise(site: Site) -> None:
    profile = site.cell.profile
    tls.serving(profile, "somebody.example")
    text = profile.file("etc", "lab", "somebody.example.pem").read_text()
    profile.file("config", "cells", "C", "trust.p12").write_text(text[text.index("-----BEGIN CERT") :])

    async def work() -> None:
        site.start_member("N")
        proxy = site.start_proxy()
        await until(lambda: proxy.living)
        other = await partner("tls", site)
        answer = await other.ask(other.request("INVITE", "one"), site.proxy_at("tls"))
        assert code(answer) == 200
        assert [value.count("ibmdrr") for value in answer.headers.getlist("Record-Route")] == [1, 1]
        await until(lambda: "is not reached by tls" in site.log(PROXY))
        await site.stop_all(other)

    run(work())
