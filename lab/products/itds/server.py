"""The directory server, its administration daemon, and the remote control of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from lab.host import Host
from lab.products.itds import directory, instances, ldif
from lab.products.itds.database import Database
from lab.products.itds.dialog import ToolError, ask, parse, write_log
from lab.products.itds.instances import ADMIN, CONFIGURATION, DIRECTORY, SSL, Configuration, Instance
from lab.products.itds.layout import Layout
from lab.products.itds.ldif import same_dn
from lab.products.itds.tools import must_be_stopped, required_instance

START_S = 20
STOP_S = 15


def ibmslapd(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """Start the server, or stop it with `-k`. Without its database it starts for configuration only, unless `-n`
    forbids that. On AIX it becomes a daemon; on Windows it is the service and stays."""
    options = parse(arguments, "Idb", "nNkaA")
    _must_be_root(host)
    instance = required_instance(host, layout, options)
    if "k" in options:
        return _stop(host, instance)
    settings = instances.configuration(host, instance)
    _say(host, instance, "GLPSRV041I Server starting.")
    if not settings.get(CONFIGURATION, "ibm-slapdAdminPW"):
        raise _failed(
            host,
            instance,
            "GLPSRV012E A primary administrator DN and administrator PW must be specified in the server configuration.",
        )
    for port in [settings.port, *([settings.secure_port] if settings.secure else [])]:
        if directory.answers(port):
            raise _failed(host, instance, f"GLPSRV108E The port {port} is in use.")
    if settings.secure:
        _look_at_key(host, instance, settings)
    fault = host.fault("ibmslapd")
    configuration_only = "a" in options or "A" in options
    if not configuration_only:
        problem = f"({fault})" if fault else _database_problem(host, layout, instance)
        if problem:
            _say(host, instance, f"GLPRDB035E The database could not be opened. {problem}")
            if "n" in options or "N" in options:
                raise _failed(host, instance, "GLPSRV064E Failed to initialize be_config. Server is stopping.")
            _say(host, instance, "GLPSRV009I Server is started in configuration only mode.")
            configuration_only = True
    if host.platform == "windows":
        _say_ports(host, instance, settings)
        host.report_running()
        directory.execute(directory.slapd_command(host, instance, configuration_only=configuration_only))
    mode = ["-a"] if configuration_only else []
    pid = host.spawn(f"itds:slapd-{layout.version}", [instance.name, *mode], title=directory.title(instance))
    if not directory.wait_for(settings.port, open_=True, seconds=START_S):
        raise _failed(host, instance, f"GLPSRV064E Server is stopping (process {pid}).")
    _say_ports(host, instance, settings)
    return 0


def _look_at_key(host: Host, instance: Instance, settings: Configuration) -> None:
    from lab.products.itds import gskit  # noqa: PLC0415 - cryptography takes long to import

    ssl = settings.entry(SSL)
    try:
        gskit.as_pem(host.path(ssl.get("ibm-slapdSslKeyDatabase")), ssl.get("ibm-slapdSslCertificate"))
    except gskit.GskitError as error:
        raise _failed(host, instance, f"GLPSSL010E SSL cannot be initialized. {error}") from None


def _say_ports(host: Host, instance: Instance, settings: Configuration) -> None:
    _say(host, instance, f"GLPCOM003I Non-SSL port initialized to {settings.port}.")
    if settings.secure:
        _say(host, instance, f"GLPCOM004I SSL port initialized to {settings.secure_port}.")


def slapd(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """The daemon: becomes the slapd behind an instance."""
    instance = required_instance(host, layout, {"I": arguments[0]})
    directory.execute(directory.slapd_command(host, instance, configuration_only="-a" in arguments[1:]))
    return 1


def _database_problem(host: Host, layout: Layout, instance: Instance) -> str | None:
    settings = instances.configuration(host, instance)
    backend = settings.entry(DIRECTORY)
    if not settings.database:
        return "GLPRDB040E database_user_password parameter is missing from LDAP directory configuration file."
    db2, owner = Database(host, layout), backend.get("ibm-slapdDbInstance")
    try:
        db2.start(owner)
    except ToolError as error:
        return str(error)
    if settings.database.upper() not in db2.databases(owner):
        return f'SQL1013N  The database alias name or database name "{settings.database.upper()}" could not be found.'
    return None


def _stop(host: Host, instance: Instance) -> int:
    settings = instances.configuration(host, instance)
    found = directory.processes(host, instance)
    if not directory.answers(settings.port):
        print(f"GLPSRV176I The directory server instance '{instance.name}' is not running.")
        return 0
    for pid in found:
        host.kill(pid)
    if not directory.wait_for(settings.port, open_=False, seconds=STOP_S):
        raise _failed(host, instance, "GLPSRV013E Server does not stop.")
    _say(host, instance, "GLPSRV014I Server stopped.")
    return 0


def _must_be_root(host: Host) -> None:
    """The real programs let every owner start and stop (they belong to root and change their user themselves)."""
    if not host.user.administrator:
        raise ToolError("lab: only root starts and stops the servers here")


def _say(host: Host, instance: Instance, message: str) -> None:
    write_log(host, instance.log, message)
    print(message, file=sys.stderr, flush=True)


def _failed(host: Host, instance: Instance, message: str) -> ToolError:
    write_log(host, instance.log, message)
    return ToolError(message)


def ibmdiradm(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """Start the administration daemon, or stop it with `-k`."""
    options = parse(arguments, "Idb", "k")
    _must_be_root(host)
    instance = required_instance(host, layout, options)
    port = int(instances.configuration(host, instance).get(ADMIN, "ibm-slapdPort"))
    running = directory.processes(host, instance, "ibmdiradm")
    if "k" in options:
        for pid in running:
            host.kill(pid)
        return 0
    if directory.answers(port):
        raise ToolError(f"GLPADM031E The administration server port {port} is in use.")
    if host.platform == "windows":
        return daemon(host, layout, [instance.name])
    host.spawn(f"itds:diradm-{layout.version}", [instance.name], title=f"{layout.tool('ibmdiradm')} -I {instance.name}")
    if not directory.wait_for(port, open_=True, seconds=START_S):
        raise ToolError("GLPADM034E The administration server did not start.")
    return 0


def daemon(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """The administration daemon itself: holds its port. What it would serve goes through `ibmdirctl`."""
    import socket  # noqa: PLC0415 - only the daemon needs it

    instance = required_instance(host, layout, {"I": arguments[0]})
    port = int(instances.configuration(host, instance).get(ADMIN, "ibm-slapdPort"))
    log = instance.file("logs", "ibmdiradm.log")
    with socket.create_server(("0.0.0.0", port)) as listener:  # noqa: S104 - as the product does, on a lab host
        host.report_running()
        write_log(host, log, f"GLPADM056I Admin server starting. GLPCOM003I Non-SSL port initialized to {port}.")
        while True:
            connection, _ = listener.accept()
            connection.close()


def ibmdirctl(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """`ibmdirctl -h host -p port -D dn -w pw start|stop|status|admstop`, by the administration daemon."""
    options = parse(arguments, "hDwpd", "", operands=1)
    order = options.get("0", "")
    if order not in ("start", "stop", "status", "admstop"):
        raise ToolError("GLPDRC001E The action must be start, stop, status or admstop.")
    if options.get("h", "localhost") not in ("localhost", "127.0.0.1", host.name):
        raise ToolError(f"lab: the administration server of {options['h']} is not played out, only this host's own")
    port = int(options.get("p", "3538"))
    instance = next(
        (one for one in instances.list_instances(host, layout)
         if int(instances.configuration(host, one).get(ADMIN, "ibm-slapdPort")) == port), None,
    )  # fmt: skip
    if instance is None or not directory.answers(port):
        raise ToolError(f"GLPDRC004E The administration server on port {port} cannot be contacted.")
    password = ask("Enter password ==> ") if options.get("w") == "?" else options.get("w", "")
    configured = instances.configuration(host, instance).entry(CONFIGURATION)
    known = same_dn(options.get("D", ""), configured.get("ibm-slapdAdminDN"))
    if not known or not instances.is_secret(password, configured.get("ibm-slapdAdminPW")):
        raise ToolError("GLPDRC007E Invalid credentials.")
    if order == "status":
        settings = instances.configuration(host, instance)
        print(f"Server is {'running' if directory.answers(settings.port) else 'stopped'}")
        return 0
    if order == "admstop":
        return ibmdiradm(host, layout, ["-I", instance.name, "-k"])
    return ibmslapd(host, layout, ["-I", instance.name, "-n" if order == "start" else "-k"])


def idsldif2db(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """Load entries into a stopped instance."""
    options = parse(arguments, "iIdb", "qn")
    instance = required_instance(host, layout, options)
    must_be_stopped(host, instance)
    file = host.path(options.get("i", ""))
    if not file.is_file():
        raise ToolError(f"GLPL2D003E The file '{options.get('i', '')}' cannot be read.")
    try:
        entries = ldif.parse(file.read_text("utf-8"))
    except ValueError as error:
        raise ToolError(f"GLPL2D004E The file is not in LDIF: {error}") from None
    good = directory.load(host, instance, entries)
    print(f"GLPRDB002W ldif2db: {good} entries have been successfully added out of {len(entries)} attempted.")
    return 0 if good == len(entries) else 1
