"""Commands that create definitions of web servers: group ServerManagement."""

from __future__ import annotations

from lab.products.was.admin.task import places
from lab.products.was.admin.task.commands import Call, command, step
from lab.products.was.admin.task.servers import CREATE, GROUP
from lab.products.was.documents import end_points, servers
from lab.products.was.errors import ScriptingError
from lab.products.was.model.element import Element

_SERVER = step(
    "serverConfig",
    "webPort:Integer serviceName webInstallRoot webProtocol=HTTP|HTTPS configurationFile errorLogfile accessLogfile "
    "pluginInstallRoot webAppMapping=ALL|NONE",
    "Settings of the web server.",
)
_REMOTE = step("remoteServerConfig", "adminPort:Integer adminUserID adminPasswd adminProtocol=HTTP|HTTPS",
               "Settings of the administration server of IBM HTTP Server.")  # fmt: skip
_STORED = {
    "serviceName": "serviceName", "webInstallRoot": "webserverInstallRoot", "webProtocol": "webserverProtocol",
    "configurationFile": "configurationFilename", "errorLogfile": "logFilenameError",
    "accessLogfile": "logFilenameAccess", "adminProtocol": "webserverAdminProtocol",
}  # fmt: skip


@command("createWebServer", GROUP, "Create a Web server definition.", CREATE, target="node", steps=[_SERVER, _REMOTE])
def _create_web_server(call: Call) -> str:
    node, name, template = call.target, call["name"], call.get("templateName") or "IHS"
    if places.node(call.workspace, node) is None or node == places.deployment_manager_node(call.workspace):
        raise ScriptingError(f"ADMG0250E: Node {node} is not a valid node.")
    if places.server(call.workspace, node, name) is not None:
        raise ScriptingError(f"ADMG0248E: {name} exists within node {node}.")
    folder = servers.template_folder(end_points.WEB_SERVER, template)
    if not call.workspace.exists(f"{folder}/server.xml"):
        raise ScriptingError(
            f"ADMG0253E: Matching template {template} could not be found or is not valid for this server."
        )
    server = servers.new_server(call.workspace, node, name, folder, unique_ports=False)
    _configure(call, server)
    return call.id(server)


def _configure(call: Call, server: Element) -> None:
    workspace, web = call.workspace, places.component(server, "WebServer")
    given = {**call.step("serverConfig"), **call.step("remoteServerConfig")}
    own = {_STORED[name]: value for name, value in given.items() if name in _STORED}
    workspace.modify(web, {"name": call["name"], **own})
    access = {"userid": given.get("adminUserID", ""), "password": given.get("adminPasswd", "")}
    if any(access.values()):
        workspace.create("AdminServerAuthentication", web, access, "adminServerAuthentication")
    if given.get("pluginInstallRoot"):
        root = given["pluginInstallRoot"]
        plugin = {"PluginInstallRoot": root, "LogFilename": f"{root}/logs/{call['name']}/http_plugin.log"}
        workspace.modify(web.children["pluginProperties"][0], plugin)
    entry = places.entry(workspace, call.target, call["name"])
    ports = {"WEBSERVER_ADDRESS": given.get("webPort"), "WEBSERVER_ADMIN_ADDRESS": given.get("adminPort")}
    for named in entry.children.get("specialEndpoints", ()) if entry else ():
        port = ports.get(named.get("endPointName") or "")
        if port:
            workspace.modify(named.children["endPoint"][0], {"port": port})
