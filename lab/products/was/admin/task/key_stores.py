"""Commands for key stores, management scopes and SSL configurations: groups KeyStoreCommands, ManagementScopeCommands,
SSLConfigCommands."""

from __future__ import annotations

from lab.products.was.admin.task import places
from lab.products.was.admin.task.commands import Call, command, invalid, missing
from lab.products.was.admin.task.store_files import StoreFile
from lab.products.was.errors import ScriptingError
from lab.products.was.model.element import Element

STORES = "KeyStoreCommands"
SCOPES = "ManagementScopeCommands"
SSL = "SSLConfigCommands"
_STORE_TYPES = ("JCEKS", "CMSKS", "PKCS12", "PKCS11", "JKS", "JCERACFKS", "JCECCAKS")
_KINDS = {"(cell)": "cell", "(node)": "node", "(nodegroup)": "nodegroup", "(cluster)": "cluster",
          "(server)": "server", "(endpoint)": "endpoint"}  # fmt: skip


def _security(call: Call) -> Element:
    return places.root(call.workspace, "security.xml")


def scope_named(call: Call, name: str, *, create: bool = False) -> Element | None:
    """The management scope of that name; empty is the cell's."""
    wanted = name or f"(cell):{call.workspace.cell}"
    for each in _security(call).children.get("managementScopes", ()):
        if each.get("scopeName") == wanted:
            return each
    if not create:
        return None
    words = wanted.split(":")
    kind = _KINDS.get(words[-2]) if len(words) > 1 else None
    if kind is None:
        raise invalid(wanted, "scopeName", "createManagementScope")
    values = {"scopeName": wanted, "scopeType": kind}
    return call.workspace.create("ManagementScope", _security(call), values, "managementScopes")


def _at(call: Call, feature: str, attribute: str, name: str, scope: str) -> Element | None:
    """The object of that name and scope among the security settings; without a scope the first of that name."""
    where = scope_named(call, scope)
    for each in _security(call).children.get(feature, ()):
        if each.get(attribute) == name and (not scope or (where and each.get("managementScope") == where.id)):
            return each
    return None


def _shown(call: Call, element: Element, *names: str) -> str:
    return (
        "[ "
        + "".join(f"[{name} {element.get(name) or ''}] " for name in names)
        + f"[_Websphere_Config_Data_Id {call.id(element)}] ]"
    )


@command("createManagementScope", SCOPES, "Create a management scope.", "scopeName* scopeType")
def _create_management_scope(call: Call) -> str:
    if scope_named(call, call["scopeName"]) is not None:
        raise ScriptingError(f"CWPKI0620E: Management scope {call['scopeName']} already exists.")
    made = scope_named(call, call["scopeName"], create=True)
    return call.id(made) if made else ""


@command("listManagementScopes", SCOPES, "List all management scopes.", "displayObjectName:Boolean")
def _list_management_scopes(call: Call) -> str:
    scopes = _security(call).children.get("managementScopes", ())
    ids = call.get("displayObjectName").lower() == "true"
    return call.lines(call.id(each) if ids else f"scopeName: {each.get('scopeName')}" for each in scopes)


@command("deleteManagementScope", SCOPES, "Delete an existing management scope.", "scopeName*")
def _delete_management_scope(call: Call) -> str:
    scope = scope_named(call, call["scopeName"])
    if scope is None:
        raise ScriptingError(f"CWPKI0621E: Management scope {call['scopeName']} does not exist.")
    call.workspace.remove(scope)
    return ""


