"""What the first process of each kind of machine does, once it is in its own namespaces and its cables are laid."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from lab import confined, keyring, media, namespaces, network
from lab.aix import init, root
from lab.gate import Gate
from lab.products.sametime import desks
from lab.router import init as router_init
from lab.router import root as router_root
from lab.settings import Settings
from lab.topology import HostSpec, RouterSpec
from lab.windows import server

LATE_MODULES = ("lab.aix.userland.installation",)
"""What starting machines load besides what this module does."""


def router(settings: Settings, spec: RouterSpec, listener: socket.socket, gate: Gate) -> int:
    """Be the `init` of the router."""
    network.configure(spec.legs)
    network.forward_packets()
    key = settings.key.with_suffix(".pub").read_text()
    secret = keyring.vault(settings.state)["vault_router_enable_secret"]
    router_root.enter(router_root.build(spec, settings.hosts / spec.name, key, secret))
    return router_init.main(listener, gate.tell_supervisor)


def aix(settings: Settings, host: HostSpec, listener: socket.socket, gate: Gate) -> int:
    """Be the `init` of an AIX host."""
    network.configure([host.leg], host.routes)
    # On AIX only root may; here programs of ordinary users do what the real ones do by a set-uid helper.
    network.open_low_ports(80)
    disk = root.build(host, settings.hosts / host.name, settings.key.with_suffix(".pub").read_text())
    media.lay_out(host, disk / host.media_root.lstrip("/"))
    if host.people:
        desks.on_aix(disk, host.people)
    root.enter(disk)
    return init.main(listener, gate.tell_supervisor)


def windows(settings: Settings, host: HostSpec, listener: socket.socket, users: Mapping[str, str], gate: Gate) -> int:
    """Be the `System` process of a Windows host."""
    network.configure([host.leg], host.routes)
    folder = settings.hosts / host.name
    confined.enter(folder, settings.mount_point, host.names)
    media.lay_out(host, folder.joinpath("C", *host.media_root.split("\\")[1:]))
    namespaces.set_title("System")
    server.serve(host, folder, listener, users, gate.tell_supervisor)
