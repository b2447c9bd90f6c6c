"""A router whose kernel is only remembered, and a terminal on which a session is typed from a file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from lab.ios import editor
from lab.ios.configuration import Configuration, Interface
from lab.ios.passwords import digest
from lab.ios.router import Router
from lab.ios.shell import Shell
from lab.ios.terminal import Terminal

SECRET = "enable-secret"
DEVICES = {"FastEthernet0/0": "in0", "FastEthernet0/1": "out0"}
_PROMPT = re.compile(r"natrouter(?:\([\w-]+\))?[>#]")


class Remembering(Router):
    """`applied` has every configuration that the kernel was told."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.applied: list[str] = []

    def translate(self, configuration: Configuration) -> None:
        self.applied.append(configuration.text())


def new_router(folder: Path) -> Remembering:
    """As it comes: two interfaces with addresses, and an enable secret."""
    new = Configuration(hostname="natrouter", enable_secret=digest(SECRET, "salt"))
    for name, address in zip(DEVICES, ("9.42.111.254", "9.42.124.1"), strict=True):
        new.interfaces[name] = Interface(name, address, "255.255.255.0")
    (folder / "devices.json").write_text(json.dumps(DEVICES))
    (folder / "startup-config").write_text(new.text())
    router = Remembering(folder)
    router.start()
    return router


class Typed(Terminal):
    """Somebody who types what a recorded session shows behind its prompts; `screen` is what is seen then."""

    def __init__(self, session: str) -> None:
        self.length = 0
        self.interactive = False
        self.screen = ""
        self._left = session

    def read(self, prompt: str, *, shown: bool = True) -> str | None:
        self.screen += prompt
        # Where the session shows something else here, the comparison of the screens will tell.
        _, found, behind = self._left.partition(prompt)
        if not found:
            return None
        line, _, self._left = behind.partition("\n")
        self.screen += f"{line}\n" if shown else "\n"
        return line if shown else SECRET

    def write(self, text: str) -> None:
        self.screen += text


def replay(router: Router, session: str, prepare: Callable[[Shell], None] = lambda _: None) -> str:
    """What the screen shows when a session is typed again."""
    terminal = Typed(session)
    shell = Shell(router, terminal)
    prepare(shell)
    shell.run()
    return terminal.screen


def privileged(shell: Shell) -> None:
    """Start behind `enable`."""
    shell.privileged = True


def configured(commands: str) -> Configuration:
    """The configuration after global and other commands of a text, from nothing but the two interfaces."""
    found = editor.read("".join(f"interface {name}\n!\n" for name in DEVICES))
    changed = editor.Editor(found)
    for command in commands.splitlines():
        changed.execute(command)
    return found
