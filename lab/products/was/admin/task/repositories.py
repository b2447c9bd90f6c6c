"""Commands for federated repositories: group IdMgrRepositoryConfig. They change `wimconfig.xml`, which is no XMI."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from lab.products.was.admin.task.commands import Call, command
from lab.products.was.admin.task.wim_document import (
    REALMS,
    REPOSITORIES,
    SERVER_TYPES,
    TYPE,
    added,
    document,
    given,
    repository_of,
    saved,
    server_values,
    tag,
    texts,
)
from lab.products.was.errors import ScriptingError


@command(
    "createIdMgrLDAPRepository", REPOSITORIES, "Creates an LDAP repository configuration.",
    f"id* default:Boolean adapterClassName ldapServerType*={SERVER_TYPES} sslConfiguration certificateMapMode "
    "certificateFilter supportChangeLog supportSorting:Boolean supportTransactions:Boolean "
    "supportExternalName:Boolean isExtIdUnique:Boolean loginProperties translateRDN:Boolean "
    "searchTimeLimit:Integer searchCountLimit:Integer searchPageSize:Integer returnToPrimaryServer:Boolean "
    "primaryServerQueryTimeInterval:Integer",
)  # fmt: skip
def _create_ldap_repository(call: Call) -> str:
    with document(call, write=True) as provider:
        if call["id"] in {each.get("id") for each in provider.findall(tag("repositories"))}:
            raise ScriptingError(f"CWWIM5047E: The repository with ID '{call['id']}' already exists.")
        values = given(
            call, "id", "certificateMapMode", "certificateFilter", "ldapServerType", "supportChangeLog",
            "isExtIdUnique", "supportExternalName", "supportSorting", "translateRDN", "searchTimeLimit",
            "searchCountLimit", "searchPageSize",
        )  # fmt: skip
        values["adapterClassName"] = call.get("adapterClassName") or "com.ibm.ws.wim.adapter.ldap.LdapAdapter"
        repository = added(provider, "repositories", values, before="realmConfiguration")
        repository.set(TYPE, "config:LdapRepositoryType")
        texts(repository, "loginProperties", call.get("loginProperties"))
        added(repository, "ldapServerConfiguration", {"sslConfiguration": call.get("sslConfiguration")})
        if call.get("default") == "true":
            _defaults(repository)
    return saved()


def _defaults(repository: ET.Element) -> None:
    """What `-default true` adds: where persons and groups are, as IBM's directory has them."""
    for name, classes in (("Group", "groupOfNames"), ("PersonAccount", "inetOrgPerson")):
        texts(added(repository, "ldapEntityTypes", {"name": name}), "objectClasses", classes)
    groups = added(repository, "groupConfiguration", {})
    member = {"dummyMember": "uid=dummy", "name": "member", "objectClass": "groupOfNames", "scope": "direct"}
    added(groups, "memberAttributes", member)


@command(
    "addIdMgrLDAPServer", REPOSITORIES, "Adds an LDAP server to the LDAP repository configuration.",
    "id* host* port:Integer bindDN bindPassword authentication=none|simple referal=follow|ignore|throw|false "
    f"derefAliases sslEnabled:Boolean connectionPool:Boolean connectTimeout:Integer ldapServerType={SERVER_TYPES} "
    "sslConfiguration certificateMapMode certificateFilter",
)  # fmt: skip
def _add_ldap_server(call: Call) -> str:
    with document(call, write=True) as provider:
        repository = repository_of(provider, call["id"])
        configuration = repository.find(tag("ldapServerConfiguration"))
        if configuration is None:
            raise ScriptingError(f"CWWIM5046E: The repository with ID '{call['id']}' is no LDAP repository.")
        for servers in configuration.findall(tag("ldapServers")):
            if call["host"] in {each.get("host") for each in servers.findall(tag("connections"))}:
                raise ScriptingError(f"CWWIM5048E: The LDAP server '{call['host']}' already exists.")
        values = {"authentication": "simple", **server_values(call)}
        servers = added(configuration, "ldapServers", values)
        added(servers, "connections", {"host": call["host"], "port": call.get("port") or "389"})
    return saved()


@command(
    "addIdMgrRepositoryBaseEntry", REPOSITORIES, "Adds a base entry to the specified repository.",
    "id* name* nameInRepository",
)  # fmt: skip
def _add_repository_base_entry(call: Call) -> str:
    with document(call, write=True) as provider:
        repository = repository_of(provider, call["id"])
        if call["name"] in {each.get("name") for each in repository.findall(tag("baseEntries"))}:
            raise ScriptingError(f"CWWIM5049E: The base entry '{call['name']}' already exists.")
        first = repository[0].tag.rpartition("}")[2] if len(repository) else ""
        added(repository, "baseEntries", given(call, "name", "nameInRepository"), before=first)
    return saved()


@command(
    "addIdMgrLDAPEntityType", REPOSITORIES, "Adds an LDAP entity type definition to the LDAP repository configuration.",
    "id* name* objectClasses* searchBases searchFilter objectClassesForCreate",
)  # fmt: skip
def _add_ldap_entity_type(call: Call) -> str:
    with document(call, write=True) as provider:
        repository = repository_of(provider, call["id"])
        if call["name"] in {each.get("name") for each in repository.findall(tag("ldapEntityTypes"))}:
            raise ScriptingError(f"CWWIM5051E: The LDAP entity type '{call['name']}' already exists.")
        kind = added(repository, "ldapEntityTypes", given(call, "name", "searchFilter"), before="groupConfiguration")
        for feature in ("objectClasses", "objectClassesForCreate", "searchBases"):
            texts(kind, feature, call.get(feature))
    return saved()


