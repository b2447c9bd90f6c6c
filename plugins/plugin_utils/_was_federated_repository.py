# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""An LDAP directory among the federated repositories of a cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._was_config import Derived
from ._was_items import Command, Item, Object
from ._was_read import Documents
from ._was_repository import Repository as Cell
from ._was_restart import servers_of
from ._was_xor import encode
from ._wim_document import PATH, NotWim, Repository, Server, Wim, parse

SERVER_TYPES = ["IDS", "IDS4", "IDS51", "IDS52", "IDS6", "SUNONE", "DOMINO5", "DOMINO6", "DOMINO65", "NDS", "AD",
                "AD2003", "ADAM", "ZOSDS", "CUSTOM"]  # fmt: skip
ADAPTER = "com.ibm.ws.wim.adapter.ldap.LdapAdapter"
PERSON = "PersonAccount"

OPTIONS: dict[str, Any] = {
    "type": "dict",
    "options": {
        "id": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "server_type": {"type": "str", "choices": SERVER_TYPES, "default": "IDS6"},
        "server": {"type": "str"},
        "server_port": {"type": "int", "default": 389},
        "tls": {"type": "bool", "default": False},
        "ssl_alias": {"type": "str", "default": ""},
        "bind_dn": {"type": "str", "default": ""},
        "bind_password": {"type": "str", "no_log": True, "default": ""},
        "base_entry": {"type": "str"},
        "base_in_repository": {"type": "str"},
        "login_properties": {"type": "list", "elements": "str", "default": ["uid", "mail"]},
        "person_classes": {"type": "list", "elements": "str", "default": []},
        "person_bases": {"type": "list", "elements": "str", "default": []},
        "connect_timeout": {"type": "int"},
    },
    "required_if": [["state", "present", ["server", "base_entry"]]],
}


def items(options: Mapping[str, Any]) -> list[Item]:
    """What is wanted of `security.xml`: with the repository, the federated registry is the active one."""
    if options["state"] == "absent":
        return [Object(type="Security", parent="/Cell:/", state="existing")]
    return [
        Object(type="WIMUserRegistry", parent="/Cell:/Security:/", feature="userRegistries", state="existing"),
        Object(
            type="Security",
            parent="/Cell:/",
            attributes={"activeUserRegistry": "/Cell:/Security:/WIMUserRegistry:/"},
            state="existing",
        ),
    ]


def derived(options: Mapping[str, Any]) -> Derived:
    """What is wanted of `wimconfig.xml`."""
    return Derived(
        reads=[PATH],
        secrets=[options["bind_password"]] if options["bind_password"] else [],
        items=lambda documents: list(_items(options, documents)),
    )


def check(options: Mapping[str, Any]) -> None:
    """Raise AnsibleActionFail for values that no command could take."""
    for name in ("id", "server", "base_entry", "base_in_repository", "bind_dn", "bind_password", "ssl_alias"):
        if any(sign in (options[name] or "") for sign in '"\\\n\r'):
            raise AnsibleActionFail(
                f'{name}: it has a ", a \\ or a line break, which no command of WebSphere takes as it is'
            )
    if options["state"] == "present" and bool(options["bind_dn"]) != bool(options["bind_password"]):
        raise AnsibleActionFail("bind_dn, bind_password: give both, or none for a directory that is asked anonymously")
    if not 1 <= options["server_port"] <= 65535:
        raise AnsibleActionFail(f"server_port: {options['server_port']} is not within 1 to 65535")
    if options["state"] == "present" and not options["login_properties"]:
        raise AnsibleActionFail("login_properties: name at least one, such as uid")


def _items(options: Mapping[str, Any], documents: Documents) -> Iterator[Item]:
    path = PATH.replace("{cell}", documents.cell)
    restarts = tuple(servers_of(Cell(documents.cell, documents.texts)))
    if path not in documents.texts:
        if documents.cell:
            raise AnsibleActionFail(f"profile: its configuration has no {path}; it is no WebSphere 6.1 with a realm")
        # A check on a host where nothing is installed: a fresh cell has one realm, and no directory in it.
        wim = Wim("defaultWIMFileBasedRealm", ("o=defaultWIMFileBasedRealm",), ())
    else:
        try:
            wim = parse(documents.texts[path])
        except NotWim as error:
            raise AnsibleActionFail(f"profile: {error}; restore it from a backup of the configuration") from None
    found = wim.repository(options["id"])
    if found is not None and not found.ldap:
        raise AnsibleActionFail(f"id: {options['id']} is no LDAP repository; give another id")
    wanted = _removed(wim, found) if options["state"] == "absent" else _wanted(options, wim, found)
    for name, label, text in wanted:
        yield Command(name, label, "/Cell:/", text, when=True, restarts=restarts, where="repository")


Steps = Iterator[tuple[str, str, str]]
"""Command, what it is about, and its arguments."""


def _removed(wim: Wim, found: Repository | None) -> Steps:
    if found is None:
        return
    for name in found.bases:
        if name in wim.taking_part:
            yield "deleteIdMgrRealmBaseEntry", name, _words(("name", wim.realm), ("baseEntry", name))
    yield "deleteIdMgrRepository", found.id, _words(("id", found.id))


def _wanted(options: Mapping[str, Any], wim: Wim, found: Repository | None) -> Steps:
    name = options["id"]
    properties = ";".join(options["login_properties"])
    if found is None:
        yield "createIdMgrLDAPRepository", name, _words(
            ("default", True), ("id", name), ("adapterClassName", ADAPTER), ("ldapServerType", options["server_type"]),
            ("sslConfiguration", options["ssl_alias"] or None), ("certificateMapMode", "exactdn"),
            ("supportChangeLog", "none"), ("loginProperties", properties),
        )  # fmt: skip
    else:
        yield from _updated(options, found, properties)
    yield from _servers(options, found)
    yield from _persons(options, found)
    yield from _bases(options, wim, found)


