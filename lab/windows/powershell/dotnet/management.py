"""System.Management: instances and classes of WMI."""

from __future__ import annotations

import re
from typing import Any

from lab.windows.accounts import PASSWORD_NEVER_EXPIRES
from lab.windows.powershell import wmi
from lab.windows.powershell.conversions import to_bool, to_string
from lab.windows.powershell.dotnet.core import NetObject, method, net_type, prop
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.errors import Refused
from lab.windows.powershell.values import VOID, Record
from lab.windows.services import ServiceError
from lab.windows.session import Session

# Win32_Service's return values for errors of the service control manager.
_SERVICE_RETURNS = {1051: 3, 1053: 7, 1056: 10, 1058: 14, 1060: 16, 1062: 6, 1067: 8, 1068: 13, 1069: 15, 2: 9, 193: 9,
                    1057: 22, 1075: 12}  # fmt: skip
_CHANGES = ("display_name", "binary", "type", "error", "start", "desktop", "account", "password")
_MODES = {"automatic": "auto", "auto": "auto", "manual": "demand", "disabled": "disabled"}


def find(session: Session, class_name: str, condition: str = "") -> list[ManagementObject]:
    """The instances of a class."""
    known = wmi.CLASSES.get(class_name.casefold())
    if known is None:
        if class_name.casefold().startswith("win32_"):
            raise Refused(f"the WMI class {class_name} is not imitated")
        raise NetFailure("System.Management.ManagementException", "Invalid class ")
    return [ManagementObject(session, known[0], fields) for fields in wmi.select(known[1](session), condition)]


def _returned(value: int, **others: Any) -> Record:
    return Record({"ReturnValue": value, **others}, "System.Management.ManagementBaseObject")


class ManagementObject(NetObject):
    """An instance."""

    type_name = "System.Management.ManagementObject"

    def __init__(self, session: Session, class_name: str, fields: dict[str, Any]) -> None:
        self.session = session
        self.class_name = class_name
        self.fields = fields

    def to_string(self) -> str:
        key = self.fields.get("Name", "@")
        return f'\\\\{self.session.machine.computer_name}\\root\\cimv2:{self.class_name}.Name="{key}"'

    @prop("__CLASS")
    def get_class(self) -> str:
        return self.class_name

    @prop("__PATH")
    def get_path(self) -> str:
        return self.to_string()

    def get_property(self, name: str) -> Any:
        """A property of the class."""
        return self.fields[self._spelled(name)]

    def set_property(self, name: str, value: Any) -> None:
        """Change a property of this object; `Put()` writes it."""
        self.fields[self._spelled(name)] = value

    def _spelled(self, name: str) -> str:
        for each in self.fields:
            if each.casefold() == name.casefold():
                return each
        raise Refused(f"the WMI class {self.class_name} has no property {name}, or the lab does not imitate it")

    # -- any class -----------------------------------------------------------------------------------------------------
    @method("Get")
    def get(self) -> Any:
        known = wmi.CLASSES[self.class_name.casefold()][1](self.session)
        self.fields.update(next((each for each in known if each.get("Name") == self.fields.get("Name")), {}))
        return VOID

    @method("Put")
    def put(self) -> str:
        if self.class_name != "Win32_UserAccount":
            raise Refused(f"Put() of {self.class_name} is not imitated")
        accounts = self.session.machine.accounts
        user = accounts.user(self.fields["Name"])
        flags = user.flags if user else 0
        never = not to_bool(self.fields["PasswordExpires"])
        flags = flags | PASSWORD_NEVER_EXPIRES if never else flags & ~PASSWORD_NEVER_EXPIRES
        accounts.change_user(self.fields["Name"], flags=flags, full_name=to_string(self.fields["FullName"]))
        return self.to_string()

    @method("GetRelated")
    def get_related(self, class_name: str) -> list[ManagementObject]:
        pair = (self.class_name, class_name.casefold())
        accounts = self.session.machine.accounts
        if pair == ("Win32_Group", "win32_useraccount"):
            names = set(accounts.members(self.fields["Name"]) or ())
        elif pair == ("Win32_UserAccount", "win32_group"):
            user = accounts.user(self.fields["Name"])
            names = set(user.groups if user else ())
        else:
            raise Refused(f"GetRelated('{class_name}') of {self.class_name} is not imitated")
        return [each for each in find(self.session, class_name) if each.fields["Name"] in names]

    # -- Win32_Service, Win32_Process ----------------------------------------------------------------------------------
    def invoke_dynamic(self, name: str, *values: Any) -> Record:
        """A method of the class."""
        if self.class_name == "Win32_Service":
            return _returned(self._service(name, values))
        if self.class_name == "Win32_Process" and name.casefold() == "terminate":
            return _returned(0 if self.session.machine.processes.kill(self.fields["ProcessId"]) else 9)
        raise Refused(f"the method {name} of {self.class_name} is not imitated")

    def _service(self, name: str, values: tuple[Any, ...]) -> int:
        services = self.session.machine.services
        service = self.fields["Name"]
        try:
            match name.casefold():
                case "startservice":
                    services.start(service)
                case "stopservice":
                    services.stop(service)
                case "delete":
                    services.delete(service)
                case "changestartmode":
                    services.configure(service, start=_MODES[to_string(values[0]).casefold()])
                case "change":
                    services.configure(service, **_change(values))
                case _:
                    raise Refused(f"the method {name} of Win32_Service is not imitated")
        except ServiceError as error:
            return _SERVICE_RETURNS.get(error.code, 8)
        return 0


def _change(values: tuple[Any, ...]) -> dict[str, Any]:
    given = {name: value for name, value in zip(_CHANGES, values, strict=False) if value is not None}
    for ignored in ("type", "error", "desktop"):
        given.pop(ignored, None)
    fields = {name: to_string(value) for name, value in given.items()}
    if "start" in fields:
        fields["start"] = _MODES[fields["start"].casefold()]
    return fields


class ManagementClass(NetObject):
    """A class, for its static methods."""

    type_name = "System.Management.ManagementClass"

    def __init__(self, session: Session, name: str) -> None:
        self.session = session
        self.name = name

    def invoke_dynamic(self, name: str, *values: Any) -> Record:
        """A static method."""
        pair = (self.name.casefold(), name.casefold())
        if pair == ("win32_process", "create"):
            directory = to_string(values[1]) if len(values) > 1 and values[1] is not None else None
            code, pid = wmi.create_process(self.session, to_string(values[0]), directory)
            return _returned(code, ProcessId=pid if code == 0 else None)
        raise Refused(f"the method {name} of the WMI class {self.name} is not imitated")


@net_type("System.Management.ManagementClass")
class ManagementClassType:
    """Static members."""

    @method("$cast")
    @staticmethod
    def cast(engine: Any, value: Any) -> ManagementClass:
        return ManagementClass(engine.session, to_string(value).rpartition(":")[2])


@net_type("System.Management.ManagementObject")
class ManagementObjectType:
    """Static members."""

    @method("$cast")
    @staticmethod
    def cast(engine: Any, value: Any) -> ManagementObject:
        found = re.fullmatch(r"(?:.*:)?(\w+)(?:\.(\w+)=|=)(.+)", to_string(value))
        if found is None:
            raise NetFailure("System.ArgumentException", "Invalid path ")
        instances = find(engine.session, found[1], f"{found[2] or 'Name'}={found[3]}")
        if not instances:
            raise NetFailure("System.Management.ManagementException", "Not found ")
        return instances[0]
