"""Commands for bridges between core groups: group CoreGroupBridgeManagement."""

from __future__ import annotations

from lab.products.was.admin.task.commands import Call, command, invalid
from lab.products.was.admin.task.servers import core_group
from lab.products.was.model.element import Element

GROUP = "CoreGroupBridgeManagement"
_SETTINGS = "coreGroupBridgeSettings*"


def _settings(call: Call, name: str) -> Element:
    settings = call.workspace.find(call.target)
    if settings.type != "CoreGroupBridgeSettings":
        raise invalid(call.target, "target", name)
    return settings


@command("createCoreGroupAccessPoint", GROUP, "Create a default core group access point for the core group and add it "
         "to the default access point group.", "coreGroupName*", target=_SETTINGS)  # fmt: skip
def _create_access_point(call: Call) -> str:
    settings = _settings(call, "createCoreGroupAccessPoint")
    core_group(call.workspace, call["coreGroupName"])
    values = {"name": f"CGAP_{call['coreGroupName']}", "coreGroup": call["coreGroupName"]}
    made = call.workspace.create("CoreGroupAccessPoint", settings, values, "coreGroupAccessPoints")
    for group in settings.children.get("accessPointGroups", ()):
        if group.get("name") == "DefaultAccessPointGroup":
            refs = [*(group.get("coreGroupAccessPointRefs") or "").split(), made.id]
            call.workspace.modify(group, {"coreGroupAccessPointRefs": " ".join(refs)})
    return call.id(made)


@command("deleteCoreGroupAccessPoints", GROUP, "Delete all the core group access points associated with a specified "
         "core group.", "coreGroupName*", target=_SETTINGS)  # fmt: skip
def _delete_access_points(call: Call) -> str:
    for point in list(_settings(call, "deleteCoreGroupAccessPoints").children.get("coreGroupAccessPoints", ())):
        if point.get("coreGroup") == call["coreGroupName"]:
            call.workspace.remove(point)
    return ""


@command("listCoreGroups", GROUP, "Return a collection of core groups that are related to the specified core group.",
         "cgapName*", target=_SETTINGS)  # fmt: skip
def _list_core_groups(call: Call) -> str:
    points = _settings(call, "listCoreGroups").children.get("coreGroupAccessPoints", ())
    return call.lines(each.get("coreGroup") or "" for each in points if each.get("name") == call["cgapName"])
