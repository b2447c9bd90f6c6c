# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One process with a loop, and what is built for it."""

from __future__ import annotations

import gc
import sys
from typing import Dict, List, NamedTuple, Optional

from .. import __version__, kernel
from ..model import Config
from ..neighbours.health import Health
from ..neighbours.peers import Peers
from ..neighbours.upstreams import Upstreams
from ..operation.log import Log
from ..operation.metrics import Metrics
from ..operation.trace import Tracer
from ..rewriting.rules import Rules
from ..transport import listeners
from ..transport.connections import Parts
from ..transport.loop import Loop

# Cyclic garbage is rare here; looking for it costs time for every connection there is.
_COLLECT = (100_000, 20, 100)


class Setting(NamedTuple):
    """What a service is made of. All but `config`, which is the first one, is shared with processes that are forked."""

    path: str  # of the configuration file
    config: Config
    log: Log
    metrics: Metrics
    upstreams: Upstreams
    sockets: listeners.Sockets


class Worker:
    """Process `process` of those that share a setting."""

    def __init__(self, setting: Setting, process: int) -> None:
        config, upstreams, metrics, log = setting.config, setting.upstreams, setting.metrics, setting.log
        self._upstreams = upstreams
        rewriter = kernel.rewriter(Rules(config, upstreams.choose))
        parts = Parts(config, rewriter, upstreams, Peers(config), metrics, Tracer(config.trace), log)
        self.loop = Loop(parts, setting.sockets, process)
        self._health = Health(config, upstreams, metrics, self.loop, log)
        self.loop.health = self._health
        self._first = process == 0

    def run(self) -> None:
        """Until it is stopped."""
        if self._first:
            self._health.start()
        gc.collect()
        gc.freeze()
        gc.set_threshold(*_COLLECT)
        self.loop.run()
        self.loop.close()

    def reload(self, config: Config, sockets: Optional[listeners.Sockets] = None) -> None:
        """Work by a new configuration. Raises OSError or ValueError; then the old one stays."""
        self.loop.reload(config, kernel.rewriter(Rules(config, self._upstreams.choose)), sockets)
        self._health.configure(config)


def status(config: Config, upstreams: Upstreams, draining: bool) -> Dict[str, object]:
    """What the administration shows of a service. It can forward messages as long as an upstream is up."""
    nodes: List[Dict[str, object]] = [
        {
            "host": upstream.host,
            "address": upstream.endpoint.address,
            "port": upstream.endpoint.port,
            "transport": upstream.endpoint.transport,
            "up": up,
            "drained": drained,
        }
        for upstream, up, drained in upstreams.status()
    ]
    return {
        "ok": not draining and (not nodes or any(node["up"] for node in nodes)),
        "version": __version__,
        "kernel": kernel.name(),
        "program": sys.argv[0],
        "configuration": config.checksum,
        "draining": draining,
        "listeners": [f"{one.transport}:{one.address}:{one.port}" for one in config.listeners],
        "upstreams": nodes,
    }
