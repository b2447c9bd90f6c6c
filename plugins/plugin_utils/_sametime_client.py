# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""A program that does what a person does at a Sametime client."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ansible.errors import AnsibleActionFail

from ._options import require_absolute
from ._target import Target

# What neither a shell nor cmd could take apart, whatever the platform: one word stays one.
_UNSENDABLE = re.compile(r'[\x00-\x1f"%]')


def call(target: Target, program: str, commands: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Run `program` once for each list of words: what module `sametime_client` documents as its result."""
    require_absolute(program, target, "program")
    lines = [_line(number, words) for number, words in enumerate(commands)]
    said = target.execute("sametime_client", {"program": program, "commands": lines})
    found = said.get("found") == "1"
    answers: list[dict[str, Any]] = []
    for key, value in said.fields:
        if key == "command":
            answers.append({"words": list(commands[len(answers)]), "said": [], "exit": None})
        elif key == "said":
            answers[-1]["said"].append(value)
        elif key == "exit":
            answers[-1]["exit"] = int(value)
    if found and len(answers) != len(lines):
        raise AnsibleActionFail(f"{program}: {len(answers)} of {len(lines)} calls were made")
    return {"changed": False, "found": found, "answers": answers}


def _line(number: int, words: Sequence[str]) -> str:
    for word in words:
        if not word or _UNSENDABLE.search(word):
            raise AnsibleActionFail(
                f'commands[{number}]: {word!r} is empty, or holds a control character, " or %; give it another word'
            )
    return "\t".join(words)
