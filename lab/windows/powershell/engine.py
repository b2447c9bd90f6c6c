"""The running program: its variables, its streams, its errors; evaluators register themselves here by node kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lab.windows.powershell.conversions import to_string
from lab.windows.powershell.dotnet.exceptions import NetException, NetFailure
from lab.windows.powershell.errors import PowerShellError, Refused, Terminated
from lab.windows.powershell.formatting import out_default
from lab.windows.powershell.scope import Scope
from lab.windows.powershell.syntax import Node, SyntaxRefused, parse
from lab.windows.powershell.values import VOID

if TYPE_CHECKING:
    from lab.windows.powershell.error_record import ErrorRecord
    from lab.windows.powershell.redirection import Redirections
    from lab.windows.session import Session

Emit = Callable[[Any], None]
Evaluator = Callable[["Engine", Node], Any]
Executor = Callable[["Engine", Node, Emit], None]

EVALUATORS: dict[str, Evaluator] = {}
EXECUTORS: dict[str, Executor] = {}


def evaluates(*kinds: str) -> Callable[[Evaluator], Evaluator]:
    """Register the evaluator of an expression."""

    def register(function: Evaluator) -> Evaluator:
        EVALUATORS.update(dict.fromkeys(kinds, function))
        return function

    return register


def executes(*kinds: str) -> Callable[[Executor], Executor]:
    """Register the executor of a statement."""

    def register(function: Executor) -> Executor:
        EXECUTORS.update(dict.fromkeys(kinds, function))
        return function

    return register


class Engine:
    """One PowerShell process."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.globals = Scope()
        self.scope = self.globals
        self.succeeded = True
        self.errors: list[ErrorRecord] = []
        self.depth = 0
        self.in_try = 0
        self.redirections: Redirections | None = None
        self._prepare()

    def _prepare(self) -> None:
        user = self.session.environment.get("USERPROFILE", "C:\\")
        for name, value in {
            "ErrorActionPreference": "Continue", "WarningPreference": "Continue",
            "VerbosePreference": "SilentlyContinue",
            "DebugPreference": "SilentlyContinue", "ProgressPreference": "Continue", "ConfirmPreference": "High",
            "OFS": " ", "HOME": user, "PSHOME": "C:\\WINDOWS\\system32\\WindowsPowerShell\\v1.0", "PID": 4242,
            "args": [], "Matches": None, "LASTEXITCODE": None,
        }.items():  # fmt: skip
            self.globals.set(name, value)

    # -- evaluation ----------------------------------------------------------------------------------------------------
    def evaluate(self, node: Node) -> Any:
        """The value of an expression."""
        value = self.evaluate_raw(node)
        return None if value is VOID else value

    def evaluate_raw(self, node: Node) -> Any:
        """The value of an expression, `VOID` for one that yields nothing."""
        evaluator = EVALUATORS.get(node.kind)
        if evaluator is None:
            if node.kind in EXECUTORS:
                return self.outputs_as_value(node)
            raise Refused(f"line {node.line}: {node.kind} is not imitated: {node.text[:60]}")
        try:
            return evaluator(self, node)
        except NetFailure as failure:
            raise PowerShellError(failure.exception) from failure

    def outputs_as_value(self, node: Node) -> Any:
        """What a statement emits, as one value."""
        outputs = self.outputs(node)
        if not outputs:
            return VOID
        return outputs[0] if len(outputs) == 1 else outputs

    def outputs(self, node: Node) -> list[Any]:
        """Everything a statement emits."""
        found: list[Any] = []
        self.execute(node, found.append)
        return found

    def execute(self, node: Node, emit: Emit) -> None:
        """Run a statement."""
        executor = EXECUTORS.get(node.kind)
        if executor is None:
            executor = EXECUTORS["expression"]
        self.checkpoint()
        executor(self, node, emit)

    def checkpoint(self) -> None:
        """End the program if its shell is gone."""
        if self.session.job.ended.is_set():
            raise Terminated

    def parse(self, text: str) -> Node:
        """The tree of a text; one that is not PowerShell 2.0 is a terminating error, as in PowerShell."""
        try:
            return parse(text)
        except SyntaxRefused as refused:
            raise PowerShellError(
                NetException("System.Management.Automation.ParseException", f"lab: {refused}"), thrown=True
            ) from None

    # -- streams -------------------------------------------------------------------------------------------------------
    def default_emit(self, item: Any) -> None:
        """What reaches the end of a pipeline that nobody takes the output of."""
        out_default(self, [item])

    def write_line(self, text: str) -> None:
        """A line on standard output."""
        self.session.write_out(text + "\r\n")

    def write_error_line(self, text: str) -> None:
        """A line on standard error."""
        self.session.write_error(text.replace("\r\n", "\n").replace("\n", "\r\n") + "\r\n")

    def preference(self, name: str) -> str:
        """A preference variable, folded."""
        return to_string(self.scope.get(name)).casefold()
