"""AdminConfig's commands for resource adapter archives (RAR)."""

from __future__ import annotations

import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from pathlib import Path, PurePosixPath

from lab.products.was.admin import Argument
from lab.products.was.admin.attribute_lists import Value, pairs, parse
from lab.products.was.admin.config_command import Command, Context, text
from lab.products.was.errors import ScriptingError
from lab.products.was.model import messages
from lab.products.was.model.element import Element
from lab.products.was.model.workspace import Workspace

_INSTALL, _UNINSTALL = "installResourceAdapter", "uninstallResourceAdapter"
_OPTIONS = frozenset(
    f"-rar.{name}"
    for name in ("name", "desc", "archivePath", "classpath", "nativePath", "threadPoolAlias", "propertiesSet")
)
_INTERFACES = {
    "managedconnectionfactory-class": "managedConnectionFactoryClass",
    "connectionfactory-interface": "connectionFactoryInterface",
    "connectionfactory-impl-class": "connectionFactoryImplClass",
    "connection-interface": "connectionInterface",
    "connection-impl-class": "connectionImplClass",
}
_SUPPORT = {"transaction-support": "transactionSupport", "reauthentication-support": "reauthenticationSupport"}


def _install(context: Context, file: Argument, node: Argument, options: Argument = None) -> str:
    native = text(file, "rar file name", _INSTALL)
    owner = _node(context, text(node, "node name", _INSTALL))
    given, given_properties = _options(options)
    descriptor = _descriptor(context.host.path(native), native)
    archive = f"${{CONNECTOR_INSTALL_ROOT}}/{PurePosixPath(native.replace(chr(92), '/')).name}"
    values = {
        "name": given.get("-rar.name") or _text(descriptor, "display-name") or PurePosixPath(archive).stem,
        "description": given.get("-rar.desc", ""),
        "archivePath": given.get("-rar.archivePath", archive),
        "classpath": given.get("-rar.classpath", archive),
        "nativepath": given.get("-rar.nativePath", ""),
        "threadPoolAlias": given.get("-rar.threadPoolAlias", ""),
    }
    if any(each.name == values["name"] for each in _adapters(context, owner)):
        raise messages.already_exists("J2CResourceAdapter", values["name"])
    made = context.workspace.create("J2CResourceAdapter", owner, {name: each for name, each in values.items() if each})
    properties = context.workspace.create("J2EEResourcePropertySet", made, {}, "propertySet")
    for each in descriptor.iterfind("resourceadapter/config-property"):
        declared = _property(each)
        declared["value"] = given_properties.get(declared["name"], declared.get("value", ""))
        context.workspace.create("J2EEResourceProperty", properties, declared, "resourceProperties")
    _Deployment(context.workspace).connector(descriptor, made)
    return context.workspace.config_id(made)


def _uninstall(context: Context, config_id: Argument, options: Argument = None) -> str:
    element = context.element(config_id, _UNINSTALL)
    if element.type != "J2CResourceAdapter":
        raise messages.invalid_parameter(str(config_id), "config id", _UNINSTALL)
    if options and "-force" not in str(options):
        raise ScriptingError(f'WASX7103E: Invalid option "{options}" specified.')
    context.workspace.remove(element)
    return ""


def _node(context: Context, name: str) -> Element:
    found = context.workspace.resolve(f"/Node:{name}/")
    if not found:
        raise messages.invalid_parameter(name, "node name", _INSTALL)
    return found[0]


def _adapters(context: Context, owner: Element) -> list[Element]:
    """The node's own ones."""
    path = str(PurePosixPath(owner.document.path).parent / "resources.xml")
    return [each for each in context.workspace.list("J2CResourceAdapter", owner) if each.document.path == path]


def _options(argument: Argument) -> tuple[dict[str, str], dict[str, str]]:
    """Options by name, and the properties of `-rar.propertiesSet [[name value] ...]`. Raises `ScriptingError`."""
    if isinstance(argument, str):
        items: Sequence[Value | Argument] = parse(argument if argument.lstrip().startswith("[") else f"[{argument}]")
    else:
        items = argument if isinstance(argument, Sequence) else ()
    found: dict[str, str] = {}
    properties: dict[str, str] = {}
    for name, value in zip_longest(items[::2], items[1::2], fillvalue=""):
        if name not in _OPTIONS:
            raise ScriptingError(f'WASX7103E: Invalid option "{name}" specified.')
        if isinstance(value, str):
            found[str(name)] = value
        else:
            properties |= {key: str(each) for key, each in pairs(value)}
    return found, properties


