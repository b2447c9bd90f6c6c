"""wsadmin as a process of its own, with a server that a test makes up: its Jython writes to the real standard output.

`python -m tests.lab.products.was.wsadmin_process FOLDER PLATFORM ARGUMENTS`: FOLDER holds the host's files, and
`server.json`: `process` (name, node, kind), `user`, `password`, `calls` ("AdminConfig.list": value, or
["error", text], or ["printed", value, text]). Calls are written to `called.json`. Without the file nobody listens.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast
from unittest import mock

from lab.products.was import connector, layout
from lab.products.was.admin import Admin, Argument, Process, Reply
from lab.products.was.errors import NotAuthorized, NotReachable, ScriptingError
from lab.products.was.wsadmin import program
from lab.settings import REPOSITORY
from tests.lab.products.was_host import FolderHost

PROCESS = {"name": "dmgr", "node": "dmNode", "kind": "DeploymentManager"}
CONNECTED = (
    'WASX7209I: Connected to process "dmgr" on node dmNode using SOAP connector;  '
    "The type of process is: DeploymentManager"
)
ROOTS = {"aix": "/W", "windows": "C:\\W"}


class Server(Admin):
    """The server of `server.json`."""

    folder: Path

    def __init__(self, _host: str, _port: int, user: str | None, password: str | None) -> None:
        file = self.folder / "server.json"
        if not file.exists():
            raise NotReachable
        self.facts: dict[str, Any] = json.loads(file.read_text())
        if self.facts.get("user") and (user, password) != (self.facts["user"], self.facts["password"]):
            raise NotAuthorized
        self.process: Process | None = Process(**PROCESS)
        self.called: list[Any] = []

    def names(self, target: str) -> Sequence[str]:
        return [name.partition(".")[2] for name in self.facts["calls"] if name.startswith(f"{target}.")]

    def call(self, target: str, method: str, arguments: Sequence[Argument]) -> Reply:
        self.called.append([f"{target}.{method}", arguments])
        (self.folder / "called.json").write_text(json.dumps(self.called))
        answer = self.facts["calls"].get(f"{target}.{method}")
        if isinstance(answer, list) and answer[0] == "error":
            raise ScriptingError(answer[1])
        if isinstance(answer, list):
            return Reply(answer[1], answer[2])
        return Reply(answer)

    def close(self) -> None:
        (self.folder / "closed").touch()


class Wsadmin:
    """A host with one profile `P` and its wsadmin."""

    def __init__(self, folder: Path, platform: str = "aix") -> None:
        self.folder = folder
        self.platform = platform
        self.host = FolderHost(folder, cast(Any, platform))
        root, set_ = ROOTS[platform], "SET " if platform == "windows" else ""
        profile = layout.join(self.host, root, "profiles", "P")
        lines = f"{set_}WAS_HOME={root}\n"
        self.write("bin", layout.script(self.host, "setupCmdLine"), text=lines)
        self.profile = Path("profiles/P")
        self.write("profiles", "P", "bin", layout.script(self.host, "setupCmdLine"), text=f"{lines}{set_}WAS_CELL=c\n")
        entry = f'<profile name="P" path="{profile}" isDefault="true"/>'
        self.write("properties", "profileRegistry.xml", text=f"<profiles>{entry}</profiles>")

    def native(self, *parts: str) -> str:
        """A path below the installation."""
        return layout.join(self.host, ROOTS[self.platform], *parts)

    def write(self, *parts: str, text: str) -> str:
        """Write a file below the installation; its native path."""
        return self.host.write(self.native(*parts), text)

    def listen(self, calls: Mapping[str, Any] | None = None, **facts: Any) -> None:
        """Have a server listen."""
        (self.folder / "server.json").write_text(json.dumps({"calls": calls or {}, **facts}))

    def called(self) -> list[Any]:
        """The calls the server got: name and arguments."""
        file = self.folder / "called.json"
        found: list[Any] = json.loads(file.read_text()) if file.exists() else []
        return found

    def __call__(self, *arguments: str, stdin: str = "", lang: bool = True) -> tuple[int, list[str]]:
        """Run it with `-lang jython`: exit code and the lines of its standard output."""
        done = self.run(*(["-lang", "jython"] if lang else []), *arguments, stdin=stdin)
        return done.returncode, done.stdout.decode("latin-1").splitlines()

    def run(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[bytes]:
        """Run it: the finished process."""
        return subprocess.run(
            [sys.executable, "-m", __spec__.name, str(self.folder), self.platform, *arguments],
            cwd=REPOSITORY, input=stdin.encode(), capture_output=True, check=False, env=dict(os.environ),
        )  # fmt: skip


def main() -> int:
    """See the module."""
    folder, platform, *arguments = sys.argv[1:]
    Server.folder = Path(folder)
    host = FolderHost(Path(folder), cast(Any, platform))
    host.program = layout.join(host, ROOTS[platform], "bin", layout.script(host, "wsadmin"))
    with mock.patch.object(connector, "Connection", Server):
        return program.main(host, arguments)


if __name__ == "__main__":
    sys.exit(main())
