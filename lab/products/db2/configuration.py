"""The database manager's configuration: its parameters as `db2 get dbm cfg` shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Parameter: description and value of a new instance. `{home}` is the instance's home directory.
PARAMETERS: Mapping[str, tuple[str, str]] = {
    "FEDERATED": ("Federated Database System Support", "NO"),
    "NUMDB": ("Max number of concurrently active databases", "8"),
    "DIAGLEVEL": ("Diagnostic error capture level", "3"),
    "DIAGPATH": ("Diagnostic data directory path", "{home}/sqllib/db2dump"),
    "DFT_MON_BUFPOOL": ("Buffer pool", "OFF"),
    "DFT_MON_LOCK": ("Lock", "OFF"),
    "DFT_MON_SORT": ("Sort", "OFF"),
    "DFT_MON_STMT": ("Statement", "OFF"),
    "HEALTH_MON": ("Monitor health of instance and databases", "ON"),
    "SYSADM_GROUP": ("SYSADM group name", "{group}"),
    "SYSCTRL_GROUP": ("SYSCTRL group name", ""),
    "SYSMAINT_GROUP": ("SYSMAINT group name", ""),
    "SYSMON_GROUP": ("SYSMON group name", ""),
    "AUTHENTICATION": ("Database manager authentication", "SERVER"),
    "DFTDBPATH": ("Default database path", "{home}"),
    "MON_HEAP_SZ": ("Database monitor heap size (4KB)", "90"),
    "JAVA_HEAP_SZ": ("Maximum Java interpreter heap size (4KB)", "2048"),
    "AUDIT_BUF_SZ": ("Audit buffer size (4KB)", "0"),
    "INSTANCE_MEMORY": ("Size of instance shared memory (4KB)", "AUTOMATIC"),
    "SHEAPTHRES": ("Sort heap threshold (4KB)", "0"),
    "AGENTPRI": ("Priority of agents", "SYSTEM"),
    "MAXAGENTS": ("Max number of existing agents", "400"),
    "NUM_POOLAGENTS": ("Agent pool size", "200(calculated)"),
    "SVCENAME": ("TCP/IP Service name", ""),
    "INTRA_PARALLEL": ("Enable intra-partition parallelism", "NO"),
}


def defaults(home: str, group: str) -> dict[str, str]:
    """The configuration of a new instance."""
    return {name: value.format(home=home, group=group) for name, (_, value) in PARAMETERS.items()}


def listing(instance: Mapping[str, Any]) -> str:
    """What `db2 get dbm cfg` prints."""
    values = instance["config"]
    kind = "Database Server with local and remote clients"
    lines = [
        "",
        "          Database Manager Configuration",
        "",
        f"     Node type = {kind}",
        "",
        " Database manager configuration release level            = 0x0b00",
        "",
    ]
    for name, (description, _) in PARAMETERS.items():
        lines.append(f" {description:<40} {f'({name})':>16} = {values.get(name, '')}".rstrip())
    return "\n".join([*lines, ""])
