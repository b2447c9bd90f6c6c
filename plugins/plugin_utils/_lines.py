# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Single lines of a text file of a target."""

from __future__ import annotations

import re
from typing import Any

from ansible.errors import AnsibleActionFail

from ._file import file_diff, read_path, write_path
from ._options import require_absolute
from ._resource import Resource, State
from ._target import Target

UNREADABLE = "\ufffd"


class FileLines(Resource):
    """Some lines of a file; the options are those of `target_line`."""

    def __init__(self, options: dict[str, Any], target: Target) -> None:
        self._target = target
        self._path: str = options["path"]
        self._lines: list[dict[str, Any]] = options["lines"]
        self.name = self._path
        require_absolute(self._path, target, "path")
        for number, entry in enumerate(self._lines):
            self._check(f"lines[{number}]", entry)

    @staticmethod
    def _check(where: str, entry: dict[str, Any]) -> None:
        line, regexp, section = entry["line"], entry["regexp"], entry["section"]
        if section is not None and not re.fullmatch(r"[^][\n\r]*[^][\s][^][\n\r]*", section):
            raise AnsibleActionFail(f"{where}.section: {section!r} is no name of a section; give it without brackets")
        if line is not None and re.search(r"[\n\r]", line):
            raise AnsibleActionFail(f"{where}.line: {line!r} is more than one line; give each its own entry")
        if regexp is None:
            return
        try:
            found = re.compile(regexp)
        except re.error as error:
            raise AnsibleActionFail(f"{where}.regexp: {regexp!r} is not a regular expression: {error}") from error
        # Otherwise each run would add the line again.
        if entry["state"] == "present" and not found.search(line):
            raise AnsibleActionFail(f"{where}.regexp: {regexp!r} does not find the line {line!r} that it stands for")

    def read(self) -> State:
        state = read_path(self._target, self._path, "text")
        if state.get("type") not in (None, "file"):
            raise AnsibleActionFail(f"path: {self._path} is a {state['type']} on the target, not a text file")
        # Characters that are not UTF-8 would not survive being written back.
        content = state.get("content", "")
        if UNREADABLE in content or any("\ud800" <= character <= "\udfff" for character in content):
            raise AnsibleActionFail(f"path: {self._path} is not UTF-8 text on the target; edit it by hand")
        return state

    def wanted(self, current: State) -> State:
        content = current.get("content", "")
        crlf = "\r\n" in content if content else self._target.windows
        before = content.replace("\r\n", "\n").removesuffix("\n").split("\n") if content else []
        after = list(before)
        for entry in self._lines:
            after = _edited(after, entry)
        if after == before:
            return current
        state = {**current, "type": "file", "content": ("\r\n" if crlf else "\n").join([*after, ""])}
        if not self._target.windows:
            state.setdefault("mode", "0644")
        return state

    def change(self, current: State, wanted: State) -> list[str]:
        del current
        write_path(self._target, self._path, wanted, wanted["content"])
        return [f"write {self._path}"]

    def diff(self, current: State, wanted: State) -> list[dict[str, str]]:
        return file_diff(self._path, current, wanted)


def _edited(lines: list[str], entry: dict[str, Any]) -> list[str]:
    first, end = _place(lines, entry["section"])
    if first is None:
        return lines if entry["state"] == "absent" else [*lines, f"[{entry['section']}]", entry["line"]]
    part = lines[first:end]
    if entry["regexp"] is None:
        found = [number for number, line in enumerate(part) if line == entry["line"]]
    else:
        found = [number for number, line in enumerate(part) if re.search(entry["regexp"], line)]
    if entry["state"] == "absent":
        part = [line for number, line in enumerate(part) if number not in found]
    elif found:
        part[found[-1]] = entry["line"]
    else:
        # Blank lines in front of the next section stay there.
        filled = len(part)
        while entry["section"] is not None and filled and not part[filled - 1].strip():
            filled -= 1
        part.insert(filled, entry["line"])
    return [*lines[:first], *part, *lines[end:]]


def _place(lines: list[str], section: str | None) -> tuple[int | None, int]:
    """Where the lines of a section begin and end, of the whole file without one; None: there is no such section."""
    if section is None:
        return 0, len(lines)
    heads = [number for number, line in enumerate(lines) if re.fullmatch(r"\s*\[[^]]*\]\s*", line)]
    for head in heads:
        # As Windows has it, the case of a section's name does not matter.
        if lines[head].strip()[1:-1].strip().casefold() == section.strip().casefold():
            return head + 1, next((other for other in heads if other > head), len(lines))
    return None, len(lines)
