"""A host that is a folder, on both platforms: enough for the installers of WAS and of the gateway, without a lab."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from lab.host import Account, Host, NoSpace
from lab.products import gateway, was

PRODUCTS = {"was": was.PROGRAMS, "gateway": gateway.PROGRAMS}
ROOTS = {"aix": "/usr/IBM/WebSphere/STgateway", "windows": "C:\\Program Files\\IBM\\WebSphere\\STgateway"}


@dataclass
class FolderHost(Host):
    """`free_mb`: what is left of the disk; `faults` strike once; `titles` are the running processes."""

    root: Path
    platform: Literal["aix", "windows"] = "aix"
    name: str = "stgdm1.rtp.example"
    program: str = ""
    administrator: bool = True
    free_mb: int = 4096
    faults: dict[str, str] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    calls: list[list[str]] = field(default_factory=list)
    stores: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.platform == "aix":
            self.write("/tmp/.aix_ISMP_lock____", "")

    def __call__(self, program: str, *arguments: str) -> tuple[int, str]:
        """Start the program in a file: exit code and what it printed."""
        entry = self.path(program).read_text("utf-8").rpartition("LABEXE ")[2].strip()
        product, _, name = entry.partition(":")
        self.program = program
        said = io.StringIO()
        with redirect_stdout(said):
            code = PRODUCTS[product][name](self, list(arguments))
        return code, said.getvalue()

    def write(self, native: str, text: str) -> str:
        """Write a file; its native path."""
        file = self.path(native)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return native

    def read(self, native: str) -> str:
        """The text of a file."""
        return self.path(native).read_text("utf-8")

    def path(self, native: str) -> Path:
        return self.root / native.replace(":", "").replace("\\", "/").lstrip("/")

    def claim_space(self, native: str, megabytes: int) -> None:
        if megabytes > self.free_mb:
            raise NoSpace("/usr", megabytes, self.free_mb)
        self.free_mb -= megabytes

    def install_program(self, native: str, entry: str) -> None:
        self.write(native, f"LABEXE {entry}")

    @contextmanager
    def store(self, name: str) -> Iterator[MutableMapping[str, Any]]:
        yield self.stores.setdefault(name, {})

    @property
    def environment(self) -> Mapping[str, str]:
        return {}

    @property
    def user(self) -> Account:
        home = "C:\\Documents and Settings\\Administrator" if self.platform == "windows" else "/"
        return Account("root", home, (), self.administrator)

    def account(self, name: str) -> Account | None:
        return None

    def group_members(self, name: str) -> tuple[str, ...] | None:
        return None

    def check_password(self, name: str, password: str) -> bool:
        return False

    def resolve(self, hostname: str) -> str | None:
        return self.names.get(hostname)

    def run(self, argv: Sequence[str], *, stdin: str = "", user: str | None = None) -> tuple[int, str, str]:
        self.calls.append(list(argv))
        return 0, "", ""

    def spawn(self, entry: str, arguments: Sequence[str], *, title: str, user: str | None = None) -> int:
        raise AssertionError("an installer starts no daemon")

    def processes(self) -> Mapping[int, str]:
        return self.titles

    def kill(self, pid: int) -> None:
        del self.titles[pid]

    def fault(self, step: str) -> str | None:
        kind = self.faults.pop(step, None)
        if kind == "killed":
            raise KilledError
        return kind


class KilledError(Exception):
    """The program was killed."""


def unpack(host: FolderHost, product: str, files: Mapping[str, str]) -> str:
    """Lay an image out; the native path of its folder."""
    separator, media = ("\\", f"C:\\stgw\\media\\{product}") if host.platform == "windows" else ("/", f"/m/{product}")
    for path, text in files.items():
        host.write(separator.join([media, *path.split("/")]), text.replace("program:", "LABEXE "))
    return media


def install_was(host: FolderHost, **keys: str) -> tuple[int, str]:
    """Install ND into the gateway's root: exit code and the text of the log that has the verdict."""
    separator = "\\" if host.platform == "windows" else "/"
    media = unpack(host, "was", was.media(host.platform))
    values = {
        "silentInstallLicenseAcceptance": "true", "profileType": "none", "installLocation": ROOTS[host.platform],
        **keys,
    }  # fmt: skip
    response = host.write("/tmp/nd.txt", "".join(f'-OPT {key}="{value}"\n' for key, value in values.items()))
    program = "install.exe" if host.platform == "windows" else "install"
    code, _ = host(separator.join([media, "WAS", program]), "-options", response, "-silent")
    for log in (
        host.path(ROOTS[host.platform]) / "logs/install/log.txt",
        host.path(separator.join([host.user.home, "waslogs", "log.txt"])),
    ):
        if log.exists():
            return code, log.read_text("utf-8")
    return code, ""
