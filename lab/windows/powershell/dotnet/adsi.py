"""System.DirectoryServices with the provider `WinNT:`: local users and groups."""

from __future__ import annotations

from typing import Any

from lab.windows.accounts import NORMAL_ACCOUNT, AccountError
from lab.windows.machine import Machine
from lab.windows.powershell.conversions import to_int, to_string
from lab.windows.powershell.dotnet.core import NetObject, method, net_type, prop
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.errors import Refused
from lab.windows.powershell.values import VOID, items_of

_COM = "System.Runtime.InteropServices.COMException"
_PROPERTIES = {"fullname": "full_name", "description": "comment", "userflags": "flags"}
_HRESULT = 0x80070000


def _refuse(error: AccountError) -> NetFailure:
    return NetFailure(_COM, f"{error}\r\n", _HRESULT + error.code - 2**32)


class DirectoryEntry(NetObject):
    """The computer, a user or a group. What is new or changed is written by SetInfo()."""

    type_name = "System.DirectoryServices.DirectoryEntry"

    def __init__(self, machine: Machine, kind: str, name: str, *, new: bool = False) -> None:
        self.machine = machine
        self.kind = kind
        self.name = name
        self._new = new
        self._changes: dict[str, Any] = {}
        self._password: str | None = None

    @prop("Name")
    def get_name(self) -> list[str]:
        return [self.name]

    @prop("Path", "AdsPath")
    def get_path(self) -> str:
        return self._path(self.name, self.kind)

    @prop("SchemaClassName", "Class")
    def get_class(self) -> str:
        return self.kind.capitalize()

    def to_string(self) -> str:
        return self.type_name

    def _path(self, name: str, kind: str) -> str:
        inside = "" if kind == "computer" else f"/{name}"
        return f"WinNT://{self.machine.computer_name}{inside}"

    # -- properties ----------------------------------------------------------------------------------------------------
    @method("Get", "InvokeGet")
    def get(self, name: str) -> Any:
        return self.get_property(name)[0]

    def get_property(self, name: str) -> list[Any]:
        """A property is a collection of values."""
        field = _PROPERTIES.get(name.casefold())
        if field is None:
            raise Refused(f"ADSI property {name} of a {self.kind} is not imitated")
        if field in self._changes:
            return [self._changes[field]]
        if self.kind == "group":
            return [self.machine.accounts.group_comment(self.name)]
        user = self.machine.accounts.user(self.name)
        if user is None:
            raise self._missing()
        return [getattr(user, field)]

    @method("Put", "InvokeSet")
    def put(self, name: str, value: Any) -> Any:
        self.set_property(name, value)
        return VOID

    def set_property(self, name: str, value: Any) -> None:
        """Note a change for SetInfo()."""
        field = _PROPERTIES.get(name.casefold())
        if field is None or (self.kind == "group" and field != "comment"):
            raise NetFailure(_COM, "The directory property cannot be found in the cache.\r\n")
        single = items_of(value)[0]
        self._changes[field] = to_int(single) if field == "flags" else to_string(single)

    @method("SetPassword")
    def set_password(self, password: str) -> Any:
        if self.kind != "user":
            raise NetFailure(_COM, "The directory service has no such method.\r\n")
        if self._new:
            self._password = password
        else:
            self._try(lambda: self.machine.accounts.set_password(self.name, password))
        return VOID

    @method("SetInfo", "CommitChanges")
    def set_info(self) -> Any:
        self._try(self._write)
        return VOID

    def _write(self) -> None:
        accounts = self.machine.accounts
        if self._new and self.kind == "user":
            # WinNT makes the account without any group; `net user` and the console put it into Users.
            accounts.create_user(self.name, self._password or "")
            accounts.remove_member("Users", self.name)
        elif self._new:
            accounts.create_group(self.name)
        self._new = False
        if self.kind == "group" and self._changes:
            accounts.change_group(self.name, self._changes["comment"])
        elif self._changes:
            if "flags" in self._changes:
                self._changes["flags"] |= NORMAL_ACCOUNT
            accounts.change_user(self.name, **self._changes)
        self._changes.clear()

    # -- the computer's children ---------------------------------------------------------------------------------------
    @method("Create")
    def create(self, kind: str, name: str) -> DirectoryEntry:
        if self.kind != "computer" or kind.casefold() not in ("user", "group"):
            raise NetFailure(_COM, "The specified class is not defined.\r\n")
        return DirectoryEntry(self.machine, kind.casefold(), name, new=True)

    @method("Delete")
    def delete(self, kind: str, name: str) -> Any:
        accounts = self.machine.accounts
        self._try(lambda: accounts.delete_user(name) if kind.casefold() == "user" else accounts.delete_group(name))
        return VOID

    @method("RefreshCache")
    def refresh_cache(self) -> Any:
        exists = (
            self.machine.accounts.user(self.name) if self.kind == "user" else self.machine.accounts.members(self.name)
        )
        if self.kind != "computer" and exists is None:
            raise self._missing()
        return VOID

    # -- a group's members ---------------------------------------------------------------------------------------------
    @method("Add")
    def add(self, path: str) -> Any:
        self._try(lambda: self.machine.accounts.add_member(self.name, _name_of(path)))
        return VOID

    @method("Remove")
    def remove(self, path: str) -> Any:
        self._try(lambda: self.machine.accounts.remove_member(self.name, _name_of(path)))
        return VOID

    @method("Members")
    def members(self) -> list[DirectoryEntry]:
        found = self.machine.accounts.members(self.name)
        if found is None:
            raise self._missing()
        return [DirectoryEntry(self.machine, "user", name) for name in found]

    @method("IsMember")
    def is_member(self, path: str) -> bool:
        return _name_of(path).casefold() in {m.casefold() for m in self.machine.accounts.members(self.name) or ()}

    @method("Invoke")
    def invoke(self, name: str, *values: Any) -> Any:
        found = type(self).net_members.methods.get(name.casefold())
        if found is None:
            raise Refused(f"ADSI method {name} is not imitated")
        return found[1](self, *values)

    def _try(self, work: Any) -> None:
        try:
            work()
        except AccountError as error:
            raise _refuse(error) from None

    def _missing(self) -> NetFailure:
        what = "user" if self.kind == "user" else "group"
        return NetFailure(_COM, f"The {what} name could not be found.\r\n")