@command(
    "createKeyStore", STORES, "Creates a new key store.",
    "keyStoreName* scopeName keyStoreProvider keyStoreType* keyStoreLocation* keyStorePassword "
    "keyStorePasswordVerify keyStoreIsFileBased:Boolean keyStoreHostList keyStoreInitAtStartup:Boolean "
    "keyStoreReadOnly:Boolean keyStoreStashFile:Boolean enableCryptoOperations:Boolean",
)  # fmt: skip
def _create_key_store(call: Call) -> str:
    if call["keyStoreType"] not in _STORE_TYPES:
        raise invalid(call["keyStoreType"], "keyStoreType", "createKeyStore")
    if call.get("keyStorePassword") != call.get("keyStorePasswordVerify"):
        raise ScriptingError("CWPKI0622E: The passwords do not match.")
    scope = scope_named(call, call.get("scopeName"), create=True)
    if _at(call, "keyStores", "name", call["keyStoreName"], scope.get("scopeName") or "" if scope else ""):
        raise ScriptingError(f"CWPKI0623E: Key store {call['keyStoreName']} already exists.")
    values = {
        "name": call["keyStoreName"], "password": call.get("keyStorePassword"), "type": call["keyStoreType"],
        "provider": call.get("keyStoreProvider") or "IBMJCE", "location": call["keyStoreLocation"],
        "fileBased": call.get("keyStoreIsFileBased", "true"), "hostList": call.get("keyStoreHostList"),
        "readOnly": call.get("keyStoreReadOnly", "false"),
        "initializeAtStartup": call.get("keyStoreInitAtStartup", "false"),
        "managementScope": scope.id if scope else "",
    }  # fmt: skip
    made = call.workspace.create("KeyStore", _security(call), values, "keyStores")
    if values["type"] == "PKCS12" and values["fileBased"].lower() == "true":
        # A file that is there already has to be one of this password.
        file = StoreFile(call, made)
        if not file.exists:
            file.write()
    return call.id(made)


@command("listKeyStores", STORES, "List key store objects in a particular scope.",
         "scopeName displayObjectName:Boolean all:Boolean")  # fmt: skip
def _list_key_stores(call: Call) -> str:
    found = _in_scope(call, "keyStores")
    if call.get("displayObjectName").lower() == "true":
        return call.lines(found)
    return call.lines(f"{each.get('name')}({call.id(each).partition('(')[2]}" for each in found)


def _in_scope(call: Call, feature: str) -> list[Element]:
    every = _security(call).children.get(feature, ())
    if call.get("all").lower() == "true":
        return list(every)
    scope = scope_named(call, call.get("scopeName"))
    return [each for each in every if scope is not None and each.get("managementScope") == scope.id]


def store_named(call: Call, name: str, scope: str) -> Element:
    """A key store; raises `ScriptingError` when there is none of that name at that scope."""
    store = _at(call, "keyStores", "name", name, scope)
    if store is None:
        raise ScriptingError(f"CWPKI0624E: Key store {name} does not exist.")
    return store


def store_of(call: Call, suffix: str = "") -> StoreFile:
    """The key store that a call names, with its file; raises `ScriptingError`."""
    return StoreFile(call, store_named(call, call[f"keyStoreName{suffix}"], call.get(f"keyStoreScope{suffix}")))


@command("getKeyStoreInfo", STORES, "Returns information about a particular key store.", "keyStoreName* scopeName")
def _get_key_store_info(call: Call) -> str:
    store = store_named(call, call["keyStoreName"], call.get("scopeName"))
    return _shown(call, store, "name", "location", "type", "provider", "fileBased", "readOnly")


@command("deleteKeyStore", STORES, "Deletes an existing key store.", "keyStoreName* scopeName")
def _delete_key_store(call: Call) -> str:
    call.workspace.remove(store_named(call, call["keyStoreName"], call.get("scopeName")))
    return ""


_SETTINGS = (
    "clientAuthentication:Boolean clientAuthenticationSupported:Boolean "
    "securityLevel=HIGH|MEDIUM|LOW|CUSTOM enabledCiphers jsseProvider "
    "sslProtocol=SSL_TLS|SSL|SSLv2|SSLv3|TLS|TLSv1 clientKeyAlias serverKeyAlias"
)
_STORES_OF_SSL = (
    "trustStoreName trustStoreScopeName keyStoreName keyStoreScopeName keyManagerName keyManagerScopeName "
    "trustManagerObjectNames"
)


