"""What starts with the machine: of a new instance the administration daemon only, not the server."""

from __future__ import annotations

import shlex

from lab.host import Host
from lab.products.itds.dialog import ToolError
from lab.products.itds.instances import Instance


def add_autostart(host: Host, instance: Instance) -> None:
    """An inittab line and the running daemon on AIX; on Windows the services of daemon and server."""
    if host.platform == "windows":
        for key, title, program, start in _services(instance):
            binary = f'"{program}" -I {instance.name}'
            _must(host, ["sc", "create", key, "binPath=", binary, "DisplayName=", title, "start=", start])
        _must(host, ["sc", "start", f"idsdiradm-{instance.name}"])
        return
    identifier = next(f"ids{number}" for number in range(100) if host.run(["/usr/sbin/lsitab", f"ids{number}"])[0] != 0)
    command = f"{instance.layout.tool('ibmdiradm')} -I {instance.name}"
    remark = "#Autostart IBM LDAP Admin Daemon Instance"
    _must(host, ["/usr/sbin/mkitab", f"{identifier}:2345:once:{command} > /dev/null 2>&1 {remark}"])
    _must(host, shlex.split(command))


def remove_autostart(host: Host, instance: Instance) -> None:
    if host.platform == "windows":
        for key, *_ in _services(instance):
            host.run(["sc", "stop", key])
            _must(host, ["sc", "delete", key])
        return
    _must(host, [instance.layout.tool("ibmdiradm"), "-I", instance.name, "-k"])
    _, output, _ = host.run(["/usr/sbin/lsitab", "-a"])
    for line in output.splitlines():
        if f"/ibmdiradm -I {instance.name} " in line:
            _must(host, ["/usr/sbin/rmitab", line.split(":")[0]])


def _services(instance: Instance) -> tuple[tuple[str, str, str, str], ...]:
    version, name = instance.version, instance.name
    return (
        (f"idsdiradm-{name}", f"IBM Tivoli Directory Admin Daemon V{version} - {name}",
         instance.layout.tool("ibmdiradm"), "auto"),
        (f"idsslapd-{name}", f"IBM Tivoli Directory Server Instance V{version} - {name}",
         instance.layout.tool("ibmslapd"), "demand"),
    )  # fmt: skip


def _must(host: Host, argv: list[str]) -> None:
    code, output, errors = host.run(argv)
    if code != 0:
        raise ToolError(f"GLPICR071E {argv[0]} failed: {(errors or output).strip()}")