def _name_of(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2].partition(",")[0]


def open_entry(machine: Machine, path: str) -> DirectoryEntry:
    """The entry of a path such as `WinNT://./name,user`."""
    if not path.startswith("WinNT://"):
        raise Refused(f"ADSI is imitated for WinNT:// only (in that spelling), not for {path}")
    body, _, kind = path.removeprefix("WinNT://").partition(",")
    parts = [part for part in body.split("/") if part]
    here = {".", "localhost", machine.computer_name.casefold(), machine.name.casefold()}
    if not parts or parts[0].casefold() not in here:
        raise NetFailure(_COM, "The network path was not found.\r\n", _HRESULT + 53 - 2**32)
    if len(parts) == 1:
        return DirectoryEntry(machine, "computer", machine.computer_name)
    if not kind:
        kind = "user" if machine.accounts.user(parts[-1]) else "group"
    return DirectoryEntry(machine, kind.casefold(), parts[-1])


@net_type("System.DirectoryServices.DirectoryEntry")
class DirectoryEntryType:
    """Static members."""

    @method("$cast")
    @staticmethod
    def cast(engine: Any, value: Any) -> DirectoryEntry:
        return open_entry(engine.session.machine, to_string(value))

    @method("Exists")
    @staticmethod
    def exists(engine: Any, path: str) -> bool:
        try:
            open_entry(engine.session.machine, path).refresh_cache()
        except NetFailure:
            return False
        return True

    @staticmethod
    def create(engine: Any, path: str) -> DirectoryEntry:
        return open_entry(engine.session.machine, path)