@command("createSSLConfig", SSL, "Create a SSL Configuration.",
         f"alias* scopeName type=JSSE|SSSL {_SETTINGS} {_STORES_OF_SSL}")  # fmt: skip
def _create_ssl_config(call: Call) -> str:
    scope = scope_named(call, call.get("scopeName"), create=True)
    if _at(call, "repertoire", "alias", call["alias"], scope.get("scopeName") or "" if scope else ""):
        raise ScriptingError(f"CWPKI0625E: SSL configuration {call['alias']} already exists.")
    for name in ("keyStoreName", "trustStoreName"):
        if not call.get(name):
            raise missing(name, "createSSLConfig")
    values = {"alias": call["alias"], "managementScope": scope.id if scope else ""}
    references = _references(call)
    config = call.workspace.create("SSLConfig", _security(call), values, "repertoire")
    call.workspace.create("SecureSocketLayer", config, _given(call) | references, "setting")
    return call.id(config)


def _given(call: Call) -> dict[str, str]:
    names = {word.partition(":")[0].partition("=")[0] for word in _SETTINGS.split()}
    return {name: value for name, value in call.values.items() if name in names}


def _references(call: Call) -> dict[str, str]:
    found = {}
    for feature in ("keyStore", "trustStore"):
        if call.get(f"{feature}Name"):
            found[feature] = store_named(call, call[f"{feature}Name"], call.get(f"{feature}ScopeName")).id
    if call.get("keyManagerName"):
        manager = _at(call, "keyManagers", "name", call["keyManagerName"], call.get("keyManagerScopeName"))
        found |= {"keyManager": manager.id} if manager else {}
    if call.get("trustManagerObjectNames"):
        ids = call["trustManagerObjectNames"].split(",")
        found["trustManager"] = " ".join(call.workspace.find(each).id for each in ids)
    return found


def ssl_config_named(call: Call, alias: str, scope: str) -> Element:
    """An SSL configuration; raises `ScriptingError` when there is none of that alias at that scope."""
    config = _at(call, "repertoire", "alias", alias, scope)
    if config is None:
        raise ScriptingError(f"CWPKI0626E: SSL configuration {alias} does not exist.")
    return config


def _ssl_config(call: Call) -> Element:
    return ssl_config_named(call, call["alias"], call.get("scopeName"))


@command("modifySSLConfig", SSL, "Modify a SSL configuration.", f"alias* scopeName {_SETTINGS} {_STORES_OF_SSL}")
def _modify_ssl_config(call: Call) -> str:
    (setting,) = _ssl_config(call).children["setting"]
    call.workspace.modify(setting, _given(call) | _references(call))
    return ""


@command("getSSLConfig", SSL, "Get information about a particular SSL configuration.", "alias* scopeName")
def _get_ssl_config(call: Call) -> str:
    config = _ssl_config(call)
    (setting,) = config.children["setting"]
    names = ("securityLevel", "sslProtocol", "jsseProvider", "clientAuthentication", "serverKeyAlias", "clientKeyAlias")
    inner = " ".join(f"[{name} {setting.get(name) or ''}]" for name in names)
    return f"[ [alias {config.get('alias')}] [type {config.get('type')}] {inner} ]"


@command("listSSLConfigs", SSL, "List SSL configurations for a specific management scope.",
         "scopeName displayObjectName:Boolean all:Boolean")  # fmt: skip
def _list_ssl_configs(call: Call) -> str:
    found = _in_scope(call, "repertoire")
    if call.get("displayObjectName").lower() == "true":
        return call.lines(found)
    scopes = {each.id: each.get("scopeName") for each in _security(call).children.get("managementScopes", ())}
    return call.lines(
        f"alias: {each.get('alias')} scopeName: {scopes.get(each.get('managementScope') or '', '')}" for each in found
    )


@command("deleteSSLConfig", SSL, "Delete a user created SSL configuration.", "alias* scopeName")
def _delete_ssl_config(call: Call) -> str:
    call.workspace.remove(_ssl_config(call))
    return ""