def _updated(options: Mapping[str, Any], found: Repository, properties: str) -> Steps:
    changes = {
        "ldapServerType": (found.server_type, options["server_type"]),
        "loginProperties": (";".join(found.login_properties), properties),
    }
    if options["ssl_alias"]:
        changes["sslConfiguration"] = (found.ssl_alias, options["ssl_alias"])
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if changes:
        # The type has to be said each time.
        arguments = {"ldapServerType": options["server_type"], **{name: pair[1] for name, pair in changes.items()}}
        yield "updateIdMgrLDAPRepository", _label(found.id, changes), _words(("id", found.id), *arguments.items())


def _servers(options: Mapping[str, Any], found: Repository | None) -> Steps:
    wanted = {
        "bindDN": options["bind_dn"],
        "bindPassword": options["bind_password"],
        "sslEnabled": "true" if options["tls"] else "false",
        "authentication": "simple" if options["bind_dn"] else "none",
        "referal": "ignore",
    }
    if options["connect_timeout"] is not None:
        wanted["connectTimeout"] = str(options["connect_timeout"])
    where = (("id", options["id"]), ("host", options["server"]), ("port", options["server_port"]))
    present = list(found.servers) if found else []
    own = next((each for each in present if each.host == options["server"]), None)
    if own is None:
        given = {name: value for name, value in wanted.items() if value}
        label = f"{options['id']}: {options['server']}:{options['server_port']}"
        yield "addIdMgrLDAPServer", label, _words(*where, *given.items())
    elif own.attributes.get("bindDN") and not options["bind_dn"]:
        raise AnsibleActionFail(
            f"bind_dn: repository {options['id']} binds as {own.attributes['bindDN']}, which no command takes back; "
            "give a bind_dn, or remove the repository first (state=absent)"
        )
    elif changes := _changes(own, wanted, str(options["server_port"])):
        given = {name: value for name, value in wanted.items() if name in changes and value}
        yield "updateIdMgrLDAPServer", _label(f"{options['id']}: {own.host}", changes), _words(*where, *given.items())
    for each in present:
        if each is not own:
            yield (
                "deleteIdMgrLDAPServer",
                f"{options['id']}: {each.host}",
                _words(("id", options["id"]), ("host", each.host)),
            )


def _changes(own: Server, wanted: Mapping[str, str], port: str) -> dict[str, tuple[str, str]]:
    changes = {} if own.port == port else {"port": (own.port, port)}
    for name, value in wanted.items():
        before = own.attributes.get(name, "")
        if name == "bindPassword":
            if before != (encode(value) if value else ""):
                changes[name] = ("********", "********")
        elif before != value and not (name == "sslEnabled" and before == "" and value == "false"):
            changes[name] = (before, value)
    return changes


def _persons(options: Mapping[str, Any], found: Repository | None) -> Steps:
    classes, bases = options["person_classes"], options["person_bases"]
    known = found.person_classes if found else ["inetOrgPerson"]
    same = (not classes or list(known or []) == classes) and (
        not bases or (found is not None and list(found.person_bases) == bases)
    )
    if (not classes and not bases) or (same and known is not None):
        return
    verb = "addIdMgrLDAPEntityType" if known is None else "updateIdMgrLDAPEntityType"
    yield verb, f"{options['id']}: {PERSON}", _words(
        ("id", options["id"]), ("name", PERSON), ("objectClasses", ";".join(classes or known or ["inetOrgPerson"])),
        ("searchBases", ";".join(bases) or None),
    )  # fmt: skip


def _bases(options: Mapping[str, Any], wim: Wim, found: Repository | None) -> Steps:
    base = options["base_entry"]
    inside = options["base_in_repository"] or base
    where = (("id", options["id"]), ("name", base), ("nameInRepository", inside))
    present = found.bases if found else {}
    if base not in present:
        yield "addIdMgrRepositoryBaseEntry", f"{options['id']}: {base}", _words(*where)
    elif present[base] != inside:
        label = _label(f"{options['id']}: {base}", {"nameInRepository": (present[base], inside)})
        yield "updateIdMgrRepositoryBaseEntry", label, _words(*where)
    if base not in wim.taking_part:
        yield "addIdMgrRealmBaseEntry", f"{wim.realm}: {base}", _words(("name", wim.realm), ("baseEntry", base))
    for each in present:
        if each != base:
            if each in wim.taking_part:
                yield "deleteIdMgrRealmBaseEntry", each, _words(("name", wim.realm), ("baseEntry", each))
            yield (
                "deleteIdMgrRepositoryBaseEntry",
                f"{options['id']}: {each}",
                _words(("id", options["id"]), ("name", each)),
            )


def _words(*pairs: tuple[str, Any]) -> str:
    """Parameters of a command; what is None is left out. In quotes no sign of a value means anything."""
    texts = (
        (name, str(value).lower() if isinstance(value, bool) else str(value))
        for name, value in pairs
        if value is not None
    )
    return " ".join(f'-{name} "{text}"' for name, text in texts)


def _label(what: str, changes: Mapping[str, tuple[str, str]]) -> str:
    shown = [f"{name}: {before or repr('')} -> {after}" for name, (before, after) in changes.items()]
    return f"{what} ({', '.join(shown)})"
