"""Instances on AIX: db2icrt, db2idrop, db2ilist, db2iupdt, db2iauto, and the fault monitor that init keeps running."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from lab.host import Account, Host, NoSpace
from lab.products.db2 import configuration, manager, memory, response
from lab.products.db2.editions import TYPES

INSTANCE_MB = 60
PROFILE = """\
DB2DIR="{path}"
DB2INSTANCE={name}
export DB2INSTANCE
INSTHOME={home}
for folder in {home}/sqllib/bin {home}/sqllib/adm {home}/sqllib/misc; do
    PATH="$PATH:$folder"
done
export PATH
"""
LOGIN = """
# The following three lines have been added by UDB DB2.
if [ -f {home}/sqllib/db2profile ]; then
    . {home}/sqllib/db2profile
fi
"""
INITTAB = "fmc:2345:respawn:{program} #DB2 Fault Monitor Coordinator"


class Log(Protocol):
    """Where a setup program writes what it does."""

    def log(self, text: str) -> None:
        """One line."""


class Refused(Exception):
    """What the program says instead of doing it."""


def new_record(path: str, kind: str, fenced: str, home: str, group: str) -> dict[str, Any]:
    """An instance that is not there in full yet. `pid` is that of its running engine, `since` its start."""
    return {
        "path": path,
        "type": kind,
        "fenced": fenced,
        "home": home,
        "autostart": True,
        "registry": {},
        "config": configuration.defaults(home, group),
        "complete": False,
        "pid": None,
        "databases": {},
    }


# -- db2icrt -----------------------------------------------------------------------------------------------------------
def db2icrt(host: Host, arguments: Sequence[str]) -> int:
    """Create an instance."""
    try:
        _require_root(host, "db2icrt")
        options, name = _options("db2icrt", arguments, "aspu", flags="")
        path = memory.copy_path(host)
        create(
            host,
            path,
            name,
            kind=options.get("s", ""),
            fenced=options.get("u", ""),
            port=options.get("p"),
            authentication=options.get("a"),
        )
    except Refused as refused:
        print(refused)
        return 1
    print("DBI1070I  Program db2icrt completed successfully.")
    return 0


def create(
    host: Host,
    path: str,
    name: str,
    *,
    kind: str,
    fenced: str,
    port: str | None = None,
    authentication: str | None = None,
) -> None:
    """Create instance `name`; raises `Refused`."""
    known = memory.snapshot(host)
    edition = known["copies"][path]["edition"]
    kind = kind.lower() or edition
    if kind not in TYPES[edition]:
        raise Refused(
            f"DBI1122E  Instance {name} cannot be created: the type {kind} is not one of {', '.join(TYPES[edition])}."
        )
    if authentication and response.CONFIGURATION["AUTHENTICATION"](authentication):
        raise Refused(f"DBI1001I  Usage: db2icrt [options] InstName; -a {authentication} is not known")
    if name in known["instances"]:
        raise Refused(f"DBI1057E  The instance name {name} is already in use.")
    if kind != "client" and not fenced:
        raise Refused("DBI1084E  The parameter -u FencedID is required.")
    owner = _owner(host, name, fenced)
    home = Path(owner.home)
    if not host.path(owner.home).is_dir():
        raise Refused(f"DBI1067E  The home directory {home} does not exist.")
    if host.path(f"{home}/sqllib").exists():
        raise Refused(f"DBI1088E  The directory {home}/sqllib exists already. Remove it or run db2iupdt.")
    group = owner.groups[0] if owner.groups else name
    record = new_record(path, kind, fenced, owner.home, group.upper())
    if port:
        record["config"]["SVCENAME"] = port
    if authentication:
        record["config"]["AUTHENTICATION"] = authentication
    with host.store(memory.STORE) as store:
        memory.instances(store)[name] = record
    try:
        host.claim_space(owner.home, INSTANCE_MB)
        _lay_home(host, path, name, owner.home, half=True)
        if host.fault("db2icrt") == "disk-full":
            raise NoSpace("/home", INSTANCE_MB, 0)
    except NoSpace as full:
        shutil.rmtree(host.path(f"{home}/sqllib"), ignore_errors=True)
        with host.store(memory.STORE) as store:
            del memory.instances(store)[name]
        raise Refused(f"DBI1069E  Unexpected error: there is not enough space in {full.mount}.") from full
    _complete(host, path, name, owner.home)
    if kind != "client" and any("db2fmcd" in title for title in host.processes().values()):
        manager.start(host, name)


def _owner(host: Host, name: str, fenced: str) -> Account:
    """The owner of instance `name`, when it and the fenced user are fit for that; raises `Refused`."""
    owner = host.account(name)
    if owner is None or (fenced and host.account(fenced) is None):
        missing = name if owner is None else fenced
        raise Refused(f"DBI1061E  The user {missing} does not exist on this system.")
    wrong = "must not be root" if owner.administrator else response.user_unix(name)
    if wrong:
        raise Refused(f"DBI1058E  The instance name {name} is not valid: it {wrong}.")
    if fenced and response.user_unix(fenced):
        raise Refused(f"DBI1085E  The FencedID {fenced} is not valid: it {response.user_unix(fenced)}.")
    return owner


def _complete(host: Host, path: str, name: str, home: str) -> None:
    _lay_home(host, path, name, home, half=False)
    with host.store(memory.STORE) as store:
        memory.instances(store)[name] |= {"complete": True, "path": path}


def _lay_home(host: Host, path: str, name: str, home: str, *, half: bool) -> None:
    sqllib = host.path(f"{home}/sqllib")
    for folder in ("cfg", "ctrl", "db2dump", "function", "log", "security", "tmp"):
        (sqllib / folder).mkdir(parents=True, exist_ok=True)
    for folder in ("bin", "adm", "instance", "install"):
        link = sqllib / folder
        if link.is_symlink():
            link.unlink()
        link.symlink_to(f"{path}/{folder}")
    if not half:
        (sqllib / "db2profile").write_text(PROFILE.format(path=path, name=name, home=home))
        (sqllib / "userprofile").touch()
        (sqllib / "db2systm").write_text("SQLF\n")
        login = host.path(f"{home}/.profile")
        text = login.read_text("utf-8") if login.exists() else ""
        if "sqllib/db2profile" not in text:
            login.write_text(text + LOGIN.format(home=home))
    _hand_over(host, name, [sqllib, *(entry for entry in sqllib.rglob("*") if not entry.is_symlink())])
    _hand_over(host, name, [host.path(f"{home}/.profile")])


def _hand_over(host: Host, owner: str, paths: Sequence[Path]) -> None:
    """Make `owner` the owner; a test's host has no such users."""
    del host
    try:
        account = pwd.getpwnam(owner)
    except KeyError:
        return
    for path in paths:
        if path.exists() and os.geteuid() == 0:
            os.chown(path, account.pw_uid, account.pw_gid)


