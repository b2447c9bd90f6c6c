"""What an AIX host has below `/opt/freeware`: a Python 3, where the inventory wants the SIP NAT proxy to run.

It is this machine's Python behind a customisation that takes away what AIX does not have. Nothing in the lab needs it
but the programs that are shipped to hosts.
"""

from __future__ import annotations

from pathlib import Path

from lab.topology import HostSpec

_GROUPS = frozenset({"sip_proxies", "nat_proxies"})
_PYTHON = """\
#!/.lab/usr/bin/dash
PYTHONPATH=/.lab/py/lab/aix/freeware/site exec /.lab/usr/bin/python3 "$@"
"""


def install(disk: Path, host: HostSpec) -> None:
    """Lay out `/opt/freeware` in the host's tree."""
    if host.groups & _GROUPS:
        program = disk / "opt/freeware/bin/python3"
        program.write_text(_PYTHON)
        program.chmod(0o755)
