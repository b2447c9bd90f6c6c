"""Where one lab keeps its things; several labs with different settings run side by side."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from lab.errors import LabError

REPOSITORY = Path(__file__).resolve().parent.parent

RouterPlatform = Literal["linux", "ios"]


@dataclass(frozen=True)
class Settings:
    """`state` holds the hosts' disks, keys and secrets; `overlay` is the inventory written for Ansible; management
    sockets are opened on 127.0.`subnet`.x; `router` is what the NAT router is; `topology` says where the hosts are."""

    state: Path
    overlay: Path
    subnet: int
    inventories: tuple[Path, ...]
    router: RouterPlatform
    topology: Path

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """`LAB_STATE`, `LAB_OVERLAY`, `LAB_SUBNET` (1 to 254, default 8), `LAB_INVENTORY` (files, as in `PATH`),
        `LAB_ROUTER` (linux or ios), `LAB_TOPOLOGY` (a file); raises `LabError`."""

        def folder(variable: str, default: str) -> Path:
            return Path(REPOSITORY, environment.get(variable) or default).absolute()

        subnet = environment.get("LAB_SUBNET") or "8"
        if not subnet.isdecimal() or not 1 <= int(subnet) <= 254:
            raise LabError(f"LAB_SUBNET={subnet}: a whole number from 1 to 254 is wanted (the x of 127.0.x.y)")
        router = environment.get("LAB_ROUTER") or "linux"
        found: dict[str, RouterPlatform] = {platform: platform for platform in get_args(RouterPlatform)}
        if router not in found:
            raise LabError(f"LAB_ROUTER={router}: there are {', '.join(found)}")
        return cls(
            state=folder("LAB_STATE", ".lab"),
            overlay=folder("LAB_OVERLAY", "inventories/lab"),
            subnet=int(subnet),
            inventories=tuple(
                Path(REPOSITORY, file).absolute()
                for file in (environment.get("LAB_INVENTORY") or "inventories/rtp/hosts.yml").split(os.pathsep)
            ),
            router=found[router],
            topology=folder("LAB_TOPOLOGY", "lab/topology.yml"),
        )

    @property
    def hosts(self) -> Path:
        """One folder per host."""
        return self.state / "hosts"

    @property
    def mount_point(self) -> Path:
        """An empty folder; each host mounts its root on it in its own mount namespace."""
        return self.state / "root"

    @property
    def key(self) -> Path:
        """The private ssh key of the controller; the public one lies beside it."""
        return self.state / "id_ed25519"

    @property
    def known_hosts(self) -> Path:
        """The hosts' public ssh keys."""
        return self.state / "known_hosts"

    @property
    def run_file(self) -> Path:
        """What runs: the supervisor and the hosts' first processes (JSON); its supervisor holds a lock on it."""
        return self.state / "running.json"

    @property
    def capture_file(self) -> Path:
        """What writes down packets, and where (JSON); the process that does so holds a lock on it."""
        return self.state / "capture.json"

    @property
    def domino_profile(self) -> Path:
        """The recorded answers of the set-up of Domino servers, as the roles get them."""
        return self.state / "domino.pds"

    @property
    def log(self) -> Path:
        """The supervisor's words."""
        return self.state / "supervisor.log"
