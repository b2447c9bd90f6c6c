"""What a router has on its disk before anybody has configured it: addresses, an enable secret, and no translation."""

from __future__ import annotations

import json
from ipaddress import IPv4Network
from pathlib import Path
from typing import TYPE_CHECKING

from lab.ios.configuration import Configuration, Interface
from lab.ios.passwords import digest
from lab.ios.router import HOME

if TYPE_CHECKING:
    from lab.topology import RouterSpec

PROGRAM = "/.lab/bin/ios"
_STARTER = """\
#!/usr/bin/python3 -IS
import sys

sys.path.insert(0, "/.lab/py")
from lab.ios.__main__ import main

sys.exit(main(sys.argv[1:]))
"""


def install(disk: Path, router: RouterSpec, enable_secret: str) -> None:
    """Complete the tree `disk` of a router's file system; what was saved there stays."""
    program = disk / PROGRAM.lstrip("/")
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(_STARTER, encoding="utf-8")
    program.chmod(0o755)
    home = disk / HOME
    home.mkdir(parents=True, exist_ok=True)
    # The first module has the inside, as in the scenario's rack.
    names = {f"FastEthernet0/{number}": leg for number, leg in enumerate(router.legs)}
    devices = {name: leg.device for name, leg in names.items()}
    (home / "devices.json").write_text(json.dumps(devices), encoding="utf-8")
    saved = home / "startup-config"
    if not saved.exists():
        new = Configuration(hostname=router.name, enable_secret=digest(enable_secret))
        for name, leg in names.items():
            mask = str(IPv4Network(f"0.0.0.0/{leg.prefix}").netmask)
            new.interfaces[name] = Interface(name, leg.addresses[0], mask)
        saved.write_text(new.text(), encoding="utf-8")
