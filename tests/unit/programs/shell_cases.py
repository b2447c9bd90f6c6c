"""Runs one program of `plugins/plugin_utils/programs` in a strict shell, among fake commands. See README.md."""

from __future__ import annotations

import atexit
import functools
import getpass
import grp
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from lab.aix.userland.flags import GUARDS
from lab.aix.userland.guards import guard_text
from plugins.plugin_utils._programs import PROGRAMS, Parameter, render_sh, sh_source
from tests.unit.programs.aix_commands import KNOWN, STANDARD

CASES = Path(__file__).parent / "cases"
SHELLS = ("ksh", "mksh", "posh")

CASE_KEYS = {"name", "parameters", "files", "directories", "commands", "secrets", "expect"}
EXPECT_KEYS = {"rc", "stdout", "stderr", "calls", "stdin", "files", "directories"}
ANSWER_KEYS = {"args", "stdout", "stderr", "rc", "once", "executes", "reads_stdin"}

# A line of ksh's trace: the marker, the line of the rendered text, the command.
TRACE_MARK = "\x01"
TRACE_LINE = re.compile(TRACE_MARK + r"+(\d+)" + "\x02" + r"(.*)")


@dataclass(frozen=True)
class Case:
    """One entry of a case file."""

    program: str
    name: str
    parameters: Mapping[str, Parameter]
    files: Mapping[str, Any]
    directories: Sequence[str]
    commands: Mapping[str, Sequence[Mapping[str, Any]]]
    secrets: Sequence[str]
    expect: Mapping[str, Any]


@dataclass
class Run:
    """What came of running a case."""

    rc: int
    stdout: str
    stderr: str
    calls: list[str]
    stdin: dict[str, str]
    unexpected: list[str]
    files: dict[str, str]
    modes: dict[str, str]
    trace: list[tuple[int, str]] = field(default_factory=list)
    """With tracing: line number in the program's file and command as the shell saw it."""


def programs() -> list[str]:
    """The names of all sh programs."""
    return sorted(path.stem for path in PROGRAMS.glob("*.sh"))


def load_cases(program: str) -> list[Case]:
    """The cases of a program; raises on unknown keys, so that a misspelt expectation cannot pass."""
    path = CASES / f"{program}.yml"
    entries = yaml.safe_load(path.read_text("utf-8")) if path.exists() else []
    return [_case(program, entry) for entry in entries]


def _case(program: str, entry: Mapping[str, Any]) -> Case:
    _refuse_unknown(entry, CASE_KEYS, f"{program}: case")
    _refuse_unknown(entry.get("expect", {}), EXPECT_KEYS, f"{program}: expect")
    commands = {}
    for command, answers in entry.get("commands", {}).items():
        for answer in answers:
            _refuse_unknown(answer, ANSWER_KEYS, f"{program}: {command}")
        if "/" not in command and command not in KNOWN:
            raise ValueError(f"{program}: AIX 5.3 has no command {command!r} (see aix_commands.py)")
        commands[command] = answers
    return Case(
        program=program,
        name=entry["name"],
        parameters=entry.get("parameters", {}),
        files=entry.get("files", {}),
        directories=entry.get("directories", []),
        commands=commands,
        secrets=entry.get("secrets", []),
        expect=entry.get("expect", {}),
    )


