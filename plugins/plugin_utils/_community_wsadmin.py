# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A gateway's communities by a program of the user's own for wsadmin, which reads and changes them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail

from ._communities import NEW
from ._options import require_absolute
from ._resource import State
from ._target import Target
from ._was_read import Documents, manager, read, soap_port
from ._was_request import literal
from ._wsadmin import Access, launch

PROGRAM = "stgw_community"


class WsadminStore:
    """See `_stgw_community.Store`. `options` are the option `wsadmin` of `stgw_community`."""

    def __init__(self, options: Mapping[str, Any], target: Target, *, check: bool) -> None:
        require_absolute(options["profile"], target, "wsadmin.profile")
        self.launches = 0
        self._options, self._target, self._check = options, target, check
        self._profile = options["profile"].rstrip("\\/")
        self._text = _program(options["program"])
        self._seen: State | None = None

    def read(self) -> State | None:
        if self._seen is not None:
            # The launch that changed something has read it again.
            seen, self._seen = self._seen, None
            return seen
        documents = read(self._target, self._profile, ["cells/{cell}/nodes/*/serverindex.xml"])
        if not documents.cell:
            if self._check:
                return {"communities": {}, "properties": {}}
            raise AnsibleActionFail(
                f"wsadmin.profile: there is no profile in {self._profile}; give that of the deployment manager, or of"
                " the standalone gateway"
            )
        if self._check and manager(documents, self._profile).name not in documents.running:
            return None
        return _state(self._launch(documents, {"dry": 1}))

    def change(self, current: State, wanted: State) -> bool:
        documents = read(self._target, self._profile, ["cells/{cell}/nodes/*/serverindex.xml"])
        done = self._launch(documents, {"dry": 0, "before": current, "after": wanted})
        self._seen = _state(done)
        return not done["conflict"]

    def _launch(self, documents: Documents, request: Mapping[str, Any]) -> dict[str, Any]:
        self.launches += 1
        access = Access.of({**self._options, "profile": self._profile}, soap_port(manager(documents, self._profile)))
        done = launch(self._target, access, PROGRAM, literal(request), ahead=self._text)
        if done["error"]:
            raise AnsibleActionFail(f"wsadmin.program: {self._options['program']}: {self._target.mask(done['error'])}")
        return done


def _program(path: str) -> str:
    try:
        text = Path(path).read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise AnsibleActionFail(
            f"wsadmin.program: {path} cannot be read on the controller as ASCII text: {error}"
        ) from error
    return text.rstrip("\n") + "\n\n"


def _state(done: Mapping[str, Any]) -> State:
    """Raises `AnsibleActionFail` for what is no state."""
    state = done["state"]
    try:
        communities = {
            str(name): {key: _plain(one[key]) for key in NEW} for name, one in sorted(state["communities"].items())
        }
        return {"communities": communities, "properties": dict(sorted(state["properties"].items()))}
    except (KeyError, TypeError, AttributeError) as error:
        raise AnsibleActionFail(
            f"wsadmin.program: read_communities() returned {state!r}: {error!r}; it has to return a mapping of"
            f" communities and properties, each community with {', '.join(NEW)}"
        ) from error


def _plain(value: Any) -> Any:
    """Lists in one order, so that the same state is the same text."""
    if isinstance(value, (list, tuple)):
        return sorted(value)
    return dict(sorted(value.items())) if isinstance(value, dict) else value
