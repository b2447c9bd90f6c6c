"""Where Domino 8.0.1 keeps its files on AIX and on Windows, and what other products may ask about it.

What lies on a server depends on what its installer was told, so everything starts at `installed(host)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lab.host import Host

VERSION = "8.0.1"
NRPC_PORT, HTTP_PORT = 1352, 80

STORE = "domino"
"""The simulator's memory: one installation, as `Installation` has it, and whether it is complete."""

ADDINS: Mapping[str, str] = {"staddin": "sametime:staddin"}
"""Add-in tasks of other products: name in `ServerTasks` (small letters) to the simulated program that is started."""

_LEVEL = "80010"


@dataclass(frozen=True)
class Installation:
    """One installation; every path is the host's own. `user` and `group` are empty on Windows."""

    platform: Literal["aix", "windows"]
    location: str
    """The program folder that the installer was told."""
    data: str
    """The data folder."""
    user: str = ""
    group: str = ""

    @property
    def windows(self) -> bool:
        return self.platform == "windows"

    def join(self, *parts: str) -> str:
        """Parts of a path, put together as the platform does."""
        return ("\\" if self.windows else "/").join(parts)

    @property
    def program_dir(self) -> str:
        """The folder of the programs themselves; below `location` on AIX."""
        return self.location if self.windows else f"{self.location}/notes/{_LEVEL}/ibmpow"

    @property
    def latest(self) -> str:
        """AIX: the link to the folder of the newest level."""
        return f"{self.location}/notes/latest"

    @property
    def notes_ini(self) -> str:
        """Beside the programs on Windows, in the data folder on AIX."""
        return self.join(self.location if self.windows else self.data, "notes.ini")

    @property
    def server(self) -> str:
        """What starts the server, and what sets it up."""
        return self.join(self.location, "nserver.exe") if self.windows else f"{self.location}/bin/server"

    @property
    def service_program(self) -> str:
        """Windows: the program behind the service."""
        return self.join(self.location, "nservice.exe")

    @property
    def service(self) -> str:
        """Windows: name and display name of the service; the data folder without its punctuation is in it."""
        return f"Lotus Domino Server ({''.join(letter for letter in self.data if letter.isalnum())})"

    @property
    def java(self) -> str:
        """The product's own JVM."""
        return self.join(self.location, "jvm", "bin", "java.exe") if self.windows else f"{self.program_dir}/java"

    def task(self, name: str) -> str:
        """The program of a server task, such as `staddin`."""
        return self.join(self.program_dir, f"n{name.lower()}.exe" if self.windows else name.lower())

    def data_file(self, name: str) -> str:
        """A file in the data folder."""
        return self.join(self.data, name)


def installed(host: Host) -> Installation | None:
    """The Domino of this host, None when there is none or its installation was interrupted."""
    with host.store(STORE) as store:
        found = store.get("installation") if store.get("complete") else None
    return Installation(platform=host.platform, **found) if found else None


def is_set_up(host: Host) -> bool:
    """Whether the server of this host has been set up (it has a name, an ID and a directory)."""
    found = installed(host)
    return found is not None and bool(read_ini(host, found).get("serversetup"))


def is_running(host: Host) -> bool:
    """Whether the server of this host runs."""
    found = installed(host)
    return found is not None and bool(processes(host, found))


def processes(host: Host, installation: Installation) -> list[int]:
    """The process ids of the running server."""
    title = running_title(installation).casefold()
    return [pid for pid, line in host.processes().items() if line.replace('"', "").casefold().startswith(title)]


def running_title(installation: Installation) -> str:
    """How the running server begins in the list of processes; a set-up or a request to quit looks otherwise."""
    return installation.service_program if installation.windows else f"{installation.program_dir}/server"


# -- notes.ini ---------------------------------------------------------------------------------------------------------
def read_ini(host: Host, installation: Installation) -> dict[str, str]:
    """The settings of notes.ini by their names in small letters; none when there is no file."""
    file = host.path(installation.notes_ini)
    if not file.is_file():
        return {}
    pairs = (line.partition("=") for line in file.read_text(_encoding(installation)).splitlines())
    return {name.strip().lower(): value.strip() for name, sign, value in pairs if sign}


def write_ini(host: Host, installation: Installation, settings: Mapping[str, str]) -> None:
    """Set settings of notes.ini, each on the line that it has or on a new one at the end."""
    file = host.path(installation.notes_ini)
    lines = file.read_text(_encoding(installation)).splitlines() if file.is_file() else ["[Notes]"]
    for name, value in settings.items():
        line = f"{name}={value}"
        found = [at for at, old in enumerate(lines) if old.partition("=")[0].strip().lower() == name.lower()]
        if found:
            lines[found[-1]] = line
        else:
            lines.append(line)
    end = "\r\n" if installation.windows else "\n"
    file.write_text("".join(line + end for line in lines), _encoding(installation), newline="")


def server_tasks(host: Host, installation: Installation) -> tuple[str, ...]:
    """The tasks that the server starts with, in small letters and without their arguments."""
    listed = read_ini(host, installation).get("servertasks", "")
    return tuple(task.split()[0].lower() for task in listed.split(",") if task.strip())


def _encoding(installation: Installation) -> str:
    return "cp1252" if installation.windows else "utf-8"
