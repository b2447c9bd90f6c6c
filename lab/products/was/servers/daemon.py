"""`was:server`: a running server, one process for each. Arguments: profile, server, port of its launcher."""

from __future__ import annotations

import hmac
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from lab.host import Host
from lab.products.was import connector, layout, security_registry
from lab.products.was.admin import Admin, Argument, Reply
from lab.products.was.installation import product
from lab.products.was.security_ldap import DirectoryError
from lab.products.was.servers import java_options, launch, logs, running, runtime, server_index, synchronisation
from lab.products.was.servers.listeners import Listeners, Taken
from lab.products.was.servers.requests import ServerRequests

if TYPE_CHECKING:
    from lab.products.gateway.xmpp_proxy import XmppProxy
    from lab.products.was.sip.channels import Channels
    from lab.sip.address import Transport

_RETRY_S = 5.0
_RETRIES = 60
_WITH_SIP = ("APPLICATION_SERVER", "PROXY_SERVER")
# The gateway's application accepts there itself: its members replicate what they know to each other.
_REPLICATION, _REPLICATED = "DCS_UNICAST_ADDRESS", "RTCGateway.ear"
_SYSTEMS = {"aix": "AIX, version 5.3", "windows": "Windows Server 2003, version 5.2"}
_CHANNEL = (
    "TCPC0003E: TCP Channel {0} initialization failed.  The socket bind failed for host * and port {1}.  The port may "
    "already be in use."
)
_CHAIN = (
    "CHFW0034W: The Transport Channel Service detected transport chain {0} failed.  The service will retry to start "
    "chain {0} every 5000 milliseconds for up to 60 attempts."
)
_FAILURES = {
    "BOOTSTRAP_ADDRESS": (
        "NameServerImp",
        "NMSV0011E: Unable to start Bootstrap Server using port {}. Verify that no servers or other processes are "
        "already using the bootstrap server port. Also verify that the bootstrap server is being started with a user "
        "ID that has sufficient privileges (e.g. root, Administrator).",
    ),
    "ORB_LISTENER_ADDRESS": (
        "ORBRas",
        "ORBX0390E: Cannot create listener thread. Exception=[ java.net.BindException: Address already in use: {} ].",
    ),
    "SOAP_CONNECTOR_ADDRESS": (
        "JMXSoapAdapte",
        "ADMC0021E: The SOAP connector cannot be started on port {}: java.net.BindException: Address already in use",
    ),
}


def main(host: Host, arguments: Sequence[str]) -> int:
    """Be the server until SIGTERM or a stop request."""
    profile_path, name, status_port = arguments
    installation, profile = layout.of_profile(host, profile_path)
    cell, node = profile.cell, profile.node
    log = logs.SystemOut(host, profile, name)
    here = logs.folder(profile, name)
    # Whatever goes wrong inside is found where an administrator looks for it.
    sys.stderr = (here / "SystemErr.log").open("a", encoding="utf-8", buffering=1)
    document = server_index.read_server(profile.config, cell, node, name)
    with (here / "native_stderr.log").open("a", encoding="utf-8") as native:
        refused = java_options.refusal(host.platform, document.jvm)
        native.write(refused or (java_options.VERBOSE_HEADER if document.jvm.verbose_gc else ""))
    if refused:
        return 1
    level = product.read(installation, "WAS") or product.nd(product.BASE_LEVEL)
    server = runtime.Runtime(
        host=host, installation=installation, profile=profile, cell=cell, node=node, name=name,
        entry=server_index.read(profile.config, cell, node).servers[name],
        document=document, log=log, version=level.version,
        security=security_registry.load(profile, cell),
    )  # fmt: skip
    runtime.become(server)
    # What takes longest comes first: a server whose id can be found shall soon answer.
    chains = _sip_chains(server)
    running.enter(host, profile, name)
    # Waited for once it runs; a server that it starts itself does the same.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    log.banner([
        f"WebSphere Platform 6.1 [ND {server.version} {level.level}] running with process name "
        f"{cell}\\{node}\\{name} and process id {os.getpid()}",
        f"Host Operating System is {_SYSTEMS[host.platform]}",
        "Java version = 1.5.0, Java Compiler = j9jit23, Java VM name = IBM J9 VM",
        f"was.install.root = {installation.root}", f"user.install.root = {profile.path}",
    ])  # fmt: skip
    listeners = Listeners(server.entry, _served_by_others(server, chains))
    refusal = _initialise(server, listeners)
    if refusal:
        log.write("WsServerImpl", "E", f"WSVR0009E: Error occurred during startup\n{refusal}")
        _report(int(status_port), "failed")
        running.leave(profile, name)
        return 1
    sip = _start_sip(server, chains, listeners) if chains else None
    xmpp = _start_xmpp(server)
    log.write("WsServerImpl", "A", f"WSVR0001I: Server {name} open for e-business")
    _report(int(status_port), "open")
    _run(server, listeners, sip)
    if xmpp:
        xmpp.stop()
    running.leave(profile, name)
    log.write("ServerCollabo", "A", f"WSVR0024I: Server {name} stopped")
    if server.restarting:
        launch.launch(installation, profile, name, within_s=0)
    return 0


