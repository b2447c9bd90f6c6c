"""A node's part when it joins a cell or leaves it: its own repository, the backup of that, `setupCmdLine`."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from lab.products.was import credentials, layout
from lab.products.was.connector import Connection
from lab.products.was.errors import NotAuthorized, NotReachable
from lab.products.was.layout import Profile
from lab.products.was.servers import launch, running, server_index
from lab.products.was.servers.stop import DENIED, VERIFY
from lab.products.was.servers.tool import Place, Refused, Report, Words

_STOP_WITHIN_S = 120.0


def connect_manager(where: Place, words: Words, host_name: str, port: int) -> Connection:
    """To a deployment manager. Raises `Refused`."""
    given = credentials.find(where.profile, words.user, words.value("-password"))
    address = where.host.resolve(host_name)
    try:
        if address is None:
            raise NotReachable(host_name)
        manager = Connection(address, port, given.user, given.password)
    except NotReachable:
        reason = (
            "com.ibm.websphere.management.exception.ConnectorException: ADMC0016E: The system cannot create a SOAP "
            f"connector to connect to host {host_name} at port {port}."
        )
        raise Refused(
            f"ADMU0006E: Exception creating Deployment Manager connection: {reason}\n"
            f"ADMU0111E: Program exiting with error: com.ibm.websphere.management.exception.AdminException: {reason}"
        ) from None
    except NotAuthorized:
        raise Refused(f"{DENIED.format('getServerConfig')}\n{VERIFY}") from None
    if manager.process.kind != "DeploymentManager":
        manager.close()
        raise Refused(
            "ADMU0006E: Exception creating Deployment Manager connection: "
            f"{host_name}:{port} is a process of type {manager.process.kind}\n"
            "ADMU0111E: Program exiting with error: com.ibm.websphere.management.exception.AdminException"
        )
    return manager


def manager_address(profile: Profile) -> tuple[str, int] | None:
    """Host name and SOAP port of the deployment manager, as the profile's repository has them."""
    for node in server_index.nodes(profile.config, profile.cell):
        index = server_index.read(profile.config, profile.cell, node)
        entry = index.of_type("DEPLOYMENT_MANAGER")
        if entry:
            return index.host, entry.port("SOAP_CONNECTOR_ADDRESS")
    return None


def list_servers(where: Place, report: Report) -> list[str]:
    """Tell the servers of the node."""
    profile = where.profile
    names = list(server_index.read(profile.config, profile.cell, profile.node).servers)
    if names:
        report.say("ADMU0505I: Servers found in configuration:")
        for name in names:
            report.say(f"ADMU0506I: Server name: {name}")
    else:
        report.say("ADMU0507I: No servers found in configuration under:")
        report.say(
            layout.join(where.host, profile.path, "config", "cells", profile.cell, "nodes", profile.node, "servers")
        )
    return names


def stop_servers(where: Place, names: list[str], user: str, password: str, report: Report) -> None:
    """Stop all servers of the node. Raises `Refused`."""
    profile = where.profile
    report.say(f"ADMU2010I: Stopping all server processes for node {profile.node}")
    index = server_index.read(profile.config, profile.cell, profile.node)
    for name in names:
        pid = running.pid(where.host, profile, name)
        if pid is None:
            report.say(f"ADMU0512I: Server {name} cannot be reached. It appears to be stopped.")
            continue
        given = credentials.find(profile, user, password)
        try:
            connection = Connection(
                "127.0.0.1", index.servers[name].port("SOAP_CONNECTOR_ADDRESS"), given.user, given.password
            )
        except NotReachable:
            report.say(f"ADMU0512I: Server {name} cannot be reached. It appears to be stopped.")
            continue
        except NotAuthorized:
            raise Refused(f"{DENIED.format('stop')}\n{VERIFY}") from None
        connection.call("Server", "stop", [])
        connection.close()
        if not launch.wait_until_gone(where.host, pid, _STOP_WITHIN_S):
            raise Refused("ADMU3060E: Timed out waiting for server shutdown.")
        report.say(f"ADMU0510I: Server {name} is now STOPPED")


def backup_folder(profile: Profile) -> Path:
    """Where `addNode` keeps the node's original cell."""
    return profile.config / "backup" / "base"


def back_up(profile: Profile, report: Report) -> None:
    """Keep the node's original cell."""
    folder = backup_folder(profile)
    report.say("ADMU0024I: Deleting the old backup directory.")
    shutil.rmtree(folder, ignore_errors=True)
    report.say("ADMU0015I: Backing up the original cell repository.")
    shutil.copytree(profile.config / "cells", folder / "cells")


def restore(profile: Profile) -> None:
    """Bring the node's original cell back. Raises `Refused` when there is no backup."""
    backup = backup_folder(profile) / "cells"
    cells = sorted(path.name for path in backup.iterdir()) if backup.is_dir() else []
    if len(cells) != 1:
        raise Refused("ADMU2029E: The backup of the original configuration cannot be found; it cannot be restored.")
    shutil.rmtree(profile.config / "cells", ignore_errors=True)
    shutil.copytree(backup, profile.config / "cells")
    change_cell(profile, cells[0])
    servers = server_index.read(profile.config, profile.cell, profile.node).servers.values()
    for entry in servers:
        point_scripts_to(profile, "localhost", entry.port("SOAP_CONNECTOR_ADDRESS"))


def point_scripts_to(profile: Profile, host_name: str, port: int) -> None:
    """Let wsadmin of the profile connect there unless it is told otherwise."""
    file = profile.file("properties", "wsadmin.properties")
    text = file.read_bytes().decode("latin-1")
    for key, value in (("host", host_name), ("port", str(port))):
        text = re.sub(rf"(?m)^(com\.ibm\.ws\.scripting\.{key}=)[^\r\n]*", rf"\g<1>{value}", text)
    file.write_bytes(text.encode("latin-1"))


def change_cell(profile: Profile, cell: str) -> None:
    """Let the profile's commands work in that cell."""
    before = profile.cell
    file = profile.file("bin", layout.script(profile.host, "setupCmdLine"))
    text = file.read_bytes().decode("utf-8")
    file.write_bytes(re.sub(r"(?m)^((?:SET )?WAS_CELL=)[^\r\n]*", rf"\g<1>{cell}", text).encode("utf-8"))
    applications = profile.file("installedApps", before)
    if before != cell and applications.is_dir() and not profile.file("installedApps", cell).exists():
        applications.rename(profile.file("installedApps", cell))