@command(
    "addIdMgrLDAPGroupMemberAttr", REPOSITORIES,
    "Adds a member attribute configuration to the LDAP group configuration.",
    "id* name* objectClass scope=direct|nested|all dummyMember",
)  # fmt: skip
def _add_ldap_group_member_attr(call: Call) -> str:
    with document(call, write=True) as provider:
        repository = repository_of(provider, call["id"])
        groups = repository.find(tag("groupConfiguration"))
        if groups is None:
            groups = added(repository, "groupConfiguration", {})
        added(groups, "memberAttributes", given(call, "dummyMember", "name", "objectClass", "scope"))
    return saved()


@command("listIdMgrRepositories", REPOSITORIES, "Lists names, types, and hostnames of all the configured repositories.")
def _list_repositories(call: Call) -> str:
    shown = []
    with document(call, write=False) as provider:
        for each in provider.findall(tag("repositories")):
            kind = (each.get(TYPE) or "").partition(":")[2]
            values = {"repositoryType": "LDAP" if kind == "LdapRepositoryType" else "File"}
            if kind == "LdapRepositoryType":
                host = each.find(f"{tag('ldapServerConfiguration')}/{tag('ldapServers')}/{tag('connections')}")
                values |= {"specificRepositoryType": each.get("ldapServerType", "")}
                values |= {"host": host.get("host", "")} if host is not None else {}
            shown.append(f"{each.get('id')}={{{', '.join(f'{name}={value}' for name, value in values.items())}}}")
    return "{" + ", ".join(shown) + "}"


@command("getIdMgrRepository", REPOSITORIES, "Returns the configuration of the specified repository.", "id*")
def _get_repository(call: Call) -> str:
    with document(call, write=False) as provider:
        values = {name.rpartition("}")[2]: value for name, value in repository_of(provider, call["id"]).items()}
    return "{" + ", ".join(f"{name}={value}" for name, value in values.items()) + "}"


@command("deleteIdMgrRepository", REPOSITORIES, "Deletes the configuration of the specified repository.", "id*")
def _delete_repository(call: Call) -> str:
    with document(call, write=True) as provider:
        provider.remove(repository_of(provider, call["id"]))
    return saved()


def _realm(provider: ET.Element, name: str) -> ET.Element:
    realms = provider.find(tag("realmConfiguration"))
    for each in realms.findall(tag("realms")) if realms is not None else ():
        if each.get("name") == name:
            return each
    raise ScriptingError(f"CWWIM0539E: The realm '{name}' is not found.")


@command("addIdMgrRealmBaseEntry", REALMS, "Adds a base entry to a specified realm configuration.", "name* baseEntry*")
def _add_realm_base_entry(call: Call) -> str:
    with document(call, write=True) as provider:
        known = {
            entry.get("name")
            for each in provider.findall(tag("repositories"))
            for entry in each.findall(tag("baseEntries"))
        }
        if call["baseEntry"] not in known:
            raise ScriptingError(f"CWWIM5050E: The base entry '{call['baseEntry']}' is in no repository.")
        realm = _realm(provider, call["name"])
        if call["baseEntry"] in {each.get("name") for each in realm.findall(tag("participatingBaseEntries"))}:
            raise ScriptingError(f"CWWIM5049E: The base entry '{call['baseEntry']}' already exists.")
        added(realm, "participatingBaseEntries", {"name": call["baseEntry"]}, before="uniqueUserIdMapping")
    return saved()


@command("listIdMgrRealmBaseEntries", REALMS, "Lists all base entries of the specified realm.", "name*")
def _list_realm_base_entries(call: Call) -> str:
    with document(call, write=False) as provider:
        entries = _realm(provider, call["name"]).findall(tag("participatingBaseEntries"))
        return call.lines(each.get("name") or "" for each in entries)


@command("deleteIdMgrRealmBaseEntry", REALMS, "Deletes a base entry from the specified realm.", "name* baseEntry*")
def _delete_realm_base_entry(call: Call) -> str:
    with document(call, write=True) as provider:
        realm = _realm(provider, call["name"])
        for each in realm.findall(tag("participatingBaseEntries")):
            if each.get("name") == call["baseEntry"]:
                realm.remove(each)
                return saved()
        raise ScriptingError(f"CWWIM5050E: The base entry '{call['baseEntry']}' is not in realm '{call['name']}'.")


@command("listIdMgrRealms", REALMS, "Lists all realms in the configuration.")
def _list_realms(call: Call) -> str:
    with document(call, write=False) as provider:
        realms = provider.find(tag("realmConfiguration"))
        found = realms.findall(tag("realms")) if realms is not None else []
        return call.lines(each.get("name") or "" for each in found)


@command("getIdMgrDefaultRealm", REALMS, "Returns the default realm name.")
def _get_default_realm(call: Call) -> str:
    with document(call, write=False) as provider:
        realms = provider.find(tag("realmConfiguration"))
        return realms.get("defaultRealm", "") if realms is not None else ""
