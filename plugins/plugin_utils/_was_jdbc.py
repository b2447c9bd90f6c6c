# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A DB2 data source: its provider, its user and password, its pool."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._was_items import IDENTITY, STATE, Item, Object, Test
from ._was_repository import BadPath, path_steps

HELPER = "com.ibm.websphere.rsadapter.DB2UniversalDataStoreHelper"
CLASSES = {True: "com.ibm.db2.jcc.DB2XADataSource", False: "com.ibm.db2.jcc.DB2ConnectionPoolDataSource"}
# The licence of the driver lies apart from it where DB2 is a part of WebSphere.
VARIABLES = {"db2jcc_license_cu.jar": "${UNIVERSAL_JDBC_DRIVER_PATH}"}
VARIABLE = "${DB2UNIVERSAL_JDBC_DRIVER_PATH}"
LOGIN = "DefaultPrincipalMapping"
# Descriptions of data sources that are to be tested: what the last test said is a part of their state.
TESTED, FAILED = "Its connection was tested.", "Its connection failed when it was last tested."

OPTIONS: dict[str, Any] = {
    "type": "dict",
    "options": {
        "scope": {"type": "str", "required": True},
        "provider": {
            "type": "dict",
            "options": {
                "name": {"type": "str", "default": "DB2 Universal JDBC Driver Provider"},
                "class_name": {"type": "str"},
                "xa": {"type": "bool", "default": False},
                "jars": {"type": "list", "elements": "str", "default": ["db2jcc.jar", "db2jcc_license_cu.jar"]},
            },
            "apply_defaults": True,
        },
        "name": {"type": "str", "required": True},
        "jndi_name": {"type": "str"},
        "database": {"type": "str"},
        "server": {"type": "str"},
        "database_port": {"type": "int", "default": 50000},
        "tls": {"type": "bool"},
        "auth_alias": {"type": "str"},
        "db_user": {"type": "str"},
        "db_password": {"type": "str", "no_log": True},
        "driver_path": {"type": "str"},
        "pool": {"type": "dict", "default": {}},
        "test": {"type": "bool", "default": False},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
    "required_if": [["state", "present", ["jndi_name", "database", "server"]]],
    "required_together": [["db_user", "db_password"]],
    "required_by": {"db_user": ["auth_alias"]},
}


def items(options: Mapping[str, Any], where: str) -> list[Item]:
    """What the options of `was_jdbc` want."""
    try:
        path_steps(options["scope"])
    except BadPath as error:
        raise AnsibleActionFail(f"{where}.scope: {error}".lstrip(".")) from None
    present = options["state"] == "present"
    wanted: list[Item] = []
    if options["auth_alias"] and (options["db_user"] or not present):
        wanted.append(
            Object(
                type="JAASAuthData",
                parent="/Cell:/Security:/",
                identity={"alias": options["auth_alias"]},
                attributes={"userId": options["db_user"]} if present else {},
                secrets={"password": options["db_password"]} if present else {},
                state=options["state"],
                where=where,
            )
        )
    provider = options["provider"]["name"]
    parent = f"{options['scope']}JDBCProvider:{provider}/"
    if present:
        wanted.append(_provider(options, where))
    wanted.append(
        Object(
            type="DataSource",
            parent=parent,
            identity={"name": options["name"]},
            attributes=_attributes(options) if present else {},
            state=options["state"],
            where=where,
        )
    )
    if present and options["test"]:
        wanted.append(Test(f"{parent}DataSource:{options['name']}/", FAILED, where))
    return wanted


def _provider(options: Mapping[str, Any], where: str) -> Object:
    provider = options["provider"]
    attributes = {
        "implementationClassName": provider["class_name"] or CLASSES[provider["xa"]],
        "xa": provider["xa"],
        "classpath": [_jar(jar, options["driver_path"]) for jar in provider["jars"]],
    }
    return Object("JDBCProvider", options["scope"], {"name": provider["name"]}, attributes, where=where)


def _jar(name: str, folder: str | None) -> str:
    if "/" in name or "\\" in name:
        return name
    # WebSphere takes slashes on Windows too, and its own lists are safe with nothing else.
    return f"{folder.replace(chr(92), '/').rstrip('/') if folder else VARIABLES.get(name, VARIABLE)}/{name}"


def _attributes(options: Mapping[str, Any]) -> dict[str, Any]:
    properties = {
        "databaseName": ("java.lang.String", options["database"]),
        "driverType": ("java.lang.Integer", "4"),
        "serverName": ("java.lang.String", options["server"]),
        "portNumber": ("java.lang.Integer", str(options["database_port"])),
    }
    attributes: dict[str, Any] = {
        "jndiName": options["jndi_name"],
        "datasourceHelperClassname": HELPER,
        "propertySet": {
            "resourceProperties": [
                {IDENTITY: ["name"], "name": name, "type": kind, "value": value}
                for name, (kind, value) in properties.items()
            ]
            + _tls(options["tls"])
        },
    }
    if options["test"]:
        attributes["description"] = TESTED
    if options["auth_alias"]:
        attributes["authDataAlias"] = options["auth_alias"]
        attributes["mapping"] = {"authDataAlias": options["auth_alias"], "mappingConfigAlias": LOGIN}
        if options["provider"]["xa"]:
            attributes["xaRecoveryAuthAlias"] = options["auth_alias"]
    if options["pool"]:
        attributes["connectionPool"] = dict(options["pool"])
    return attributes


def _tls(wanted: bool | None) -> list[dict[str, Any]]:
    """The property for TLS. Drivers from before DB2 9.1 do not know it, so nobody gets it who does not need it."""
    if wanted is None:
        return []
    state = "present" if wanted else "optional"
    value = str(wanted).lower()
    return [{IDENTITY: ["name"], STATE: state, "name": "sslConnection", "type": "java.lang.Boolean", "value": value}]
