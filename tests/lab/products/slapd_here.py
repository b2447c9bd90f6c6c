"""A real directory on this machine's loopback, with the schema and the suffix of the lab's."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from lab.products.itds.directory import SCHEMA

SUFFIX = "o=rtp,c=us"
BIND_DN, BIND_PASSWORD = f"uid=stgwbind,{SUFFIX}", "B1nd!pw"
_START_WITHIN_S = 10.0


class Slapd:
    """It has the suffix, who binds, and `people`: pairs of user and password. `tls`: files of certificate and key."""

    def __init__(self, folder: Path, people: Sequence[tuple[str, str]] = (), tls: Sequence[Path] = ()) -> None:
        self._folder, self._tls = folder, tls
        folder.mkdir(parents=True, exist_ok=True)
        self.port, self.tls_port = _free_port(), _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._configure()
        entries = [f"dn: {SUFFIX}\nobjectClass: organization\no: rtp\n", _person("stgwbind", BIND_PASSWORD)]
        entries += [_person(*each) for each in people]
        subprocess.run(
            ["/usr/sbin/slapadd", "-f", self._configuration, "-b", SUFFIX],
            input="\n".join(entries), text=True, check=True, capture_output=True,
        )  # fmt: skip
        self.start()

    @property
    def _configuration(self) -> str:
        return str(self._folder / "slapd.conf")

    def _configure(self) -> None:
        data = self._folder / "data"
        data.mkdir()
        tls = [f"TLSCertificateFile {self._tls[0]}", f"TLSCertificateKeyFile {self._tls[1]}"] if self._tls else []
        lines = [
            "modulepath /usr/lib/ldap", "moduleload back_mdb", f"include {SCHEMA}", *tls, "database mdb",
            f'suffix "{SUFFIX}"', f'directory "{data}"', "maxsize 8388608",
            "access to attrs=userPassword by anonymous auth by * none",
            # Only who binds may look, so that a bind that failed is noticed.
            "access to * by users read by anonymous auth",
        ]  # fmt: skip
        Path(self._configuration).write_text("\n".join([*lines, ""]))

    def start(self) -> None:
        """Serve until `stop`."""
        urls = f"ldap://127.0.0.1:{self.port}/" + (f" ldaps://127.0.0.1:{self.tls_port}/" if self._tls else "")
        self._process = subprocess.Popen(
            ["/usr/sbin/slapd", "-f", self._configuration, "-h", urls, "-d", "0"],
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + _START_WITHIN_S
        while not _answers(self.port):
            assert self._process.poll() is None and time.monotonic() < deadline, "slapd does not start"
            time.sleep(0.02)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def _person(user: str, password: str) -> str:
    values = {"cn": user, "sn": user, "uid": user, "mail": f"{user}@rtp.example", "userPassword": password}
    shown = "".join(f"{name}: {value}\n" for name, value in values.items())
    return f"dn: uid={user},{SUFFIX}\nobjectClass: inetOrgPerson\n{shown}"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
