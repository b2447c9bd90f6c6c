"""net start, stop, user, localgroup."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from lab.host import Host
from lab.windows.accounts import ACCOUNT_DISABLED, PASSWORD_NEVER_EXPIRES, AccountError
from lab.windows.host import WindowsHost
from lab.windows.machine import Machine
from lab.windows.services import RUNNING, ServiceError

_DONE = "The command completed successfully.\n"
# NET HELPMSG numbers of service errors.
_SERVICE_CODES = {1056: 2182, 1060: 2185, 1062: 3521, 1058: 1058}


class _Failed(Exception):
    """A refusal with its NET HELPMSG number."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(message)
        self.number = number


def main(host: Host, arguments: Sequence[str]) -> int:
    """`net VERB ...`: exit code 0, or 2 when something was refused."""
    assert isinstance(host, WindowsHost)
    verb = _VERBS.get(arguments[0].casefold() if arguments else "")
    if verb is None:
        print("The syntax of this command is:\n\nNET [ LOCALGROUP | START | STOP | USER ]", file=sys.stderr)
        return 1
    try:
        verb(host.machine, list(arguments[1:]))
    except AccountError as error:
        return _refused(error.code, str(error))
    except _Failed as error:
        return _refused(error.number, str(error))
    return 0


def _refused(number: int, message: str) -> int:
    print(f"{message}\n\nMore help is available by typing NET HELPMSG {number}.\n", file=sys.stderr)
    return 2


def _start(machine: Machine, words: list[str]) -> None:
    if not words:
        print("These Windows services are started:\n")
        for service in sorted(machine.services.all(), key=lambda each: each.display_name.casefold()):
            if service.state == RUNNING:
                print(f"   {service.display_name}")
        print(f"\n{_DONE}")
        return
    name = " ".join(words)
    try:
        service = machine.services.find(name)
        print(f"The {service.display_name} service is starting.")
        machine.services.start(service.name)
    except ServiceError as error:
        raise _service_failure(error, name, "started") from None
    print(f"The {service.display_name} service was started successfully.\n")


def _stop(machine: Machine, words: list[str]) -> None:
    name = " ".join(word for word in words if word.casefold() != "/y")
    try:
        service = machine.services.find(name)
        machine.services.stop(service.name, with_dependents=len(words) > 1 and words[-1].casefold() == "/y")
    except ServiceError as error:
        raise _service_failure(error, name, "stopped") from None
    print(f"The {service.display_name} service is stopping.")
    print(f"The {service.display_name} service was stopped successfully.\n")


def _service_failure(error: ServiceError, name: str, done: str) -> _Failed:
    texts = {
        1060: "The service name is invalid.",
        1056: "The requested service has already been started.",
        1062: f"The {name} service is not started.",
    }
    text = texts.get(error.code, f"The {name} service could not be {done}.\n\nA system error has occurred: {error}")
    return _Failed(_SERVICE_CODES.get(error.code, 3523), text)


def _user(machine: Machine, words: list[str]) -> None:
    options = {word.partition(":")[0].casefold(): word.partition(":")[2] for word in words if word.startswith("/")}
    names = [word for word in words if not word.startswith("/")]
    unknown = set(options) - {"/add", "/delete", "/fullname", "/comment", "/active", "/expires"}
    if unknown:
        raise _Failed(3506, f"The option {min(unknown)} is unknown.")
    accounts = machine.accounts
    if not names:
        print(f"\nUser accounts for \\\\{machine.computer_name}\n\n{'-' * 79}")
        print("\n".join(user.name for user in accounts.users()))
        print(_DONE)
        return
    name = names[0]
    if "/delete" in options:
        accounts.delete_user(name)
    elif "/add" in options:
        accounts.create_user(name, names[1] if len(names) > 1 else "")
    elif len(names) > 1:
        accounts.set_password(name, names[1])
    elif not options:
        _show_user(machine, name)
        return
    _change_user(machine, name, options)
    print(_DONE)


def _change_user(machine: Machine, name: str, options: dict[str, str]) -> None:
    if "/fullname" in options:
        machine.accounts.change_user(name, full_name=options["/fullname"].strip('"'))
    if "/comment" in options:
        machine.accounts.change_user(name, comment=options["/comment"].strip('"'))
    if "/active" in options:
        user = machine.accounts.user(name)
        flags = user.flags if user else 0
        off = options["/active"].casefold() == "no"
        machine.accounts.change_user(name, flags=flags | ACCOUNT_DISABLED if off else flags & ~ACCOUNT_DISABLED)


def _show_user(machine: Machine, name: str) -> None:
    user = machine.accounts.user(name)
    if user is None:
        raise _Failed(2221, "The user name could not be found.")
    groups = " ".join(f"*{group:<20}" for group in user.groups)
    rows = (
        ("User name", user.name), ("Full Name", user.full_name), ("Comment", user.comment),
        ("Account active", "No" if user.flags & ACCOUNT_DISABLED else "Yes"),
        ("Password expires", "Never" if user.flags & PASSWORD_NEVER_EXPIRES else "1/1/2038 12:00 AM"),
        ("Local Group Memberships", groups),
    )  # fmt: skip
    print("\n".join(f"{label:<28} {value}" for label, value in rows))
    print(_DONE)


def _localgroup(machine: Machine, words: list[str]) -> None:
    options = {word.partition(":")[0].casefold(): word.partition(":")[2] for word in words if word.startswith("/")}
    names = [word for word in words if not word.startswith("/")]
    accounts = machine.accounts
    if not names:
        print(f"\nAliases for \\\\{machine.computer_name}\n\n{'-' * 79}")
        print("\n".join(f"*{group}" for group in accounts.groups()))
        print(_DONE)
        return
    group, *members = names
    if "/add" in options and not members:
        accounts.create_group(group, options.get("/comment", "").strip('"'))
    elif "/delete" in options and not members:
        accounts.delete_group(group)
    elif "/add" in options:
        for member in members:
            accounts.add_member(group, member)
    elif "/delete" in options:
        for member in members:
            accounts.remove_member(group, member)
    else:
        found = accounts.members(group)
        if found is None:
            raise _Failed(1376, "The specified local group does not exist.")
        print(f"Alias name     {group}\nComment        {accounts.group_comment(group)}\n\nMembers\n\n{'-' * 79}")
        print("\n".join(found))
    print(_DONE)


_VERBS: dict[str, Callable[[Machine, list[str]], None]] = {
    "start": _start, "stop": _stop, "user": _user, "localgroup": _localgroup,
}  # fmt: skip
