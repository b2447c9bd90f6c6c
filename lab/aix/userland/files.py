"""Small tools on files: csum uuencode uudecode wc which slibclean; and what is refused: shutdown crontab at."""

from __future__ import annotations

import os
import sys

from lab.aix.userland.command import NOT_EMULATED, CommandError, native, parse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from lab.aix.userland.command import Command

UU_LINE = 45
BASE64_LINE = 57


def _input(path: str) -> bytes:
    """The content of a file, or of standard input for `-`."""
    if path == "-":
        return sys.stdin.buffer.read()
    with open(native(path) if path.startswith("/") else path, "rb") as file:
        return file.read()


def csum(arguments: Sequence[str]) -> int:
    """Message digests of files: MD5 (the default) or SHA1."""
    usage = "Usage: csum [-o OutputFile] [-h { MD5 | SHA1 }] [-i InputFile | File ...]"
    options = parse("csum", arguments, "o:h:", usage, unemulated="i")
    algorithm = options.get("h", "MD5")
    if algorithm not in ("MD5", "SHA1") or not options.operands:
        raise CommandError(usage)
    import hashlib  # noqa: PLC0415

    rows = []
    code = 0
    for path in options.operands:
        try:
            digest = hashlib.new(algorithm.lower(), _input(path), usedforsecurity=False).hexdigest()
        except OSError as error:
            sys.stderr.write(f"csum: {path}: {error.strerror}\n")
            code = 1
            continue
        rows.append(f"{digest}  {path}\n")
    if "o" in options:
        with open(options.get("o"), "w", encoding="utf-8") as file:
            file.writelines(rows)
    else:
        sys.stdout.writelines(rows)
    return code


def uuencode(arguments: Sequence[str]) -> None:
    """Encode a file (or standard input) for transfer as text; -m in Base64."""
    usage = "Usage: uuencode [-m] [SourceFile] OutputFile"
    options = parse("uuencode", arguments, "m", usage)
    if len(options.operands) not in (1, 2):
        raise CommandError(usage)
    from binascii import b2a_base64, b2a_uu  # noqa: PLC0415

    source = options.operands[0] if len(options.operands) == 2 else "-"
    data = _input(source)
    mode = 0o644 if source == "-" else os.stat(source).st_mode & 0o777
    base64 = "m" in options
    width, encode = (BASE64_LINE, b2a_base64) if base64 else (UU_LINE, b2a_uu)
    out = sys.stdout.buffer
    out.write(f"begin{'-base64' if base64 else ''} {mode:o} {options.operands[-1]}\n".encode())
    for at in range(0, len(data), width):
        out.write(encode(data[at : at + width]))
    out.write(b"====\n" if base64 else b" \nend\n")
    out.flush()


def uudecode(arguments: Sequence[str]) -> None:
    """Decode what uuencode wrote into the file named there, or the one of -o."""
    usage = "Usage: uudecode [-o OutputFile] [InFile]"
    options = parse("uudecode", arguments, "o:", usage)
    if len(options.operands) > 1:
        raise CommandError(usage)
    from binascii import Error, a2b_base64, a2b_uu  # noqa: PLC0415

    rows = iter(_input(options.operands[0] if options.operands else "-").splitlines())
    for row in rows:
        if row.startswith((b"begin ", b"begin-base64 ")):
            break
    else:
        raise CommandError("uudecode: 0602-030 There is no begin line.")
    kind, mode, name = row.decode().split(None, 2)
    end, decode = (b"====", a2b_base64) if kind == "begin-base64" else (b"end", a2b_uu)
    data = b""
    for row in rows:
        if row == end:
            break
        try:
            data += decode(row)
        except Error:
            raise CommandError("uudecode: 0602-032 The input is damaged.") from None
    else:
        raise CommandError("uudecode: 0602-031 There is no end line.")
    target = options.get("o", name)
    if target == "/dev/stdout":
        sys.stdout.buffer.write(data)
        return
    with open(target, "wb") as file:
        os.fchmod(file.fileno(), int(mode, 8) & 0o777)
        file.write(data)


def wc(arguments: Sequence[str]) -> int:
    """Count lines, words and bytes, each in eight columns as AIX prints them."""
    usage = "Usage: wc [-c | -m] [-lw] [File ...]"
    options = parse("wc", arguments, "clwm", usage, unemulated="k")
    wanted = [flag for flag in "lwcm" if flag in options] or list("lwc")
    totals = dict.fromkeys("lwcm", 0)
    code = 0
    for path in options.operands or ["-"]:
        try:
            data = _input(path)
        except OSError as error:
            sys.stderr.write(f"wc: 0652-755 Cannot open {path}: {error.strerror}\n")
            code = 2
            continue
        counts = {"l": data.count(b"\n"), "w": len(data.split()), "c": len(data), "m": len(data)}
        for flag, number in counts.items():
            totals[flag] += number
        print("".join(f"{counts[flag]:>8}" for flag in wanted) + (f" {path}" if options.operands else ""))
    if len(options.operands) > 1:
        print("".join(f"{totals[flag]:>8}" for flag in wanted) + " total")
    return code


def which(arguments: Sequence[str]) -> int:
    """The path of commands."""
    code = 0
    folders = os.environ.get("PATH", "").split(":")
    for name in parse("which", arguments, "", "Usage: which [Name ...]").operands:
        found = [f"{folder}/{name}" for folder in folders if os.access(f"{folder}/{name}", os.X_OK)]
        print(found[0] if found else f"no {name} in {' '.join(folders)}")
        code = code if found else 1
    return code


def slibclean(arguments: Sequence[str]) -> None:
    """Unload unused libraries: nothing to do, nothing to say."""
    if arguments:
        raise CommandError("Usage: slibclean")


def shutdown(arguments: Sequence[str]) -> None:
    """Refused: a host of the lab is started and stopped by the lab."""
    parse("shutdown", arguments, "Frhdimcktul", "Usage: shutdown [-dFhiklmprtuv] [+Time [Message]]")
    raise CommandError("shutdown: lab: hosts are not restarted from within", NOT_EMULATED)


def crontab(arguments: Sequence[str]) -> None:
    """Refused: no cron runs in the lab, so an entry would promise what does not happen."""
    parse("crontab", arguments, "lerv", "Usage: crontab [-e | -l | -r | -v | File]")
    raise CommandError("crontab: lab: cron is not emulated; use inittab or SRC", NOT_EMULATED)


def at(arguments: Sequence[str]) -> None:
    """Refused like crontab."""
    parse("at", arguments, "clmrtqf", "Usage: at [-c | -k | -s | -q Queue] [-m] {-t Date | Time [Day] [Increment]}")
    raise CommandError("at: lab: cron is not emulated", NOT_EMULATED)


COMMANDS: dict[str, Command] = {
    "csum": csum,
    "uuencode": uuencode,
    "uudecode": uudecode,
    "wc": wc,
    "which": which,
    "slibclean": slibclean,
    "shutdown": shutdown,
    "crontab": crontab,
    "at": at,
}
