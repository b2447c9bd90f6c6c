"""Commands that change and take away parts of federated repositories: group IdMgrRepositoryConfig."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from lab.products.was.admin.task.commands import Call, command
from lab.products.was.admin.task.wim_document import (
    REPOSITORIES,
    SERVER_TYPES,
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
    "updateIdMgrLDAPRepository", REPOSITORIES, "Updates an LDAP repository configuration.",
    f"id* adapterClassName ldapServerType={SERVER_TYPES} sslConfiguration certificateMapMode certificateFilter "
    "supportChangeLog supportSorting:Boolean supportTransactions:Boolean supportExternalName:Boolean "
    "isExtIdUnique:Boolean loginProperties translateRDN:Boolean searchTimeLimit:Integer searchCountLimit:Integer "
    "searchPageSize:Integer returnToPrimaryServer:Boolean primaryServerQueryTimeInterval:Integer",
)  # fmt: skip
def _update_ldap_repository(call: Call) -> str:
    with document(call, write=True) as provider:
        repository = repository_of(provider, call["id"])
        changed = given(
            call, "adapterClassName", "ldapServerType", "certificateMapMode", "certificateFilter", "supportChangeLog",
            "isExtIdUnique", "supportExternalName", "supportSorting", "translateRDN", "searchTimeLimit",
            "searchCountLimit", "searchPageSize",
        )  # fmt: skip
        for name, value in changed.items():
            repository.set(name, value)
        if call.get("loginProperties"):
            texts(repository, "loginProperties", call["loginProperties"])
        if call.get("sslConfiguration"):
            _servers(repository).set("sslConfiguration", call["sslConfiguration"])
    return saved()


def _servers(repository: ET.Element) -> ET.Element:
    found = repository.find(tag("ldapServerConfiguration"))
    if found is None:
        raise ScriptingError(f"CWWIM5046E: The repository with ID '{repository.get('id')}' is no LDAP repository.")
    return found


def _server(call: Call, provider: ET.Element) -> tuple[ET.Element, ET.Element, ET.Element]:
    """All servers of the repository, the one of the host that the command names, and its connection."""
    servers = _servers(repository_of(provider, call["id"]))
    for each in servers.findall(tag("ldapServers")):
        for connection in each.findall(tag("connections")):
            if connection.get("host") == call["host"]:
                return servers, each, connection
    raise ScriptingError(f"CWWIM5052E: The LDAP server '{call['host']}' is not found.")


@command(
    "updateIdMgrLDAPServer", REPOSITORIES, "Updates an LDAP server configuration of the LDAP repository configuration.",
    "id* host* port:Integer bindDN bindPassword authentication=none|simple referal=follow|ignore|throw|false "
    f"derefAliases sslEnabled:Boolean connectionPool:Boolean connectTimeout:Integer ldapServerType={SERVER_TYPES} "
    "sslConfiguration certificateMapMode certificateFilter primary_host",
)  # fmt: skip
def _update_ldap_server(call: Call) -> str:
    with document(call, write=True) as provider:
        servers, server, connection = _server(call, provider)
        for name, value in server_values(call).items():
            server.set(name, value)
        if call.get("port"):
            connection.set("port", call["port"])
        if call.get("sslConfiguration"):
            servers.set("sslConfiguration", call["sslConfiguration"])
    return saved()


@command(
    "deleteIdMgrLDAPServer", REPOSITORIES, "Deletes a configured LDAP server from the LDAP repository configuration.",
    "id* host*",
)  # fmt: skip
def _delete_ldap_server(call: Call) -> str:
    with document(call, write=True) as provider:
        servers, server, _ = _server(call, provider)
        servers.remove(server)
    return saved()


@command(
    "updateIdMgrRepositoryBaseEntry", REPOSITORIES, "Updates a base entry of the specified repository.",
    "id* name* nameInRepository",
)  # fmt: skip
def _update_repository_base_entry(call: Call) -> str:
    with document(call, write=True) as provider:
        entry = _entry(call, repository_of(provider, call["id"]))
        for name, value in given(call, "nameInRepository").items():
            entry.set(name, value)
    return saved()


def _entry(call: Call, repository: ET.Element) -> ET.Element:
    for each in repository.findall(tag("baseEntries")):
        if each.get("name") == call["name"]:
            return each
    raise ScriptingError(f"CWWIM5050E: The base entry '{call['name']}' is not in repository '{call['id']}'.")


@command(
    "deleteIdMgrRepositoryBaseEntry", REPOSITORIES, "Deletes a base entry from the specified repository.", "id* name*"
)  # fmt: skip
def _delete_repository_base_entry(call: Call) -> str:
    with document(call, write=True) as provider:
        repository = repository_of(provider, call["id"])
        repository.remove(_entry(call, repository))
    return saved()


@command(
    "listIdMgrRepositoryBaseEntries", REPOSITORIES, "Lists all base entries of the specified repository.", "id*"
)  # fmt: skip
def _list_repository_base_entries(call: Call) -> str:
    with document(call, write=False) as provider:
        entries = repository_of(provider, call["id"]).findall(tag("baseEntries"))
        return "{" + ", ".join(f"{each.get('name')}={each.get('nameInRepository', '')}" for each in entries) + "}"


@command(
    "updateIdMgrLDAPEntityType", REPOSITORIES,
    "Updates an existing LDAP entity type definition of the LDAP repository configuration.",
    "id* name* objectClasses searchBases searchFilter objectClassesForCreate",
)  # fmt: skip
def _update_ldap_entity_type(call: Call) -> str:
    with document(call, write=True) as provider:
        for each in repository_of(provider, call["id"]).findall(tag("ldapEntityTypes")):
            if each.get("name") == call["name"]:
                for feature in ("objectClasses", "objectClassesForCreate", "searchBases"):
                    if call.get(feature):
                        texts(each, feature, call[feature])
                return saved()
        raise ScriptingError(f"CWWIM5053E: The LDAP entity type '{call['name']}' is not found.")
