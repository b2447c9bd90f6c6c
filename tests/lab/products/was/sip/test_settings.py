"""What the documents of a server say about SIP, and what follows from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.products.was.documents import outline
from lab.products.was.sip import settings
from lab.products.was.sip.interfaces import Identity, Interface, advertised, listed, read_list
from lab.sip.address import Transport

PORTS: dict[Transport, int] = {"tcp": 5062, "tls": 5061, "udp": 5062}


def document(sprayers: str = "", *, custom: str = "", attributes: str = "") -> str:
    """A `proxy-settings.xml`."""
    name = "http://www.ibm.com/websphere/appserver/schemas/7.0/sipproxy.xmi"
    return f'<s:SIPProxySettings xmlns:s="{name}" {attributes}>{sprayers}{custom}</s:SIPProxySettings>'


def custom(**values: str) -> str:
    """Custom properties; a double underscore stands for a point."""
    return "".join(f'<properties name="{name.replace("__", ".")}" value="{value}"/>' for name, value in values.items())


@pytest.mark.parametrize("template", ["proxy-settings-sip", "proxy-settings-http-sip"])
def test_the_settings_of_a_new_server(template: str) -> None:
    found = settings.proxy_settings(outline.document(f"server/{template}", "x").text())
    assert (found.default_cluster, found.sprayers, found.retry_after_s) == ("", {}, 5)
    assert (found.access_log, found.access_log_mb) == (False, 20)


@pytest.mark.parametrize(
    ("sprayers", "properties", "expected"),
    [
        ('<tcpSprayer isEnabled="true" host="a" port="5060"/>', "", ("a", 5060)),
        ('<tcpSprayer isEnabled="false" host="a" port="5060"/>', "", None),
        ('<tcpSprayer host="a" port="5060"/>', "", None),
        ('<tcpSprayer isEnabled="true" host="" port="5060"/>', "", None),
        ('<tcpSprayer isEnabled="true" host="a"/>', "", ("a", 0)),
        ('<tcpSprayer isEnabled="true" host="a" port="1"/>', custom(tcp__IPSprayer__host="b"), ("b", 1)),
        ('<tcpSprayer isEnabled="true" host="a" port="1"/>', custom(tcp__IPSprayer__port="2"), ("a", 2)),
        ('<tcpSprayer host="a" port="1"/>', custom(tcp__IPSprayer__host="b", tcp__IPSprayer__port="2"), ("b", 2)),
        ('<tcpSprayer host="a" port="1"/>', custom(tls__IPSprayer__host="b"), None),
    ],
)
def test_which_sprayer_counts(sprayers: str, properties: str, expected: tuple[str, int] | None) -> None:
    found = settings.proxy_settings(document(sprayers, custom=properties))
    assert found.sprayers.get("tcp") == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<x/>", "has no SIPProxySettings"),
        ("<x", "proxy-settings.xml"),
        (
            document(custom=custom(retryAfterValue="soon")),
            "retryAfterValue of the SIP proxy settings is no number: soon",
        ),
        (document(custom=custom(udp__IPSprayer__host="a", udp__IPSprayer__port="70000")), "port of the udp sprayer"),
    ],
)
def test_settings_that_say_nothing(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        settings.proxy_settings(text)


def test_a_custom_property_wins() -> None:
    properties = custom(retryAfterValue="9", keepAliveInterval="30", tcp__IPSprayer__host="a")
    found = settings.proxy_settings(
        document(custom=properties, attributes='retryAfterValue="3" enableAccessLog="true"')
    )  # fmt: skip
    assert (found.retry_after_s, found.access_log) == (9, True)
    assert found.without_effect == ("keepAliveInterval",)


def test_the_chains_of_a_server(tmp_path: Path) -> None:
    file = tmp_path / "server.xml"
    text = outline.document("server/sip_proxy_server", "x", name="P", logs="l", trace="t").text()
    file.write_text(text)
    assert settings.chains(file) == {
        "udp": "PROXY_SIP_ADDRESS",
        "tcp": "PROXY_SIP_ADDRESS",
        "tls": "PROXY_SIPS_ADDRESS",
    }
    file.write_text(text.replace('name="SIP_PROXY_CHAIN"', 'name="SIP_PROXY_CHAIN" enable="false"'))
    assert set(settings.chains(file)) == {"udp", "tls"}
    file.write_text(outline.document("server/proxy_server", "x", name="P", logs="l", trace="t").text())
    assert settings.chains(file) == {}


def test_what_a_proxy_calls_itself() -> None:
    found = advertised("9.42.111.5", PORTS, {"tcp": ("rtp_natpool1.ibm.com", 5060), "tls": ("rtp_natpool1.ibm.com", 0)})
    assert found == {
        "tcp": Interface("tcp", "rtp_natpool1.ibm.com", 5060),
        "tls": Interface("tls", "rtp_natpool1.ibm.com", 5061),
        "udp": Interface("udp", "9.42.111.5", 5062),
    }
    assert read_list([", ".join(listed(found.values()))]) == list(found.values())
    assert Interface("tcp", "2001:db8::1", 5060).uri() == "sip:[2001:db8::1]:5060;transport=tcp"


@pytest.mark.parametrize(
    ("value", "own"),
    [
        ("<sip:9.42.111.5:5062;lr>", True),
        ("<sip:SIPPROXY1.rtp.example:5062;transport=tcp;lr>", True),
        ("<sip:rtp_natpool1.ibm.com;lr>", True),
        ("<sips:rtp_natpool1.ibm.com;lr>", False),
        ("<sip:rtp_natpool1.ibm.com:5062;lr>", False),
        ("<sip:9.42.111.5;lr>", False),
        ("<sip:9.42.124.45:5062;lr>", False),
    ],
)
def test_what_a_proxy_recognises_as_itself(value: str, own: bool) -> None:
    identity = Identity(
        ["sipproxy1.rtp.example", "9.42.111.5"], [5062], [Interface("tcp", "rtp_natpool1.ibm.com", 5060)]
    )  # fmt: skip
    assert identity.is_named(value) is own
