"""The terminal that somebody types on: lines, passwords that are not shown, a page at a time."""

from __future__ import annotations

import os
import sys
import termios
import tty

_END_OF_CONFIGURATION = b"\x1a"  # Ctrl-Z
_MORE = " --More-- "


class Terminal:
    """Standard input and output; `length` is the lines of a page, 0 for output without a stop."""

    def __init__(self) -> None:
        self.length = 24
        self.interactive = sys.stdin.isatty()
        if self.interactive:
            # Ctrl-Z ends a line here, and no key sends a signal.
            modes = termios.tcgetattr(0)
            modes[3] &= ~termios.ISIG
            modes[6][termios.VEOL] = _END_OF_CONFIGURATION
            termios.tcsetattr(0, termios.TCSANOW, modes)

    def read(self, prompt: str, *, shown: bool = True) -> str | None:
        """A line, None at the end of all input."""
        if shown or not self.interactive:
            self.write(prompt)
            return self._line()
        modes = termios.tcgetattr(0)
        silent = [*modes]
        silent[3] &= ~termios.ECHO
        # Before the question: whoever answers at once is not to be shown either.
        termios.tcsetattr(0, termios.TCSANOW, silent)
        try:
            self.write(prompt)
            return self._line()
        finally:
            termios.tcsetattr(0, termios.TCSANOW, modes)
            self.write("\n")

    def write(self, text: str) -> None:
        """Print at once."""
        sys.stdout.write(text)
        sys.stdout.flush()

    def show(self, text: str) -> None:
        """Print a page at a time: a key goes on, `q` stops, the return key shows one line more."""
        lines = text.splitlines(keepends=True)
        room = self.length - 1
        for number, line in enumerate(lines):
            if self.interactive and self.length and room <= 0 and number < len(lines):
                key = self._key()
                self.write("\b" * len(_MORE) + " " * len(_MORE) + "\b" * len(_MORE))
                if key in (b"q", b"Q", b"\x03", b""):
                    return
                room = 1 if key in (b"\r", b"\n") else self.length - 1
            self.write(line)
            room -= 1

    def _key(self) -> bytes:
        modes = termios.tcgetattr(0)
        tty.setcbreak(0)
        silent = termios.tcgetattr(0)
        silent[3] &= ~(termios.ECHO | termios.ISIG)
        termios.tcsetattr(0, termios.TCSANOW, silent)
        try:
            self.write(_MORE)
            return os.read(0, 1)
        finally:
            termios.tcsetattr(0, termios.TCSANOW, modes)

    @staticmethod
    def _line() -> str | None:
        # Unbuffered: what was typed ahead is for the next question, or for a page's key.
        read = b""
        while not read.endswith((b"\n", _END_OF_CONFIGURATION)):
            byte = os.read(0, 1)
            if not byte:
                return read.decode("utf-8", "replace") if read else None
            read += byte
        return read.decode("utf-8", "replace").removesuffix("\n")
