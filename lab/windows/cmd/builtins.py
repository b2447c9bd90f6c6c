"""The commands inside cmd.exe."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from lab.windows.release import release
from lab.windows.session import Session

SYNTAX_ERROR = "The syntax of the command is incorrect.\r\n"
NO_PATH = "The system cannot find the path specified.\r\n"
NO_FILE = "The system cannot find the file specified.\r\n"


class Leave(Exception):
    """`exit`; with `/b` only the batch file ends. Without a code the last command's counts."""

    def __init__(self, code: int | None, *, batch_only: bool = False) -> None:
        super().__init__(str(code))
        self.code = code
        self.batch_only = batch_only


class Jump(Exception):
    """`goto`, to a label in lower case."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.label = label


Builtin = Callable[[Session, str], int]


def words(rest: str) -> list[str]:
    """The words behind a command, without their quotes."""
    return [found.strip('"') for found in re.findall(r'"[^"]*"|[^\s"]+', rest)]


def _place(session: Session, name: str) -> Path:
    return session.machine.tree.path(name, session.directory)


def _fail(session: Session, message: str) -> int:
    session.write_error(message)
    return 1


def _echo(session: Session, rest: str) -> int:
    text = rest[1:] if rest[:1] in (" ", ".", ":", "\t") else rest
    if text.strip().casefold() not in ("on", "off"):
        session.write_out((text or "ECHO is on.") + "\r\n" if rest.strip() else "\r\n" if rest else "ECHO is on.\r\n")
    return 0


def _type(session: Session, rest: str) -> int:
    for name in words(rest) or [""]:
        file = _place(session, name)
        if not name or not file.is_file():
            return _fail(session, NO_FILE if name else SYNTAX_ERROR)
        session.write(file.read_bytes())
    return 0


def _dir(session: Session, rest: str) -> int:
    options = {word.casefold() for word in words(rest) if word.startswith("/")}
    names = [word for word in words(rest) if not word.startswith("/")] or ["."]
    if options != {"/b"}:
        return _fail(session, "lab: dir is imitated with /b only\r\n")
    place = _place(session, names[0])
    if not place.exists():
        return _fail(session, "File Not Found\r\n")
    for entry in sorted(place.iterdir(), key=lambda each: each.name.casefold()) if place.is_dir() else [place]:
        session.write_out(entry.name + "\r\n")
    return 0


def _set(session: Session, rest: str) -> int:
    text = rest.strip()
    if text.casefold().startswith(("/a", "/p")):
        return _fail(session, "lab: set /a and set /p are not imitated\r\n")
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    name, equals, value = text.partition("=")
    environment = session.environment
    if equals:
        if value:
            environment[name.strip()] = value
        else:
            environment.pop(name.strip(), None)
        return 0
    found = sorted((each for each in environment if each.casefold().startswith(name.casefold())), key=str.casefold)
    for each in found:
        session.write_out(f"{each}={environment[each]}\r\n")
    return 0 if found else _fail(session, f"Environment variable {name} not defined\r\n")


def _cd(session: Session, rest: str) -> int:
    names = [word for word in words(rest) if word.casefold() != "/d"]
    if not names:
        session.write_out(session.directory + "\r\n")
        return 0
    place = _place(session, " ".join(names))
    if not place.is_dir():
        return _fail(session, NO_PATH)
    session.directory = session.machine.tree.native(place)
    return 0


def _mkdir(session: Session, rest: str) -> int:
    for name in words(rest):
        place = _place(session, name)
        if place.exists():
            return _fail(session, f"A subdirectory or file {name} already exists.\r\n")
        place.mkdir(parents=True)
    return 0


def _rmdir(session: Session, rest: str) -> int:
    options = {word.casefold() for word in words(rest) if word.startswith("/")}
    for name in [word for word in words(rest) if not word.startswith("/")]:
        place = _place(session, name)
        if not place.is_dir():
            return _fail(session, NO_FILE)
        if any(place.iterdir()) and "/s" not in options:
            return _fail(session, "The directory is not empty.\r\n")
        if "/s" in options and "/q" not in options:
            return _fail(session, "lab: rd /s asks a question without /q\r\n")
        shutil.rmtree(place)
    return 0


def _del(session: Session, rest: str) -> int:
    for name in [word for word in words(rest) if not word.startswith("/")]:
        if "*" in name or "?" in name:
            return _fail(session, "lab: del with wildcards is not imitated\r\n")
        place = _place(session, name)
        if place.is_file():
            place.unlink()
        else:
            # cmd says so, but its exit code is 0.
            session.write_error(f"Could Not Find {session.machine.tree.native(place)}\r\n")
    return 0


def _copy(session: Session, rest: str) -> int:
    names = [word for word in words(rest) if not word.startswith("/")]
    if len(names) != 2:
        return _fail(session, SYNTAX_ERROR)
    source, target = (_place(session, name) for name in names)
    if not source.is_file():
        return _fail(session, NO_FILE)
    target = target / source.name if target.is_dir() else target
    if not target.parent.is_dir():
        return _fail(session, NO_PATH)
    shutil.copyfile(source, target)
    session.write_out("        1 file(s) copied.\r\n")
    return 0


def _move(session: Session, rest: str) -> int:
    names = [word for word in words(rest) if not word.startswith("/")]
    if len(names) != 2:
        return _fail(session, SYNTAX_ERROR)
    source, target = (_place(session, name) for name in names)
    if not source.exists():
        return _fail(session, NO_FILE)
    source.rename(target / source.name if target.is_dir() else target)
    return 0


def _ver(session: Session, rest: str) -> int:
    del rest
    session.write_out(f"\r\nMicrosoft Windows [Version {release(session.machine.hardware).full}]\r\n")
    return 0


def _date(session: Session, rest: str) -> int:
    if "/t" not in rest.casefold():
        return _fail(session, "lab: date and time are imitated with /t only\r\n")
    session.write_out(time.strftime("%a %m/%d/%Y\r\n", time.gmtime(session.machine.now())))
    return 0


def _exit(session: Session, rest: str) -> int:
    del session
    given = words(rest)
    batch_only = bool(given) and given[0].casefold() == "/b"
    code = next((int(word) for word in given if re.fullmatch(r"-?\d+", word)), None)
    raise Leave(code, batch_only=batch_only)


def _goto(session: Session, rest: str) -> int:
    del session
    raise Jump(rest.strip().lstrip(":").casefold())


def _nothing(session: Session, rest: str) -> int:
    del session, rest
    return 0


BUILTINS: dict[str, Builtin] = {
    "echo": _echo, "type": _type, "dir": _dir, "set": _set, "cd": _cd, "chdir": _cd, "md": _mkdir, "mkdir": _mkdir,
    "rd": _rmdir, "rmdir": _rmdir, "del": _del, "erase": _del, "copy": _copy, "move": _move, "ver": _ver,
    "date": _date, "exit": _exit,
    "goto": _goto, "rem": _nothing, "setlocal": _nothing, "endlocal": _nothing,
}  # fmt: skip
