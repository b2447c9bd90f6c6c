"""What PowerShell 2.0 with .NET 2.0 to 3.5 knows, and a check of texts against it."""

from lab.windows.powershell.dialect.check import violations
from lab.windows.powershell.dialect.cmdlets import CMDLETS

__all__ = ["CMDLETS", "violations"]
