"""Certificates of the end points, and whom a server trusts: what the SSL configuration of the repository names."""

from __future__ import annotations

import asyncio
import ssl

import pytest
from cryptography import x509

from lab.products.was.keys.ssl_settings import Security
from lab.products.was.sip import tls
from tests.lab.products.was.sip.site import PROXY, Site, partner
from tests.lab.sip.parties import LOOPBACK, code, run, until

CELL = "(cell):C"
STORE = f"-keyStoreName Own -keyStoreScope {CELL}"
TRUST = f"-keyStoreName CellDefaultTrustStore -keyStoreScope {CELL}"
SUBJECT = "-certificateCommonName rtp_nat.ibm.com -certificateOrganization IBM -certificateCountry US"


def own_settings(site: Site) -> None:
    """A key store and an SSL configuration besides those of the cell."""
    task = site.cell.task
    place = "-keyStoreType PKCS12 -keyStoreLocation ${CONFIG_ROOT}/cells/C/own.p12"
    task(
        "createKeyStore", f"[-keyStoreName Own -scopeName {CELL} {place} -keyStorePassword p -keyStorePasswordVerify p]"
    )
    task("createSelfSignedCertificate", f"[{STORE} -certificateAlias public -certificateSize 2048 {SUBJECT}]")
    stores = f"-keyStoreName Own -keyStoreScopeName {CELL} -trustStoreName CellDefaultTrustStore"
    task("createSSLConfig", f"[-alias Own -scopeName {CELL} {stores} -serverKeyAlias public -clientKeyAlias public]")
    for each in site.cell.workspace.resolve(f"/Node:N/Server:{PROXY}/"):
        for channel in site.cell.workspace.list("SSLInboundChannel", each):
            channel.attributes["sslConfigAlias"] = "Own"
    site.cell.workspace.save()


def trust_partner(site: Site) -> None:
    """Have the authority of the partner among the signers of the cell."""
    file = site.cell.host.path("/tmp/ca.arm")
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(site.authority.pem)
    added = f"[{TRUST} -certificateAlias partner -certificateFilePath /tmp/ca.arm -base64Encoded true]"
    site.cell.task("addSignerCertificate", added)
    site.cell.workspace.save()


async def presented(site: Site) -> x509.Certificate:
    """The certificate that the SIP proxy shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    _reader, writer = await asyncio.open_connection(LOOPBACK, site.proxy_at("tls").port, ssl=context)
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return x509.load_der_x509_certificate(shown)


@pytest.mark.parametrize(("own", "name"), [(False, "n.example.com"), (True, "rtp_nat.ibm.com")])
def test_a_server_shows_what_its_channel_names_or_what_its_node_has(site: Site, own: bool, name: str) -> None:
    if own:
        own_settings(site)

    async def work() -> None:
        site.start_proxy()
        certificate = await presented(site)
        assert certificate.subject.rfc4514_string() == f"CN={name},O=IBM,C=US"
        await site.stop_all()

    run(work())


def test_an_alias_that_is_not_there_is_not_served(site: Site) -> None:
    own_settings(site)
    site.cell.task("deleteCertificate", f"[{STORE} -certificateAlias public]")
    site.cell.workspace.save()
    server = site.runtime("N", PROXY)
    security = Security(server.config, "C", "N")
    document = server.config / f"cells/C/nodes/N/servers/{PROXY}/server.xml"
    with pytest.raises(ValueError, match="CWPKI0024E: the alias public is not found"):
        tls.serving(server.profile, security, document)


@pytest.mark.parametrize("trusted", [False, True])
def test_a_partner_is_reached_when_its_signer_is_trusted(site: Site, trusted: bool) -> None:
    if trusted:
        trust_partner(site)

    async def work() -> None:
        _, members = await site.up("N", "M")
        other = await partner("tls", site)
        asking = members["N"].request(other.request("MESSAGE", "one"), other.place)
        answer = await other.answer(asking)
        assert code(answer) == (200 if trusted else 503)
        assert bool(other.messages) == trusted
        await site.stop_all(other)

    run(work())
    assert ("certificate verify failed" in site.log(PROXY)) != trusted


def test_the_destination_chooses_who_the_server_is_to_it(site: Site) -> None:
    own_settings(site)
    info = (
        "-dynSSLConfigSelectionName sip -dynSSLConfigSelectionInfo *,*,{} -sslConfigName Own -sslConfigScope (cell):C"
    )
    server = site.runtime("N", PROXY)
    site.cell.task("createDynamicSSLConfigSelection", f"[{info.format(5061)}]")
    site.cell.workspace.save()
    selections = list(Security(server.config, "C", "N").selections())
    assert [(each.settings.alias, each.fits("10.0.0.1", 5061), each.fits("10.0.0.1", 5062)) for each in selections] == [
        ("Own", True, False)
    ]


def test_a_member_that_is_not_trusted_is_reached_otherwise(site: Site) -> None:
    trust_partner(site)
    for alias in ("default_n", "default_m"):
        site.cell.task("deleteSignerCertificate", f"[{TRUST} -certificateAlias {alias}]")
    site.cell.workspace.save()

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
