"""The collection's modules on a cell in a folder: its programs run here, against the simulated wsadmin objects."""

from __future__ import annotations

import contextlib
import fnmatch
import io
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from lab.products.was.admin.session import Session
from plugins.plugin_utils._outcome import Outcome, parse_outcome
from plugins.plugin_utils._programs import Parameter
from plugins.plugin_utils._target import Target
from tests.lab.products.was.cell import Cell

# Where a launch has its files; it goes with the launch.
_WORK = "/tmp/stgw-was.1"


class Proxy:
    """A scripting object: every attribute is a method."""

    def __init__(self, session: Session, name: str) -> None:
        self._session, self._name = session, name

    def __getattr__(self, method: str) -> Callable[..., Any]:
        return lambda *arguments: self._session.call(self._name, method, list(arguments)).value


class Control:
    """AdminControl of a cell whose node agents on `nodes` run."""

    def __init__(self, nodes: Sequence[str], test: str = "") -> None:
        self._nodes, self._test = nodes, test

    def queryNames(self, query: str) -> str:  # noqa: N802
        assert query == "type=NodeSync,*"
        return "\n".join(f"WebSphere:name=nodeSync,process=nodeagent,type=NodeSync,node={node}" for node in self._nodes)

    def invoke(self, name: str, operation: str) -> str:
        assert operation == "sync"
        return "true" if name.rpartition("=")[2] != "M" else "false"

    def testConnection(self, config_id: str) -> str:  # noqa: N802
        assert "#DataSource_" in config_id
        if self._test:
            raise RuntimeError(self._test)
        return "WASX7217I: Connection to provided datasource was successful."


class CellTarget(Target):
    """A target that is the host of a cell's deployment manager. `before_save` is what somebody else does meanwhile, one
    for each save; `launches` are the requests that wsadmin got; `empty` takes the profile away."""

    def __init__(self, cell: Cell) -> None:
        super().__init__(None, "unix")  # type: ignore[arg-type]  # nothing is sent anywhere
        self._config: Path = cell.profile.config
        self._cell = cell
        self.before_save: list[Callable[[], None]] = []
        self.launches: list[str] = []
        self.running = ["dmgr"]
        self.empty = False
        self.control = Control(["N", "M"])

    def hide(self, secrets: Iterable[str]) -> None:
        """Mask these from now on."""
        self._secrets = sorted(secrets, key=len, reverse=True)

    def execute(self, name: str, parameters: Mapping[str, Parameter] | None = None, *, check: bool = True) -> Outcome:
        programs = {"was_read": self._read, "was_launch": self._launch, "key_store_read": self._key_stores}
        answer = programs[name](dict(parameters or {}))
        return parse_outcome(0, answer, "", blob_is_base64=False)

    def _read(self, parameters: Mapping[str, Any]) -> str:
        if self.empty:
            return ""
        paths = sorted(str(file.relative_to(self._config)) for file in self._config.rglob("*.xml"))
        wanted = [path for path in paths if any(_fits(path, pattern) for pattern in parameters["patterns"])]
        texts = [f"{parameters['mark']}{path}\n{self._shown(path, parameters['secrets'])}\n" for path in wanted]
        running = "".join(f"running={each}\n" for each in self.running)
        return f"profile=1\ncell=C\nnode=D\n{running}--\n{''.join(texts)}"

    def _key_stores(self, parameters: Mapping[str, Any]) -> str:
        files = [self._cell.host.path(path) for path in parameters["paths"]]
        found = [(number, file.read_bytes().hex()) for number, file in enumerate(files) if file.is_file()]
        return "".join(f"bytes_{number}={text}\n" for number, text in found)

    def _shown(self, path: str, secrets: Sequence[str]) -> str:
        text = (self._config / path).read_text("utf-8")
        known = {secret: f"{{same {number}}}" for number, secret in enumerate(secrets)}
        return re.sub(r'\{xor\}([^"]*)', lambda found: known.get(found[1], "{xor}"), text)

    def _launch(self, parameters: Mapping[str, Any]) -> str:
        self.launches.append(str(parameters["request"]))
        request = self._cell.host.path(f"{_WORK}/request")
        request.parent.mkdir(parents=True)
        request.write_text(str(parameters["request"]), "ascii")
        session = Session(self._cell.host, self._cell.profile, None)
        config = Proxy(session, "AdminConfig")
        if self.before_save:
            config = _Disturbed(session, self.before_save)
        names = {
            "AdminConfig": config, "AdminTask": Proxy(session, "AdminTask"), "AdminControl": self.control,
            "__name__": "main", "open": self._opened, "sys": sys,
        }  # fmt: skip
        said = io.StringIO()
        before, sys.argv = sys.argv, [f"{_WORK}/request"]
        try:
            with contextlib.redirect_stdout(said):
                exec(str(parameters["script"]), names)
        finally:
            sys.argv = before
            shutil.rmtree(request.parent)
        return f'rc=0\n--\nWASX7209I: Connected to process "dmgr"\n{said.getvalue()}'

    def _opened(self, path: str, mode: str) -> IO[Any]:
        """As Jython opens a file of the host: a character is a byte."""
        return self._cell.host.path(path).open(mode.rstrip("b"), encoding="latin-1", newline="")


class _Disturbed(Proxy):
    """AdminConfig, where something happens in front of a save."""

    def __init__(self, session: Session, happenings: list[Callable[[], None]]) -> None:
        super().__init__(session, "AdminConfig")
        self._happenings = happenings

    def save(self) -> Any:
        if self._happenings:
            self._happenings.pop(0)()
        return self._session.call("AdminConfig", "save", []).value


def _fits(path: str, pattern: str) -> bool:
    parts, wanted = path.split("/"), pattern.split("/")
    return len(parts) == len(wanted) and all(map(fnmatch.fnmatchcase, parts, wanted))
