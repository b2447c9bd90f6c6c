"""Everything that ends the normal course of a program."""

from __future__ import annotations

from typing import Any

from lab.windows.powershell.dotnet.exceptions import NetException


class Refused(Exception):
    """The program needs something that PowerShell 2.0 does not have or that the lab does not imitate.

    A program cannot catch it: it must not be able to go on as if nothing had happened.
    """


class PowerShellError(Exception):
    """A terminating error: an error record on its way to a `catch`, a `trap` or the end of the program."""

    def __init__(self, exception: NetException, *, thrown: bool = False, target: Any = None) -> None:
        super().__init__(exception.message)
        self.exception = exception
        self.thrown = thrown
        """By `throw`, or by ErrorAction Stop: ends the program, not only the statement, when nobody catches it."""
        self.target = target


class Break(Exception):
    """`break`."""


class Continue(Exception):
    """`continue`."""


class Return(Exception):
    """`return`; its value has been emitted already."""


class Exit(Exception):
    """`exit`; `.code` is the exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class Terminated(Exception):
    """The command's shell was closed, or the client sent the terminate signal."""


def error(message: str, type_name: str = "System.Management.Automation.RuntimeException") -> PowerShellError:
    """A terminating error of one type."""
    return PowerShellError(NetException(type_name, message))
