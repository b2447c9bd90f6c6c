"""What lies in `config/templates`: servers to copy, virtual hosts, transport chains, JDBC providers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lab.products.was.documents import end_points, outline
from lab.products.was.ports import DEFAULTS

SERVER_LOGS = "${SERVER_LOG_ROOT}"

_COMMON = (
    "hamanagerservice", "pmi-config", "resources", "resources-pme", "resources-pme502", "server-pme", "server-pme51",
    "ws-security",
)  # fmt: skip
# Templates of web servers are named after the kind of server.
_WEB_SERVERS = ("IHS", "APACHE", "IIS", "DOMINO", "SUNJAVASYSTEM", "HTTPSERVER_ISERIES")
_OWN: Mapping[str, Mapping[str, str]] = {
    "default": {"sib-service": "sib-service"},
    "sip_proxy_server": {"proxy-settings": "proxy-settings-sip"},
    "http_sip_proxy_server": {"proxy-settings": "proxy-settings-http-sip"},
    "proxy_server": {"proxy-settings": "proxy-settings-http"},
    "generic_server": {},
    "DeveloperServer": {"sib-service": "sib-service"},
    **{name: {} for name in _WEB_SERVERS},
}
TYPES: Mapping[str, tuple[str, ...]] = {
    end_points.APPLICATION_SERVER: ("default", "DeveloperServer"),
    end_points.PROXY_SERVER: ("proxy_server", "http_sip_proxy_server", "sip_proxy_server"),
    end_points.GENERIC_SERVER: ("generic_server",),
    end_points.WEB_SERVER: _WEB_SERVERS,
}
"""The shipped templates by type of server, the default one first."""

CREATE = {
    end_points.APPLICATION_SERVER: "createApplicationServer",
    end_points.PROXY_SERVER: "createProxyServer",
    end_points.GENERIC_SERVER: "createGenericServer",
    end_points.WEB_SERVER: "createWebServer",
}
_CHAINS = ("hamanager", "proxy", "sibservice", "sipcontainer", "sipproxy", "webcontainer")


def server_documents(template: str, name: str) -> dict[str, str]:
    """The documents of a server made of a shipped template but for `variables.xml`: file name to text."""
    if template in _WEB_SERVERS:
        return {"server.xml": outline.text("server/web_server", name=name, kind=template)}
    application_server = template in TYPES[end_points.APPLICATION_SERVER]
    server = outline.text(
        f"server/{'default' if application_server else template}",
        name=name,
        logs=SERVER_LOGS,
        trace="*=info" if application_server else "*=all=disabled",
        development=str(template == "DeveloperServer").lower(),
    )
    own = {f"{file}.xml": outline.text(f"server/{form}") for file, form in _OWN[template].items()}
    # A generic server is a program of somebody else: of WAS it has no services.
    files = ("resources",) if template == "generic_server" else _COMMON
    return {"server.xml": server, **own, **{f"{file}.xml": outline.text(f"server/{file}") for file in files}}


def lay(folder: Path) -> None:
    """Write everything below `config/templates`."""
    for server_type, names in TYPES.items():
        home = folder / "servertypes" / server_type
        _write(home / "servertype-metadata.xml", _type_metadata(server_type))
        _write(home / "template-metadata.xml", _template_metadata(names))
        _write(home / "serverindex.xml", _index(server_type))
        for name in names:
            documents = {**server_documents(name, name), "variables.xml": outline.text("server/no_variables")}
            for file, text in documents.items():
                _write(home / "servers" / name / file, text)
    for name in _CHAINS:
        _write(folder / "chains" / f"{name}-chains.xml", outline.text(f"chains/{name}-chains"))
    ports = {name: str(port) for name, port in DEFAULTS["server"].items()}
    _write(folder / "default" / "virtualhosts.xml", outline.text("cell/virtualhosts", **ports))
    name = "jdbc-resource-provider-templates"
    _write(folder / "system" / f"{name}.xml", outline.text(f"system/{name}"))


def _index(server_type: str) -> str:
    kind = "http_sip_proxy_server" if server_type == end_points.PROXY_SERVER else TYPES[server_type][0]
    return end_points.index("localhost", kind, server_type, end_points.of_template(kind)).text()


def _type_metadata(server_type: str) -> str:
    proxy = {"defaultHTTPSIPTemplateName": "http_sip_proxy_server", "defaultSIPTemplateName": "sip_proxy_server"}
    settings = {
        "createCommand": CREATE[server_type],
        "createTemplateCommand": f"{CREATE[server_type]}Template",
        "version": "6.0",
        "defaultTemplateName": TYPES[server_type][0],
        **(proxy if server_type == end_points.PROXY_SERVER else {}),
    }
    lines = "".join(f'  <property name="{name}" value="{value}"/>\n' for name, value in settings.items())
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<serverType name="{server_type}">\n{lines}</serverType>\n'


def _template_metadata(names: tuple[str, ...]) -> str:
    lines = "".join(
        f'  <template name="{name}">\n'
        '    <property name="com.ibm.websphere.baseProductVersion" value="6.1.0.0"/>\n'
        f'    <property name="isDefaultTemplate" value="{str(name == names[0]).lower()}"/>\n'
        '    <property name="isSystemTemplate" value="true"/>\n'
        "  </template>\n"
        for name in names
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<templates>\n{lines}</templates>\n'


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8", newline="\n")