def _initialise(server: runtime.Runtime, listeners: Listeners) -> str | None:
    """Bring the parts of the server up; why that failed, None when it did not."""
    log = server.log
    if server.host.fault("startServer") == "start-fails":
        return "com.ibm.ws.exception.RuntimeError: java.lang.OutOfMemoryError"
    try:
        server.security.registry.start()
    except DirectoryError as error:
        log.write("LdapRegistryI", "A", f"SECJ0418I: Cannot connect to the LDAP server: {error}")
        return (
            f"com.ibm.ws.security.core.SecurityComponentImpl: SECJ0007E: Error during security initialization. {error}"
        )
    if server.process.kind in ("DeploymentManager", "UnManagedProcess"):
        runtime.make_keys(server.config, server.cell)
    server.refresh_epoch() if server.process.kind == "DeploymentManager" else None
    try:
        listeners.open()
    except Taken as taken:
        component, text = _FAILURES[taken.end_point]
        log.write(component, "E", text.format(taken.port))
        return f"com.ibm.ws.exception.RuntimeError: java.net.BindException: Address already in use: {taken.port}"
    for end_point, port in listeners.failed.items():
        log.write("TCPPort", "E", _CHANNEL.format(end_point, port))
        log.write("WSChannelFram", "W", _CHAIN.format(end_point))
    log.write("AdminInitiali", "A", "ADMN0015I: The administration service is initialized.")
    log.write("SOAPConnector", "A", f"ADMC0013I: The SOAP connector is available at port "
              f"{server.entry.port('SOAP_CONNECTOR_ADDRESS')}")  # fmt: skip
    for path in server.entry.applications:
        application = path.partition("/")[0].removesuffix(".ear")
        server.started_applications.add(application)
        log.write("ApplicationMg", "A", f"WSVR0221I: Application started: {application}")
    return None


def _sip_chains(server: runtime.Runtime) -> dict[Transport, str]:
    """The end points of its SIP chains by transport."""
    if server.entry.type not in _WITH_SIP:
        return {}
    from lab.products.was.sip import channels  # noqa: PLC0415 - the other servers start faster without

    return channels.end_points(server)


def _served_by_others(server: runtime.Runtime, chains: dict[Transport, str]) -> set[str]:
    """The end points that SIP and its application accept at."""
    replicated = bool(chains) and any(path.startswith(_REPLICATED) for path in server.entry.applications)
    return {*chains.values(), *([_REPLICATION] if replicated else [])}


def _start_sip(server: runtime.Runtime, chains: dict[Transport, str], listeners: Listeners) -> Channels | None:
    """Serve the open end points; None when the configuration does not let it."""
    from lab.products.was.sip.channels import Channels  # noqa: PLC0415 - see above

    replication = listeners.opened.pop(_REPLICATION, None)
    try:
        sip = Channels(server, chains, replication.stream if replication else None)
    except ValueError as error:
        server.log.write("SipChannels", "E", f"SIP is not served: {error}")
        return None
    _hand_over(listeners, sip)
    return sip


