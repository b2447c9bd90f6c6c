"""XMI documents survive being read and written, and keep their form."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from lab.products.was.errors import ScriptingError
from lab.products.was.model.document import Document
from lab.products.was.model.element import Element
from tests.lab.products.was.small_cell import DOCUMENTS, SERVER, head

PATH = "cells/C/nodes/N/servers/one/server.xml"


@pytest.mark.parametrize("path", [path for path in DOCUMENTS if path.endswith(".xml")])
def test_unchanged_documents_stay_byte_for_byte(path: str) -> None:
    strange = DOCUMENTS[path].replace("\n  <", "\n\t <!-- by hand -->\n  <")
    assert Document.parse(path, strange).text() == strange


def test_written_as_read() -> None:
    document = Document.parse(PATH, SERVER)
    pool = document.find("ThreadPool_1")
    assert pool is not None
    pool.attributes["maximumSize"] = "60"
    assert document.changed
    assert document.text() == SERVER.replace('maximumSize="50"', 'maximumSize="60"').replace(
        SERVER.split("\n")[1], document.text().split("\n")[1]
    )
    assert ET.fromstring(document.text()).attrib["name"] == "one"


def test_types_do_not_come_from_ids() -> None:
    document = Document.parse(PATH, SERVER)
    types = {each.id: each.type for each in document.walk()}
    assert types["odd"] == "HTTPInboundChannel"
    assert types["Chain_1"] == "Chain"
    assert types["JavaVirtualMachine_1"] == "JavaVirtualMachine"


def test_lists_of_texts_are_elements() -> None:
    document = Document.parse(PATH, SERVER)
    jvm = document.find("JavaVirtualMachine_1")
    assert jvm is not None and jvm.get("classpath") == "/a;/b"
    jvm.attributes["classpath"] = "/a;/c d"
    assert "      <classpath>/a</classpath>\n      <classpath>/c d</classpath>\n" in document.text()


def test_one_root_or_several() -> None:
    document = Document.parse("cells/C/virtualhosts.xml", DOCUMENTS["cells/C/virtualhosts.xml"])
    assert [root.name for root in document.roots] == ["default_host", "admin_host"]
    document.roots[1].detach()
    assert document.text().split("\n")[1].startswith("<host:VirtualHost ")
    document.roots[0].detach()
    assert "<xmi:XMI " in document.text() and document.text().endswith("/>\n")


def test_a_new_feature_takes_its_place_in_the_model() -> None:
    document = Document.parse(PATH, SERVER)
    server = document.roots[0]
    server.add(Element("StreamRedirect", "StreamRedirect_1", document), "errorStreamRedirect")
    server.add(Element("StateManageable", "StateManageable_1", document), "stateManagement")
    assert list(server.children) == [
        "stateManagement", "services", "errorStreamRedirect", "components", "processDefinitions",
    ]  # fmt: skip


def test_special_characters_come_back() -> None:
    document = Document.parse("cells/C/cell.xml", DOCUMENTS["cells/C/cell.xml"])
    value = 'a "b" <c> & d\n\te'
    document.roots[0].attributes["shortName"] = value
    assert Document.parse("cells/C/cell.xml", document.text()).roots[0].get("shortName") == value


def test_references_to_other_documents_are_hrefs() -> None:
    text = (
        f'{head("xmi:XMI", "resources.jdbc=5.0")}>\n  <resources.jdbc:JDBCProvider xmi:id="JDBCProvider_1" name="P">\n'
        '    <factories xmi:type="resources.jdbc:DataSource" xmi:id="DataSource_1" name="D">\n'
        '      <relationalResourceAdapter href="cells/C/resources.xml#builtin_rra"/>\n'
        "    </factories>\n  </resources.jdbc:JDBCProvider>\n</xmi:XMI>\n"
    )
    document = Document.parse("cells/C/nodes/N/resources.xml", text)
    source = document.find("DataSource_1")
    assert source is not None and source.get("relationalResourceAdapter") == "cells/C/resources.xml#builtin_rra"
    source.attributes["name"] = "E"
    assert '<relationalResourceAdapter href="cells/C/resources.xml#builtin_rra"/>' in document.text()


@pytest.mark.parametrize("text", ["", "no XML", "<a/>", '<?xml version="1.0"?><properties/>'])
def test_what_is_no_xmi_is_refused(text: str) -> None:
    with pytest.raises(ScriptingError, match="ADMG0003E"):
        Document.parse("cells/C/cell.xml", text)
