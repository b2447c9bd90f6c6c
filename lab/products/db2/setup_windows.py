"""`setup.exe`: the silent installation on Windows, with its services and its registry keys."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import PureWindowsPath

from lab.host import Host, NoSpace
from lab.products.db2 import configuration, layout, manager, memory, response
from lab.products.db2.editions import Edition
from lab.windows.host import WindowsHost
from lab.windows.machine import Machine
from lab.windows.registry import Value

OK, NO_AUTHORITY, BAD_RESPONSE, BAD_PARAMETER, FATAL, REBOOT = 0, 66, 86, 87, 1603, 3010

PRODUCT_MB = 700
DEFAULT_PATH = "C:\\Program Files\\IBM\\SQLLIB"
DEFAULT_COPY = "DB2COPY1"
UNPLAYED = ("DATABASE", "ENCRYPTED", "DAS_CONTACT_LIST", "DB2_USERSGROUP_DOMAIN", "DB2_ADMINGROUP_DOMAIN")
SECURITY_GROUPS = {"DB2_ADMINGROUP_NAME": "DB2ADMNS", "DB2_USERSGROUP_NAME": "DB2USERS"}
REGISTRY = "HKLM\\SOFTWARE\\IBM\\DB2\\InstalledCopies"


def setup(host: Host, arguments: Sequence[str], edition: Edition, fixpack: int = 0) -> int:
    """The program on the image of one edition, which brings it at the level of a fix pack."""
    options = _options(arguments)
    if options is None or "u" not in options:
        print(
            "The command line is not valid: "
            "setup.exe /u <response file> [/l log] [/t trace] [/f] [/m] [/n copy] [/o] [/p dir] [/i language]"
        )
        return BAD_PARAMETER
    if "c" in options:
        print("setup.exe: lab: /c, which returns before the work is done, is not played out")
        return BAD_PARAMETER
    relative = [f"/{letter}" for letter in "ult" if letter in options and not PureWindowsPath(options[letter]).drive]
    if relative:
        print(f"The command line is not valid: {' '.join(relative)} needs a full path")
        return BAD_PARAMETER
    log_name = options.get("l", "C:\\Documents and Settings\\All Users\\DB2LOG.log")
    lines = [f"DB2 Setup started at {time.ctime()}"]
    code = _install(host, options, edition, fixpack, lines)
    lines.append(
        "1: The installation completed successfully."
        if code in (OK, REBOOT)
        else f"1: ERROR: installation failed, {code}"
    )
    log = host.path(log_name)
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("".join(line + "\r\n" for line in lines), "cp1252", newline="")
    return code


def _options(arguments: Sequence[str]) -> dict[str, str] | None:
    options: dict[str, str] = {}
    words = list(arguments)
    while words:
        word = words.pop(0)
        if word[:1] not in "-/" or len(word) != 2:
            return None
        letter = word[1].lower()
        if letter in "fmoc":
            options[letter] = ""
        elif letter in "ultnpi" and words:
            options[letter] = words.pop(0)
        else:
            return None
    return options


def _install(  # noqa: PLR0911
    host: Host, options: dict[str, str], edition: Edition, fixpack: int, lines: list[str]
) -> int:
    if not host.user.administrator:
        lines.append("ERROR: The user is not a member of the Administrators group.")
        return NO_AUTHORITY
    file = host.path(options["u"])
    if not file.is_file():
        lines.append(f"ERROR: The response file {options['u']} was not found.")
        return BAD_RESPONSE
    said = response.parse(file.read_bytes().decode("cp1252", "replace"), windows=True)
    problems = list(said.problems)
    if not problems and said.get("PROD") != edition.keyword:
        problems.append(f'The product "{said.get("PROD")}" is not on this image: it holds {edition.keyword}.')
    problems += response.unplayed(said, UNPLAYED)
    if problems:
        lines += [f"ERROR: {problem}" for problem in problems]
        return BAD_RESPONSE
    path = options.get("p") or said.get("FILE", DEFAULT_PATH)
    name = options.get("n") or said.get("DB2_COPY_NAME", DEFAULT_COPY)
    known = memory.snapshot(host)["copies"]
    taken = next(
        (other for other, copy in known.items() if copy["name"] == name and other.casefold() != path.casefold()), None
    )
    if taken:
        lines.append(f"ERROR: The copy name {name} is in use by {taken}.")
        return FATAL
    problem = _user_problem(host, said) or _level_problem(host, path, fixpack, force="f" in options)
    if host.fault("setup.exe:prerequisites") == "licence-refused":
        problem = "The license agreement could not be registered."
    if problem:
        lines.append(f"ERROR: {problem}")
        return FATAL
    try:
        _lay_copy(host, path, name, edition, fixpack, lines)
    except NoSpace as full:
        lines.append(f"ERROR: There is not enough disk space: {full}")
        return FATAL
    for identifier in said.values.get("INSTANCE", []):
        _create_instance(host, path, name, said.instance(identifier), lines)
    _create_administration_server(host, path, said)
    _create_security_groups(host, said)
    with host.store(memory.STORE) as store:
        memory.copies(store)[path]["complete"] = True
    return REBOOT if said.get("REBOOT") == "YES" else OK


def _user_problem(host: Host, said: response.Response) -> str:
    logons = [(said.get("DAS_USERNAME"), said.get("DAS_PASSWORD"))]
    for identifier in said.values.get("INSTANCE", []):
        instance = said.instance(identifier)
        logons.append((instance.get("USERNAME", ""), instance.get("PASSWORD", "")))
    for user, password in logons:
        if user and host.account(user) is None:
            return f"The user {user} does not exist."
        if user and not host.check_password(user, password):
            return f"The password of the user {user} is not valid."
    return ""


def _level_problem(host: Host, path: str, fixpack: int, *, force: bool) -> str:
    """Why the copy in `path` cannot be brought to a level. What runs of it is stopped when that may be."""
    known = memory.snapshot(host)
    copy = known["copies"].get(path)
    if copy is None or not copy["complete"] or copy["fixpack"] == fixpack:
        return ""
    if copy["fixpack"] > fixpack:
        return f"The copy in {path} is at Fix Pack {copy['fixpack']} already."
    for name, record in known["instances"].items():
        if record["path"] == path and manager.running(host, name):
            if not force:
                return f"Processes of DB2 in {path} are running."
            manager.stop(host, name)
    return ""


def _lay_copy(host: Host, path: str, name: str, edition: Edition, fixpack: int, lines: list[str]) -> None:  # noqa: PLR0917
    with host.store(memory.STORE) as store:
        known = memory.copies(store)
        if path in known and not known[path]["complete"]:
            lines.append(f"An incomplete installation was found in {path}. It is replaced.")
        if path not in known:
            host.claim_space(path, PRODUCT_MB)
            known[path] = {
                "edition": edition.abbreviation, "fixpack": 0, "complete": False, "licences": [], "name": name,
                "installed": time.strftime("%a %b %e %H:%M:%S %Y"),
            }  # fmt: skip
        known[path]["fixpack"] = fixpack
    host.path(path).mkdir(parents=True, exist_ok=True)
    lines.append("Copying new files")
    if host.fault("setup.exe") == "disk-full":
        raise NoSpace("C:", PRODUCT_MB, 0)
    layout.lay_programs(host, path)
    registry = machine_of(host).registry
    key = f"{REGISTRY}\\{name}"
    registry.create(key)
    for value, data in (("DB2 Path Name", path), ("Version", "9.1"), ("ProductName", edition.title)):
        registry.set(key, Value(value, "REG_SZ", data))
    for service, title in (
        (f"DB2LICD_{name}", f"DB2 License Server ({name})"),
        (f"DB2MGMTSVC_{name}", f"DB2 Management Service ({name})"),
    ):
        _create_service(host, service, title, f'"{path}\\BIN\\db2syscs.exe" -idle')
    lines.append("Updating system registry values")


def _create_instance(host: Host, path: str, copy: str, said: dict[str, str], lines: list[str]) -> None:
    name = said.get("NAME", "DB2").upper()
    drive = path[:2]
    with host.store(memory.STORE) as store:
        known = memory.instances(store)
        if name in known:
            return
        known[name] = {
            "path": path, "type": said.get("TYPE", "WSE").lower(), "fenced": "", "home": f"{drive}\\",
            "autostart": said.get("AUTOSTART", "YES") == "YES", "complete": True, "pid": None, "databases": {},
            "registry": {"DB2COMM": "TCPIP"} | ({"DB2AUTOSTART": said["AUTOSTART"]} if "AUTOSTART" in said else {}),
            "config": configuration.defaults(drive, "") | {"DFTDBPATH": drive, "DIAGPATH": f"{path}\\{name}"},
        }  # fmt: skip
        config = known[name]["config"]
        config |= {key: value for key, value in said.items() if key in configuration.PARAMETERS}
        autostart = known[name]["autostart"]
    host.path(f"{path}\\{name}").mkdir(parents=True, exist_ok=True)
    if said.get("SVCENAME") and said.get("PORT_NUMBER"):
        services = host.path("C:\\WINDOWS\\system32\\drivers\\etc\\services")
        text = services.read_text("ascii") if services.exists() else ""
        services.write_text(f"{text}{said['SVCENAME']}\t{said['PORT_NUMBER']}/tcp\r\n", "ascii", newline="")
    display = f"DB2 - {copy} - {name}"
    account = said.get("USERNAME", "")
    _create_service(
        host,
        name,
        display,
        f'"{path}\\BIN\\db2syscs.exe" {name}',
        account=account,
        password=said.get("PASSWORD", ""),
        automatic=autostart,
    )
    lines.append(f"The instance {name} has been created.")
    if said.get("START_DURING_INSTALL", "YES") == "YES":
        host.run(["net", "start", name])


def _create_administration_server(host: Host, path: str, said: response.Response) -> None:
    account, password = said.get("DAS_USERNAME"), said.get("DAS_PASSWORD")
    binary = f'"{path}\\BIN\\db2syscs.exe" -idle'
    if account:
        _create_service(host, "DB2DAS00", "DB2DAS - DB2DAS00", binary, account=account, password=password)


def _create_security_groups(host: Host, said: response.Response) -> None:
    """The groups of extended security, which is on unless the response file says otherwise."""
    if said.get("DB2_EXTSECURITY", "YES") != "YES":
        return
    accounts = machine_of(host).accounts
    for keyword, default in SECURITY_GROUPS.items():
        group = said.get(keyword, default)
        if accounts.members(group) is None:
            accounts.create_group(group)


def _create_service(
    host: Host, name: str, display: str, binary: str, *, account: str = "", password: str = "", automatic: bool = True
) -> None:
    services = machine_of(host).services
    if any(service.name == name for service in services.all()):
        return
    services.create(
        name,
        binary,
        display_name=display,
        start="auto" if automatic else "demand",
        account=f".\\{account}" if account else "LocalSystem",
        password=password,
    )


def machine_of(host: Host) -> Machine:
    """The Windows machine behind a host: its services and registry. A command line would show the password."""
    assert isinstance(host, WindowsHost)
    return host.machine
