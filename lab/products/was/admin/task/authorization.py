"""Commands for who may administer the cell: group AuthorizationGroupCommands."""

from __future__ import annotations

from collections.abc import Iterable

from lab.products.was.admin.task import places
from lab.products.was.admin.task.commands import Call, command, invalid
from lab.products.was.model.element import Element

GROUP = "AuthorizationGroupCommands"
_ROLES = "roleName*=administrator|operator|configurator|monitor|deployer|adminsecuritymanager|iscadmins"


def _table(call: Call, name: str) -> Element:
    # There is one table; authorization groups of parts of a cell would have others.
    if call.get("authorizationGroupName"):
        raise invalid(call["authorizationGroupName"], "authorizationGroupName", name)
    return places.root(call.workspace, "admin-authz.xml")


def _assignments(table: Element) -> Iterable[tuple[str, Element]]:
    roles = {each.id: each.get("roleName") or "" for each in table.children["roles"]}
    return [(roles.get(each.get("role") or "", ""), each) for each in table.children["authorizations"]]


def _assignment(call: Call, name: str) -> Element:
    return next(each for role, each in _assignments(_table(call, name)) if role == call["roleName"])


def _names(text: str) -> list[str]:
    return [word for word in text.replace("|", ",").split(",") if word]


def _map(call: Call, name: str, feature: str, type_name: str, who: str) -> str:
    assignment = _assignment(call, name)
    known = {each.get("name") for each in assignment.children.get(feature, ())}
    for each in _names(who):
        if each not in known:
            call.workspace.create(type_name, assignment, {"name": each}, feature)
    return "true"


def _unmap(call: Call, name: str, feature: str, who: str) -> str:
    wanted = set(_names(who))
    for each in list(_assignment(call, name).children.get(feature, ())):
        if each.get("name") in wanted:
            call.workspace.remove(each)
    return "true"


def _listed(call: Call, name: str, feature: str) -> str:
    shown = (
        f"{role}=[{', '.join(each.get('name') or '' for each in assignment.children.get(feature, ()))}]"
        for role, assignment in _assignments(_table(call, name))
    )
    return "{" + ", ".join(shown) + "}"


@command("mapUsersToAdminRole", GROUP, "Map user ids to one or more admin role in the authorization group.",
         f"authorizationGroupName {_ROLES} userids*")  # fmt: skip
def _map_users(call: Call) -> str:
    return _map(call, "mapUsersToAdminRole", "users", "UserExt", call["userids"])


@command("mapGroupsToAdminRole", GROUP, "Map group ids to one or more admin role in the authorization group.",
         f"authorizationGroupName {_ROLES} groupids*")  # fmt: skip
def _map_groups(call: Call) -> str:
    return _map(call, "mapGroupsToAdminRole", "groups", "GroupExt", call["groupids"])


@command("removeUsersFromAdminRole", GROUP, "Remove user ids from one or more admin role in the AuthorizationGroup.",
         f"authorizationGroupName {_ROLES} userids*")  # fmt: skip
def _remove_users(call: Call) -> str:
    return _unmap(call, "removeUsersFromAdminRole", "users", call["userids"])


@command("removeGroupsFromAdminRole", GROUP, "Remove group ids from one or more admin role in the AuthorizationGroup.",
         f"authorizationGroupName {_ROLES} groupids*")  # fmt: skip
def _remove_groups(call: Call) -> str:
    return _unmap(call, "removeGroupsFromAdminRole", "groups", call["groupids"])


@command("listUserIDsOfAuthorizationGroup", GROUP, "List all the user IDs in an authorization group",
         "authorizationGroupName")  # fmt: skip
def _list_users(call: Call) -> str:
    return _listed(call, "listUserIDsOfAuthorizationGroup", "users")


@command("listGroupIDsOfAuthorizationGroup", GROUP, "List all the group IDs in an authorization group",
         "authorizationGroupName")  # fmt: skip
def _list_groups(call: Call) -> str:
    return _listed(call, "listGroupIDsOfAuthorizationGroup", "groups")


@command("listAuthorizationGroups", GROUP, "List existing Authorization Groups.")
def _list_authorization_groups(_: Call) -> str:
    return ""
