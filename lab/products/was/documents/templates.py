"""What lies in `config/templates`: servers to copy, virtual hosts, transport chains, JDBC providers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lab.products.was.documents import end_points, forms
from lab.products.was.ports import DEFAULTS

SERVER_LOGS = "${SERVER_LOG_ROOT}"

_COMMON = (
    "hamanagerservice.xml", "pmi-config.xml", "resources.xml", "resources-pme.xml", "resources-pme502.xml",
    "server-pme.xml", "server-pme51.xml", "ws-security.xml",
)  # fmt: skip
# Templates of web servers are named after the kind of server.
_WEB_SERVERS = ("IHS", "APACHE", "IIS", "DOMINO", "SUNJAVASYSTEM", "HTTPSERVER_ISERIES")
_OWN: Mapping[str, Mapping[str, str]] = {
    "default": {"sib-service.xml": "sib-service.xml"},
    "sip_proxy_server": {"proxy-settings.xml": "proxy-settings-sip.xml"},
    "http_sip_proxy_server": {"proxy-settings.xml": "proxy-settings-http-sip.xml"},
    "proxy_server": {"proxy-settings.xml": "proxy-settings-http.xml"},
    "generic_server": {},
    "DeveloperServer": {"sib-service.xml": "sib-service.xml"},
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
        return {"server.xml": forms.document("server/web_server.xml", name=name, kind=template)}
    trace = "*=info" if template in TYPES[end_points.APPLICATION_SERVER] else "*=all=disabled"
    own = {file: forms.document(f"server/{form}") for file, form in _OWN[template].items()}
    # A generic server is a program of somebody else: of WAS it has no services.
    files = ("resources.xml",) if template == "generic_server" else _COMMON
    common = {file: forms.document(f"server/{file}") for file in files}
    form = "default" if template == "DeveloperServer" else template
    server = forms.document(f"server/{form}.xml", name=name, logs=SERVER_LOGS, trace=trace)
    if template == "DeveloperServer":
        server = server.replace('xmi:id="Server_1"', 'xmi:id="Server_1" developmentMode="true"', 1)
    return {"server.xml": server, **own, **common}


def lay(folder: Path) -> None:
    """Write everything below `config/templates`."""
    for server_type, names in TYPES.items():
        home = folder / "servertypes" / server_type
        _write(home / "servertype-metadata.xml", _type_metadata(server_type))
        _write(home / "template-metadata.xml", _template_metadata(names))
        _write(home / "serverindex.xml", _index(server_type))
        for name in names:
            documents = {**server_documents(name, name), "variables.xml": _NO_VARIABLES}
            for file, text in documents.items():
                _write(home / "servers" / name / file, text)
    for name in _CHAINS:
        _write(folder / "chains" / f"{name}-chains.xml", forms.document(f"chains/{name}-chains.xml"))
    ports = {name: str(port) for name, port in DEFAULTS["server"].items()}
    _write(folder / "default" / "virtualhosts.xml", forms.document("cell/virtualhosts.xml", **ports))
    name = "jdbc-resource-provider-templates.xml"
    _write(folder / "system" / name, forms.document(f"system/{name}"))


_NO_VARIABLES = forms.declared('<variables:VariableMap xmi:id="VariableMap_1"/>\n')


def _index(server_type: str) -> str:
    kind = "http_sip_proxy_server" if server_type == end_points.PROXY_SERVER else TYPES[server_type][0]
    return forms.declared(end_points.index("localhost", kind, server_type, end_points.of_template(kind)))


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
