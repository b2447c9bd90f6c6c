# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The standalone LDAP registry of a cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._was_items import Item, Object

TYPES = ["IBM_DIRECTORY_SERVER", "SECUREWAY", "IPLANET", "NETSCAPE", "DOMINO502", "NDS", "ACTIVE_DIRECTORY", "CUSTOM"]

OPTIONS: dict[str, Any] = {
    "type": "dict",
    "options": {
        "type": {"type": "str", "choices": TYPES, "default": "IBM_DIRECTORY_SERVER"},
        "server": {"type": "str", "required": True},
        "server_port": {"type": "int", "default": 389},
        "tls": {"type": "bool", "default": False},
        "ssl_alias": {"type": "str", "default": ""},
        "bind_dn": {"type": "str", "default": ""},
        "bind_password": {"type": "str", "no_log": True, "default": ""},
        "base_dn": {"type": "str", "required": True},
        "primary_administrator": {"type": "str", "required": True},
        "user_filter": {"type": "str"},
        "group_filter": {"type": "str"},
        "ignore_case": {"type": "bool", "default": True},
        "search_timeout": {"type": "int", "default": 120},
        "active": {"type": "bool", "default": True},
    },
}
FILTERS = {"user_filter": "userFilter", "group_filter": "groupFilter"}


def check(options: Mapping[str, Any]) -> None:
    """Raise AnsibleActionFail for values that make no registry."""
    if bool(options["bind_dn"]) != bool(options["bind_password"]):
        raise AnsibleActionFail("bind_dn, bind_password: give both, or none for a directory that is asked anonymously")
    if not 1 <= options["server_port"] <= 65535:
        raise AnsibleActionFail(f"server_port: {options['server_port']} is not within 1 to 65535")
    for name in FILTERS:
        if options[name] is not None and "%v" not in options[name]:
            raise AnsibleActionFail(
                f"{name}: {options[name]!r} has no %v, which stands for the name that is looked for"
            )


def items(options: Mapping[str, Any]) -> list[Item]:
    """What the options of `was_ldap_registry` want."""
    filters = {attribute: options[name] for name, attribute in FILTERS.items() if options[name] is not None}
    attributes: dict[str, Any] = {
        "type": options["type"],
        "baseDN": options["base_dn"],
        "bindDN": options["bind_dn"],
        "primaryAdminId": options["primary_administrator"],
        "ignoreCase": options["ignore_case"],
        "searchTimeout": options["search_timeout"],
        "sslEnabled": options["tls"],
        "useRegistryServerId": False,
        "hosts": [{"host": options["server"], "port": options["server_port"]}],
    }
    if options["ssl_alias"]:
        attributes["sslConfig"] = options["ssl_alias"]
    if filters:
        attributes["searchFilter"] = {"_state": "existing", **filters}
    found: list[Item] = [
        Object(
            type="LDAPUserRegistry",
            parent="/Cell:/Security:/",
            feature="userRegistries",
            attributes=attributes,
            secrets={"bindPassword": options["bind_password"]},
            state="existing",
            exact=True,
        )
    ]
    if options["active"]:
        active = {"activeUserRegistry": "/Cell:/Security:/LDAPUserRegistry:/", "enabled": True}
        found.append(Object(type="Security", parent="/Cell:/", attributes=active, state="existing"))
    return found