def _start_xmpp(server: runtime.Runtime) -> XmppProxy | None:
    """Be the XMPP proxy, if the server is made to be one."""
    if server.entry.type != "APPLICATION_SERVER":
        return None
    from lab.products.gateway import xmpp_proxy  # noqa: PLC0415 - see above

    return xmpp_proxy.start(server)


def _hand_over(listeners: Listeners, sip: Channels) -> None:
    """Have it serve the end points that are open by now."""
    while listeners.opened:
        sip.open(*listeners.opened.popitem())


def _run(server: runtime.Runtime, listeners: Listeners, sip: Channels | None) -> None:
    """Serve until told to stop."""
    serve = partial(
        connector.serve, process=server.process, admit=partial(_admit, server), open_session=partial(_Client, server)
    )
    listeners.start(serve)
    if listeners.failed:
        threading.Thread(target=_retry, args=(server, listeners, sip), daemon=True).start()
    if server.process.kind == "NodeAgent":
        threading.Thread(target=synchronisation.run, args=(server,), daemon=True).start()
    signal.sigwait({signal.SIGTERM})
    server.state = "STOPPING"
    server.stopping.set()
    listeners.close()
    if sip:
        sip.stop()


def _retry(server: runtime.Runtime, listeners: Listeners, sip: Channels | None) -> None:
    for _ in range(_RETRIES):
        time.sleep(_RETRY_S)
        for end_point in listeners.retry():
            server.log.write(
                "WSChannelFram", "A", f"CHFW0019I: The Transport Channel Service has started chain {end_point}."
            )
        if sip:
            _hand_over(listeners, sip)
        if not listeners.failed:
            return


def _admit(server: runtime.Runtime, user: str, password: str, token: str) -> str | None:
    """The name of a client that may administer the server, None for another."""
    if not server.security.registry.enabled:
        return user
    known = runtime.token(server.config, server.cell)
    if token and known and hmac.compare_digest(token, known):
        return "server"
    try:
        server.security.registry.check(user, password)
    except security_registry.DeniedError as denied:
        server.log.write(
            "LTPAServerObj", "E", f"SECJ0369E: Authentication failed when using LTPA. The exception is {denied}"
        )
        return None
    if server.security.may_administer(server.config, server.cell, user):
        return user
    server.log.write(
        "RoleBasedAuth", "A", f"SECJ0305I: The role-based authorization check failed for admin-authz operation "
        f"Server:getProcessType:. The user {user} was not granted any of the following required roles: monitor."
    )  # fmt: skip
    return None


def _report(port: int, state: str) -> None:
    """Tell the launcher, if it still waits."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 2.0) as launcher:
        launcher.sendall(f"{state} {os.getpid()}\n".encode())


class _Client(Admin):
    """What one client works with: the server's own services, and a scripting session once it asks for one."""

    def __init__(self, server: runtime.Runtime, user: str) -> None:
        self._server = server
        self._user = user
        self._own = ServerRequests(server)
        self._session: Admin | None = None
        self.process = server.process

    def names(self, target: str) -> Sequence[str]:
        return self._scripting().names(target)

    def call(self, target: str, method: str, arguments: Sequence[Argument]) -> Reply:
        if target == "Server":
            return self._own.call(method, arguments)
        reply = self._scripting().call(target, method, arguments)
        if method == "save":
            self._server.refresh_epoch()
        return reply

    def close(self) -> None:
        if self._session:
            self._session.close()

    def _scripting(self) -> Admin:
        if self._session is None:
            from lab.products.was.admin.session import Session  # noqa: PLC0415 - most clients want no scripting

            server = self._server
            self._session = Session(server.host, server.profile, server.process, self._user)
        return self._session
