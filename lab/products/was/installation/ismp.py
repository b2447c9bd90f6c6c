"""Command lines and response files of InstallShield MultiPlatform: `-OPT key="value"`, `-W bean.property="value"`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lab.host import Host

_LINE = re.compile(r"""-(OPT|W|V|P|G)\s+([\w.]+)\s*=\s*(?:"([^"]*)"|([^\s"]*))\s*""")


class BadLine(Exception):
    """A line or word that is none of a response file; the text says which."""


@dataclass(frozen=True)
class Setting:
    """One `-SWITCH key="value"`."""

    switch: str
    key: str
    value: str


@dataclass
class CommandLine:
    """What an installer was started with. `settings` of the command line come after those of the file."""

    silent: bool = False
    options: str = ""
    settings: list[Setting] = field(default_factory=list)

    def values(self, switch: str) -> dict[str, str]:
        """The settings of one switch, by key; of a key given twice the last one."""
        return {setting.key: setting.value for setting in self.settings if setting.switch == switch}


def command_line(host: Host, arguments: Sequence[str]) -> CommandLine:
    """Read the arguments and the response file they name. Raises `BadLine`."""
    line = CommandLine()
    own: list[Setting] = []
    words = list(arguments)
    while words:
        word = words.pop(0)
        if word == "-silent":
            line.silent = True
        elif word == "-options" and words:
            line.options = words.pop(0)
        elif word[1:] in {"OPT", "W", "V"} and words:
            own.append(_setting(f"{word} {words.pop(0)}"))
        else:
            raise BadLine(f"The command line option {word} is not valid or has no value.")
    if line.options:
        file = host.path(line.options)
        if not file.is_file():
            raise BadLine(f"The options file {line.options} could not be found.")
        line.settings = list(parse(file.read_bytes().decode("utf-8", "replace")))
    line.settings += own
    return line


def parse(text: str) -> Iterator[Setting]:
    """The settings of a response file. Raises `BadLine`."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() in ("", "-silent") or line.lstrip().startswith("#"):
            continue
        try:
            yield _setting(line.strip())
        except BadLine as error:
            raise BadLine(f"Line {number} of the options file: {error}") from None


def _setting(text: str) -> Setting:
    found = _LINE.fullmatch(text)
    if not found:
        # Without the value: it may be a password.
        raise BadLine(f"{text.partition('=')[0].strip()} is not understood.")
    return Setting(found[1], found[2], found[3] if found[3] is not None else found[4])
