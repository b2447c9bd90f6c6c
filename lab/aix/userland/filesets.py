"""The filesets of a host: what is installed (store `packages`), how levels compare, and what a name means."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Filesets = dict[str, dict[str, Any]]

STORE = "packages"
_OS = "5.3.7.0"
SYSTEM_FILESETS = {
    "X11.base.lib": (_OS, "AIXwindows Runtime Libraries"),
    "X11.base.rte": (_OS, "AIXwindows Runtime Environment"),
    "X11.motif.lib": (_OS, "AIXwindows Motif Libraries"),
    "bos.64bit": (_OS, "Base Operating System 64 bit Runtime"),
    "bos.acct": (_OS, "Accounting Services"),
    "bos.adt.base": (_OS, "Base Application Development Toolkit"),
    "bos.adt.libm": (_OS, "Base Application Development Math Library"),
    "bos.adt.syscalls": (_OS, "System Calls Application Development Toolkit"),
    "bos.iocp.rte": (_OS, "I/O Completion Ports API"),
    "bos.loc.iso.en_US": (_OS, "Base System Locale ISO Code Set - U.S. English"),
    "bos.mp64": (_OS, "Base Operating System 64-bit Multiprocessor Runtime"),
    "bos.net.tcp.client": (_OS, "TCP/IP Client Support"),
    "bos.net.tcp.server": (_OS, "TCP/IP Server"),
    "bos.perf.libperfstat": (_OS, "Performance Statistics Library Interface"),
    "bos.rte": (_OS, "Base Operating System Runtime"),
    "bos.rte.aio": (_OS, "Asynchronous I/O Extension"),
    "bos.rte.libc": (_OS, "libc Library"),
    "openssh.base.server": ("4.3.0.5301", "Open Secure Shell Server"),
    "perl.rte": ("5.8.2.50", "Perl Version 5 Runtime Environment"),
    "xlC.aix50.rte": ("8.0.0.10", "C Set ++ Runtime for AIX 5.0"),
    "xlC.rte": ("8.0.0.10", "C Set ++ Runtime"),
}


def installed(data: Filesets) -> Filesets:
    """The installed filesets in a store; on first sight those of the operating system."""
    if not data:
        for name, (level, description) in SYSTEM_FILESETS.items():
            data[name] = {"level": level, "description": description}
    return data


def version(level: str) -> tuple[int, ...]:
    """A level in a form that compares."""
    return tuple(int(part) if part.isdigit() else 0 for part in level.split("."))


def matches(name: str, pattern: str) -> bool:
    """A pattern names a fileset, the package it belongs to, or several by `*`."""
    if pattern == "all":
        return True
    if "*" in pattern or "?" in pattern or "[" in pattern:
        from fnmatch import fnmatchcase  # noqa: PLC0415

        return fnmatchcase(name, pattern)
    return name == pattern or name.startswith(pattern + ".")


def package_of(name: str) -> str:
    """The package (product) a fileset belongs to."""
    return name.rpartition(".")[0] if name.count(".") > 1 else name
