"""Commands for federated repositories: group IdMgrRepositoryConfig. They change `wimconfig.xml`, which is no XMI."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from lab.products.was import xor
from lab.products.was.admin.task.commands import Call, command
from lab.products.was.errors import ScriptingError

REPOSITORIES = "IdMgrRepositoryConfig"
REALMS = "IdMgrRealmConfig"
_CONFIG = "http://www.ibm.com/websphere/wim/config"
_SDO, _XSI = "commonj.sdo", "http://www.w3.org/2001/XMLSchema-instance"
_TYPE = f"{{{_XSI}}}type"
_SERVER_TYPES = "IDS|SDS|ZOSDS|NDS|DOMINO|SUNONE|AD|AD2003|ADAM|IDS4|IDS51|IDS52|IDS6|DOMINO5|DOMINO6|DOMINO65|CUSTOM"


def _tag(name: str) -> str:
    return f"{{{_CONFIG}}}{name}"


@contextmanager
def _document(call: Call, *, write: bool) -> Iterator[ET.Element]:
    """The configuration of the virtual member manager; what was changed in it is unsaved like any other document."""
    path = f"cells/{call.workspace.cell}/wim/config/wimconfig.xml"
    for prefix, space in (("config", _CONFIG), ("sdo", _SDO), ("xsi", _XSI)):
        ET.register_namespace(prefix, space)
    root = ET.fromstring(call.workspace.content(path).decode("utf-8"))
    provider = root.find(_tag("configurationProvider"))
    if provider is None:
        raise ScriptingError("CWWIM5001E: The configuration of the virtual member manager cannot be read.")
    yield provider
    if write:
        ET.indent(root)
        body = ET.tostring(root, encoding="unicode")
        call.workspace.add_text(path, f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n')


def _repository(provider: ET.Element, name: str) -> ET.Element:
    for each in provider.findall(_tag("repositories")):
        if each.get("id") == name:
            return each
    raise ScriptingError(f"CWWIM5046E: The repository with ID '{name}' is not found in the configuration.")


def _add(parent: ET.Element, tag: str, values: Mapping[str, str], before: str = "") -> ET.Element:
    """A new element behind those of its tag, or in front of the first `before`."""
    child = ET.Element(_tag(tag), dict(values))
    tags = [each.tag for each in parent]
    if before and _tag(before) in tags:
        parent.insert(tags.index(_tag(before)), child)
    else:
        parent.append(child)
    return child


def _given(call: Call, *names: str) -> dict[str, str]:
    return {name: call[name] for name in names if call.get(name)}


@command(
    "createIdMgrLDAPRepository", REPOSITORIES, "Creates an LDAP repository configuration.",
    f"id* default:Boolean adapterClassName ldapServerType*={_SERVER_TYPES} sslConfiguration certificateMapMode "
    "certificateFilter supportChangeLog supportSorting:Boolean supportTransactions:Boolean "
    "supportExternalName:Boolean isExtIdUnique:Boolean loginProperties translateRDN:Boolean "
    "searchTimeLimit:Integer searchCountLimit:Integer searchPageSize:Integer returnToPrimaryServer:Boolean "
    "primaryServerQueryTimeInterval:Integer",
)  # fmt: skip
def _create_ldap_repository(call: Call) -> str:
    with _document(call, write=True) as provider:
        if call["id"] in {each.get("id") for each in provider.findall(_tag("repositories"))}:
            raise ScriptingError(f"CWWIM5047E: The repository with ID '{call['id']}' already exists.")
        values = _given(
            call, "id", "certificateMapMode", "certificateFilter", "ldapServerType", "supportChangeLog",
            "isExtIdUnique", "supportExternalName", "supportSorting", "translateRDN", "searchTimeLimit",
            "searchCountLimit", "searchPageSize",
        )  # fmt: skip
        values["adapterClassName"] = call.get("adapterClassName") or "com.ibm.ws.wim.adapter.ldap.LdapAdapter"
        repository = _add(provider, "repositories", values, before="realmConfiguration")
        repository.set(_TYPE, "config:LdapRepositoryType")
        for each in re.split(r"[;,]", call.get("loginProperties")):
            if each:
                _add(repository, "loginProperties", {}).text = each
        _add(repository, "ldapServerConfiguration", {"sslConfiguration": call.get("sslConfiguration")})
    return _saved()


def _saved() -> str:
    return (
        "CWWIM5028I  The configuration is saved in a temporary workspace. You must use the "
        '"$AdminConfig save" command to save it in the master repository.'
    )


@command(
    "addIdMgrLDAPServer", REPOSITORIES, "Adds an LDAP server to the LDAP repository configuration.",
    "id* host* port:Integer bindDN bindPassword authentication=none|simple referal=follow|ignore|throw|false "
    f"derefAliases sslEnabled:Boolean connectionPool:Boolean connectTimeout:Integer ldapServerType={_SERVER_TYPES} "
    "sslConfiguration certificateMapMode certificateFilter",
)  # fmt: skip
def _add_ldap_server(call: Call) -> str:
    with _document(call, write=True) as provider:
        repository = _repository(provider, call["id"])
        configuration = repository.find(_tag("ldapServerConfiguration"))
        if configuration is None:
            raise ScriptingError(f"CWWIM5046E: The repository with ID '{call['id']}' is no LDAP repository.")
        for servers in configuration.findall(_tag("ldapServers")):
            if call["host"] in {each.get("host") for each in servers.findall(_tag("connections"))}:
                raise ScriptingError(f"CWWIM5048E: The LDAP server '{call['host']}' already exists.")
        names = (
            "authentication",
            "bindDN",
            "connectionPool",
            "connectTimeout",
            "derefAliases",
            "referal",
            "sslEnabled",
        )
        values = _given(call, *names)
        if call.get("bindPassword"):
            values["bindPassword"] = xor.encode(call["bindPassword"])
        servers = _add(configuration, "ldapServers", values)
        _add(servers, "connections", {"host": call["host"], "port": call.get("port") or "389"})
    return _saved()


@command(
    "addIdMgrRepositoryBaseEntry", REPOSITORIES, "Adds a base entry to the specified repository.",
    "id* name* nameInRepository",
)  # fmt: skip
def _add_repository_base_entry(call: Call) -> str:
    with _document(call, write=True) as provider:
        repository = _repository(provider, call["id"])
        if call["name"] in {each.get("name") for each in repository.findall(_tag("baseEntries"))}:
            raise ScriptingError(f"CWWIM5049E: The base entry '{call['name']}' already exists.")
        first = repository[0].tag.rpartition("}")[2] if len(repository) else ""
        _add(repository, "baseEntries", _given(call, "name", "nameInRepository"), before=first)
    return _saved()


@command(
    "addIdMgrLDAPEntityType", REPOSITORIES, "Adds an LDAP entity type definition to the LDAP repository configuration.",
    "id* name* objectClasses* searchBases searchFilter objectClassesForCreate",
)  # fmt: skip
def _add_ldap_entity_type(call: Call) -> str:
    with _document(call, write=True) as provider:
        kind = _add(_repository(provider, call["id"]), "ldapEntityTypes", _given(call, "name", "searchFilter"))
        for feature in ("objectClasses", "objectClassesForCreate", "searchBases"):
            for each in re.split(";", call.get(feature)):
                if each:
                    _add(kind, feature, {}).text = each
    return _saved()


@command(
    "addIdMgrLDAPGroupMemberAttr", REPOSITORIES,
    "Adds a member attribute configuration to the LDAP group configuration.",
    "id* name* objectClass scope=direct|nested|all dummyMember",
)  # fmt: skip
def _add_ldap_group_member_attr(call: Call) -> str:
    with _document(call, write=True) as provider:
        repository = _repository(provider, call["id"])
        groups = repository.find(_tag("groupConfiguration"))
        if groups is None:
            groups = _add(repository, "groupConfiguration", {})
        _add(groups, "memberAttributes", _given(call, "dummyMember", "name", "objectClass", "scope"))
    return _saved()


@command("listIdMgrRepositories", REPOSITORIES, "Lists names, types, and hostnames of all the configured repositories.")
def _list_repositories(call: Call) -> str:
    shown = []
    with _document(call, write=False) as provider:
        for each in provider.findall(_tag("repositories")):
            kind = (each.get(_TYPE) or "").partition(":")[2]
            values = {"repositoryType": "LDAP" if kind == "LdapRepositoryType" else "File"}
            if kind == "LdapRepositoryType":
                host = each.find(f"{_tag('ldapServerConfiguration')}/{_tag('ldapServers')}/{_tag('connections')}")
                values |= {"specificRepositoryType": each.get("ldapServerType", "")}
                values |= {"host": host.get("host", "")} if host is not None else {}
            shown.append(f"{each.get('id')}={{{', '.join(f'{name}={value}' for name, value in values.items())}}}")
    return "{" + ", ".join(shown) + "}"


@command("getIdMgrRepository", REPOSITORIES, "Returns the configuration of the specified repository.", "id*")
def _get_repository(call: Call) -> str:
    with _document(call, write=False) as provider:
        values = {name.rpartition("}")[2]: value for name, value in _repository(provider, call["id"]).items()}
    return "{" + ", ".join(f"{name}={value}" for name, value in values.items()) + "}"


@command("deleteIdMgrRepository", REPOSITORIES, "Deletes the configuration of the specified repository.", "id*")
def _delete_repository(call: Call) -> str:
    with _document(call, write=True) as provider:
        provider.remove(_repository(provider, call["id"]))
    return _saved()


def _realm(provider: ET.Element, name: str) -> ET.Element:
    realms = provider.find(_tag("realmConfiguration"))
    for each in realms.findall(_tag("realms")) if realms is not None else ():
        if each.get("name") == name:
            return each
    raise ScriptingError(f"CWWIM0539E: The realm '{name}' is not found.")


@command("addIdMgrRealmBaseEntry", REALMS, "Adds a base entry to a specified realm configuration.", "name* baseEntry*")
def _add_realm_base_entry(call: Call) -> str:
    with _document(call, write=True) as provider:
        known = {
            entry.get("name")
            for each in provider.findall(_tag("repositories"))
            for entry in each.findall(_tag("baseEntries"))
        }
        if call["baseEntry"] not in known:
            raise ScriptingError(f"CWWIM5050E: The base entry '{call['baseEntry']}' is in no repository.")
        realm = _realm(provider, call["name"])
        if call["baseEntry"] in {each.get("name") for each in realm.findall(_tag("participatingBaseEntries"))}:
            raise ScriptingError(f"CWWIM5049E: The base entry '{call['baseEntry']}' already exists.")
        _add(realm, "participatingBaseEntries", {"name": call["baseEntry"]}, before="uniqueUserIdMapping")
    return _saved()


@command("listIdMgrRealmBaseEntries", REALMS, "Lists all base entries of the specified realm.", "name*")
def _list_realm_base_entries(call: Call) -> str:
    with _document(call, write=False) as provider:
        entries = _realm(provider, call["name"]).findall(_tag("participatingBaseEntries"))
        return call.lines(each.get("name") or "" for each in entries)


@command("deleteIdMgrRealmBaseEntry", REALMS, "Deletes a base entry from the specified realm.", "name* baseEntry*")
def _delete_realm_base_entry(call: Call) -> str:
    with _document(call, write=True) as provider:
        realm = _realm(provider, call["name"])
        for each in realm.findall(_tag("participatingBaseEntries")):
            if each.get("name") == call["baseEntry"]:
                realm.remove(each)
                return _saved()
        raise ScriptingError(f"CWWIM5050E: The base entry '{call['baseEntry']}' is not in realm '{call['name']}'.")


@command("listIdMgrRealms", REALMS, "Lists all realms in the configuration.")
def _list_realms(call: Call) -> str:
    with _document(call, write=False) as provider:
        realms = provider.find(_tag("realmConfiguration"))
        found = realms.findall(_tag("realms")) if realms is not None else []
        return call.lines(each.get("name") or "" for each in found)


@command("getIdMgrDefaultRealm", REALMS, "Returns the default realm name.")
def _get_default_realm(call: Call) -> str:
    with _document(call, write=False) as provider:
        realms = provider.find(_tag("realmConfiguration"))
        return realms.get("defaultRealm", "") if realms is not None else ""
