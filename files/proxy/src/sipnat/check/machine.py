# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rules that need this machine: R6 (names), R11 (sockets, accounts)."""

from __future__ import annotations

import errno
import os
import socket
import sys
from typing import Callable, Iterator, List, Optional, Tuple

from ..model import Config, Listener
from .finding import ERROR, WARNING, Finding

try:
    from grp import getgrnam
    from pwd import getpwnam
except ImportError:  # Windows knows no such accounts
    getgrnam = getpwnam = None  # type: ignore[assignment]

_OTHER_DESCRIPTORS = 64  # listeners, the administration port, files
_WINDOWS_SELECT = 512  # sockets that Python's select takes there


def findings(config: Config, resolve: bool) -> Iterator[Finding]:
    """`resolve`: ask the resolver of this machine too."""
    for listener in config.listeners:
        yield from _bindable(listener, "listen[].address")
    if config.admin.port:
        yield from _bindable(Listener(config.admin.address, config.admin.port, "tcp"), "admin.address")
    yield from _accounts(config)
    yield from _descriptors(config)
    if resolve:
        for name, addresses, cure in _names(config):
            yield from _resolved(name, addresses, cure)


def _bindable(listener: Listener, key: str) -> Iterator[Finding]:
    """R11, by taking the socket for a moment. Nothing listens on it, nothing is sent."""
    family = socket.AF_INET6 if ":" in listener.address else socket.AF_INET
    kind = socket.SOCK_DGRAM if listener.transport == "udp" else socket.SOCK_STREAM
    where = f"{listener.address} port {listener.port}/{listener.transport}"
    wanted = "each listener can be opened on this machine"
    try:
        with socket.socket(family, kind) as trial:
            if os.name == "posix" and kind == socket.SOCK_STREAM:  # on Windows this would share a port in use
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((listener.address, listener.port))
    except PermissionError:
        cure = "choose a port from 1024 on, or start as root and name the account to become in user"
        yield Finding("R11", ERROR, f"no right to open {where}", wanted, cure)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            cure = "nothing to do if it is this proxy that runs already; else end what has it or choose another port"
            yield Finding("R11", WARNING, f"{where} is in use", wanted, cure)
        elif error.errno == errno.EADDRNOTAVAIL:
            cure = f"nothing to do if the proxy is to run on another machine; else correct {key}"
            yield Finding("R11", WARNING, f"this machine does not have {listener.address}", wanted, cure)
        else:
            yield Finding("R11", ERROR, f"{where}: {error.strerror}", wanted, f"correct {key}")


def _accounts(config: Config) -> Iterator[Finding]:
    """R11: whom to become, and how many."""
    wanted: List[Tuple[str, Optional[str], Optional[Callable[[str], object]]]] = [
        ("user", config.user, getpwnam),
        ("group", config.group, getgrnam),
    ]
    for key, name, look_up in wanted:
        if name is None:
            continue
        if look_up is None:
            cure = f"remove {key} and let the service run under an account of its own"
            yield Finding("R11", ERROR, f"{key} cannot be changed on this system", "an account to become", cure)
            continue
        try:
            look_up(name)
        except KeyError:
            yield Finding(
                "R11",
                ERROR,
                f"{key} {name} does not exist on this machine",
                "an account to become once the sockets are open",
                f"create it or correct {key}",
            )
    if config.processes > 1 and not hasattr(os, "fork"):
        found = f"processes is {config.processes}, and this system has no fork"
        yield Finding("R11", ERROR, found, "one process", "set processes to 1")


def _descriptors(config: Config) -> Iterator[Finding]:
    """R11: each connection is a descriptor, and the system counts them."""
    wanted = config.limits.connections + _OTHER_DESCRIPTORS
    most, cure = _most_descriptors()
    if wanted > most >= 0:
        found = f"limits.connections is {config.limits.connections}, and a process may have {most} descriptors here"
        yield Finding("R11", WARNING, found, f"{wanted} descriptors, some of them for other files", cure)


def _most_descriptors() -> Tuple[int, str]:
    """How many a process may have, negative for any number, and what to do about it."""
    if sys.platform == "win32":
        return _WINDOWS_SELECT, "lower limits.connections"
    import resource  # noqa: PLC0415 (not on Windows)

    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = -1 if hard == resource.RLIM_INFINITY else hard
    return most, "raise the hard limit of open files, or lower limits.connections"


def _names(config: Config) -> Iterator[Tuple[str, List[str], str]]:
    """R6: each name in messages with the addresses that it has to have."""
    router = "correct the zone or the hosts files, here and at the partners"
    yield config.public.host, [config.public.address], router
    yield config.outbound.host, [config.outbound.address], router
    for host in config.hosts:
        for name in host.names:
            yield name, list(host.addresses), f"correct the zone, or inside.hosts of {host.name}"
    for partner in config.partners:
        for name in partner.hosts:
            yield name, [partner.endpoint.address], f"ask partner {partner.name}, then correct partners[]"


def _resolved(name: str, addresses: List[str], cure: str) -> Iterator[Finding]:
    wanted = f"{name} is {' or '.join(addresses)}"
    try:
        found = sorted({str(one[4][0]) for one in socket.getaddrinfo(name, None)})
    except (OSError, UnicodeError) as error:  # UnicodeError: a label that IDNA does not take
        yield Finding("R6", WARNING, f"{name} has no address on this machine ({error})", wanted, cure)
        return
    if not set(found) & set(addresses):
        yield Finding("R6", WARNING, f"{name} is {', '.join(found)} on this machine", wanted, cure)