# -- the others --------------------------------------------------------------------------------------------------------
def db2idrop(host: Host, arguments: Sequence[str]) -> int:
    """Remove an instance; its databases' files stay."""
    try:
        _require_root(host, "db2idrop")
        _, name = _options("db2idrop", arguments, "", flags="f")
        record = _known(host, name)
        if manager.running(host, name) and "-f" not in arguments:
            raise Refused(f"DBI1065E  The instance {name} is still active. Stop it with db2stop.")
        manager.stop(host, name)
        shutil.rmtree(host.path(f"{record['home']}/sqllib"), ignore_errors=True)
        with host.store(memory.STORE) as store:
            del memory.instances(store)[name]
    except Refused as refused:
        print(refused)
        return 1
    print("DBI1070I  Program db2idrop completed successfully.")
    return 0


def db2iupdt(host: Host, arguments: Sequence[str]) -> int:
    """Bring an instance to the level of this copy, completing what an interrupted creation left."""
    try:
        _require_root(host, "db2iupdt")
        options, name = _options("db2iupdt", arguments, "uasp", flags="fkD")
        record = _known(host, name)
        if manager.running(host, name):
            raise Refused(f"DBI1065E  The instance {name} is still active. Stop it with db2stop.")
        if options.get("u"):
            if host.account(options["u"]) is None:
                raise Refused(f"DBI1061E  The user {options['u']} does not exist on this system.")
            with host.store(memory.STORE) as store:
                memory.instances(store)[name]["fenced"] = options["u"]
        _complete(host, memory.copy_path(host), name, record["home"])
    except Refused as refused:
        print(refused)
        return 1
    print("DBI1070I  Program db2iupdt completed successfully.")
    return 0


