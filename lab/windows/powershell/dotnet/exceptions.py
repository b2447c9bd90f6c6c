"""Exceptions of .NET: which derives from which, so that `catch [type]` finds them."""

from __future__ import annotations

from lab.windows.powershell.dotnet.core import NetObject, prop

_BASES = {
    "System.Exception": "System.Object",
    "System.SystemException": "System.Exception",
    "System.ApplicationException": "System.Exception",
    "System.ArgumentException": "System.SystemException",
    "System.ArgumentNullException": "System.ArgumentException",
    "System.ArgumentOutOfRangeException": "System.ArgumentException",
    "System.FormatException": "System.SystemException",
    "System.InvalidCastException": "System.SystemException",
    "System.InvalidOperationException": "System.SystemException",
    "System.NotSupportedException": "System.SystemException",
    "System.NullReferenceException": "System.SystemException",
    "System.IndexOutOfRangeException": "System.SystemException",
    "System.DivideByZeroException": "System.ArithmeticException",
    "System.OverflowException": "System.ArithmeticException",
    "System.ArithmeticException": "System.SystemException",
    "System.TimeoutException": "System.SystemException",
    "System.UnauthorizedAccessException": "System.SystemException",
    "System.IO.IOException": "System.SystemException",
    "System.IO.FileNotFoundException": "System.IO.IOException",
    "System.IO.DirectoryNotFoundException": "System.IO.IOException",
    "System.IO.PathTooLongException": "System.IO.IOException",
    "System.IO.DriveNotFoundException": "System.IO.IOException",
    "System.Net.Sockets.SocketException": "System.ComponentModel.Win32Exception",
    "System.ComponentModel.Win32Exception": "System.Runtime.InteropServices.ExternalException",
    "System.Runtime.InteropServices.ExternalException": "System.SystemException",
    "System.Runtime.InteropServices.COMException": "System.Runtime.InteropServices.ExternalException",
    "System.Security.Authentication.AuthenticationException": "System.SystemException",
    "System.Security.Cryptography.CryptographicException": "System.SystemException",
    "System.Management.ManagementException": "System.SystemException",
    "System.Management.Automation.RuntimeException": "System.SystemException",
    "System.Management.Automation.ParseException": "System.Management.Automation.RuntimeException",
    "System.Management.Automation.MethodException": "System.Management.Automation.RuntimeException",
    "System.Management.Automation.MethodInvocationException": "System.Management.Automation.MethodException",
    "System.Management.Automation.CommandNotFoundException": "System.Management.Automation.RuntimeException",
    "System.Management.Automation.ParameterBindingException": "System.Management.Automation.RuntimeException",
    "System.Management.Automation.ItemNotFoundException": "System.Management.Automation.RuntimeException",
    "System.Management.Automation.ActionPreferenceStopException": "System.Management.Automation.RuntimeException",
    "Microsoft.PowerShell.Commands.ServiceCommandException": "System.SystemException",
    "Microsoft.PowerShell.Commands.ProcessCommandException": "System.SystemException",
}


class NetException(NetObject):
    """An exception object: its full type name, its message, what it wraps."""

    def __init__(self, type_name: str, message: str, inner: NetException | None = None, code: int = 0) -> None:
        if type_name not in _BASES:
            raise AssertionError(f"exception type without a base: {type_name}")
        self.type_name = type_name
        self.message = message
        self.inner = inner
        self.code = code

    def derives_from(self, type_name: str) -> bool:
        """Whether the type, or one it derives from, has that full name."""
        mine: str | None = self.type_name
        while mine is not None:
            if mine == type_name:
                return True
            mine = _BASES.get(mine)
        return False

    @prop("Message")
    def get_message(self) -> str:
        return self.message

    @prop("InnerException")
    def get_inner(self) -> NetException | None:
        return self.inner

    @prop("ErrorCode")
    def get_error_code(self) -> int:
        return self.code

    @prop("NativeErrorCode")
    def get_native_error_code(self) -> int:
        return self.code

    def __str__(self) -> str:
        return f"{self.type_name}: {self.message}"


EXCEPTION_TYPES = frozenset(_BASES)


class NetFailure(Exception):
    """Raised by the Python code behind a .NET member: the exception that the program sees."""

    def __init__(self, type_name: str, message: str, code: int = 0) -> None:
        super().__init__(message)
        self.exception = NetException(type_name, message, code=code)
