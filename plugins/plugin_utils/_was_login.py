# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A login at the running deployment manager, or at the one server of a profile that belongs to no cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail

from ._options import require_absolute
from ._target import Target
from ._was_read import manager, read, soap_port
from ._was_request import literal
from ._wsadmin import Access, launch

PROGRAM = "was_login"


def log_in(options: Mapping[str, Any], target: Target) -> dict[str, Any]:
    """A module's result; raises AnsibleActionFail when nobody is let in. The options are those of `was_login`."""
    require_absolute(options["profile"], target, "profile")
    profile = options["profile"].rstrip("\\/")
    documents = read(target, profile, ["cells/{cell}/nodes/*/serverindex.xml"])
    if not documents.cell:
        raise AnsibleActionFail(f"profile: there is no profile in {profile}; create it with was_profile")
    server = manager(documents, profile)
    access = Access.of({**options, "profile": profile}, soap_port(server))
    said = launch(target, access, PROGRAM, literal({"sync": int(options["sync"])}))
    return {
        "changed": False,
        "cell": said["cell"],
        "node": said["node"],
        "server": server.name,
        "sync": {node: bool(done) for node, done in said["sync"].items()},
        "launches": 1,
    }
