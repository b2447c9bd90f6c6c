"""bob@partner.example with baresip, a phone that speaks TLS itself, on the host of the partner's gateway."""

from __future__ import annotations

import re
import shlex
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import baresip

from tests.lab.call.community import ADDRESS, ALICE, BOB
from tests.lab.call.messages import Message, message
from tests.lab.conftest import Lab
from tests.lab.nat.bench import Shell
from tests.lab.nat.cases import ADDRESSES

# It asks a name server; the host's own names are in a file.
_NAMES = ("127.0.0.1", 5353)
_PYTHON = "/usr/bin/python3"
_WAITS_S = 20.0
_TRACED = re.compile(r"\x1b\[36;1m#\nTLS (\S+) -> (\S+)\n(.*?)\x1b\[;m\n", re.DOTALL)


_Found = TypeVar("_Found")


@dataclass(frozen=True)
class Traced:
    """A message that it sent or received, and between which end points."""

    source: str
    destination: str
    message: Message

    @property
    def came(self) -> bool:
        """Whether it was sent to the phone."""
        return self.destination.startswith(f"{ADDRESS}:")


@dataclass(frozen=True)
class Phone:
    """It, while it runs; its files are in `folder`."""

    folder: Path
    pid: str
    shell: Shell
    orders: Shell

    def order(self, command: str, parameters: str = "", event: str = "") -> None:
        """Have it do something, and wait until it says that it has, or for the event."""
        told = self.folder / "control.out"
        argv = [_PYTHON, str(self.folder / "baresip.py"), command, parameters, event]
        code = self.orders.run(f"{shlex.join(argv)} >{told} 2>&1")
        assert code == 0, told.read_text() + self.printed()

    def printed(self) -> str:
        """All that it printed so far."""
        return (self.folder / "phone.out").read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")

    def traced(self) -> list[Traced]:
        """The messages so far, in their order."""
        return [Traced(source, to, message(text)) for source, to, text in _TRACED.findall(self.printed())]

    def wait(self, what: str, number: int = 1, *, came: bool = True) -> Traced:
        """The message of that number whose start line matches, that came or was sent."""

        def found() -> Traced | None:
            fitting = [each for each in self.traced() if each.came is came and re.match(what, each.message.start)]
            return fitting[number - 1] if len(fitting) >= number else None

        return _until(found, self.printed)

    def wait_for(self, text: str) -> None:
        """Until it has printed that."""
        _until(lambda: text in self.printed() or None, self.printed)

    def asked_for(self) -> set[str]:
        """The names whose addresses it wanted."""
        return set((self.folder / "names.out").read_text().split()) - {"ready"}

    def ends(self) -> None:
        """It ends what it has begun, and itself."""
        self.order("quit")
        assert self.shell.run(f"wait {self.pid} 2>/dev/null") == 0, self.printed()


@contextmanager
def phone(lab: Lab, certificates: Path, outbound: str, *, watches_alice: bool = False) -> Iterator[Phone]:
    """With nothing at the ports of SIP on stgw2 of a lab that is up; `outbound` is host and port of the other side."""
    folder = lab.settings.hosts / "stgw2/phone"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    folder.chmod(0o777)
    _write(folder, certificates, f"sip:{outbound};transport=tls", watches_alice=watches_alice)
    shell, orders = Shell(lab, "stgw2"), Shell(lab, "stgw2")
    known = [f"{name}={address}" for name, address in ADDRESSES.items()]
    pids = []
    try:
        pids.append(_start(shell, folder, "names", [_PYTHON, f"{folder}/names.py", *map(str, _NAMES), *known], "ready"))
        pids.append(_start(shell, folder, "phone", ["baresip", "-4", "-s", "-f", str(folder)], "baresip is ready."))
        yield Phone(folder, pids[-1], shell, orders)
    finally:
        shell.run(f"kill -9 {' '.join(pids)} 2>/dev/null; wait {' '.join(pids)} 2>/dev/null")
        for each in (shell, orders):
            each.close()


def _write(folder: Path, certificates: Path, outbound: str, *, watches_alice: bool) -> None:
    for source in (Path(baresip.__file__), Path(__file__).with_name("names.py")):
        shutil.copy(source, folder / source.name)
    more = ["module_app contact.so", "module_app presence.so", f"dns_server {_NAMES[0]}:{_NAMES[1]}"]
    certificate, key = (str(certificates / f"stgw2.partner.example.{kind}") for kind in ("crt", "key"))
    baresip.settings(folder, ADDRESS, f"sip:{BOB}", certificate, key, more, outbound)
    (folder / "both.pem").chmod(0o644)
    (folder / "contacts").write_text(f"<sip:{ALICE}>;presence={'p2p' if watches_alice else 'none'}\n")
    # Whom its command `message` writes to.
    (folder / "current_contact").write_text(f"sip:{ALICE}")


def _start(shell: Shell, folder: Path, name: str, argv: list[str], ready: str) -> str:
    file = folder / f"{name}.out"
    pid = shell.tell(f"{shlex.join(argv)} </dev/null >{file} 2>&1 & echo $!")
    _until(lambda: (file.exists() and ready in file.read_text("utf-8", "replace")) or None, file.read_text)
    return pid


def _until(look: Callable[[], _Found | None], show: Callable[[], str]) -> _Found:
    deadline = time.monotonic() + _WAITS_S
    while True:
        found = look()
        if found is not None:
            return found
        assert time.monotonic() < deadline, show()
        time.sleep(0.05)
