# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Room in the file systems of a target."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail

from ._options import refuse, require_absolute
from ._resource import Resource, State
from ._target import Target


class Filesystems(Resource):
    """File systems and their least size; the options are those of `target_filesystem`. A state maps mount points to
    `size_mb` and, for those that may be made here, `mounted`."""

    name = "file systems"

    def __init__(self, options: dict[str, Any], target: Target) -> None:
        self._target = target
        self._entries: list[dict[str, Any]] = options["filesystems"]
        self._mounts: dict[str, str] = {}
        self._free_mb: dict[str, int] = {}
        for number, entry in enumerate(self._entries):
            where = f"filesystems[{number}]."
            if entry["path"] != "/" or target.windows:
                require_absolute(entry["path"] + ("." if target.windows else ""), target, f"{where}path")
            if target.windows:
                refuse(entry, ("size_mb", "volume_group"), target, where)
            for size in ("size_mb", "free_mb"):
                if entry[size] is not None and entry[size] <= 0:
                    raise AnsibleActionFail(f"{where}{size}: {entry[size]} is not a number of MB above 0")

    def read(self) -> State:
        said = self._target.execute(
            "target_filesystem_read",
            {
                "paths": [entry["path"] for entry in self._entries if not entry["volume_group"]],
                "own": [entry["path"] for entry in self._entries if entry["volume_group"]],
            },
        )
        state: State = {}
        path = mount = ""
        for key, value in said.fields:
            if key == "path":
                path, mount = value, ""
            elif key == "mount":
                mount = self._mounts[path] = value
                state.setdefault(mount, {})
            elif key == "size_kb":
                state[mount]["size_mb"] = int(value) // 1024
            elif key == "free_kb":
                self._free_mb[mount] = int(value) // 1024
            elif key == "defined_kb":
                self._mounts[path] = path
                state[path] = {"size_mb": int(value) // 1024, "mounted": False}
        for entry in self._entries:
            if entry["volume_group"] and entry["path"] in state:
                state[entry["path"]].setdefault("mounted", True)
        return state

    def wanted(self, current: State) -> State:
        state = {mount: dict(attributes) for mount, attributes in current.items()}
        needed_mb: dict[str, int] = {}
        for entry in self._entries:
            mount = entry["path"] if entry["volume_group"] else self._mounts.get(entry["path"])
            if mount is None:
                raise AnsibleActionFail(f"filesystems: {entry['path']} lies on no file system of the target")
            attributes = state.setdefault(mount, {"size_mb": 0})
            if entry["volume_group"]:
                attributes["mounted"] = True
            attributes["size_mb"] = max(attributes["size_mb"], entry["size_mb"] or 0)
            needed_mb[mount] = needed_mb.get(mount, 0) + (entry["free_mb"] or 0)
        short = []
        for mount, needed in needed_mb.items():
            size = current.get(mount, {}).get("size_mb", 0)
            free = self._free_mb.get(mount, 0)
            if needed > free:
                state[mount]["size_mb"] = max(state[mount]["size_mb"], size + needed - free)
                short.append(f"{mount} has {free} MB free, {needed} MB are needed")
        if short and self._target.windows:
            raise AnsibleActionFail(f"filesystems: {'; '.join(short)}; make room, a drive cannot be grown from here")
        return state

    def change(self, current: State, wanted: State) -> list[str]:
        volume_groups = {entry["path"]: entry["volume_group"] for entry in self._entries if entry["volume_group"]}
        steps: list[list[str]] = []
        for mount, attributes in wanted.items():
            size_mb = attributes["size_mb"]
            before = current.get(mount)
            if before is None:
                steps.append(["make", mount, str(size_mb), volume_groups[mount]])
                continue
            if before["size_mb"] < size_mb:
                steps.append(["grow", mount, str(size_mb - before["size_mb"])])
            if before.get("mounted") is False:
                steps.append(["mount", mount])
        self._target.execute("target_filesystem_change", {"steps": ["\t".join(step) for step in steps]})
        return [_words(*step) for step in steps]


def _words(verb: str, mount: str, megabytes: str = "", volume_group: str = "") -> str:
    return {
        "grow": f"grow {mount} by {megabytes} MB",
        "make": f"make {mount} with {megabytes} MB in {volume_group}",
        "mount": f"mount {mount}",
    }[verb]
