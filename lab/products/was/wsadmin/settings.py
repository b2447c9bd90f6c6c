"""What a run of wsadmin is to do and by which connection: properties files first, the command line over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lab.host import Host
from lab.products.was import xor
from lab.products.was.layout import Profile, join
from lab.products.was.wsadmin import java_properties
from lab.products.was.wsadmin.options import Options, Refused

_SCRIPTING = "com.ibm.ws.scripting."
_DEFAULT_PORTS = {"SOAP": "8879", "RMI": "9809"}
# Of each way to connect: the system property that names the client's security settings, their file, their keys.
_CLIENTS = {
    "SOAP": ("com.ibm.SOAP.ConfigURL", "soap.client.props", "com.ibm.SOAP."),
    "RMI": ("com.ibm.CORBA.ConfigURL", "sas.client.props", "com.ibm.CORBA."),
}


@dataclass(frozen=True)
class Login:
    """Who connects. `ask`: nobody is named, and the client is to ask at the terminal."""

    user: str | None
    password: str | None
    ask: bool


@dataclass(frozen=True)
class Settings:
    """`connection` is SOAP, RMI or NONE; `trace` and `startup` are native paths."""

    connection: str
    host: str
    port: int
    language: str
    trace: str
    append_trace: bool
    startup: tuple[str, ...]
    login: Login


def load(host: Host, profile: Profile, options: Options) -> Settings:
    """The settings of a run; raises `Refused` for a file that is missing."""
    properties = _scripting_properties(host, profile, options)

    def setting(name: str, key: str, default: str) -> str:
        return options.single.get(name) or properties.get(_SCRIPTING + key) or default

    connection = setting("connection", "connectionType", "SOAP").upper()
    started = [entry for entry in properties.get(_SCRIPTING + "profiles", "").split(";") if entry]
    return Settings(
        connection=connection,
        host=setting("host", "host", "localhost"),
        port=int(setting("port", "port", _DEFAULT_PORTS.get(connection, "0"))),
        language=setting("language", "defaultLang", "jacl"),
        trace=setting("trace", "traceFile", join(host, profile.path, "logs", "wsadmin.traceout")),
        append_trace=setting("append", "appendTrace", "false") == "true",
        startup=(*started, *options.several["startup"]),
        login=_login(host, profile, options, connection),
    )


def _scripting_properties(host: Host, profile: Profile, options: Options) -> dict[str, str]:
    files = [profile.file("properties", "wsadmin.properties")]
    files.append(host.path(join(host, host.user.home, "wsadmin.properties")))
    named = [host.environment["WSADMIN_PROPERTIES"]] if host.environment.get("WSADMIN_PROPERTIES") else []
    for name in (*named, *options.several["properties"]):
        if not host.path(name).is_file():
            raise Refused(f"{name}: no such properties file")
        files.append(host.path(name))
    merged: dict[str, str] = {}
    for file in files:
        if file.is_file():
            merged |= _read(file)
    return merged


def _login(host: Host, profile: Profile, options: Options, connection: str) -> Login:
    if options.single.get("user") is not None or connection not in _CLIENTS:
        return Login(options.single.get("user"), options.single.get("password"), ask=False)
    switch, file_name, prefix = _CLIENTS[connection]
    client = _client_properties(host, profile, options, switch, file_name)
    user = client.get(prefix + "loginUserid")
    if user:
        return Login(user, xor.decode(client.get(prefix + "loginPassword", "")), ask=False)
    secured = client.get(prefix + "securityEnabled", "false") == "true"
    return Login(None, None, ask=secured and client.get(prefix + "loginSource", "prompt") == "prompt")


def _client_properties(
    host: Host, profile: Profile, options: Options, switch: str, file_name: str
) -> Mapping[str, str]:
    """The last `-javaoption -D<switch>=file:<path>` names the file."""
    file = profile.file("properties", file_name)
    for option in options.several["java"]:
        name, _, value = option.partition("=")
        if name == f"-D{switch}":
            if not value.startswith("file:"):
                raise Refused(f"-javaoption {option}: file: and a path is wanted behind =")
            file = host.path(_path_of_url(host, value.removeprefix("file:")))
            if not file.is_file():
                # The client goes on without settings, and with security on it is refused.
                return {}
    return _read(file) if file.is_file() else {}


def _path_of_url(host: Host, path: str) -> str:
    if host.platform == "windows":
        return path.lstrip("/").replace("/", "\\")
    return path


def _read(file: Path) -> dict[str, str]:
    return java_properties.parse(file.read_text("latin-1"))
