# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
name: preload
type: notification
short_description: Load once what each task on each host would load again
version_added: 0.5.0
description:
  - Ansible runs each task on each host in a process of its own, which is forked from the one that reads the playbook.
    What that one has not loaded, each of them loads for itself, a thousand times in a run of the whole scenario.
  - This loads the plugins of the collection, and those of Ansible's that it uses, before the first task. It says
    nothing and changes no result.
requirements:
  - Enable it with C(callbacks_enabled = sametime.gateway.preload) in C(ansible.cfg).
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from ansible.plugins.callback import CallbackBase
from ansible.plugins.loader import action_loader, connection_loader, filter_loader, shell_loader, test_loader
from ansible.template import Templar

try:
    from ansible.template import trust_as_template
except ImportError:  # before ansible-core 2.19 every text could be a template

    def trust_as_template(value: str) -> str:
        return value


_PLUGINS = __package__.rpartition(".")[0]


class CallbackModule(CallbackBase):  # type: ignore[misc]  # ansible-core is not typed
    """Works once, when the playbook is known."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "notification"
    CALLBACK_NAME = "sametime.gateway.preload"
    CALLBACK_NEEDS_ENABLED = True

    def v2_playbook_on_start(self, playbook: Any) -> None:  # noqa: ARG002
        for kind in ("action", "filter", "lookup"):
            package = import_module(f"{_PLUGINS}.{kind}")
            for module in iter_modules(package.__path__):
                import_module(f"{package.__name__}.{module.name}")
        for name in ("fail", "set_fact", "validate_argument_spec"):
            action_loader.get(f"ansible.builtin.{name}", class_only=True)
        for name in ("local", "ssh", "winrm"):
            connection_loader.get(f"ansible.builtin.{name}", class_only=True)
        for name in ("powershell", "sh"):
            shell_loader.get(name, class_only=True)
        for loader in (filter_loader, test_loader):
            list(loader.all())
        # The first template makes what divides all of them into words.
        Templar(loader=None).template(trust_as_template("{{ 1 }}"))
