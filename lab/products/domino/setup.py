"""`server -silent PROFILE`: gives an installed server its name, its IDs and its directory."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping

from lab.host import Host
from lab.products.domino import layout, profile
from lab.products.domino.layout import Installation

OK, FAILED = 0, 1
LOG = "setuplog.txt"
TASKS = "Update,Replica,Router,AMgr,AdminP,CalConn,Sched,HTTP"
_RELEASE = "80010"


def run(host: Host, installation: Installation, profile_path: str) -> int:
    """Set the server up by the recorded answers."""
    lines = [f"{time.ctime()} Domino Server Setup started"]
    wrong = _problem(host, installation, profile_path)
    if not wrong:
        wrong = _set_up(host, installation, profile.unpack(host.path(profile_path).read_bytes()), lines)
    lines.append(f"Setup failed: {wrong}" if wrong else "Setup completed successfully.")
    host.path(installation.data_file(LOG)).write_text("".join(line + "\n" for line in lines), "utf-8")
    print(lines[-1])
    return FAILED if wrong else OK


def _problem(host: Host, installation: Installation, profile_path: str) -> str:
    if layout.read_ini(host, installation).get("serversetup"):
        return "this server is set up already"
    file = host.path(profile_path)
    try:
        return profile.problem(profile.unpack(file.read_bytes()))
    except OSError as error:
        return f"the profile {profile_path} cannot be read: {error.strerror}"
    except profile.BadProfile as error:
        return f"the profile {profile_path} cannot be used: {error}"


def _set_up(host: Host, installation: Installation, values: Mapping[str, str], lines: list[str]) -> str:
    hierarchy = _hierarchy(values)
    ids = {"cert.id": values["OrganizationPassword"], "server.id": "", "user.id": values["AdminPassword"]}
    for name, password in ids.items():
        # As in the product's own files, nobody can read the password in them.
        sealed = hashlib.sha256(f"{hierarchy}\0{password}".encode()).hexdigest()
        host.path(installation.data_file(name)).write_text(f"ID\n{sealed}\n", "ascii")
        lines.append(f"Created {name}")
    fault = host.fault("domino:setup")
    if fault:
        return f"the Domino Directory could not be created ({fault})"
    host.path(installation.data_file("names.nsf")).write_text(f"{values['DominoDomainName']}\n", "utf-8")
    lines.append("Created names.nsf")
    layout.write_ini(
        host,
        installation,
        {
            "Domain": values["DominoDomainName"],
            "MailServer": f"CN={values['ServerName']}{hierarchy}",
            "KeyFilename": installation.data_file("server.id"),
            "Ports": "TCPIP",
            "TCPIP": "TCP,0,15,0",
            "ServerTasks": TASKS,
            # The last one: by it the set-up is done.
            "ServerSetup": _RELEASE,
        },
    )
    return ""


def _hierarchy(values: Mapping[str, str]) -> str:
    parts = (("OU", "OrgUnitName"), ("O", "OrganizationName"), ("C", "CountryCode"))
    return "".join(f"/{kind}={values[name]}" for kind, name in parts if values.get(name))
