"""What an enterprise archive, or a module on its own, says about itself."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lab.products.was.errors import ScriptingError


@dataclass(frozen=True)
class Module:
    """A module of an application. `kind` is web, ejb, connector or java; `context_root` is of web modules."""

    uri: str
    name: str
    kind: str
    context_root: str = ""

    @property
    def descriptor(self) -> str:
        """Its deployment descriptor, as scripts name it behind the module's URI."""
        return {
            "web": "WEB-INF/web.xml",
            "connector": "META-INF/ra.xml",
            "java": "META-INF/application-client.xml",
        }.get(self.kind, "META-INF/ejb-jar.xml")


@dataclass(frozen=True)
class Archive:
    """An application to install. `descriptor` is the text of its `application.xml`."""

    name: str
    modules: tuple[Module, ...]
    descriptor: str


def read(file: Path, native: str, context_root: str = "") -> Archive:
    """The archive in `file`. Raises `ScriptingError` when it is not there or holds no application."""
    if not file.is_file():
        raise ScriptingError(f'WASX7115E: Cannot read input file "{native}"')
    stem = PurePosixPath(native.replace("\\", "/")).stem
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if "META-INF/application.xml" in names:
                return of_descriptor(archive.read("META-INF/application.xml").decode("utf-8"), stem)
            if "WEB-INF/web.xml" in names:
                return _of_web_module(PurePosixPath(native.replace("\\", "/")).name, stem, context_root or f"/{stem}")
    except (zipfile.BadZipFile, ET.ParseError, UnicodeDecodeError) as error:
        raise ScriptingError(f"ADMA0092E: The archive {native} cannot be opened: {error}") from error
    raise ScriptingError(f"ADMA0092E: The archive {native} cannot be opened: it has no deployment descriptor.")


def of_descriptor(text: str, default: str) -> Archive:
    """The application that an `application.xml` describes; `default` is its name when the text has none."""
    name, modules = default, []
    for element in ET.fromstring(text).iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "display-name" and (element.text or "").strip():
            name = (element.text or "").strip()
        elif tag == "module":
            modules += [_module(child) for child in element if child.tag.rpartition("}")[2] != "alt-dd"]
    return Archive(name, tuple(modules), text)


def _module(element: ET.Element) -> Module:
    kind = element.tag.rpartition("}")[2]
    values = {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in element}
    uri = values.get("web-uri") or (element.text or "").strip()
    return Module(uri, re.sub(r"\.\w+$", "", uri), kind, values.get("context-root", ""))


def _of_web_module(uri: str, name: str, context_root: str) -> Archive:
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<application>\n'
        f"  <display-name>{name}</display-name>\n  <module><web><web-uri>{uri}</web-uri>"
        f"<context-root>{context_root}</context-root></web></module>\n</application>\n"
    )
    return of_descriptor(text, name)
