"""TLS of an instance, as Fix Pack 2 brought it: `SSLconfig.ini`, and the key database of GSKit that it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lab.host import Host
from lab.products.db2 import memory, services
from lab.products.itds.layout import GSKIT_COMMAND

if TYPE_CHECKING:
    import ssl

LOWEST_FIXPACK = 2
_KEY_DATABASE, _LABEL, _LISTENER = "DB2_SSL_KEYSTORE_FILE", "DB2_SSL_KEYSTORE_LABEL", "DB2_SSL_LISTENER"
_PARAMETERS = (_KEY_DATABASE, _LABEL, _LISTENER)
# Keys of the product's time have 1024 bits.
_CIPHERS = "DEFAULT@SECLEVEL=0"


class TlsError(Exception):
    """Why an instance does not start TLS."""


def wanted(record: Mapping[str, Any]) -> bool:
    """Whether `DB2COMM` of an instance asks for TLS."""
    return "SSL" in record["registry"].get("DB2COMM", "").upper().split(",")


def configuration_file(host: Host, name: str, record: Mapping[str, Any]) -> str:
    """Where an instance has its `SSLconfig.ini`."""
    if host.platform == "windows":
        return f"{record['path']}\\{name}\\SSLconfig.ini"
    return f"{record['home']}/sqllib/cfg/SSLconfig.ini"


def port(host: Host, name: str, record: Mapping[str, Any]) -> int:
    """The port of an instance for TLS. Raises `TlsError`."""
    return _port(host, _parameters(host, name, record), record)


def context(host: Host, name: str, record: Mapping[str, Any]) -> ssl.SSLContext:
    """What an instance shows its clients. Raises `TlsError`."""
    # These take long to import, and most instances have no TLS.
    import ssl  # noqa: PLC0415
    import tempfile  # noqa: PLC0415

    from lab.products.itds import gskit  # noqa: PLC0415

    said = _parameters(host, name, record)
    file = host.path(said[_KEY_DATABASE])
    try:
        key, certificates = gskit.as_pem(file, said[_LABEL])
    except (gskit.GskitError, OSError) as error:
        raise TlsError(str(error)) from None
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.set_ciphers(_CIPHERS)
    # Python takes keys from files only; this one is its owner's and gone at once.
    with tempfile.NamedTemporaryFile(suffix=".pem") as pem:
        pem.write(key + certificates)
        pem.flush()
        made.load_cert_chain(pem.name)
    return made


def _parameters(host: Host, name: str, record: Mapping[str, Any]) -> dict[str, str]:
    fixpack = memory.snapshot(host)["copies"][record["path"]]["fixpack"]
    if fixpack < LOWEST_FIXPACK:
        raise TlsError(f"SSL needs Fix Pack {LOWEST_FIXPACK}; the copy is at Fix Pack {fixpack}")
    if not host.path(GSKIT_COMMAND[host.platform]).is_file():
        raise TlsError("GSKit 7 is not installed")
    path = configuration_file(host, name, record)
    file = host.path(path)
    if not file.is_file():
        raise TlsError(f"{path} does not exist")
    said: dict[str, str] = {}
    for line in file.read_text("utf-8").splitlines():
        key, equals, value = (part.strip() for part in line.partition("="))
        if key not in _PARAMETERS or not equals:
            raise TlsError(f"{path}: lab: the line {line!r} is not played out")
        said[key] = value
    missing = [key for key in _PARAMETERS if not said.get(key)]
    if missing:
        # Without a label the product takes the default certificate, which key databases of the lab do not have.
        raise TlsError(f"{path} lacks {', '.join(missing)}")
    return said


def _port(host: Host, said: Mapping[str, str], record: Mapping[str, Any]) -> int:
    number = services.number(host, said[_LISTENER])
    if number is None:
        raise TlsError(f"{said[_LISTENER]} is no port, and no service that the machine knows")
    if number == services.number(host, record["config"]["SVCENAME"]):
        raise TlsError(f"the port {number} is that of TCP/IP")
    return number