def db2ilist(host: Host, arguments: Sequence[str]) -> int:
    """The instances of this copy, one on each line."""
    if arguments:
        print("Usage: db2ilist")
        return 1
    path = memory.copy_path(host)
    for name, record in memory.snapshot(host)["instances"].items():
        if record["path"] == path:
            print(name)
    return 0


def db2iset(host: Host, arguments: Sequence[str]) -> int:
    """Remove an instance from the list of instances: `db2iset -d <instance>`."""
    if len(arguments) != 2 or arguments[0] != "-d" or not host.user.administrator:
        print("Usage: db2iset -d <instance>")
        return 1
    with host.store(memory.STORE) as store:
        memory.instances(store).pop(arguments[1], None)
    return 0


def db2iauto(host: Host, arguments: Sequence[str]) -> int:
    """Have an instance started with the machine, or not."""
    if len(arguments) != 2 or arguments[0] not in {"-on", "-off"}:
        print("Usage: db2iauto -on | -off <instance>")
        return 1
    try:
        _known(host, arguments[1])
        if not host.user.administrator and not manager.may_administer(host, arguments[1]):
            raise Refused(f"DBI1005E  The user must be root or administer {arguments[1]} to run db2iauto.")
    except Refused as refused:
        print(refused)
        return 1
    with host.store(memory.STORE) as store:
        record = memory.instances(store)[arguments[1]]
        record["autostart"] = arguments[0] == "-on"
        record["registry"]["DB2AUTOSTART"] = "YES" if record["autostart"] else "NO"
    return 0


# -- fault monitor -----------------------------------------------------------------------------------------------------
def db2fmcu(host: Host, arguments: Sequence[str]) -> int:
    """Have init keep the fault monitor running (`-u -p <db2fmcd>`), or not (`-d`)."""
    if not host.user.administrator:
        print("db2fmcu: only root may run this program.")
        return 1
    if list(arguments) == ["-d"]:
        fault_monitor(host, "", on=False)
        return 0
    if len(arguments) == 3 and list(arguments[:2]) == ["-u", "-p"] and host.path(arguments[2]).is_file():
        fault_monitor(host, arguments[2].removesuffix("/bin/db2fmcd"), on=True)
        return 0
    print("Usage: db2fmcu -u -p <path of db2fmcd> | -d")
    return 1


def fault_monitor(host: Host, path: str, *, on: bool) -> None:
    """Add the entry of /etc/inittab, or remove it and end the daemon."""
    present = host.run(["lsitab", "fmc"])[0] == 0
    if on and not present:
        host.run(["mkitab", INITTAB.format(program=f"{path}/bin/db2fmcd")])
    elif not on and present:
        host.run(["rmitab", "fmc"])
        for pid, title in host.processes().items():
            if title.split()[:1] and title.split()[0].endswith("db2fmcd"):
                host.kill(pid)
    else:
        return
    host.run(["telinit", "q"])


def db2fmcd(host: Host, arguments: Sequence[str]) -> int:
    """The daemon: starts what is to run, then watches."""
    del arguments
    for name, record in memory.snapshot(host)["instances"].items():
        if (
            record["complete"]
            and record["autostart"]
            and record["type"] != "client"
            and not manager.running(host, name)
        ):
            manager.start(host, name)
    # Ended by a signal only; there is nothing to look after in between, since nothing here fails by itself.
    while True:
        signal.pause()


