# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Files and directories of a target."""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from collections.abc import Callable, Sequence
from typing import Any, Literal

from ansible.errors import AnsibleActionFail, AnsibleError

from ._options import refuse, require_absolute
from ._resource import Resource, State, diff
from ._target import Target

PERMISSION_BITS = "rwxrwxrwx"
# Permission letter at the place of an x, and what it adds to the number of that place.
SPECIAL = {"s": True, "S": False, "t": True, "T": False}

ABSENT: State = {}

# What stands for a sensitive content in states and diffs.
AS_ASKED = "(hidden, as asked for)\n"
DIFFERENT = "(hidden, different)\n"


def mode_of(letters: str) -> str:
    """`-rw-r--r--` as `ls` writes it, as four octal digits."""
    mode = 0
    for place, letter in enumerate(letters[1:10]):
        bit = 1 << (8 - place)
        if letter == PERMISSION_BITS[place] or SPECIAL.get(letter, False):
            mode |= bit
        if letter in SPECIAL:
            mode |= 0o4000 >> (place // 3)
    return f"{mode:04o}"


def is_private(sddl: str, service: str | None = None) -> bool:
    """Whether an access list of Windows lets in nobody but administrators (BA), the system (SY), and `service`."""
    flags, *entries = re.split(r"\((?=[^)]*\))", sddl)
    trustees = {entry.rstrip(")").rsplit(";", 1)[-1] for entry in entries}
    others = {service_sid(service)} if service else set()
    return "P" in flags.removeprefix("D:") and trustees == {"BA", "SY"} | others


def service_sid(name: str) -> str:
    """The SID of a Windows service's virtual account: S-1-5-80 and the SHA-1 of its name in capitals, as five numbers.

    It depends on nothing else, so the account can be let in before there is a service.
    """
    digest = hashlib.sha1(name.upper().encode("utf-16-le"), usedforsecurity=False).digest()
    return "S-1-5-80-" + "-".join(str(number) for number in struct.unpack("<5I", digest))


def read_path(
    target: Target,
    path: str,
    content: Literal["", "text", "sha1"],
    *,
    access: bool = False,
    service: str | None = None,
) -> State:
    """What is at `path`: `type`, on AIX `mode`, `owner`, `group`; on request `content` or `sha1`, and `private`."""
    said = target.execute("target_file_read", {"path": path, "content": content, "access": access})
    if said.get("type") == "absent":
        return dict(ABSENT)
    state: State = {"type": said.get("type")}
    if not target.windows:
        state |= {"mode": mode_of(said.get("mode")), "owner": said.get("owner"), "group": said.get("group")}
    elif access:
        state["private"] = is_private(said.get("access"), service)
    if state["type"] == "file" and content == "text":
        state["content"] = said.blob or ""
    elif state["type"] == "file" and content == "sha1":
        state["sha1"] = said.get("sha1")
    return state


def write_path(
    target: Target,
    path: str,
    wanted: State,
    content: str | bytes | None,
    *,
    validate: Sequence[str] = (),
    service: str | None = None,
) -> None:
    """Bring `path` into the state `wanted`; unless `content` is None, it replaces that of the file in one step, after
    the command `validate` has accepted it."""
    write = "" if content is None else "empty" if not content else "text" if isinstance(content, str) else "base64"
    if isinstance(content, bytes):
        content = base64.encodebytes(content).decode("ascii")
    target.execute(
        "target_file_write",
        {
            "path": path,
            "kind": str(wanted.get("type", "absent")),
            "write": write,
            # The here-document that carries it in sh ends with a newline of its own.
            "content": content if target.windows else (content or "").removesuffix("\n"),
            "mode": wanted.get("mode"),
            "owner": wanted.get("owner"),
            "group": wanted.get("group"),
            "private": bool(wanted.get("private")),
            "validate": list(validate) if content else [],
            "trustee": service_sid(service) if service else "",
        },
    )


class File(Resource):
    """One file or directory; the options are those of `target_file`. `read_file` gives the bytes of a file of the
    controller."""

    def __init__(self, options: dict[str, Any], target: Target, read_file: Callable[[str], bytes]) -> None:
        self._options = options
        self._target = target
        self._path: str = options["path"]
        self.name = self._path
        require_absolute(self._path, target, "path")
        refuse(options, ("mode", "owner", "group") if target.windows else ("service",), target)
        self._service: str | None = options["service"]
        if options["mode"] is not None and not re.fullmatch("[0-7]{4}", options["mode"]):
            raise AnsibleActionFail(f'mode: {options["mode"]!r} is not four octal digits in quotes, such as "0644"')
        for name in ("content", "src"):
            if options[name] is not None and options["state"] != "file":
                raise AnsibleActionFail(f"{name}: a {options['state']} has none; leave it out for {self._path}")
        self._content = _bytes_of(options["src"], read_file) if options["src"] else self._ended(options["content"])
        self._validate: list[str] = options["validate"]
        if self._validate and "%s" not in self._validate[1:]:
            raise AnsibleActionFail("validate: none of its words is %s, for which the name of the new file is put in")

    def _ended(self, content: str | None) -> str | None:
        if not content:
            return content
        lines = content.removesuffix("\n").replace("\r\n", "\n") + "\n"
        crlf = self._options["newline"] == "crlf" or (self._options["newline"] == "native" and self._target.windows)
        return lines.replace("\n", "\r\n") if crlf else lines

    def read(self) -> State:
        state = read_path(
            self._target, self._path, self._comparison, access=bool(self._options["private"]), service=self._service
        )
        if "sha1" in state and not isinstance(self._content, bytes):
            state["content"] = AS_ASKED if state.pop("sha1") == self._sha1 else DIFFERENT
        return state

    @property
    def _comparison(self) -> Literal["", "text", "sha1"]:
        """What is read of the content."""
        if self._content is None:
            return ""
        # A secret that came back would stand in Ansible's own most verbose output.
        return "sha1" if isinstance(self._content, bytes) or self._options["sensitive"] else "text"

    @property
    def _sha1(self) -> str:
        content = self._content or ""
        # AIX 5.3 has no better one than this and MD5; it tells two contents apart, it protects nothing.
        return hashlib.sha1(
            content if isinstance(content, bytes) else content.encode(), usedforsecurity=False
        ).hexdigest()

    def wanted(self, current: State) -> State:
        kind = self._options["state"]
        if kind == "absent":
            return dict(ABSENT)
        if current and current["type"] != kind:
            raise AnsibleActionFail(
                f"path: {self._path} is a {current['type']} on the target, not a {kind}; remove it or choose another"
            )
        if not current and kind == "file" and self._content is None:
            raise AnsibleActionFail(f"content: {self._path} does not exist, so its content must be given")
        state = {**current, "type": kind}
        if isinstance(self._content, bytes):
            state["sha1"] = self._sha1
        elif self._content is not None:
            state["content"] = AS_ASKED if self._options["sensitive"] else self._content
        if self._options["private"]:
            state |= {"private": True} if self._target.windows else {"mode": "0600" if kind == "file" else "0700"}
        state |= {key: self._options[key] for key in ("mode", "owner", "group") if self._options[key] is not None}
        if not self._target.windows:
            state.setdefault("mode", "0644" if kind == "file" else "0755")
        return state

    def change(self, current: State, wanted: State) -> list[str]:
        write = any(wanted.get(key) != current.get(key) for key in ("content", "sha1"))
        content = self._content if write else None
        write_path(self._target, self._path, wanted, content, validate=self._validate, service=self._service)
        if not wanted:
            return [f"remove {self._path}"]
        if write:
            return [f"write {self._path}"]
        return [f"change {self._path}" if current else f"make {self._path}"]

    def diff(self, current: State, wanted: State) -> list[dict[str, str]]:
        return file_diff(self._path, current, wanted)


def _bytes_of(source: str, read_file: Callable[[str], bytes]) -> bytes:
    try:
        return read_file(source)
    except (AnsibleError, OSError) as error:
        raise AnsibleActionFail(
            f"src: {source} cannot be read on the controller ({error}); name a file that is there"
        ) from error


def file_diff(path: str, current: State, wanted: State) -> list[dict[str, str]]:
    """A diff of the attributes and, as plain text, one of the content."""
    plain = [{key: value for key, value in state.items() if key != "content"} for state in (current, wanted)]
    return [
        diff(path, *plain),
        {
            "before_header": path,
            "after_header": path,
            "before": current.get("content", ""),
            "after": wanted.get("content", ""),
        },
    ]
