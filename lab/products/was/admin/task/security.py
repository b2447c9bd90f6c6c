"""Commands that switch security: group WizardCommands."""

from __future__ import annotations

from lab.products.was.admin.task import places
from lab.products.was.admin.task.commands import Call, command

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
