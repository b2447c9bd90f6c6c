# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`sipnat run`: from a configuration to a service, with one process or several."""

from __future__ import annotations

import errno
import os
from typing import Dict, Optional, Union

from .. import __version__, kernel
from ..model import Config
from ..neighbours.upstreams import Upstreams
from ..operation.admin import Admin
from ..operation.log import Log
from ..operation.metrics import Metrics
from ..transport import associations, tls
from ..transport.reactor import Reactor
from . import notify, privileges
from .reload import reload
from .signals import Signals
from .worker import Setting, Worker, status
from .workers import Parent

TICK = 1.0  # seconds
_SPARE = 64  # descriptors besides connections


def serve(path: str, config: Config, log: Log) -> int:
    """Run the service of the configuration that is in the file `path` until it is told to stop; the exit code."""
    try:
        return _serve(path, config, log)
    except (OSError, ValueError) as error:
        log.error("start", error=error)
        return 1


def _serve(path: str, config: Config, log: Log) -> int:
    processes = config.processes
    if processes > 1 and not hasattr(os, "fork"):
        log.warning("one process", why="this system cannot fork")
        processes = 1
    wanted = 3 * config.limits.connections + _SPARE  # accepted ones of both sides, and those made
    allowed = privileges.descriptors(wanted)
    if 0 <= allowed < wanted:
        cure = "raise the hard limit of open files, or lower limits.connections"
        log.warning("few descriptors", wanted=wanted, allowed=allowed, cure=cure)
    # The parent of several has figures too: of the processes themselves.
    metrics = Metrics(processes + 1 if processes > 1 else 1, kernel.name())
    setting = Setting(path, config, log, metrics, Upstreams(config), associations.open_all(config))
    service: Union[Alone, Parent]
    if processes > 1:
        metrics.attach(processes)
        service = Parent(setting)
    else:
        service = Alone(setting)
    _run(service, setting)
    return 0


def _run(service: Union[Alone, Parent], setting: Setting) -> None:
    """Run with what every kind of service has around it: administration, signals, systemd."""
    config, log, reactor = setting.config, setting.log, service.reactor
    if config.admin.port:
        service.admin = Admin(config.admin, service, setting.metrics, reactor, log)
    privileges.drop(config.user, config.group)
    _reloadable(setting)
    signals = Signals(reactor)
    signals.on("SIGHUP", service.reload)
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        signals.on(name, service.stop)

    def tick() -> None:
        reactor.later(TICK, tick)
        if service.admin is not None:
            service.admin.expire(reactor.now)

    seconds = notify.watchdog()

    def alive() -> None:
        notify.notify("WATCHDOG=1")
        reactor.later(seconds or TICK, alive)

    tick()
    if seconds is not None:
        alive()
    service.start(signals)
    log.info("started", version=__version__, kernel=kernel.name(), processes=config.processes, pid=os.getpid())
    notify.notify("READY=1")
    try:
        service.run()
    finally:
        signals.close()
    log.info("stopped")


def _reloadable(setting: Setting) -> None:
    """Whether the account that this process has become can do what a reload has to. Raises PermissionError."""
    config = setting.config
    needs = [(file, "read", os.R_OK) for file in (setting.path, *sorted(tls.files(config)))]
    if config.log.file is not None:
        needs.append((config.log.file, "write", os.W_OK))
    for file, do, right in needs:
        if not os.access(file, right):
            who = config.user if config.user is not None else "this account"
            why = f"{who} cannot {do} {file}, which a reload would have to: give it to that account, or the right"
            raise PermissionError(errno.EACCES, why)


class Alone:
    """The service in one process, and who takes its orders."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self.admin: Optional[Admin] = None
        self.worker = Worker(setting, 0)
        self.reactor: Reactor = self.worker.loop

    def start(self, signals: Signals) -> None:
        """Nothing is to be made besides the worker."""

    def run(self) -> None:
        """Until it is stopped."""
        self.worker.run()

    def status(self) -> Dict[str, object]:
        loop = self.worker.loop
        return {
            **status(loop.config, self._setting.upstreams, loop.draining),
            "processes": 1,
            "connections": len(loop.connections),
        }

    def reload(self) -> str:
        return reload(self._setting, self.worker.reload)

    def drain(self, host: Optional[str]) -> bool:
        if host is not None:
            return self._setting.upstreams.drain(host)
        self.worker.loop.drain()
        return True

    def undrain(self, host: Optional[str]) -> bool:
        if host is not None:
            return self._setting.upstreams.drain(host, False)
        self.worker.loop.undrain()
        return True

    def trace(self, on: bool) -> str:
        return self.worker.loop.trace(on)

    def stop(self) -> None:
        notify.notify("STOPPING=1")
        self._setting.log.info("stopping", seconds=self.worker.loop.limits.drain)
        self.worker.loop.stop()
