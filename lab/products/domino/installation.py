"""`install -silent -options FILE`, on Windows `setup.exe` with the same words: lays the product and sets nothing up."""

from __future__ import annotations

import re
import shutil
import stat
from collections.abc import Iterator, Mapping, Sequence

from lab.host import Host, NoSpace
from lab.products.domino import layout, response
from lab.products.domino.layout import Installation
from lab.products.was.installation import ismp, system

OK, FAILED = 0, 1
PROGRAM_MB, DATA_MB, TEMPORARY_MB = 600, 300, 200
TITLE = "Lotus Domino"
IDENTIFIER = "DOMINO801"
REGISTRY = "HKLM\\SOFTWARE\\Lotus\\Domino"
JAR = "cfgdomserver.jar"
DATA_FILES = ("domino/html/homepage.html", "pubnames.ntf", "log.ntf", "mail.ntf")


def install(host: Host, arguments: Sequence[str]) -> int:
    """The program."""
    try:
        problems = list(_command_problems(host, arguments))
        values = {} if problems else _values(host, arguments)
        problems = problems or list(_host_problems(host, values))
        if not problems and host.fault("domino:prerequisites") == "licence-refused":
            problems = ["The license agreement could not be registered."]
        if not problems:
            _lay(host, values)
    except ismp.BadLine as error:
        problems = [str(error)]
    except NoSpace as error:
        problems = [f"There is not enough disk space: {error}"]
    for problem in problems:
        print(f"ERROR: {problem}")
    print("The installation of Lotus Domino failed." if problems else "The installation of Lotus Domino is complete.")
    return FAILED if problems else OK


def _command_problems(host: Host, arguments: Sequence[str]) -> Iterator[str]:
    line = ismp.command_line(host, arguments)
    if not line.silent or not line.options:
        yield "The installation wizard needs a display; use -silent -options <file>."
        return
    if not host.user.administrator:
        yield "You must be root to install Domino." if host.platform == "aix" else "You must be an administrator."
        return
    if host.platform == "aix" and not line.options.startswith("/"):
        yield f"The path of the options file must be absolute: {line.options}"
    yield from response.problems(line.settings, host.platform)


def _values(host: Host, arguments: Sequence[str]) -> Mapping[str, str]:
    return {setting.key: setting.value for setting in ismp.command_line(host, arguments).settings}


def _host_problems(host: Host, values: Mapping[str, str]) -> Iterator[str]:
    """What the machine lacks."""
    found = layout.installed(host)
    if found and layout.is_running(host):
        yield "The Domino server is running; stop it first."
    if found and found.location != values[response.LOCATION]:
        yield f"lab: Domino is installed in {found.location}; a second installation is not played out."
    if host.platform == "aix":
        yield from _aix_problems(host, values[response.USER], values[response.GROUP])


def _aix_problems(host: Host, user: str, group: str) -> Iterator[str]:
    if not re.match(r"5[23]00-", host.run(["oslevel", "-r"])[1]):
        yield "Domino 8 needs AIX 5.2 or 5.3."
    if not ports_available(host):
        yield "Your system is not configured with I/O Completion Ports."
    account = host.account(user)
    if account is None:
        yield f"The user {user} does not exist."
    elif account.administrator:
        yield f"The user {user} has the rights of root; the Domino server must not run with them."
    members = host.group_members(group)
    if members is None:
        yield f"The group {group} does not exist."
    elif user not in members:
        yield f"The user {user} is no member of the group {group}."


def ports_available(host: Host) -> bool:
    """Whether AIX's I/O completion ports are there now."""
    return re.search(r"^iocp0\s+Available", host.run(["lsdev", "-Cc", "iocp"])[1], re.MULTILINE) is not None


def _lay(host: Host, values: Mapping[str, str]) -> None:
    made = Installation(
        platform=host.platform,
        location=values[response.LOCATION].rstrip("/\\"),
        data=values[response.DATA].rstrip("/\\"),
        user=values.get(response.USER, ""),
        group=values.get(response.GROUP, ""),
    )
    with system.temporary_room(host, TEMPORARY_MB):
        system.claim(host, made.location, PROGRAM_MB)
        _programs(host, made)
        if host.fault("domino:install") == "disk-full":
            raise NoSpace(made.data, DATA_MB, 0)
        system.claim(host, made.data, DATA_MB)
        _data(host, made)
    if made.windows:
        _register_on_windows(host, made)
    else:
        _link_latest(host, made)
    system.register(host, IDENTIFIER, TITLE, layout.VERSION, made.location)
    with host.store(layout.STORE) as store:
        store["installation"] = {
            "location": made.location, "data": made.data, "user": made.user, "group": made.group,
        }  # fmt: skip
        store["complete"] = True


def _programs(host: Host, made: Installation) -> None:
    print(f"Installing program files to {made.location}")
    host.install_program(made.server, "domino:server")
    host.install_program(made.java, "domino:java")
    if made.windows:
        host.install_program(made.service_program, "domino:nservice")
    else:
        host.install_program(f"{made.program_dir}/server", "domino:server")
        bindsock = host.path(f"{made.program_dir}/bindsock")
        bindsock.write_text("bindsock\n")
        # By it the HTTP task, which is no root, gets its port below 1024.
        bindsock.chmod(stat.S_ISUID | 0o755)
    host.path(made.join(made.program_dir, JAR)).write_bytes(b"PK\x05\x06" + b"\0" * 18)


def _data(host: Host, made: Installation) -> None:
    print(f"Installing data files to {made.data}")
    for name in DATA_FILES:
        file = host.path(made.data_file(made.join(*name.split("/"))))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    if not host.path(made.notes_ini).exists():
        settings = {"Directory": made.data, "KitType": "2"}
        layout.write_ini(host, made, settings if made.windows else settings | {"NotesProgram": made.program_dir})
    if not made.windows:
        for file in (host.path(made.data), *host.path(made.data).rglob("*")):
            shutil.chown(file, made.user, made.group)


def _link_latest(host: Host, made: Installation) -> None:
    latest = host.path(made.latest)
    latest.unlink(missing_ok=True)
    latest.symlink_to(host.path(made.program_dir).parent.name)


def _register_on_windows(host: Host, made: Installation) -> None:
    for name, value in (("Path", made.location), ("DataPath", made.data)):
        host.run(["reg", "add", REGISTRY, "/v", name, "/t", "REG_SZ", "/d", value, "/f"])
    if host.run(["sc", "query", made.service])[0] != 0:
        binary = f'"{made.service_program}" "={made.notes_ini}"'
        host.run(["sc", "create", made.service, "binPath=", binary, "start=", "demand"])
