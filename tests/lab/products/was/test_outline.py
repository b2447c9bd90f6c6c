"""The notation in which the documents of a new profile are described."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.products.was.documents import outline
from lab.products.was.model.document import Document

CHAINS = """\
# Comments and empty lines say nothing.

Server name=@{name} shortName='with "quotes"'
  services TransportChannelService
    include chains
VirtualHost
  mimeTypes type=text/html \\
      extensions=html;htm
"""
PART = """\
transportChannels TCPInboundChannel &tcp name=TCP_1
transportChannels DCSInboundChannel &dcs xmi:id=builtin_dcs name="DCS 1"
chains name=DCS enable=true transportChannels=tcp,dcs
"""


def _written(home: Path, text: str, part: str = PART) -> Path:
    (home / "parts").mkdir()
    (home / "it.outline").write_text(text, "utf-8")
    (home / "parts" / "chains.outline").write_text(part, "utf-8")
    return home


def test_an_outline_becomes_a_document(tmp_path: Path) -> None:
    made = outline.document("it", "server.xml", _written(tmp_path, CHAINS), name="@{S} & <Co>")
    read = Document.parse("server.xml", made.text())
    server, host = read.roots
    assert (server.id, server.get("name"), server.get("shortName")) == ("Server_1", "@{S} & <Co>", 'with "quotes"')
    (service,) = server.children["services"]
    assert service.type == "TransportChannelService"
    tcp, dcs = service.children["transportChannels"]
    assert [(each.type, each.id, each.get("name")) for each in (tcp, dcs)] == [
        ("TCPInboundChannel", "TCPInboundChannel_1", "TCP_1"),
        ("DCSInboundChannel", "builtin_dcs", "DCS 1"),
    ]
    (chain,) = service.children["chains"]
    assert chain.attributes == {"name": "DCS", "transportChannels": "TCPInboundChannel_1 builtin_dcs"}
    assert chain.get("enable") == "true", "the default is not written"
    (mime,) = host.children["mimeTypes"]
    assert mime.get("extensions") == "html;htm"
    assert made.text().count("<extensions>") == 2


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("Sever name=a", "it.outline:1", "no objects of type Sever"),
        ("Service", "it.outline:1", "no objects of type Service"),
        ("# why\nServer\n  services Nonsense", "it.outline:3", "no objects of type Nonsense"),
        ("Server\n  services VirtualHost", "it.outline:2", "services of a Server is no VirtualHost"),
        ("Server\n  servces AdminService", "it.outline:2", "a Server contains no servces"),
        ("Server\n  stateManagement\n  stateManagement", "it.outline:3", "only one stateManagement"),
        ("Server nme=a", "it.outline:1", "no attribute nme"),
        ("Server developmentMode=yes", "it.outline:1", "yes is no value for developmentMode"),
        ("Cell cellType=BIG", "it.outline:1", "BIG is no value for cellType"),
        ("Server name=@{gap}", "it.outline:1", "nothing is given for @{gap}"),
        ("Server name='a", "it.outline:1", "this is no `feature Type"),
        ("Server name=a b", "it.outline:1", "this is no `feature Type"),
        ("Server\n   stateManagement", "it.outline:2", "indentation"),
        ("Server\n    stateManagement", "it.outline:2", "indentation"),
        ("  Server", "it.outline:1", "indentation"),
        ("Server\n\tstateManagement", "it.outline:2", "indentation"),
        ("Security activeAuthMechanism=ltpa", "it.outline:1", "nothing has the label ltpa"),
        ("Security &own activeAuthMechanism=own", "it.outline:1", "refers to no Security"),
        ("Security activeAuthMechanism=a,b", "it.outline:1", "refers to one object only"),
        ("Server &one\nServer &one", "it.outline:2", "label one is given twice"),
        ("Server \\", "it.outline", "continued by nothing"),
    ],
)
def test_what_the_metamodel_or_the_notation_does_not_allow(tmp_path: Path, text: str, place: str, reason: str) -> None:
    with pytest.raises(outline.OutlineError) as refused:
        outline.document("it", "", _written(tmp_path, text))
    assert str(refused.value).startswith(f"{place}: ")
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("part", "place", "reason"),
    [
        ("chains nme=a", "parts/chains.outline:1", "no attribute nme"),
        ("chains name=a\n  properties", "parts/chains.outline:2", "a Chain contains no properties"),
    ],
)
def test_a_fault_in_a_part_is_told_with_the_parts_line(tmp_path: Path, part: str, place: str, reason: str) -> None:
    with pytest.raises(outline.OutlineError) as refused:
        outline.document("it", "", _written(tmp_path, CHAINS, part), name="S")
    assert str(refused.value).startswith(f"{place}: ")
    assert reason in str(refused.value)


def test_nothing_is_contained_in_a_part(tmp_path: Path) -> None:
    text = "Server\n  services TransportChannelService\n    include chains\n      properties name=a value=b\n"
    with pytest.raises(outline.OutlineError, match=r"it\.outline:4: the indentation"):
        outline.document("it", "", _written(tmp_path, text))
