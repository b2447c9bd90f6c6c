"""Commands that switch security: group WizardCommands."""

from __future__ import annotations

from lab.products.was.admin.task import places
from lab.products.was.admin.task.commands import Call, command, missing

GROUP = "WizardCommands"


@command(
    "isGlobalSecurityEnabled", GROUP,
    "Returns the current administrative security setting as a Boolean: true when it is enabled.",
)  # fmt: skip
def _is_global_security_enabled(call: Call) -> str:
    return places.root(call.workspace, "security.xml").get("enabled") or "false"


@command("setGlobalSecurity", GROUP, "Changes the administrative security field in security.xml.", "enabled*:Boolean")
def _set_global_security(call: Call) -> str:
    call.workspace.modify(places.root(call.workspace, "security.xml"), {"enabled": call["enabled"]})
    return "true"


@command(
    "isAppSecurityEnabled", GROUP,
    "Returns the current application security setting as a Boolean: true when it is enabled.",
)  # fmt: skip
def _is_app_security_enabled(call: Call) -> str:
    return places.root(call.workspace, "security.xml").get("appEnabled") or "false"


@command(
    "applyWizardSettings", GROUP, "Applies the security wizard settings from the workspace.",
    "secureApps*:Boolean secureLocalResources*:Boolean adminName adminPassword "
    "userRegistryType*=LDAPUserRegistry|CustomUserRegistry|WIMUserRegistry|LocalOSUserRegistry ldapServerType "
    "ldapBaseDN ldapBindDN ldapBindPassword ldapHostName ldapPort:Integer ignoreCase:Boolean "
    "customRegistryClass customProps",
)  # fmt: skip
def _apply_wizard_settings(call: Call) -> str:
    workspace, security = call.workspace, places.root(call.workspace, "security.xml")
    kind = call["userRegistryType"]
    registry = next(each for each in security.children["userRegistries"] if each.type == kind)
    stored = {
        "adminName": "primaryAdminId", "ignoreCase": "ignoreCase", "customRegistryClass": "customRegistryClassName",
        "ldapServerType": "type", "ldapBaseDN": "baseDN", "ldapBindDN": "bindDN", "ldapBindPassword": "bindPassword",
    }  # fmt: skip
    if kind == "LDAPUserRegistry":
        if not call.get("ldapHostName"):
            raise missing("ldapHostName", "applyWizardSettings")
        where = {"host": call["ldapHostName"], "port": call.get("ldapPort", "389")}
        for host in list(registry.children.get("hosts", ())):
            workspace.remove(host)
        workspace.create("EndPoint", registry, where, "hosts")
    given = {attribute: call[name] for name, attribute in stored.items() if call.get(name)}
    workspace.modify(registry, {name: value for name, value in given.items() if name in registry.info.attributes})
    workspace.modify(
        security,
        {
            "enabled": "true", "appEnabled": call["secureApps"], "enforceJava2Security": call["secureLocalResources"],
            "activeUserRegistry": registry.id,
        },
    )  # fmt: skip
    return "true"
