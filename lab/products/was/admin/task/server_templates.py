"""Commands for the templates of servers: group ServerManagement."""

from __future__ import annotations

from lab.products.was.admin.task import places
from lab.products.was.admin.task.commands import Call, command
from lab.products.was.admin.task.servers import GROUP
from lab.products.was.documents import clusters, end_points, servers, templates
from lab.products.was.errors import ScriptingError

_PARAMETERS = "templateName* serverName* nodeName* description templateLocation"


@command("listServerTemplates", GROUP, "Lists the available server templates", "version serverType name")
def _list_server_templates(call: Call) -> str:
    wanted = call.get("serverType")
    return call.lines(
        each
        for each in call.workspace.templates("Server")
        if (not wanted or f"servertypes/{wanted}/" in each.document.path) and call.get("name") in ("", each.get("name"))
    )


@command(
    "createApplicationServerTemplate", GROUP, "creates a server template based on a server configuration", _PARAMETERS
)
def _create_application_server_template(call: Call) -> str:
    return _create(call, end_points.APPLICATION_SERVER)


@command("createProxyServerTemplate", GROUP, "creates a server template based on a server configuration", _PARAMETERS)
def _create_proxy_server_template(call: Call) -> str:
    return _create(call, end_points.PROXY_SERVER)


@command("createGenericServerTemplate", GROUP, "creates a server template based on a server configuration", _PARAMETERS)
def _create_generic_server_template(call: Call) -> str:
    return _create(call, end_points.GENERIC_SERVER)


def _create(call: Call, server_type: str) -> str:
    workspace, name, node = call.workspace, call["templateName"], call["nodeName"]
    if places.node(workspace, node) is None:
        raise ScriptingError(f"ADMG0258E: Node {node} is not a valid node.")
    if places.server_type(workspace, node, call["serverName"]) != server_type:
        raise ScriptingError(f"ADMG0256E: {call['serverName']} does not exist within node {node}.")
    target = servers.template_folder(server_type, name)
    if workspace.exists(f"{target}/server.xml"):
        raise ScriptingError(f"ADMG0262E: Template {name} already exists.")
    return call.id(clusters.copy_server(workspace, servers.folder(workspace, node, call["serverName"]), target))


@command("deleteServerTemplate", GROUP, "A command that deletes a server template", target="template*")
def _delete_server_template(call: Call) -> str:
    template = call.workspace.find(call.target)
    folder, _, _ = template.document.path.rpartition("/")
    if folder.rpartition("/")[2] in {each for names in templates.TYPES.values() for each in names}:
        raise ScriptingError(f"ADMG0261E: Template {template.get('name')} is a system template and cannot be deleted.")
    for path in call.workspace.paths(f"{folder}/*"):
        call.workspace.delete(path)
    return ""
