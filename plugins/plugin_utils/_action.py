# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The base of every module: an action plugin that needs no interpreter on the target."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ._failure import result_of
from ._resource import Resource, ensure
from ._target import Target


class TargetAction(ActionBase):  # type: ignore[misc]  # ansible-core is not typed
    """An action that gets a validated set of options and a `Target`."""

    TRANSFERS_FILES = False
    _requires_connection = True
    _supports_check_mode = True

    _host = ""

    SPEC: ClassVar[dict[str, Any]]
    """Arguments of `validate_argument_spec`: `argument_spec` and, where due, `required_if` and its kin."""

    @abstractmethod
    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        """Do the work; the module's result."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        del tmp
        self._host = (task_vars or {}).get("inventory_hostname", "")
        options: dict[str, Any] = self.validate_argument_spec(**self.SPEC)[1]
        secrets = list(secrets_of(self.SPEC["argument_spec"], options))
        windows = bool(getattr(self._connection._shell, "_IS_WINDOWS", False))
        target = Target(self, "windows" if windows else "unix", secrets)
        try:
            result.update(self.act(options, target))
        except AnsibleActionFail as error:
            result.update(result_of(error))
        return result

    def low_level(self, command: str, stdin: bytes) -> tuple[int, str, str]:
        """See `_target.Executor`. `stdin` is never empty: without it ssh would get a terminal, whose carriage returns
        and banners end up in the output."""
        done = self._low_level_execute_command(command, in_data=stdin, sudoable=True)
        return done["rc"], done["stdout"], done["stderr"]

    def show(self, line: str) -> None:
        """Tell whoever watches the run what goes on at the host."""
        Display().display(f"[{self._host}] {line}")

    def controller_file(self, path: str) -> bytes:
        """A file of the controller, decrypted where it is Ansible Vault's. Raises `OSError` or `AnsibleError`."""
        real = self._loader.get_real_file(path)
        try:
            return Path(real).read_bytes()
        finally:
            # What Ansible decrypted lies in a temporary file.
            self._loader.cleanup_tmp_file(real)

    @property
    def check(self) -> bool:
        """Whether this run must change nothing."""
        return bool(self._task.check_mode)


class ResourceAction(TargetAction):
    """An action that brings one resource into a state: most modules are this and a spec."""

    @abstractmethod
    def resource(self, options: dict[str, Any], target: Target) -> Resource:
        """The resource that `options` describe."""

    def act(self, options: dict[str, Any], target: Target) -> dict[str, Any]:
        return ensure(self.resource(options, target), check=self.check)


def secrets_of(argument_spec: Mapping[str, Any], options: Mapping[str, Any]) -> Iterator[str]:
    """Every string of an option marked `no_log`, in nested options too."""
    for name, spec in argument_spec.items():
        value = options.get(name)
        if value is None:
            continue
        if spec.get("no_log"):
            yield from _strings(value)
        elif spec.get("options"):
            for item in value if isinstance(value, list) else [value]:
                yield from secrets_of(spec["options"], item)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _strings(item)
    else:
        yield str(value)
