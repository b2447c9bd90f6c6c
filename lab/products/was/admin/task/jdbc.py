"""Commands for JDBC providers and data sources: group JDBCProviderManagement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab.products.was.admin.task.commands import Call, command, invalid, step
from lab.products.was.errors import ScriptingError
from lab.products.was.model.element import Element

GROUP = "JDBCProviderManagement"
_XA, _ONE_PHASE = "XA data source", "Connection pool data source"
_DATABASES = {"DB2": "DB2 Universal JDBC Driver Provider", "Derby": "Derby JDBC Provider",
              "User-defined": "User-defined JDBC Provider"}  # fmt: skip


def scope(call: Call, text: str, name: str) -> Element:
    """The object that `Cell=C`, `Node=N,Server=S` or `Cluster=X` names. Raises `ScriptingError` without one."""
    steps = [word.partition("=") for word in text.split(",")]
    types = {"cell": "Cell", "node": "Node", "server": "Server", "cluster": "ServerCluster"}
    if not all(kind.strip().lower() in types and value for kind, _, value in steps):
        raise invalid(text, "scope", name)
    path = "/".join(f"{types[kind.strip().lower()]}:{value.strip()}" for kind, _, value in steps)
    found = call.workspace.resolve(f"/{path}/")
    if len(found) != 1:
        raise invalid(text, "scope", name)
    return found[0]


@command(
    "createJDBCProvider", GROUP,
    "Create a new JDBC provider that is used to connect with a relational database for data access.",
    "scope* databaseType* providerType* implementationType* name description implementationClassName classpath "
    "nativePath isolated:Boolean",
)  # fmt: skip
def _create_jdbc_provider(call: Call) -> str:
    name = "createJDBCProvider"
    where = scope(call, call["scope"], name)
    if call["databaseType"] not in _DATABASES:
        raise invalid(call["databaseType"], "databaseType", name)
    if call["providerType"] != _DATABASES[call["databaseType"]]:
        raise invalid(call["providerType"], "providerType", name)
    if call["implementationType"] not in (_XA, _ONE_PHASE):
        raise invalid(call["implementationType"], "implementationType", name)
    wanted = call["providerType"] + (" (XA)" if call["implementationType"] == _XA else "")
    template = _template(call, wanted)
    if template is None:
        raise invalid(call["implementationType"], "implementationType", name)
    values = {key: value for key, value in template.attributes.items() if key in template.info.attributes}
    given = {
        "name": call.get("name"), "description": call.get("description"),
        "implementationClassName": call.get("implementationClassName"), "classpath": call.get("classpath"),
        "nativepath": call.get("nativePath"),
    }  # fmt: skip
    return call.id(call.workspace.create("JDBCProvider", where, values | {k: v for k, v in given.items() if v}))


def _template(call: Call, name: str) -> Element | None:
    candidates = call.workspace.templates("JDBCProvider")
    return next((each for each in candidates if each.get("name") == name and "/system/" in each.document.path), None)


_RESOURCE_PROPERTIES = step(
    "configureResourceProperties", "name type value", "Configures the properties of the data source.", rows=True
)


@command(
    "createDatasource", GROUP, "Create a new Datasource to access the backend data store.",
    "name* jndiName* dataStoreHelperClassName* description category componentManagedAuthenticationAlias "
    "xaRecoveryAuthAlias containerManagedPersistence:Boolean",
    target="jdbcProvider*", steps=[_RESOURCE_PROPERTIES],
)  # fmt: skip
def _create_datasource(call: Call) -> str:
    provider = call.workspace.find(call.target)
    if provider.type != "JDBCProvider":
        raise invalid(call.target, "target", "createDatasource")
    rows = call.steps.get("configureResourceProperties", ())
    _check(call, provider, rows)
    adapter = next((each for each in provider.document.roots if each.id == "builtin_rra"), None)
    values = {
        "name": call["name"], "jndiName": call["jndiName"], "statementCacheSize": "10",
        "datasourceHelperClassname": call["dataStoreHelperClassName"], "description": call.get("description"),
        "category": call.get("category"), "authDataAlias": call.get("componentManagedAuthenticationAlias"),
        "xaRecoveryAuthAlias": call.get("xaRecoveryAuthAlias"), "providerType": provider.get("providerType") or "",
        "relationalResourceAdapter": adapter.id if adapter else "", "authMechanismPreference": "BASIC_PASSWORD",
    }  # fmt: skip
    source = call.workspace.create("DataSource", provider, {k: v for k, v in values.items() if v}, "factories")
    properties = call.workspace.create("J2EEResourcePropertySet", source, {}, "propertySet")
    for each in _properties(call, provider, rows):
        call.workspace.create("J2EEResourceProperty", properties, each, "resourceProperties")
    call.workspace.create("ConnectionPool", source, {}, "connectionPool")
    if call.get("containerManagedPersistence").lower() == "true" and adapter is not None:
        factory = {
            "name": f"{call['name']}_CF",
            "authMechanismPreference": "BASIC_PASSWORD",
            "cmpDatasource": source.id,
        }
        call.workspace.create("CMPConnectorFactory", adapter, factory, "factories")
    return call.id(source)


def _of_template(call: Call, provider: Element) -> list[Element]:
    """The properties that a data source of such a provider has."""
    template = _template(call, provider.get("providerType") or "")
    found = template.walk() if template else []
    return [each for each in found if each.type == "J2EEResourceProperty"]


def _check(call: Call, provider: Element, rows: Sequence[Mapping[str, str]]) -> None:
    """The name and type of a row must be those of a property of the provider's data sources."""
    known = {each.get("name"): each.get("type") for each in _of_template(call, provider)}
    for row in rows:
        if known.get(row.get("name", "")) != row.get("type"):
            shown = "[" + " ".join(row.values()) + "]"
            raise ScriptingError(
                f"WASX8018E: Cannot find a match for option value [{shown}] for step configureResourceProperties"
            )


def _properties(call: Call, provider: Element, rows: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    given = {row["name"]: row.get("value", "") for row in rows}
    found = []
    for each in _of_template(call, provider):
        name = each.get("name") or ""
        found.append(
            {
                "name": name, "type": each.get("type") or "", "required": each.get("required") or "false",
                "value": given.get(name, each.get("value") or ""),
            }
        )  # fmt: skip
    return found


@command("listJDBCProviders", GROUP, "List the JDBC providers that are contained in the specified scope.", "scope")
def _list_jdbc_providers(call: Call) -> str:
    return _listed(call, "JDBCProvider", "listJDBCProviders")


@command("listDatasources", GROUP, "List the datasources that are contained in the specified scope.", "scope")
def _list_datasources(call: Call) -> str:
    return _listed(call, "DataSource", "listDatasources")


def _listed(call: Call, type_name: str, name: str) -> str:
    found = call.workspace.list(type_name)
    if call.get("scope"):
        folder = scope(call, call["scope"], name).document.path.rpartition("/")[0]
        # Of the scope itself: what lies at nodes and servers of a cell is not listed with the cell.
        found = [each for each in found if each.document.path.rpartition("/")[0] == folder]
    return call.lines(found)
