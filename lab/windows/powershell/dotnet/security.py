"""Hashes, random numbers, access control, identities."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

from lab.windows.powershell.conversions import to_bytes, to_string
from lab.windows.powershell.dotnet.core import TYPES, NetObject, NetType, method, net_type, prop
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.dotnet.files import place_of
from lab.windows.powershell.dotnet.streams import Stream
from lab.windows.powershell.errors import Refused
from lab.windows.powershell.values import VOID

if TYPE_CHECKING:
    from lab.windows.powershell.engine import Engine

_HASHES = {
    "MD5": ("MD5CryptoServiceProvider",), "SHA1": ("SHA1CryptoServiceProvider", "SHA1Managed"),
    "SHA256": ("SHA256Managed",), "SHA512": ("SHA512Managed",),
}  # fmt: skip
_ACL_STORE = "access-control"
_DEFAULT_SDDL = "O:BAG:SYD:AI(A;ID;FA;;;BA)(A;ID;FA;;;SY)(A;ID;0x1200a9;;;BU)"


class Hash(NetObject):
    """A hash algorithm."""

    def __init__(self, name: str, type_name: str) -> None:
        self.name = name
        self.type_name = type_name

    @method("ComputeHash")
    def compute_hash(self, source: Any, offset: int = 0, count: int | None = None) -> bytearray:
        data = source.content.read() if isinstance(source, Stream) else to_bytes(source)[offset:]
        data = data if count is None else data[:count]
        return bytearray(hashlib.new(self.name.lower(), data, usedforsecurity=False).digest())

    @method("Clear")
    def clear(self) -> Any:
        return VOID


def _hash_type(name: str, short: str) -> None:
    full = f"System.Security.Cryptography.{short}"
    TYPES[full.casefold()] = NetType(full, constructor=lambda _: Hash(name, full))


def _hash_base(name: str) -> None:
    class Base:
        @method("Create")
        @staticmethod
        def create_default(_: Any) -> Hash:
            return Hash(name, f"System.Security.Cryptography.{_HASHES[name][0]}")

    net_type(f"System.Security.Cryptography.{name}")(Base)


for _name, _shorts in _HASHES.items():
    _hash_base(_name)
    for _short in _shorts:
        _hash_type(_name, _short)


class Random(NetObject):
    """RNGCryptoServiceProvider."""

    type_name = "System.Security.Cryptography.RNGCryptoServiceProvider"

    @method("GetBytes")
    def get_bytes(self, buffer: Any) -> Any:
        buffer[:] = os.urandom(len(buffer))
        return VOID


TYPES["system.security.cryptography.rngcryptoserviceprovider"] = NetType(
    Random.type_name, constructor=lambda _: Random()
)


# -- access control ----------------------------------------------------------------------------------------------------
class ObjectSecurity(NetObject):
    """FileSecurity or DirectorySecurity: a security descriptor as SDDL text."""

    def __init__(self, type_name: str, sddl: str = "") -> None:
        self.type_name = type_name
        self.sddl = sddl
        self.base_types = ("System.Security.AccessControl.FileSystemSecurity",)

    @method("SetSecurityDescriptorSddlForm")
    def set_sddl(self, sddl: str, sections: Any = None) -> Any:
        del sections
        if not sddl.startswith(("D:", "O:", "G:", "S:")):
            raise NetFailure(
                "System.ArgumentException",
                "The SDDL form of a security descriptor object is invalid.\r\nParameter name: sddlForm",
            )
        self.sddl = sddl
        return VOID

    @method("GetSecurityDescriptorSddlForm")
    def get_sddl(self, sections: Any) -> str:
        return self.sddl[self.sddl.find("D:") :] if to_string(sections).casefold() == "access" else self.sddl

    @prop("Sddl")
    def get_sddl_property(self) -> str:
        return self.sddl

    @prop("AreAccessRulesProtected")
    def is_protected(self) -> bool:
        return self.sddl.partition("D:")[2].startswith("P")

    @method("SetAccessRuleProtection", "AddAccessRule", "SetAccessRule", "SetOwner", "GetAccessRules")
    def rules(self, *_: Any) -> Any:
        raise Refused("access rules are imitated as SDDL text only")


def _read_sddl(engine: Engine, path: str, type_name: str) -> ObjectSecurity:
    place = place_of(engine, path)
    if not place.exists():
        raise NetFailure("System.IO.FileNotFoundException", f"Could not find file '{path}'.")
    stored = engine.session.machine.store.read(_ACL_STORE)
    return ObjectSecurity(type_name, stored.get(_key(engine, path), _DEFAULT_SDDL))


def _write_sddl(engine: Engine, path: str, security: Any) -> None:
    place = place_of(engine, path)
    if not place.exists():
        raise NetFailure("System.IO.FileNotFoundException", f"Could not find file '{path}'.")
    # The inode goes with the file through renames, as the descriptor does.
    with engine.session.machine.store.open(_ACL_STORE) as stored:
        stored[_key(engine, path)] = "O:BAG:SY" + security.get_sddl("Access")


def _key(engine: Engine, path: str) -> str:
    return str(place_of(engine, path).stat().st_ino)


def _access_control(owner: str, security: str) -> None:
    full = f"System.Security.AccessControl.{security}"

    class Access:
        @method("GetAccessControl")
        @staticmethod
        def get_access_control(engine: Engine, path: str, sections: Any = None) -> ObjectSecurity:
            del sections
            return _read_sddl(engine, path, full)

        @method("SetAccessControl")
        @staticmethod
        def set_access_control(engine: Engine, path: str, security: Any) -> Any:
            _write_sddl(engine, path, security)
            return VOID

    net_type(owner)(Access)
    TYPES[full.casefold()] = NetType(full, constructor=lambda _: ObjectSecurity(full))


_access_control("System.IO.File", "FileSecurity")
_access_control("System.IO.Directory", "DirectorySecurity")


# -- identities --------------------------------------------------------------------------------------------------------
class Identity(NetObject):
    """WindowsIdentity."""

    type_name = "System.Security.Principal.WindowsIdentity"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @prop("Name")
    def get_name(self) -> str:
        return f"{self.engine.session.machine.computer_name}\\{self.engine.session.user}"


@net_type("System.Security.Principal.WindowsIdentity")
class IdentityType:
    """Static members."""

    @method("GetCurrent")
    @staticmethod
    def get_current(engine: Engine) -> Identity:
        return Identity(engine)


class Principal(NetObject):
    """WindowsPrincipal."""

    type_name = "System.Security.Principal.WindowsPrincipal"

    def __init__(self, identity: Identity) -> None:
        self.identity = identity

    @method("IsInRole")
    def is_in_role(self, role: str) -> bool:
        engine = self.identity.engine
        user = engine.session.machine.accounts.user(engine.session.user)
        name = role.rpartition("\\")[2].casefold()
        name = "administrators" if name == "administrator" else name
        return user is None or name in {group.casefold() for group in user.groups}


TYPES["system.security.principal.windowsprincipal"] = NetType(
    Principal.type_name, constructor=lambda _, identity: Principal(identity)
)
