"""The inventory that Ansible reads after the real one: how the lab's machines are reached, and the lab's secrets.

It is written as `host_vars` and `group_vars` files, because only those win over the files of the first inventory.
"""

from __future__ import annotations

import json
import shlex
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lab import media
from lab.errors import LabError
from lab.keyring import write_private
from lab.products.domino import profile
from lab.settings import Settings
from lab.topology import HostSpec, RouterSpec, Topology

_NOTE = "# Written by `python3 -m lab up`; gone with `python3 -m lab clean`."
_HOSTS = "hosts.yml"
_LICENCES = (
    "db2_licence", "itds_licence", "websphere_licence", "gateway_licence", "domino_licence",
    "sametime_server_licence",
)  # fmt: skip


def write(settings: Settings, topology: Topology, vault: Mapping[str, str]) -> None:
    """Write the overlay; raises `LabError` when its folder holds somebody else's inventory."""
    if (settings.overlay / _HOSTS).exists() and not _is_ours(settings.overlay):
        raise LabError(f"LAB_OVERLAY={settings.overlay} holds an inventory that the lab has not written")
    for host in topology.hosts:
        variables = _connection(settings, host)
        checksums = media.checksums(host)
        if checksums:
            variables |= {"stgw_media_root": host.media_root, "stgw_media_checksums": checksums}
        if "sametime_servers" in host.groups:
            variables["domino_profile"] = str(_recorded_profile(settings))
        _write(settings.overlay / "host_vars" / f"{host.name}.yml", variables)
    router = topology.router
    _write(settings.overlay / "host_vars" / f"{router.name}.yml", _of_router(settings, router))
    secrets = settings.overlay / "group_vars/all"
    secrets.mkdir(parents=True, exist_ok=True)
    write_private(secrets / "vault.yml", _yaml(vault))
    # The simulated products have no licence to read.
    _write(secrets / "licences.yml", dict.fromkeys(_LICENCES, "ACCEPT"))
    # Ansible takes a folder for an inventory only when it holds a file that lists hosts.
    _write(settings.overlay / _HOSTS, {"all": {"hosts": {machine.name: {} for machine in topology.machines}}})


def remove(settings: Settings) -> None:
    """Remove the overlay, if the folder holds one."""
    if _is_ours(settings.overlay):
        shutil.rmtree(settings.overlay)


def _is_ours(folder: Path) -> bool:
    hosts = folder / _HOSTS
    return hosts.exists() and _NOTE in hosts.read_text("utf-8")


def _recorded_profile(settings: Settings) -> Path:
    """The answers of a server set-up, recorded once per lab."""
    file = settings.domino_profile
    if not file.exists():
        write_private(file, profile.recorded())
    return file


def _connection(settings: Settings, host: HostSpec) -> dict[str, Any]:
    if host.platform == "aix":
        return _by_ssh(settings, host.management)
    address, port = host.management
    return {
        "ansible_host": address,
        "ansible_port": port,
        "ansible_connection": "winrm",
        "ansible_user": "Administrator",
        "ansible_password": "{{ vault_windows_administrator_password }}",
        "ansible_winrm_scheme": "http",
        "ansible_winrm_transport": "ntlm",
        "ansible_shell_type": "powershell",
    }


def _of_router(settings: Settings, router: RouterSpec) -> dict[str, Any]:
    if router.platform == "ios":
        return _of_ios(settings, router)
    outside = next(leg.device for leg in router.legs if leg.segment == "outside")
    return _by_ssh(settings, router.management) | {
        # What the inventory says of a router by another maker does not hold for this one.
        "ansible_network_os": None,
        "ansible_password": None,
        "ansible_become": False,
        "nat_router_platform": "nftables",
        "nat_router_outside_interface": outside,
    }


def _of_ios(settings: Settings, router: RouterSpec) -> dict[str, Any]:
    return {
        "ansible_host": router.management[0],
        "ansible_port": router.management[1],
        "ansible_connection": "ansible.netcommon.network_cli",
        "ansible_network_os": "cisco.ios.ios",
        "ansible_network_cli_ssh_type": "libssh",
        "ansible_user": "root",
        "ansible_password": None,
        "ansible_private_key_file": str(settings.key),
        # Nothing comes behind a prompt here, so no command has to wait for it.
        "ansible_buffer_read_timeout": 0,
        # libssh knows the user's own known_hosts only, which a lab leaves alone; this is the loopback interface.
        "ansible_libssh_host_key_checking": False,
        "ansible_become": True,
        "ansible_become_method": "ansible.netcommon.enable",
        "ansible_become_password": "{{ vault_router_enable_secret }}",
        "nat_router_platform": "ios",
        "nat_router_inside_interface": "FastEthernet0/0",
        "nat_router_outside_interface": "FastEthernet0/1",
    }


def _by_ssh(settings: Settings, management: tuple[str, int]) -> dict[str, Any]:
    options = (
        "-o IdentitiesOnly=yes",
        "-o StrictHostKeyChecking=yes",
        f"-o UserKnownHostsFile={shlex.quote(str(settings.known_hosts))}",
        "-o GlobalKnownHostsFile=/dev/null",
    )
    return {
        "ansible_host": management[0],
        "ansible_port": management[1],
        "ansible_connection": "ssh",
        "ansible_user": "root",
        "ansible_ssh_private_key_file": str(settings.key),
        "ansible_ssh_common_args": " ".join(options),
        # There is none on AIX 5.3, nor is one promised on a router: a module that wants one shall fail here too.
        "ansible_python_interpreter": "/nonexistent",
    }


def _write(file: Path, variables: Mapping[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_yaml(variables), encoding="utf-8")


def _yaml(variables: Mapping[str, Any]) -> str:
    # JSON values are YAML values too, and need no thought about quoting.
    return "\n".join(["---", _NOTE, *(f"{name}: {json.dumps(value)}" for name, value in variables.items()), ""])