# -- during db2setup ---------------------------------------------------------------------------------------------------
def create_from_response(host: Host, path: str, said: Mapping[str, str], run: Log) -> str:
    """Create the instance that a response file describes; what went wrong."""
    name = said["NAME"]
    for user, prefix in ((name, ""), (said.get("FENCED_USERNAME", ""), "FENCED_")):
        problem = _provide_user(host, user, said, prefix)
        if problem:
            return problem
    service = said.get("SVCENAME", "")
    try:
        create(
            host, path, name, kind=said.get("TYPE", ""), fenced=said.get("FENCED_USERNAME", ""), port=service or None
        )
    except Refused as refused:
        return str(refused)
    run.log(f'The instance "{name}" has been created successfully.')
    if service and said.get("PORT_NUMBER"):
        services = host.path("/etc/services")
        services.write_text(services.read_text("utf-8") + f"{service}\t{said['PORT_NUMBER']}/tcp\n")
        run.log(f'The value "SVCENAME={service}" was set in the DBM CFG file for the "{name}" instance.')
    with host.store(memory.STORE) as store:
        record = memory.instances(store)[name]
        record["registry"]["DB2COMM"] = "TCPIP"
        record["registry"] |= {key: value for key, value in said.items() if key in response.REGISTRY}
        record["autostart"] = said.get("AUTOSTART", "YES") == "YES"
        record["registry"]["DB2AUTOSTART"] = "YES" if record["autostart"] else "NO"
        record["config"] |= {key: value for key, value in said.items() if key in configuration.PARAMETERS}
    run.log(f'The value "DB2AUTOSTART={said.get("AUTOSTART", "YES")}" was set in the Profile Registry of "{name}".')
    manager.stop(host, name)
    if said.get("START_DURING_INSTALL", "YES") == "YES":
        manager.start(host, name)
    run.log("Configuring DB2 instances :.......Success")
    return ""


def _provide_user(host: Host, user: str, said: Mapping[str, str], prefix: str) -> str:
    """Make a missing user when the response file says enough about it; what is missing."""
    if not user or host.account(user) is not None:
        return ""
    group, home = said.get(f"{prefix}GROUP_NAME"), said.get(f"{prefix}HOME_DIRECTORY")
    if not group or not home:
        return f"The user {user} does not exist, and the response file does not say its group and home directory."
    made = [*_identity(said, f"{prefix}GID"), group]
    code, _, error = (0, "", "") if host.group_members(group) is not None else host.run(["mkgroup", *made])
    if code:
        return f"The group {group} could not be created: {error}"
    wanted = [*_identity(said, f"{prefix}UID"), f"pgrp={group}", f"home={home}", user]
    code, _, error = host.run(["mkuser", *wanted])
    if not code and f"{prefix}PASSWORD" in said:
        code, _, error = host.run(["chpasswd", "-c"], stdin=f"{user}:{said[f'{prefix}PASSWORD']}\n")
    return f"The user {user} could not be created: {error}" if code else ""


def _identity(said: Mapping[str, str], keyword: str) -> list[str]:
    return [f"id={said[keyword]}"] if keyword in said else []


# -- common ------------------------------------------------------------------------------------------------------------
def _require_root(host: Host, program: str) -> None:
    if host.platform == "windows":
        raise Refused(f"{program}: lab: not played out on Windows, where setup.exe makes the instance")
    if not host.user.administrator:
        raise Refused(f"DBI1005E  The user must be root to run {program}.")


def _known(host: Host, name: str) -> dict[str, Any]:
    record = memory.snapshot(host)["instances"].get(name)
    if record is None:
        raise Refused(f"DBI1068E  The instance {name} does not exist.")
    found: dict[str, Any] = record
    return found


def _options(program: str, arguments: Sequence[str], with_value: str, flags: str) -> tuple[dict[str, str], str]:
    """Options by letter, and the one operand, the instance; raises `Refused`."""
    options: dict[str, str] = {}
    words = list(arguments)
    while words and words[0].startswith("-"):
        letter = words.pop(0)[1:]
        if letter in with_value.split() or (len(letter) == 1 and letter in with_value):
            if not words:
                raise Refused(f"DBI1001I  Usage: {program} [options] InstName; -{letter} has no value")
            options[letter] = words.pop(0)
        elif len(letter) == 1 and letter in flags:
            options[letter] = ""
        else:
            raise Refused(f"DBI1001I  Usage: {program} [options] InstName; -{letter} is not an option")
    if len(words) != 1:
        raise Refused(f"DBI1001I  Usage: {program} [options] InstName")
    return options, words[0]
