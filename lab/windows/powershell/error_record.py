"""Error records, `$Error`, and what becomes of an error that nobody catches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lab.windows.powershell.conversions import to_string
from lab.windows.powershell.dotnet.core import NetObject, NetType, prop
from lab.windows.powershell.dotnet.exceptions import NetException
from lab.windows.powershell.errors import PowerShellError, Refused

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine


class ErrorRecord(NetObject):
    """What `$_` is in a catch block."""

    type_name = "System.Management.Automation.ErrorRecord"

    def __init__(self, exception: NetException, target: Any = None, *, thrown: bool = False) -> None:
        self.exception = exception
        self.target = target
        self.thrown = thrown

    @staticmethod
    def of(failure: PowerShellError) -> ErrorRecord:
        """The record of an error on its way."""
        return ErrorRecord(failure.exception, failure.target, thrown=failure.thrown)

    @staticmethod
    def to_raise(value: Any) -> PowerShellError:
        """The error for `throw value`."""
        if isinstance(value, ErrorRecord):
            return PowerShellError(value.exception, thrown=True, target=value.target)
        if isinstance(value, NetException):
            return PowerShellError(value, thrown=True)
        message = to_string(value)
        exception = NetException("System.Management.Automation.RuntimeException", message)
        return PowerShellError(exception, thrown=True, target=value)

    @prop("Exception")
    def get_exception(self) -> NetException:
        return self.exception

    @prop("TargetObject")
    def get_target(self) -> Any:
        return self.target

    @prop("FullyQualifiedErrorId")
    def get_error_id(self) -> str:
        return self.exception.type_name.rsplit(".", 1)[-1].removesuffix("Exception")

    @prop("InvocationInfo", "ScriptStackTrace", "CategoryInfo", "ErrorDetails")
    def get_invocation(self) -> Any:
        raise Refused("of an error record only Exception, TargetObject and FullyQualifiedErrorId are imitated")

    def to_string(self) -> str:
        return self.exception.message


def handler_matches(exception: NetException, kind: NetType) -> bool:
    """Whether `catch [kind]` is for this exception: for itself or for one that PowerShell wrapped."""
    inner: NetException | None = exception
    while inner is not None:
        if inner.derives_from(kind.name):
            return True
        inner = inner.inner
    return False


def report(engine: Engine, record: ErrorRecord) -> None:
    """Note an error in `$Error` and print it."""
    engine.errors.insert(0, record)
    if engine.redirections is not None and engine.redirections.touches_errors:
        return
    kind = record.get_error_id()
    engine.write_error_line(record.exception.message)
    engine.write_error_line(f"    + FullyQualifiedErrorId : {kind}")


def statement_failed(engine: Engine, failure: PowerShellError) -> None:
    """An error left a statement. It ends the program if it was thrown or ErrorActionPreference is Stop; otherwise the
    statement alone is over."""
    if failure.thrown or engine.in_try or engine.preference("ErrorActionPreference") == "stop":
        raise failure
    record = ErrorRecord.of(failure)
    if engine.preference("ErrorActionPreference") == "silentlycontinue":
        engine.errors.insert(0, record)
    else:
        report(engine, record)


def write_error(engine: Engine, exception: NetException, action: str | None, target: Any = None) -> None:
    """A non-terminating error of a command whose -ErrorAction is `action` (folded)."""
    chosen = action or engine.preference("ErrorActionPreference")
    engine.succeeded = False
    record = ErrorRecord(exception, target)
    match chosen:
        case "stop" | "1":
            raise PowerShellError(exception, thrown=True, target=target)
        case "continue" | "2":
            report(engine, record)
        case "silentlycontinue" | "0":
            engine.errors.insert(0, record)
        case _:
            raise Refused(f"ErrorAction {chosen} is not one of PowerShell 2.0's Stop, Continue, SilentlyContinue")
