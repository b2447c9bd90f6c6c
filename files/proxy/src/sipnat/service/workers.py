# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Several processes: a parent that serves no messages, but watches its processes and hands on orders.

They share the sockets, so the kernel gives each message to whoever is free. SO_REUSEPORT would give all messages of one
sender to one of them, and a federation has one sender.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import time
from typing import Any, Callable, Dict, List, Optional, Tuple

from ..model import Config
from ..operation.admin import Admin
from ..operation.log import Log
from ..operation.trace import obstacle
from ..transport import associations
from ..transport.reactor import Reactor
from ..transport.siblings import pairs
from ..transport.tls import Contexts
from . import channel, notify
from .reload import reload
from .signals import Signals
from .worker import Setting, Worker, status

SHORT = 1.0  # seconds: a process that lived no longer is replaced only after as many
TICK = 1.0
PATIENCE = 5.0  # seconds beyond ``limits.drain`` until a process that does not end is killed


class _Child:
    """A process as its parent sees it."""

    def __init__(self, index: int, pid: int, orders: socket.socket) -> None:
        self.index = index
        self.pid = pid
        self.orders = orders
        self.since = time.monotonic()


class Parent:
    """Runs ``config.processes`` workers, and takes the orders of the service."""

    def __init__(self, setting: Setting) -> None:
        self.reactor = Reactor(setting.log)
        self.admin: Optional[Admin] = None
        self._first = self._setting = setting
        self._log = setting.log
        self._metrics = setting.metrics
        self._upstreams = setting.upstreams
        self._pairs = pairs(setting.config.processes)
        self._children: Dict[int, _Child] = {}  # by process id
        self._draining = False
        self._tracing = False
        self._stopping = False
        Contexts(setting.config)  # a mistake in them shall stop the start, not every worker

    # -- processes -----------------------------------------------------------------------------------------------

    def start(self, signals: Signals) -> None:
        """Make the workers."""
        signals.on("SIGCHLD", self._reap)
        for index in range(self._setting.config.processes):
            self._spawn(index)
        self._tick()

    def run(self) -> None:
        """Until all workers have ended."""
        self.reactor.run()

    def _spawn(self, index: int) -> None:
        if self._stopping:
            return
        ours, theirs = socket.socketpair()
        try:
            pid = os.fork()
        except OSError as error:  # no memory, or too many processes
            self._log.error("fork", process=index, error=error)
            ours.close()
            theirs.close()
            self.reactor.later(SHORT, lambda: self._spawn(index))
            return
        if pid:
            theirs.close()
            self._children[pid] = _Child(index, pid, ours)
            return
        code = 1
        try:
            ours.close()
            self._become(index, theirs)
            code = 0
        except Exception as error:
            self._log.error("worker", process=index, error=repr(error))
        finally:
            os._exit(code)

    def _become(self, index: int, orders: socket.socket) -> None:
        """What the new process does."""
        signal.set_wakeup_fd(-1)
        for name in ("SIGCHLD", "SIGTERM", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), signal.SIG_DFL)
        for name in ("SIGHUP", "SIGINT"):  # the terminal sends them to all: the parent hands them on
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        self.reactor.close()
        if self.admin is not None:
            self.admin.close()
        for child in self._children.values():
            child.orders.close()
        self._metrics.attach(index)
        worker = Worker(self._setting, index)
        worker.loop.siblings.join(self._pairs)
        obedience = _Obedience(worker, orders, self._log)
        worker.loop.watch(orders, obedience.heard)
        signals = Signals(worker.loop)
        signals.on("SIGTERM", worker.loop.stop)
        if self._draining:
            worker.loop.drain()
        if self._tracing:
            worker.loop.trace(True)
        worker.run()

    def _reap(self) -> None:
        """Replace processes that have ended."""
        while self._children:
            try:
                pid, code = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if not pid:
                break
            child = self._children.pop(pid, None)
            if child is None:
                continue
            child.orders.close()
            if self._stopping:
                continue
            self._metrics.event("restarted")
            self._log.error("worker ended", process=child.index, pid=pid, code=code)
            self._again(child)
        if self._stopping and not self._children:
            self.reactor.quit()

    def _again(self, child: _Child) -> None:
        index = child.index
        if time.monotonic() - child.since < SHORT:
            self.reactor.later(SHORT, lambda: self._spawn(index))
        else:
            self._spawn(index)

    def _tick(self) -> None:
        self.reactor.later(TICK, self._tick)
        self._metrics.publish()

    # -- orders --------------------------------------------------------------------------------------------------

    def status(self) -> Dict[str, object]:
        shown = status(self._setting.config, self._upstreams, self._draining)
        return {**shown, "ok": bool(self._children) and shown["ok"], "processes": len(self._children)}

    def reload(self) -> str:
        return reload(self._first, self._apply)

    def drain(self, host: Optional[str]) -> bool:
        if host is not None:
            return self._upstreams.drain(host)
        self._draining = True
        self._tell("drain")
        return True

    def undrain(self, host: Optional[str]) -> bool:
        if host is not None:
            return self._upstreams.drain(host, False)
        self._draining = False
        self._tell("undrain")
        return True

    def trace(self, on: bool) -> str:
        problem = obstacle(self._setting.config.trace) if on else ""
        if not problem:
            self._tracing = on
            self._tell("trace", on)
        return problem

    def stop(self) -> None:
        """Workers end when what is under way is served; called again, at once."""
        notify.notify("STOPPING=1")
        self._log.info("stopping", seconds=self._setting.config.limits.drain)
        if not self._stopping:
            self._stopping = True
            self.reactor.later(self._setting.config.limits.drain + PATIENCE, self._kill)
            for sock in self._setting.sockets.values():
                sock.close()  # else connections would be made that nobody takes
        self._tell("stop")
        self._reap()

    def _kill(self) -> None:
        for child in self._children.values():
            self._log.error("worker killed", process=child.index, pid=child.pid)
            os.kill(child.pid, signal.SIGKILL)

    def _apply(self, config: Config) -> None:
        setting = self._setting
        Contexts(config)
        sockets = associations.open_all(config, setting.sockets)
        self._upstreams.configure(config)
        names = list(sockets)
        self._tell("reload", config, names, sockets=[sockets[name] for name in names])
        for name, sock in setting.sockets.items():
            if name not in sockets:
                sock.close()
        self._setting = setting._replace(config=config, sockets=sockets)

    def _tell(self, *order: Any, sockets: Optional[List[socket.socket]] = None) -> None:
        for child in self._children.values():
            error = channel.send(child.orders, order, sockets or [])
            if error is not None:
                # It would work by the old configuration for ever: its successor takes the new one.
                self._log.error("worker does not listen", process=child.index, pid=child.pid, error=error)
                os.kill(child.pid, signal.SIGKILL)


