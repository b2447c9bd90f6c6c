"""What an installation does besides laying down files, and the InstallShield launcher of Windows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from lab.host import Host, NoSpace
from lab.products.itds import database
from lab.products.itds.dialog import write_log
from lab.products.itds.images import LEVELS, SETUP, programs
from lab.products.itds.layout import GSKIT_COMMAND, Layout

GROUP = "idsldap"
SIZE_MB = 320
TEMPORARY = r"C:\WINDOWS\Temp"

FEATURES = ("DB2", "GSKit", "eWAS", "Server", "ProxyServer", "WebAdmin", "Client", "JavaClient")


def configure(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """What a fileset runs at the end of its installation: user, group, and the note of the DB2 copy."""
    fileset = arguments[0]
    fault = host.fault("installp")
    if fault == "disk-full":
        print(f"0503-008 installp:  There is not enough free disk space in file system {layout.product}.")
    elif fault:
        print(f"installp: {fileset}: {fault}")
    if fault:
        return 1
    if fileset.startswith("idsldap.cltbase"):
        return _make_group(host)
    path, level = database.installed_copy(host, layout)
    database.write_properties(host, layout, path, level)
    write_log(host, layout.log, f"configured {fileset}")
    return 0


def _make_group(host: Host) -> int:
    if host.group_members(GROUP) is None and host.run(["/usr/bin/mkgroup", GROUP])[0] != 0:
        return 1
    if host.account(GROUP) is None and host.run(["/usr/bin/mkuser", f"pgrp={GROUP}", GROUP])[0] != 0:
        return 1
    return host.run(["/usr/bin/chgrpmem", "-m", "+", "root", GROUP])[0]


def setup(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """`install_tds.exe -is:silent -options <file>`; the launcher's exit code tells little, the log tells all."""
    log = f"{TEMPORARY}\\ldapinst.log"
    write_log(host, log, f"{SETUP[layout.version]} {' '.join(arguments)}")
    words = list(arguments)
    if "-is:silent" not in words or "-options" not in words or words.index("-options") + 1 == len(words):
        print("This wizard needs a display; only -is:silent -options <file> runs here.")
        return 1
    options_file = host.path(words[words.index("-options") + 1])
    if not options_file.is_file():
        write_log(host, log, f"(err) options file {options_file.name} cannot be read")
        return 1
    problem = _install(host, layout, options_file.read_text("utf-8-sig", "replace"), log)
    if problem:
        write_log(host, log, f"(err) {problem}")
        return 1
    write_log(host, log, "Installation of IBM Tivoli Directory Server completed successfully.")
    saved = host.path(layout.join(layout.home, "var", "ldapinst.log"))
    saved.parent.mkdir(parents=True, exist_ok=True)
    saved.write_bytes(host.path(log).read_bytes())
    return 0


def _install(host: Host, layout: Layout, text: str, log: str) -> str | None:  # noqa: PLR0911 - each refusal is one
    """What prevents the installation, or None when it is done."""
    try:
        options = read_options(text)
    except ValueError as error:
        return str(error)
    home = options.get("installLocation", layout.home)
    if home.rstrip("\\").lower() != layout.home.lower():
        return f"installLocation {home}: the lab installs at {layout.home} only"
    if options.get("Server.active") == "true" and options.get("DB2.active") == "true":
        return "DB2.active=true: the image of DB2 is not on this medium; install DB2 first"
    path, level = database.installed_copy(host, layout)
    if options.get("Server.active") == "true" and not path:
        return "a supported version of DB2 is required for the server and was not found"
    fault = host.fault("install_tds")
    if fault == "licence-refused":
        return "the license agreement was not accepted"
    try:
        if fault == "disk-full":
            raise NoSpace("C:", SIZE_MB, 0)
        host.claim_space(layout.home, SIZE_MB)
    except NoSpace as error:
        return f"not enough disk space: {error}"
    for native, entry in _wanted(layout, options):
        host.install_program(native, entry)
        write_log(host, log, f"installed {native}")
    if fault:
        return f"the installation was interrupted: {fault}"
    database.write_properties(host, layout, path, level)
    library = host.path(layout.join(layout.home, "lib", "libidsldap.dll"))
    library.parent.mkdir(parents=True, exist_ok=True)
    library.write_text("MZ\n", "utf-8")
    key = rf"HKLM\SOFTWARE\IBM\IDSLDAP\{layout.version}"
    for name, value in {"LDAPHome": layout.home, "Version": LEVELS[layout.version]}.items():
        code, output, errors = host.run(["reg", "add", key, "/v", name, "/t", "REG_SZ", "/d", value, "/f"])
        if code != 0:
            return f"{key}: {(errors or output).strip()}"
    return None


def _wanted(layout: Layout, options: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Path and entry of each program of the features that were chosen."""
    for native, entry in programs(layout.version, layout).items():
        feature = "Server" if "\\sbin\\" in native else "Client"
        if options.get(f"{feature}.active") == "true":
            yield native, entry
    if options.get("GSKit.active") == "true":
        yield GSKIT_COMMAND["windows"], "itds:gsk7capicmd-7"


def read_options(text: str) -> dict[str, str]:
    """The `-P name=value` lines; raises `ValueError` for a line or key that the installer does not know."""
    options: dict[str, str] = {}
    known = {"installLocation", *(f"{feature}.active" for feature in FEATURES)}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = re.fullmatch(r'\s*-[PW]\s+([A-Za-z0-9.]+)\s*=\s*"?([^"]*)"?\s*', line)
        if not match:
            raise ValueError(f"options file, line {number}: not understood: {line.strip()}")
        if match[1] not in known:
            raise ValueError(f"options file, line {number}: unknown option {match[1]}")
        if match[1].endswith(".active") and match[2] not in ("true", "false"):
            raise ValueError(f"options file, line {number}: {match[1]} must be true or false")
        options[match[1]] = match[2]
    return options