def _refuse_unknown(entry: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = set(entry) - known
    if unknown:
        raise ValueError(f"{where}: unknown keys {sorted(unknown)}")


def substitute(value: Any, root: Path) -> Any:
    """`value` with `{root}`, `{user}` and `{group}` replaced in every string."""
    if isinstance(value, str):
        group = grp.getgrgid(os.getgid()).gr_name
        return value.replace("{root}", str(root)).replace("{user}", getpass.getuser()).replace("{group}", group)
    if isinstance(value, list):
        return [substitute(item, root) for item in value]
    if isinstance(value, dict):
        return {substitute(key, root): substitute(item, root) for key, item in value.items()}
    return value


def run_case(case: Case, shell: str, folder: Path, *, trace: bool = False) -> Run:
    """Run `case` in `shell`, with `folder` (empty) as the world of the program."""
    root, bin_folder, log = folder / "root", folder / "bin", folder / "log"
    for made in (root, bin_folder, log):
        made.mkdir()
    shell_path = shutil.which(shell)
    assert shell_path is not None, f"{shell} is not installed"
    _executable(bin_folder / "uname", "echo AIX\n")
    for name, answers in case.commands.items():
        path = root / name.lstrip("/") if "/" in name else bin_folder / name
        _executable(path, _fake(name, substitute(list(answers), root), shell_path, log))
    for directory in case.directories:
        (root / directory).mkdir(parents=True, exist_ok=True)
    for name, content in case.files.items():
        _write(root / name, substitute(content, root))

    parameters = substitute(dict(case.parameters), root)
    # ksh has a sleep of its own; nobody waits here.
    text = b"sleep() { :; }\n" + render_sh(case.program, parameters)
    environment = {"PATH": f"{bin_folder}:{standard_tools()}", "HOME": str(root), "LC_ALL": "C", "POSIXLY_CORRECT": "1"}
    if trace:
        environment["PS4"] = f"{TRACE_MARK}$LINENO\x02"
    done = subprocess.run(
        # posh does not know -s, but reads its program from standard input anyway.
        [shell_path, *(["-x"] if trace else []), *([] if shell == "posh" else ["-s"])],
        input=text,
        capture_output=True,
        env=environment,
        cwd=root,
        timeout=60,
        check=False,
    )
    run = Run(
        rc=done.returncode,
        stdout=done.stdout.decode("utf-8", "replace"),
        stderr=done.stderr.decode("utf-8", "replace"),
        calls=_lines(log / "calls"),
        stdin={path.name.removeprefix("stdin."): path.read_text() for path in log.glob("stdin.*")},
        unexpected=_lines(log / "unexpected"),
        files={str(path.relative_to(root)): _text(path) for path in root.rglob("*") if path.is_file()},
        modes={str(path.relative_to(root)): f"{path.stat().st_mode & 0o7777:04o}" for path in root.rglob("*")},
    )
    if trace:
        offset = _lines_before_body(case.program, text)
        for line in run.stderr.splitlines():
            match = TRACE_LINE.match(line)
            if match:
                run.trace.append((int(match[1]) - offset, match[2]))
    return run


def _lines_before_body(program: str, text: bytes) -> int:
    body = program_text(program).encode().rstrip(b"\n")
    return text[: text.rindex(body)].count(b"\n")


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8").splitlines() if path.exists() else []


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


def _write(path: Path, content: Any) -> None:
    text, mode = (content["content"], content["mode"]) if isinstance(content, dict) else (content, "0644")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(int(mode, 8))


@functools.cache
def standard_tools() -> Path:
    """A folder with the standard tools, each behind its guard."""
    folder = Path(tempfile.mkdtemp(prefix="standard-tools-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in STANDARD:
        (folder / name).write_text(guard_text(name, GUARDS[name], "/usr/bin"), "utf-8")
        (folder / name).chmod(0o755)
    return folder


def _executable(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.write_text("#!/bin/sh\n" + text, "utf-8")
    path.chmod(0o755)


def _fake(name: str, answers: Sequence[Mapping[str, Any]], shell: str, log: Path) -> str:
    key = name.replace("/", "_")
    lines = [f"printf '%s\\n' {shlex.quote(name)}${{1:+\" $*\"}} >>{log}/calls"]
    for number, answer in enumerate(answers):
        used = f"{log}/used.{key}.{number}"
        tests = [f'[ "$*" = {shlex.quote(str(answer["args"]))} ]'] if "args" in answer else []
        if answer.get("once"):
            tests.append(f"[ ! -e {used} ]")
        lines.append(f"if {' && '.join(tests) or ':'}; then")
        if answer.get("once"):
            lines.append(f": >{used}")
        if answer.get("reads_stdin"):
            lines.append(f"/bin/cat >>{log}/stdin.{key}")
        if answer.get("executes"):
            lines.append(f'while [ "$1" != -c ]; do shift; done; exec {shell} -c "$2"')
        if answer.get("stdout"):
            lines.append(f"printf %s {shlex.quote(answer['stdout'])}")
        if answer.get("stderr"):
            lines.append(f"printf %s {shlex.quote(answer['stderr'])} >&2")
        lines += [f"exit {answer.get('rc', 0)}", "fi"]
    lines += [f"printf '%s\\n' {shlex.quote(name)}\" $*\" >>{log}/unexpected", "exit 97", ""]
    return "\n".join(lines)


# -- judging -----------------------------------------------------------------------------------------------------------

# What may see a secret inside the shell: no process is started for these, so `ps` cannot show it.
_INTERNAL = re.compile(r"^(\w+=|\[|test\b|case\b|read\b|set\b|shift\b|for\b|:)")


def problems(case: Case, run: Run, root: Path) -> list[str]:
    """In what `run` is not as `case` expects; empty when all is well."""
    expect = substitute(dict(case.expect), root)
    found = [f"no answer for: {call}" for call in run.unexpected]
    if run.rc != expect.get("rc", 0):
        found.append(f"exit code {run.rc}, expected {expect.get('rc', 0)}")
    if "stdout" in expect and run.stdout != expect["stdout"]:
        found.append(f"stdout, expected:\n{expect['stdout']}")
    if "stderr" in expect and expect["stderr"] not in run.stderr:
        found.append(f"stderr lacks {expect['stderr']!r}")
    elif "stderr" not in expect and run.rc == 0 and run.stderr:
        found.append("stderr is not empty")
    if "calls" in expect and run.calls != expect["calls"]:
        found.append("calls, expected:\n" + "\n".join(expect["calls"]))
    for command, text in expect.get("stdin", {}).items():
        if run.stdin.get(command) != text:
            found.append(f"stdin of {command} is {run.stdin.get(command)!r}")
    found += _file_problems(case, run, expect)
    for secret in case.secrets:
        for where, shown in {"an argument": "\n".join(run.calls), "stdout": run.stdout, "stderr": run.stderr}.items():
            if secret in shown:
                found.append(f"the secret {secret!r} shows in {where}")
    if found:
        calls = "\n".join(run.calls)
        found.append(f"exit code {run.rc}\n--- stdout\n{run.stdout}\n--- stderr\n{run.stderr}\n--- calls\n{calls}")
    return found


def _file_problems(case: Case, run: Run, expect: Mapping[str, Any]) -> Iterator[str]:
    expected = expect.get("files", {})
    for name, content in expected.items():
        if content is None:
            if name in run.files:
                yield f"{name} is still there"
            continue
        if content is True:
            if name not in run.files:
                yield f"{name} is not there"
            continue
        text, mode = (content["content"], content["mode"]) if isinstance(content, dict) else (content, None)
        if run.files.get(name) != text:
            yield f"{name} holds {run.files.get(name)!r}"
        if mode not in (None, run.modes.get(name)):
            yield f"{name} has mode {run.modes.get(name)}"
    for name, mode in expect.get("directories", {}).items():
        if run.modes.get(name) != mode:
            yield f"{name} has mode {run.modes.get(name)}"
    before = {*case.files, *(name.lstrip("/") for name in case.commands if "/" in name)}
    for name in sorted(set(run.files) - before - set(expected)):
        yield f"{name} is left behind"


def exposures(case: Case, run: Run) -> list[str]:
    """Commands of a traced run that got a secret as an argument, real ones and those built into some shells too."""
    functions = set(re.findall(r"^(\w+)\s*\(\)", program_text(case.program), re.MULTILINE))
    return [
        f"line {line} hands a secret to {command.split(' ', 1)[0]!r} in case {case.name!r}"
        for line, command in run.trace
        if any(secret in command for secret in case.secrets)
        and not _INTERNAL.match(command)
        and command.split(" ", 1)[0] not in functions
    ]


def missed(program: str, runs: Sequence[Run]) -> list[str]:
    """The commands of a program that no traced run reached."""
    reached = {line for run in runs for line, _ in run.trace}
    return [
        f"{lines.start}: {first}" for lines, first in commands_of(program_text(program)) if reached.isdisjoint(lines)
    ]


def program_text(program: str) -> str:
    """The program's file, with the parts that it includes."""
    return sh_source(program)


# -- what there is to cover --------------------------------------------------------------------------------------------

_SYNTAX = re.compile(
    r"""^(
        \s* | \#.* | then | else | fi | do | done(\s.*)? | esac | ;; | \{ | \} (\s.*)? | \( | \) (\s.*)? | in
        | \w+\s*\(\)\s*\{?            # a function's head
        | case\s.*\sin | for\s+\w+\sin\s.*?;\s*do | while\s+:\s*;\s*do | if | while | until | elif
        | [^()]+\)\s*(;;)?            # a pattern of a case, with nothing to do on its line
    )$""",
    re.VERBOSE,
)
_HERE = re.compile(r"<<-?\s*['\"\\]?(\w+)['\"]?")


def logical_lines(text: str) -> Iterator[tuple[range, str]]:
    """The commands of a program: the lines one takes (1-based), and the first of them stripped.

    Here-documents, quoted text, `\\` and a trailing `|`, `&&` or `||` belong to the line they began on.
    """
    lines = text.splitlines()
    number = 0
    while number < len(lines):
        start = number
        joined = lines[number]
        is_open, documents = _scan(joined)
        while is_open and number + 1 < len(lines):
            number += 1
            joined += "\n" + lines[number]
            is_open, documents = _scan(joined)
        for word in documents:
            number = next(after for after in range(number + 1, len(lines)) if lines[after].strip() == word)
        number += 1
        yield range(start + 1, number + 1), lines[start].strip()


def _scan(text: str) -> tuple[bool, list[str]]:
    """Whether a command goes on behind `text`, and the end words of the here-documents it opens."""
    documents: list[str] = []
    quote = ""
    position = 0
    while position < len(text):
        character = text[position]
        if character == "\\" and quote != "'":
            position += 1
        elif quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "#" and (position == 0 or text[position - 1].isspace()):
            position = text.find("\n", position)
            if position < 0:
                return False, documents
        elif match := _HERE.match(text, position):
            documents.append(match[1])
            position = match.end()
            continue
        position += 1
    goes_on = position > len(text) or text.rstrip().endswith(("|", "&&"))
    return bool(quote) or goes_on, documents


def commands_of(text: str) -> list[tuple[range, str]]:
    """The logical lines that run something, and so must be reached by some case."""
    return [(lines, first) for lines, first in logical_lines(text) if not _SYNTAX.match(first)]
