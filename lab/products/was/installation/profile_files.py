"""What lies in the folder of a new profile besides its configuration."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path

from lab.products.was import layout
from lab.products.was.installation import files
from lab.products.was.installation.profile_request import Request
from lab.products.was.layout import Installation

FOLDERS = (
    "bin", "config", "configuration", "etc", "firststeps", "installableApps", "logs", "properties", "servers", "temp",
    "tranlog", "wstemp",
)  # fmt: skip
_SOAP = """\
com.ibm.SOAP.securityEnabled={security}
com.ibm.SOAP.authenticationTarget=BasicAuth
com.ibm.SOAP.loginUserid=
com.ibm.SOAP.loginPassword=
com.ibm.SOAP.loginSource=prompt
com.ibm.SOAP.requestTimeout=180
com.ibm.ssl.alias=DefaultSSLSettings
"""
_SAS = """\
com.ibm.CORBA.securityEnabled={security}
com.ibm.CORBA.authenticationTarget=BasicAuth
com.ibm.CORBA.loginSource=prompt
com.ibm.CORBA.loginUserid=
com.ibm.CORBA.loginPassword=
"""
_SSL = """\
com.ibm.ssl.alias=DefaultSSLSettings
com.ibm.ssl.protocol=SSL_TLS
com.ibm.ssl.securityLevel=HIGH
com.ibm.ssl.enableSignerExchangePrompt=gui
com.ibm.ssl.keyStore={etc}/key.p12
com.ibm.ssl.trustStore={etc}/trust.p12
"""
_WSADMIN = """\
com.ibm.ws.scripting.connectionType=SOAP
com.ibm.ws.scripting.port={port}
com.ibm.ws.scripting.host=localhost
com.ibm.ws.scripting.defaultLang=jacl
com.ibm.ws.scripting.traceFile={logs}/wsadmin.traceout
com.ibm.ws.scripting.validationOutput={logs}/wsadmin.valout
com.ibm.ws.scripting.validationLevel=HIGHEST
"""
# An empty PKCS #12 store, the outermost frame of one: nobody here looks inside.
_STORE = base64.b64decode("MAMCAQM=")


def lay(installation: Installation, request: Request) -> None:
    """Folders, commands, properties and key stores of a completed request."""
    host, path, ports = installation.host, request.path, request.ports or {}
    security = str(request.security).lower()

    def file(*parts: str) -> Path:
        return host.path(layout.join(host, path, *parts))

    for folder in FOLDERS:
        file(folder).mkdir(parents=True, exist_ok=True)
    file("installedApps", request.cell).mkdir(parents=True, exist_ok=True)
    files.lay_profile_programs(installation, path, request.template)
    properties = layout.join(host, path, "properties")
    files.write_settings(
        host,
        layout.join(host, path, "bin"),
        {
            "WAS_HOME": installation.root,
            "USER_INSTALL_ROOT": path,
            "WAS_CELL": request.cell,
            "WAS_NODE": request.node,
            "JAVA_HOME": layout.join(host, installation.root, "java"),
            "CONFIG_ROOT": layout.join(host, path, "config"),
            "CLIENTSOAP": f"-Dcom.ibm.SOAP.ConfigURL=file:{layout.join(host, properties, 'soap.client.props')}",
            "CLIENTSAS": f"-Dcom.ibm.CORBA.ConfigURL=file:{layout.join(host, properties, 'sas.client.props')}",
            "CLIENTSSL": f"-Dcom.ibm.SSL.ConfigURL=file:{layout.join(host, properties, 'ssl.client.props')}",
        },
    )
    texts = {
        "soap.client.props": _SOAP.format(security=security),
        "sas.client.props": _SAS.format(security=security),
        "ssl.client.props": _SSL.format(etc=_slashes(path, "etc")),
        "wsadmin.properties": _WSADMIN.format(port=ports["SOAP_CONNECTOR_ADDRESS"], logs=_slashes(path, "logs")),
        "portdef.props": "".join(f"{name}={port}\n" for name, port in sorted(ports.items())),
    }
    for name, text in texts.items():
        file("properties", name).write_text(text, "utf-8")
    for store in ("key.p12", "trust.p12"):
        file("etc", store).write_bytes(_STORE)


def about(installation: Installation, path: str, facts: Mapping[str, str | int]) -> None:
    """`logs/AboutThisProfile.txt`, one fact a line."""
    host = installation.host
    lines = [f"{name}: {value}" for name, value in facts.items()]
    file = host.path(layout.join(host, path, "logs", "AboutThisProfile.txt"))
    file.write_text("\n".join([*lines, ""]), "utf-8")


def shortcut(installation: Installation, name: str, path: str) -> Path:
    """The file by which a command of the root finds a profile by name."""
    host = installation.host
    file = installation.file("properties", "fsdb", layout.script(host, name))
    mark = "SET " if host.platform == "windows" else ""
    settings = layout.join(host, path, "bin", layout.script(host, "setupCmdLine"))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{mark}WAS_USER_SCRIPT={settings}\n", "utf-8")
    return file


def _slashes(*parts: str) -> str:
    return "/".join(parts).replace("\\", "/")
