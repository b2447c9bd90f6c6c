"""Commands for SSL configurations that are chosen by where a connection goes: group DynamicSSLConfigSelections."""

from __future__ import annotations

from lab.products.was.admin.task.commands import Call, command
from lab.products.was.admin.task.key_stores import scope_named, ssl_config_named
from lab.products.was.admin.task.places import root
from lab.products.was.errors import ScriptingError
from lab.products.was.model.element import Element

GROUP = "DynamicSSLConfigSelections"
_NAMED = "dynSSLConfigSelectionName* scopeName"


def _selections(call: Call) -> list[Element]:
    return list(root(call.workspace, "security.xml").children.get("dynamicSSLConfigSelections", ()))


def _selection(call: Call) -> Element:
    for each in _selections(call):
        if each.get("name") == call["dynSSLConfigSelectionName"]:
            return each
    raise ScriptingError(f"CWPKI0637E: Selection {call['dynSSLConfigSelectionName']} does not exist.")


@command(
    "createDynamicSSLConfigSelection", GROUP, "Create a Dynamic SSL configuration Selection.",
    f"{_NAMED} dynSSLConfigSelectionDescription dynSSLConfigSelectionInfo* sslConfigName* sslConfigScope "
    "certificateAlias",
)  # fmt: skip
def _create(call: Call) -> str:
    if any(each.get("name") == call["dynSSLConfigSelectionName"] for each in _selections(call)):
        raise ScriptingError(f"CWPKI0638E: Selection {call['dynSSLConfigSelectionName']} already exists.")
    scope = scope_named(call, call.get("scopeName"), create=True)
    values = {
        "name": call["dynSSLConfigSelectionName"], "description": call.get("dynSSLConfigSelectionDescription"),
        "dynamicSelectionInfo": call["dynSSLConfigSelectionInfo"], "certificateAlias": call.get("certificateAlias"),
        "sslConfig": ssl_config_named(call, call["sslConfigName"], call.get("sslConfigScope")).id,
        "managementScope": scope.id if scope else "",
    }  # fmt: skip
    security = root(call.workspace, "security.xml")
    return call.id(call.workspace.create("DynamicSSLConfigSelection", security, values, "dynamicSSLConfigSelections"))


@command("listDynamicSSLConfigSelections", GROUP, "List all Dynamic SSL configuration selections.",
         "scopeName all:Boolean")  # fmt: skip
def _list(call: Call) -> str:
    return call.lines(_selections(call))


@command("deleteDynamicSSLConfigSelection", GROUP, "Delete an existing Dynamic SSL configuration selection.", _NAMED)
def _delete(call: Call) -> str:
    call.workspace.remove(_selection(call))
    return ""
