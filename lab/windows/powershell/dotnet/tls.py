"""System.Net.Security: TLS as a client.

Versions and ciphers are this machine's, up to TLS 1.2: later ones send what is no data, and a program that waits for
sockets would take it for some.
"""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING, Any

from lab.windows.powershell.conversions import to_bool
from lab.windows.powershell.dotnet.core import NetObject, method, net_type, prop
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.dotnet.sockets import NetworkStream
from lab.windows.powershell.script_block import ScriptBlock, call
from lab.windows.powershell.values import VOID

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine


class Validation(NetObject):
    """RemoteCertificateValidationCallback made of a script block."""

    type_name = "System.Net.Security.RemoteCertificateValidationCallback"

    def __init__(self, block: ScriptBlock) -> None:
        self.block = block


@net_type("System.Net.Security.RemoteCertificateValidationCallback")
class ValidationType:
    """Static members."""

    @method("$cast")
    @staticmethod
    def cast(_: Any, value: Any) -> Validation:
        if not isinstance(value, ScriptBlock):
            raise NetFailure("System.InvalidCastException", "Only a script block becomes a delegate.")
        return Validation(value)


class Certificate(NetObject):
    """X509Certificate."""

    type_name = "System.Security.Cryptography.X509Certificates.X509Certificate"

    def __init__(self, der: bytes) -> None:
        self._der = der

    @method("GetRawCertData")
    def get_raw(self) -> bytearray:
        return bytearray(self._der)


class SslStream(NetworkStream):
    """TLS over a NetworkStream."""

    type_name = "System.Net.Security.SslStream"

    def __init__(self, engine: Engine, inner: NetworkStream, validation: Validation | None) -> None:
        super().__init__(engine, inner.owner)
        self._validation = validation
        self._certificate: Certificate | None = None

    @method("AuthenticateAsClient")
    def authenticate(self, name: str) -> Any:
        del name  # SChannel of Windows Server 2003 sends no server name.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        try:
            secured = context.wrap_socket(self.owner.raw)
        except OSError as failure:
            raise NetFailure(
                "System.Security.Authentication.AuthenticationException",
                f"A call to SSPI failed, see inner exception: {failure}",
            ) from None
        self.owner.raw = secured
        self._certificate = Certificate(secured.getpeercert(binary_form=True) or b"")
        if self._validation is None or not to_bool(call(self.engine, self._validation.block, [])):
            raise NetFailure(
                "System.Security.Authentication.AuthenticationException",
                "The remote certificate is invalid according to the validation procedure.",
            )
        return VOID

    @prop("RemoteCertificate")
    def get_certificate(self) -> Certificate | None:
        return self._certificate


@net_type("System.Net.Security.SslStream")
class SslStreamType:
    """Static members."""

    @staticmethod
    def create(engine: Engine, inner: Any, leave_open: bool = False, validation: Any = None) -> SslStream:
        del leave_open
        if not isinstance(inner, NetworkStream):
            raise NetFailure("System.NotSupportedException", "The lab knows SslStream only over a NetworkStream.")
        return SslStream(engine, inner, validation)