class _Obedience:
    """How a worker follows orders."""

    def __init__(self, worker: Worker, sock: socket.socket, log: Log) -> None:
        loop = worker.loop
        self._worker = worker
        self._sock = sock
        self._orders = channel.Orders(sock)
        self._log = log
        self._calls: Dict[str, Callable[..., object]] = {
            "drain": loop.drain,
            "undrain": loop.undrain,
            "trace": loop.trace,
            "stop": loop.stop,
        }

    def heard(self, events: int) -> None:  # noqa: ARG002 - what a watcher is given
        try:
            orders = self._orders.take()
        except (EOFError, OSError):  # the parent is gone: nobody would replace or reload this process
            self._worker.loop.unwatch(self._sock)
            self._worker.loop.stop()
            return
        for order, sockets in orders:
            if order[0] == "reload":
                self._reload(order, sockets)
            else:
                self._calls[order[0]](*order[1:])

    def _reload(self, order: Tuple[Any, ...], sockets: List[socket.socket]) -> None:
        config, names = order[1:]
        try:
            if len(sockets) < len(names):
                raise OSError(errno.EMFILE, "not all listeners arrived")
            self._worker.reload(config, dict(zip(names, sockets)))
            self._log.configure(config.log)
        except (OSError, ValueError) as error:
            self._log.error("reload", error=error)
