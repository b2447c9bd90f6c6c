"""The simulated router's command line on a real terminal: what is shown, hidden, and stopped at."""

from __future__ import annotations

import os
import pty
import re
import select
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.settings import REPOSITORY
from tests.lab.ios.simulated import SECRET, new_router

_PATIENCE_S = 60
_SESSION = """
import sys
from pathlib import Path
from lab.ios.shell import Shell
from lab.ios.terminal import Terminal
from tests.lab.ios.simulated import Remembering
sys.exit(Shell(Remembering(Path(sys.argv[1])), Terminal()).run())
"""


class Typist:
    """Somebody at a terminal, who waits for a text before going on."""

    def __init__(self, folder: Path) -> None:
        self.process, self._terminal = pty.fork()
        if not self.process:
            os.chdir(REPOSITORY)
            os.execv(sys.executable, [sys.executable, "-c", _SESSION, str(folder)])
        self._seen = ""

    def await_(self, ending: str) -> str:
        """What came, up to a text at its end."""
        while not self._seen.endswith(ending):
            ready = select.select([self._terminal], [], [], _PATIENCE_S)[0]
            assert ready, f"{ending!r} does not come after {self._seen!r}"
            self._seen += os.read(self._terminal, 4096).decode()
        came, self._seen = self._seen, ""
        return came

    def type(self, keys: str, ending: str) -> str:
        """What comes after keys were typed."""
        os.write(self._terminal, keys.encode())
        return self.await_(ending)


@pytest.fixture
def typist(tmp_path: Path) -> Iterator[Typist]:
    new_router(tmp_path)
    found = Typist(tmp_path)
    found.await_("natrouter>")
    yield found
    os.close(found._terminal)
    os.waitpid(found.process, 0)


def enable(typist: Typist) -> None:
    typist.type("enable\r", "Password: ")
    typist.type(f"{SECRET}\r", "natrouter#")


def test_a_password_is_not_shown_and_three_wrong_ones_are_enough(typist: Typist) -> None:
    assert typist.type("enable\r", "Password: ") == "enable\r\nPassword: "
    assert typist.type("wrong\r", "Password: ") == "\r\nPassword: "
    assert typist.type("wrong\r", "Password: ") == "\r\nPassword: "
    assert typist.type("wrong\r", "natrouter>") == "\r\n% Bad secrets\r\n\r\nnatrouter>"
    typist.type("enable\r", "Password: ")
    assert typist.type(f"{SECRET}\r", "natrouter#") == "\r\nnatrouter#"


def test_a_page_at_a_time(typist: Typist) -> None:
    enable(typist)
    first = typist.type("show running-config\r", " --More-- ")
    assert first.count("\n") == 24, "the command, and a page less the line of the question"
    one = typist.type("\r", " --More-- ")
    assert re.sub("[\b ]", "", one).count("\n") == 1
    assert "natrouter#" in typist.type("q", "natrouter#")
    typist.type("terminal length 0\r", "natrouter#")
    assert "--More--" not in typist.type("show running-config\r", "end\r\n\r\nnatrouter#")


def test_control_z_does_the_line_and_leaves_the_configuration(typist: Typist) -> None:
    enable(typist)
    typist.type("configure terminal\r", "natrouter(config)#")
    typist.type("hostname natrouter2\x1a", "natrouter2#")
    typist.type("configure terminal\r", "natrouter2(config)#")
    typist.type("\x1a", "natrouter2#")


def test_two_sessions_change_one_configuration(tmp_path: Path, typist: Typist) -> None:
    enable(typist)
    typist.type("configure terminal\r", "natrouter(config)#")
    other = Typist(tmp_path)
    other.await_("natrouter>")
    enable(other)
    other.type("configure terminal\r", "natrouter(config)#")
    other.type("ip nat inside source static 9.42.111.8 9.42.124.48\r", "natrouter(config)#")
    typist.type("ip nat inside source static 9.42.111.9 9.42.124.49\r", "natrouter(config)#")
    said = other.type("do show running-config | include source\r", "natrouter(config)#")
    assert "9.42.111.8 9.42.124.48" in said
    assert "9.42.111.9 9.42.124.49" in said
    os.close(other._terminal)
    os.waitpid(other.process, 0)
