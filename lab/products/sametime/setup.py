"""`setupaix.bin -silent -options FILE`, on Windows `setupwin32.exe`: the setup program."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from lab.host import Host, NoSpace
from lab.products.domino import layout as domino_layout
from lab.products.domino.layout import Installation
from lab.products.sametime import configuration, layout, response
from lab.products.sametime.directory import Search
from lab.products.was.installation import ismp

OK, FAILED = 0, 1
SUCCESS = "Lotus Sametime 8.0.1 was installed successfully."
FAILURE = "The installation was not successful."
PRODUCT_MB = 350


class Failed(Exception):
    """Why the installation ended."""


def main(host: Host, arguments: Sequence[str]) -> int:
    """The program."""
    lines = [f"Lotus Sametime {layout.VERSION} setup"]
    try:
        _install(host, arguments, lines)
    except (Failed, ismp.BadLine) as problem:
        lines += [f"ERROR: {each}" for each in str(problem).splitlines()]
    except NoSpace as full:
        lines.append(f"ERROR: There is not enough disk space: {full}")
    else:
        lines.append(SUCCESS)
    if lines[-1] != SUCCESS:
        lines.append(FAILURE)
    end = "\r\n" if host.platform == "windows" else "\n"
    stamp = time.strftime("%Y-%m-%d %H:%M:%S")
    log = host.path(layout.setup_log(host.platform))
    log.write_text("".join(f"{stamp} {line}{end}" for line in lines), "utf-8", newline="")
    return OK if lines[-1] == SUCCESS else FAILED


def _install(host: Host, arguments: Sequence[str], lines: list[str]) -> None:
    line = ismp.command_line(host, arguments)
    if not line.silent or not line.options:
        raise Failed("The installation wizard needs a display; use -silent -options <file>.")
    problems = list(response.problems(line.settings))
    if problems:
        raise Failed("\n".join(problems))
    values = {setting.key: setting.value for setting in line.settings}
    problems = list(_problems(host, values))
    if not problems and host.fault("sametime:prerequisites") == "licence-refused":
        problems = ["The license agreement could not be registered."]
    if problems:
        raise Failed("\n".join(problems))
    domino = domino_layout.installed(host)
    assert domino
    lines.append(f"Copying files to {domino.location}")
    host.claim_space(domino.program_dir, PRODUCT_MB)
    if host.fault("sametime:install") == "disk-full":
        raise NoSpace(domino.program_dir, PRODUCT_MB, 0)
    host.install_program(domino.task(layout.TASK), "sametime:staddin")
    lines.append(f"Configuring {domino.data}")
    _configure(host, domino, values)


def _problems(host: Host, values: Mapping[str, str]) -> Iterator[str]:
    """What the machine lacks."""
    if not host.user.administrator:
        yield f"The user {host.user.name} is not allowed to install."
    domino = domino_layout.installed(host)
    if domino is None or not _same(domino, values["installLocation"], domino.location):
        yield f"installLocation: {values['installLocation']} holds no Lotus Domino 8.0.1 server."
        return
    if not _same(domino, values["domino.dataDirectory"], domino.data):
        yield f"domino.dataDirectory: {values['domino.dataDirectory']} is not the data directory of that server."
    if not domino_layout.is_set_up(host):
        yield "The Domino server has not been set up."
    if domino_layout.is_running(host):
        yield "The Domino server is running. Shut it down before you install Sametime."
    if host.path(configuration.ini(domino)).exists():
        yield f"Lotus Sametime is installed already: {configuration.ini(domino)} exists."


def _same(domino: Installation, one: str, other: str) -> bool:
    one, other = one.rstrip("/\\"), other.rstrip("/\\")
    return one.casefold() == other.casefold() if domino.windows else one == other


def _configure(host: Host, domino: Installation, values: Mapping[str, str]) -> None:
    search = Search(
        host=values["ldap.host"],
        port=int(values["ldap.port"]),
        bind_dn=values.get("ldap.bindDN", ""),
        bind_password=values.get("ldap.bindPassword", ""),
        base=values["ldap.personBase"],
        filter=values["ldap.personFilter"],
        mail=values["ldap.mailAttribute"],
    )
    documents = configuration.write_documents(host, domino, search)
    trace = host.path(configuration.log(domino)).parent
    trace.mkdir(exist_ok=True)
    _give(domino, documents, trace)
    if host.fault("sametime:configure"):
        raise Failed(f"{layout.CONFIGURATION} could not be opened.")
    tasks = domino_layout.read_ini(host, domino).get("servertasks", "")
    if layout.TASK.lower() not in domino_layout.server_tasks(host, domino):
        domino_layout.write_ini(host, domino, {"ServerTasks": ",".join(filter(None, [tasks, layout.TASK]))})
    _give(domino, configuration.write_ini(host, domino))


def _give(domino: Installation, *paths: Path) -> None:
    """Let what was made belong to the user that Domino runs as; what may hold a password is nobody else's."""
    for path in paths:
        if not domino.windows:
            shutil.chown(path, domino.user, domino.group)
        if path.suffix == ".nsf":
            path.chmod(0o600)
