"""`db2setup`: the silent installation on AIX."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from lab.host import Host, NoSpace
from lab.products.db2 import instances, layout, logs, memory, prerequisites, response
from lab.products.db2.editions import BY_KEYWORD, Edition

OK, WARNING, FATAL, BAD_RESPONSE, BAD_PARAMETER = 0, 1, 67, 86, 87

PRODUCT_MB = 900
TEMPORARY_MB = 400
LANGUAGES = {"en", "de", "fr", "es", "it", "jp", "kr", "cn", "tw", "br", "pl", "ru", "cz", "fi", "se", "dk", "no"}
USAGE = "Usage: db2setup [-i language] [-l log-file] [-t trace-file] [-r response-file] [-f nobackup] [-? | -h]"
UNPLAYED = ("CONFIG_ONLY", "DAS_", "DATABASE", "ENCRYPTED")
DB2LS = "/usr/local/bin/db2ls"


@dataclass
class Run:
    """One run of the program: its options, its log, and whether it speaks to a machine."""

    edition: Edition
    log_path: str = "/tmp/db2setup.log"  # noqa: S108 - the product's own default
    response_path: str = ""
    trace_path: str = ""
    lines: list[str] = field(default_factory=list)
    machine: bool = False
    tasks: int = 0

    def log(self, text: str) -> None:
        """A line of the log."""
        self.lines.append(text)

    def task(self, text: str) -> None:
        """One task of the installation, told to who watches."""
        self.tasks += 1
        if self.machine:
            print(f"PROGRESS TASK START :: INSTALLATION :: 1 :: {self.tasks} :: {text}", flush=True)
        self.log(f"{text} :.......Success")

    def save(self, host: Host) -> None:
        """Write the log as it stands."""
        host.path(self.log_path).write_text("\n".join([*self.lines, ""]), "utf-8")


def db2setup(host: Host, arguments: Sequence[str], edition: Edition) -> int:
    """The program on the image of one edition."""
    run = Run(edition)
    asked = list(arguments) in (["-?"], ["-h"])
    wrong = "" if asked else _options(run, arguments) or _logs_problem(host, run)
    if asked or wrong:
        print(f"{wrong}\n{USAGE}".lstrip())
        return OK if asked else BAD_PARAMETER
    if not host.user.administrator:
        print("DBI1005E  The user must be root to run db2setup.")
        return FATAL
    file = host.path(run.response_path)
    if not file.is_file():
        print(f'The response file specified "{run.response_path}" is not valid.')
        return BAD_RESPONSE
    said = response.parse(file.read_bytes().decode("utf-8", "replace"), windows=False)
    problems = said.problems + _image_problems(said, edition)
    run.log(f"DB2 Setup log file started at: {time.ctime()}")
    if problems:
        for problem in problems:
            run.log(f"ERROR: {problem}")
        run.save(host)
        print(f'The response file specified "{run.response_path}" is not valid.')
        return BAD_RESPONSE
    run.machine = said.get("INTERACTIVE") == "MACHINE"
    print(
        "DBI1191I  db2setup is installing and configuring DB2 according to the\n"
        "response file provided. Please wait.\n\n",
        flush=True,
    )
    code = _install(host, run, said)
    run.save(host)
    outcome = {OK: "The execution completed successfully.", WARNING: "The execution completed with warnings."}
    print(f"{outcome.get(code, 'The execution failed.')}\n")
    print(f'For more information see the DB2 installation log at\n"{run.log_path}".')
    return code


def _options(run: Run, arguments: Sequence[str]) -> str:
    """Fill in the options; what is wrong with them."""
    words = list(arguments)
    while words:
        option = words.pop(0)
        if option not in {"-r", "-l", "-t", "-f", "-i"} or not words:
            return f"DBI1192E  The parameter {option} is not valid or has no value."
        value = words.pop(0)
        if option in {"-r", "-l", "-t"} and not value.startswith("/"):
            return f"DBI1192E  The parameter {option} needs a full path."
        if option == "-f" and value not in {"nobackup", "NOTSAMP"}:
            return f"DBI1192E  The parameter -f {value} is not valid."
        if option == "-i" and value.lower() not in LANGUAGES:
            return f"DBI1192E  The parameter -i {value} is not valid."
        if option == "-r":
            run.response_path = value
        elif option == "-l":
            run.log_path = value
        elif option == "-t":
            run.trace_path = value
    if not run.response_path:
        return "DBI1190I  db2setup is preparing the DB2 Setup wizard. The DISPLAY variable is not set."
    return ""


def _logs_problem(host: Host, run: Run) -> str:
    for letter, path in (("-l", run.log_path), ("-t", run.trace_path)):
        unwritable = logs.problem(host, path) if path else ""
        if unwritable:
            return f"DBI1192E  The parameter {letter} is not valid: {unwritable}."
    return ""


def _image_problems(said: response.Response, edition: Edition) -> list[str]:
    if said.problems:
        return []
    product = said.get("PROD")
    problems = []
    if product != edition.keyword:
        problems.append(f'The product "{product}" is not on this image: it holds {edition.keyword}.')
    problems += [
        f'The value of the keyword "{identifier}.TYPE" is not valid: {edition.keyword} has no instances of that type.'
        for identifier in said.values.get("INSTANCE", [])
        if edition.abbreviation == "wse" and said.instance(identifier).get("TYPE") == "ESE"
    ]
    problems += [
        f'The keyword "{identifier}.{name}" is only valid for instances of type ESE.'
        for identifier in said.values.get("INSTANCE", [])
        for name in ("FCM_PORT_NUMBER", "MAX_LOGICAL_NODES")
        if name in said.instance(identifier) and edition.abbreviation != "ese"
    ]
    return problems + response.unplayed(said, UNPLAYED)


def _install(host: Host, run: Run, said: response.Response) -> int:
    path = said.get("FILE").rstrip("/")
    fault = host.fault("db2setup:prerequisites")
    problems = [*prerequisites.missing(host), *_path_problems(host, path, BY_KEYWORD[said.get("PROD")])]
    if fault == "licence-refused":
        problems.append("The license agreement could not be registered.")
    if problems:
        for problem in problems:
            run.log(f"ERROR: {problem}")
        return FATAL
    try:
        _lay_copy(host, run, path, TEMPORARY_MB)
    except NoSpace as full:
        run.log(f"ERROR: DBI1284E  There is not enough space in the file system {full.mount}.")
        run.log(f"ERROR: {full}")
        return FATAL
    code = OK
    for identifier in said.values.get("INSTANCE", []):
        common = {name: said.get(name) for name in response.REGISTRY if name in said.values}
        problem = instances.create_from_response(host, path, common | said.instance(identifier), run)
        if problem:
            run.log(f"ERROR: {problem}")
            run.log(f'ERROR: An error occurred while configuring the instance "{identifier}".')
            code = WARNING
    run.log(f"DB2 Setup log file finished at: {time.ctime()}")
    return code


def _path_problems(host: Host, path: str, edition: Edition) -> list[str]:
    known = memory.snapshot(host)["copies"]
    problems = [
        f"The installation path {path} lies below the path of another copy of DB2, {other}."
        for other in known
        if path.startswith(other + "/")
    ]
    if path in known and known[path]["complete"] and known[path]["edition"] != edition.abbreviation:
        problems.append(f"Another edition of DB2 is installed in {path}.")
    if host.path(path).is_symlink():
        problems.append(f"The installation path {path} is a symbolic link.")
    return problems


def _lay_copy(host: Host, run: Run, path: str, temporary_mb: int) -> None:
    host.claim_space("/tmp", temporary_mb)  # noqa: S108 - where the product unpacks
    try:
        with host.store(memory.STORE) as store:
            known = memory.copies(store)
            if path in known and not known[path]["complete"]:
                run.log(f"An incomplete installation was found in {path}. It is replaced.")
            claimed = path in known
            if not claimed:
                host.claim_space(path, PRODUCT_MB)
            record = {"edition": run.edition.abbreviation, "fixpack": 0, "complete": False, "licences": []}
            known[path] = {**record, **known.get(path, {}), "edition": run.edition.abbreviation}
            known[path].setdefault("installed", time.strftime("%a %b %e %H:%M:%S %Y %Z"))
        host.path(path).mkdir(parents=True, exist_ok=True)
        for folder in ("bin", "adm"):
            run.task(f"Installing DB2 file set: {folder}")
            layout.lay_programs(host, path, (folder,))
        run.save(host)
        if host.fault("db2setup") == "disk-full":
            raise NoSpace("/opt", PRODUCT_MB, 0)
        for folder in ("instance", "install"):
            run.task(f"Installing DB2 file set: {folder}")
            layout.lay_programs(host, path, (folder,))
        _license_folder(host, path)
        run.task("Registering DB2 licenses")
        _link_db2ls(host, path)
        run.task("Setting default global profile registry variables")
        with host.store(memory.STORE) as store:
            memory.copies(store)[path]["complete"] = True
        # With the product comes the fault monitor, which init keeps running.
        instances.fault_monitor(host, path, on=True)
        run.task("Initializing instance list")
    finally:
        host.claim_space("/tmp", -temporary_mb)  # noqa: S108


def _license_folder(host: Host, path: str) -> None:
    folder = host.path(path) / "license"
    folder.mkdir(exist_ok=True)
    (folder / "readme").write_text("Licenses are registered with db2licm -a <file>.\n", "utf-8")


def _link_db2ls(host: Host, path: str) -> None:
    link = host.path(DB2LS)
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.is_symlink() and not link.exists():
        link.symlink_to(f"{path}/install/db2ls")
