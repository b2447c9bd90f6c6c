# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Loading the configuration anew while the service runs."""

from __future__ import annotations

from typing import Callable

from .. import config as configuration
from ..model import Config
from ..operation.log import readable
from . import notify
from .worker import Setting

AT_START = ("processes", "user", "group", "admin")
"""Keys that only a start looks at."""


def reload(setting: Setting, apply: Callable[[Config], object]) -> str:
    """Load the configuration file and `apply` it; why that did not work, "" if it did.

    What fails leaves everything as it was.
    """
    log, metrics = setting.log, setting.metrics
    notify.reloading()
    try:
        config = configuration.load(setting.path)
        for key in AT_START:
            if getattr(config, key) != getattr(setting.config, key):
                log.warning("restart needed", key=key)
        log.configure(config.log)
        apply(config)
    except (OSError, ValueError) as error:  # ConfigError is a ValueError
        metrics.config_ok = 0
        for problem in error.problems if isinstance(error, configuration.ConfigError) else (error,):
            log.error("reload", error=problem)
        return readable(error)
    finally:
        notify.notify("READY=1")
    metrics.config_ok = 1
    log.info("reloaded")
    return ""
