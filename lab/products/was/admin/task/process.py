"""Commands for the process of a server: JVM, process definition, trace. Group ServerManagement."""

from __future__ import annotations

from collections.abc import Mapping

from lab.products.was.admin.task import places
from lab.products.was.admin.task.commands import Call, command, invalid
from lab.products.was.admin.task.servers import GROUP, found
from lab.products.was.model.element import Element

_SERVER = "serverName* nodeName"
_JVM = (
    "classpath bootClasspath verboseModeClass:Boolean verboseModeGarbageCollection:Boolean verboseModeJNI:Boolean "
    "initialHeapSize:Integer maximumHeapSize:Integer runHProf:Boolean hprofArguments debugMode:Boolean debugArgs "
    "genericJvmArguments executableJarFileName disableJIT:Boolean osName"
)
_DEFINITION = "executableName executableArguments workingDirectory executableTargetKind executableTarget"


def _server(call: Call) -> Element:
    return found(call)[1]


def _jvm(call: Call) -> Element:
    return places.component(_server(call), "JavaVirtualMachine")


def _given(call: Call, names: str) -> dict[str, str]:
    """The values that were given for these parameters; a class path is a list in documents."""
    words = {word.partition(":")[0] for word in names.split()}
    return {name: value for name, value in call.values.items() if name in words}


def _shown(call: Call, element: Element, wanted: str) -> str:
    """Attributes as `[name value]` lines, or the value of the one that `-propertyName` names."""
    if wanted:
        known = {**element.info.attributes, **element.info.references}
        if wanted not in known:
            raise invalid(wanted, "propertyName", "show")
        return element.get(wanted) or ""
    values = {name: element.get(name) for name in sorted(element.info.attributes)}
    return call.lines(f"[{name} {_quoted(value)}]" for name, value in values.items() if value is not None)


def _quoted(value: str) -> str:
    if not value:
        return "[]"
    return f'"{value}"' if " " in value else value


@command("setJVMProperties", GROUP, "Set Java virtual machine (JVM) configuration", f"{_SERVER} {_JVM}")
def _set_jvm_properties(call: Call) -> str:
    call.workspace.modify(_jvm(call), _given(call, _JVM))
    return "true"


@command("showJVMProperties", GROUP, "List Java virtual machine (JVM) configuration", f"{_SERVER} propertyName")
def _show_jvm_properties(call: Call) -> str:
    return _shown(call, _jvm(call), call.get("propertyName"))


@command("setGenericJVMArguments", GROUP, "Set JVM generic arguments", f"{_SERVER} genericJvmArguments*")
def _set_generic_jvm_arguments(call: Call) -> str:
    call.workspace.modify(_jvm(call), {"genericJvmArguments": call["genericJvmArguments"]})
    return "true"


@command("setJVMInitialHeapSize", GROUP, "Set JVM initial heap size", f"{_SERVER} initialHeapSize*:Integer")
def _set_jvm_initial_heap_size(call: Call) -> str:
    call.workspace.modify(_jvm(call), {"initialHeapSize": call["initialHeapSize"]})
    return "true"


@command("setJVMMaxHeapSize", GROUP, "Set JVM maximum heap size", f"{_SERVER} maximumHeapSize*:Integer")
def _set_jvm_max_heap_size(call: Call) -> str:
    call.workspace.modify(_jvm(call), {"maximumHeapSize": call["maximumHeapSize"]})
    return "true"


@command("setJVMDebugMode", GROUP, "Set JVM debug mode", f"{_SERVER} debugMode*:Boolean")
def _set_jvm_debug_mode(call: Call) -> str:
    call.workspace.modify(_jvm(call), {"debugMode": call["debugMode"]})
    return "true"


@command(
    "setJVMSystemProperties", GROUP, "set Java virtual machine (JVM) system property",
    f"{_SERVER} propertyName* propertyValue*",
)  # fmt: skip
def _set_jvm_system_properties(call: Call) -> str:
    jvm = _jvm(call)
    known = {each.get("name"): each for each in jvm.children.get("systemProperties", ())}
    values = {"name": call["propertyName"], "value": call["propertyValue"]}
    if call["propertyName"] in known:
        call.workspace.modify(known[call["propertyName"]], values)
    else:
        call.workspace.create("Property", jvm, values, "systemProperties")
    return "true"


@command(
    "showJVMSystemProperties", GROUP, "Show Java virtual machine (JVM) system properties.", f"{_SERVER} propertyName"
)
def _show_jvm_system_properties(call: Call) -> str:
    values = {each.get("name"): each.get("value") or "" for each in _jvm(call).children.get("systemProperties", ())}
    if call.get("propertyName"):
        return values.get(call["propertyName"], "")
    return call.lines(f"[{name} {_quoted(value)}]" for name, value in values.items())


@command(
    "setProcessDefinition", GROUP, "Set the process definition of an application server", f"{_SERVER} {_DEFINITION}"
)
def _set_process_definition(call: Call) -> str:
    call.workspace.modify(places.component(_server(call), "JavaProcessDef"), _given(call, _DEFINITION))
    return "true"


@command("showProcessDefinition", GROUP, "Show the process definition of the server", f"{_SERVER} propertyName")
def _show_process_definition(call: Call) -> str:
    return _shown(call, places.component(_server(call), "JavaProcessDef"), call.get("propertyName"))


@command(
    "setTraceSpecification", GROUP, "Set the trace specification for the server.",
    f"{_SERVER} traceSpecification* persist:Boolean",
)  # fmt: skip
def _set_trace_specification(call: Call) -> str:
    service = places.component(_server(call), "TraceService")
    call.workspace.modify(service, {"startupTraceSpecification": call["traceSpecification"]})
    return "true"


@command(
    "setResourceProperty", GROUP, "Sets a property of a resource.",
    "propertyName* propertyValue* propertyType propertyDescription", target="resource*",
)  # fmt: skip
def _set_resource_property(call: Call) -> str:
    resource = call.workspace.find(call.target)
    values = {"name": call["propertyName"], "value": call["propertyValue"]}
    values |= {"type": call["propertyType"]} if call.get("propertyType") else {}
    values |= {"description": call["propertyDescription"]} if call.get("propertyDescription") else {}
    before = _resource_properties(resource).get(call["propertyName"])
    if before is not None:
        call.workspace.modify(before, values)
        return call.id(before)
    sets = resource.children.get("propertySet") or [
        call.workspace.create("J2EEResourcePropertySet", resource, {}, "propertySet")
    ]
    return call.id(call.workspace.create("J2EEResourceProperty", sets[0], values, "resourceProperties"))


@command("showResourceProperties", GROUP, "list all the properties of a resource", "propertyName", target="resource*")
def _show_resource_properties(call: Call) -> str:
    properties = _resource_properties(call.workspace.find(call.target))
    if call.get("propertyName"):
        wanted = properties.get(call["propertyName"])
        return (wanted.get("value") or "") if wanted else ""
    return call.lines(f"[{name} {_quoted(each.get('value') or '')}]" for name, each in sorted(properties.items()))


def _resource_properties(resource: Element) -> Mapping[str, Element]:
    sets = resource.children.get("propertySet", ())
    return {each.get("name") or "": each for one in sets for each in one.children.get("resourceProperties", ())}