def _descriptor(file: Path, native: str) -> ET.Element:
    """The root of `META-INF/ra.xml`, without namespaces."""
    if not file.is_file():
        raise ScriptingError(f'WASX7115E: Cannot read input file "{native}"')
    try:
        with zipfile.ZipFile(file) as archive:
            root = ET.fromstring(archive.read("META-INF/ra.xml"))
    except (zipfile.BadZipFile, ET.ParseError, KeyError) as error:
        raise ScriptingError(f"WASX7017E: The resource adapter archive {native} cannot be opened: {error}") from error
    for each in root.iter():
        each.tag = each.tag.rpartition("}")[2]
    return root


class _Deployment:
    """Makes the objects that a descriptor declares."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def connector(self, source: ET.Element, adapter: Element) -> None:
        """The descriptor as a whole: of the connector architecture 1.0 or 1.5."""
        values = _values(source, {
            "display-name": "displayName", "vendor-name": "vendorName", "eis-type": "eisType",
            "resourceadapter-version": "version", "version": "version", "spec-version": "specVersion",
        })  # fmt: skip
        values.setdefault("specVersion", source.get("version", "1.0"))
        connector = self._workspace.create("Connector", adapter, values, "deploymentDescriptor")
        declared = _child(source, "resourceadapter")
        resource = self._make("ResourceAdapter", connector, declared, "resourceAdapter", {
            "resourceadapter-class": "resourceAdapterClass", **_INTERFACES, **_SUPPORT,
        })  # fmt: skip
        self._properties(declared, resource)
        self._mechanisms(declared, resource)
        for each in declared.iterfind("outbound-resourceadapter"):
            outbound = self._make("OutboundResourceAdapter", resource, each, "outboundResourceAdapter", _SUPPORT)
            self._mechanisms(each, outbound)
            for definition in each.iterfind("connection-definition"):
                made = self._make("ConnectionDefinition", outbound, definition, "connectionDefinitions", _INTERFACES)
                self._properties(definition, made)
        for each in declared.iterfind("inbound-resourceadapter"):
            self._inbound(each, resource)
        for each in declared.iterfind("adminobject"):
            names = {"adminobject-interface": "adminObjectInterface", "adminobject-class": "adminObjectClass"}
            self._properties(each, self._make("AdminObject", resource, each, "adminObjects", names))

    def _inbound(self, source: ET.Element, resource: Element) -> None:
        inbound = self._make("InboundResourceAdapter", resource, source, "inboundResourceAdapter", {})
        source_ = _child(source, "messageadapter")
        adapter = self._make("MessageAdapter", inbound, source_, "messageAdapter", {})
        for each in source_.iterfind("messagelistener"):
            listener = self._make(
                "MessageListener", adapter, each, "messageListeners", {"messagelistener-type": "messageListenerType"}
            )
            declared = _child(each, "activationspec")
            spec = self._make(
                "ActivationSpec", listener, declared, "activationSpec", {"activationspec-class": "activationSpecClass"}
            )
            for required in declared.iterfind("required-config-property"):
                names = {"config-property-name": "name"}
                self._make("RequiredConfigPropertyType", spec, required, "requiredConfigProperties", names)

    def _make(
        self, type_name: str, owner: Element, source: ET.Element, feature: str, names: Mapping[str, str]
    ) -> Element:
        return self._workspace.create(type_name, owner, _values(source, names), feature)

    def _properties(self, source: ET.Element, owner: Element) -> None:
        for each in source.iterfind("config-property"):
            self._workspace.create("ConfigProperty", owner, _property(each), "configProperties")

    def _mechanisms(self, source: ET.Element, owner: Element) -> None:
        names = {
            "authentication-mechanism-type": "authenticationMechanismType",
            "auth-mechanism-type": "authenticationMechanismType",
            "credential-interface": "credentialInterface",
        }
        for each in (*source.iterfind("authentication-mechanism"), *source.iterfind("auth-mechanism")):
            self._make("AuthenticationMechanism", owner, each, "authenticationMechanisms", names)


def _child(source: ET.Element, tag: str) -> ET.Element:
    found = source.find(tag)
    return ET.Element(tag) if found is None else found


def _text(source: ET.Element, tag: str) -> str:
    return (source.findtext(tag) or "").strip()


def _values(source: ET.Element, names: Mapping[str, str]) -> dict[str, str]:
    return {name: _text(source, tag) for tag, name in names.items() if _text(source, tag)}


def _property(source: ET.Element) -> dict[str, str]:
    return _values(source, {
        "config-property-name": "name", "config-property-type": "type", "config-property-value": "value",
        "description": "description",
    })  # fmt: skip


COMMANDS = {
    _INSTALL: Command(_install, 2, ("rar file name", "node name", "options"),
                      "Installs a J2C resource adapter with the given RAR file name and an option string in the node."),
    _UNINSTALL: Command(_uninstall, 1, ("config id", "options"),
                        "Uninstalls a J2C resource adapter with the given config id."),
}  # fmt: skip
