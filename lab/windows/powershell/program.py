"""A whole PowerShell process: from a text to an exit code."""

from __future__ import annotations

from collections.abc import Sequence

from lab.windows.powershell import commands, library, statements
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.engine import Engine
from lab.windows.powershell.error_record import ErrorRecord, report
from lab.windows.powershell.errors import Break, Continue, Exit, PowerShellError, Refused, Return, Terminated
from lab.windows.powershell.syntax import SyntaxRefused
from lab.windows.session import Session

# The modules register what they know when they are imported.
REGISTERED = (commands, library, statements)


def run_text(session: Session, text: str, arguments: Sequence[str] = ()) -> int:
    """Run a program as `powershell -EncodedCommand` or `-File` does; its exit code."""
    engine = Engine(session)
    engine.globals.set("args", list(arguments))
    try:
        try:
            engine.execute(engine.parse(text), engine.default_emit)
        except (Break, Continue, Return):
            # Outside of any loop they end the program quietly.
            return 0
        except NetFailure as failure:
            raise PowerShellError(failure.exception) from failure
    except Exit as left:
        return left.code & 0xFFFFFFFF
    except PowerShellError as failure:
        engine.redirections = None
        report(engine, ErrorRecord.of(failure))
        return 1
    except (Refused, SyntaxRefused) as refused:
        engine.write_error_line(f"lab: {refused}")
        return 1
    except Terminated:
        return 1
    return 0 if engine.succeeded else 1
