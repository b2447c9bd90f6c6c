"""A Windows host as its programs find it: disk, registry, services, accounts, all below one directory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from lab import clocks
from lab.host import NoSpace
from lab.store import Store
from lab.windows.accounts import Accounts
from lab.windows.environment import Environment
from lab.windows.processes import Processes
from lab.windows.registry import Registry, Value
from lab.windows.services import Services
from lab.windows.tree import Tree

SYSTEM = "SYSTEM"
SYSTEM_ROOT = "C:\\WINDOWS"
SYSTEM_FOLDER = SYSTEM_ROOT + "\\system32"
ENVIRONMENT_KEY = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment"
USER_ENVIRONMENT_KEY = "HKCU\\Environment"
REBOOT_KEY = "HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager"
REBOOT_VALUE = "PendingFileRenameOperations"


class Machine:
    """The host whose state lies in `directory`: `C` (the drive), `state` (stores), `host.json` (its description)."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory.absolute()

    @cached_property
    def description(self) -> Mapping[str, Any]:
        """What the host was made from."""
        content: dict[str, Any] = json.loads((self.directory / "host.json").read_text("utf-8"))
        return content

    @property
    def name(self) -> str:
        return str(self.description["name"])

    @property
    def computer_name(self) -> str:
        """The NetBIOS name."""
        return self.name.upper()[:15]

    @property
    def hardware(self) -> Mapping[str, Any]:
        """Model, processors, memory in MB."""
        content: dict[str, Any] = self.description["machine"]
        return content

    @cached_property
    def store(self) -> Store:
        return Store(self.directory / "state")

    @cached_property
    def tree(self) -> Tree:
        return Tree(self.directory / "C")

    @cached_property
    def registry(self) -> Registry:
        return Registry(self.store)

    @cached_property
    def accounts(self) -> Accounts:
        return Accounts(self.store)

    @cached_property
    def processes(self) -> Processes:
        return Processes(self)

    @cached_property
    def services(self) -> Services:
        return Services(self)

    # -- environment ---------------------------------------------------------------------------------------------------
    def environment(self, user: str) -> Environment:
        """The environment that a process of `user` starts with."""
        profile = self.profile(user)
        environment = Environment({
            "ALLUSERSPROFILE": "C:\\Documents and Settings\\All Users",
            "APPDATA": profile + "\\Application Data",
            "CommonProgramFiles": "C:\\Program Files\\Common Files",
            "COMPUTERNAME": self.computer_name,
            "HOMEDRIVE": "C:",
            "HOMEPATH": profile.removeprefix("C:"),
            "ProgramFiles": "C:\\Program Files",
            "SystemDrive": "C:",
            "SystemRoot": SYSTEM_ROOT,
            "USERDOMAIN": self.computer_name,
            "USERNAME": user,
            "USERPROFILE": profile,
        })  # fmt: skip
        for value in self.registry.values(ENVIRONMENT_KEY):
            environment[value.name] = environment.expand(str(value.data))
        environment["TEMP"] = environment["TMP"] = profile + "\\Local Settings\\Temp"
        return environment

    def profile(self, user: str) -> str:
        """A user's home folder."""
        return (
            "C:\\WINDOWS\\system32\\config\\systemprofile" if user == SYSTEM else f"C:\\Documents and Settings\\{user}"
        )

    def make_profile(self, user: str) -> None:
        """The folders of a user who logs on for the first time."""
        for folder in ("Local Settings\\Temp", "Application Data", "My Documents"):
            self.tree.path(f"{self.profile(user)}\\{folder}").mkdir(parents=True, exist_ok=True)

    # -- disk ----------------------------------------------------------------------------------------------------------
    def disk(self) -> tuple[int, int]:
        """Size and free space of `C:` in MB; the files that lie there really are too few to count."""
        drive = self.description["filesystems"]["C:"]
        claimed = int(self.store.read("disk").get("claimed_mb", 0))
        return int(drive["size"]), int(drive["size"]) - int(drive["used"]) - claimed

    def claim_space(self, megabytes: int) -> None:
        """Take room on `C:`. Raises `NoSpace`."""
        with self.store.open("disk") as content:
            drive = self.description["filesystems"]["C:"]
            claimed = int(content.get("claimed_mb", 0))
            free = int(drive["size"]) - int(drive["used"]) - claimed
            if megabytes > free:
                raise NoSpace("C:", megabytes, free)
            content["claimed_mb"] = claimed + megabytes

    # -- clock ---------------------------------------------------------------------------------------------------------
    def now(self) -> float:
        """Seconds since 1970 by the machine's own clock."""
        return clocks.now(self.store)

    # -- restart -------------------------------------------------------------------------------------------------------
    @property
    def reboot_pending(self) -> bool:
        """Whether something waits for the next restart of the machine."""
        return self.registry.get(REBOOT_KEY, REBOOT_VALUE) is not None

    def want_reboot(self, reason: str) -> None:
        """What an installer does that could not replace files in use."""
        self.registry.set(REBOOT_KEY, Value(REBOOT_VALUE, "REG_MULTI_SZ", [f"\\??\\{reason}", ""]))

    def resolve(self, name: str) -> str | None:
        """An address from the `hosts` file, which is all the name service there is."""
        wanted = name.casefold().rstrip(".")
        if wanted in ("localhost", self.name.casefold()):
            return "127.0.0.1" if wanted == "localhost" else str(self.description["address"])
        text = self.tree.path(SYSTEM_FOLDER + "\\drivers\\etc\\hosts").read_text("ascii", "replace")
        for line in text.splitlines():
            address, *names = line.partition("#")[0].split() or [""]
            if wanted in map(str.casefold, names):
                return address
        return None
