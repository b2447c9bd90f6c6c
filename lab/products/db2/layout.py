"""Where the programs of a DB2 copy lie."""

from __future__ import annotations

from lab.host import Host

UNIX_PROGRAMS = {
    "bin": ("db2", "db2level", "db2fmcd", "db2fmcu", "db2iauto", "db2set", "db2start", "db2stop"),
    "adm": ("db2licm", "db2set", "db2start", "db2stop"),
    "instance": ("db2icrt", "db2idrop", "db2ilist", "db2iupdt", "db2iset"),
    "install": ("db2ls",),
}

WINDOWS_PROGRAMS = {
    "BIN": (
        "db2", "db2level", "db2licm", "db2icrt", "db2idrop", "db2ilist", "db2set", "db2start", "db2stop", "db2syscs",
    ),
}  # fmt: skip


def lay_programs(host: Host, path: str, folders: tuple[str, ...] | None = None) -> None:
    """Put the programs of a copy into its folders, or into some of them."""
    windows = host.platform == "windows"
    for folder, names in (WINDOWS_PROGRAMS if windows else UNIX_PROGRAMS).items():
        if folders is not None and folder not in folders:
            continue
        for name in names:
            if windows:
                host.install_program(f"{path}\\{folder}\\{name}.exe", f"db2:{name}")
            else:
                host.install_program(f"{path}/{folder}/{name}", f"db2:{name}")
