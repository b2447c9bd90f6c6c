# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which playbooks there are, and which variables each of them knows: the words of its text, of the variables beside it,
and of the roles that it names."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

WORD = re.compile(r"[A-Za-z_]\w*")
IMPORTED = re.compile(r"\bimport_playbook: *(\S+\.yml)")
ROLE = re.compile(r"\bsametime\.gateway\.(\w+)")


class Playbooks:
    """The playbooks below a folder, which has `playbooks` and `roles`."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.words = cache(self._words)

    def names(self) -> list[str]:
        """Paths as a job template has them."""
        return [f"playbooks/{path.name}" for path in sorted((self._root / "playbooks").glob("*.yml"))]

    def has(self, playbook: str) -> bool:
        """Whether there is one of this path."""
        return (self._root / playbook).is_file() and playbook.endswith(".yml")

    def _words(self, playbook: str) -> frozenset[str]:
        path = self._root / playbook
        text = path.read_text("utf-8")
        found = set(WORD.findall(text))
        for other in IMPORTED.findall(text):
            found |= self.words((path.parent / other).relative_to(self._root).as_posix())
        # Ansible loads them for every playbook beside them.
        texts = [one.read_text("utf-8") for one in sorted((path.parent / "group_vars").rglob("*.yml"))]
        for role in {name for one in (text, *texts) for name in ROLE.findall(one)}:
            files = (self._root / "roles" / role / name for name in ("defaults/main.yml", "meta/argument_specs.yml"))
            texts += [one.read_text("utf-8") for one in files if one.is_file()]
        return frozenset(found.union(*(WORD.findall(one) for one in texts)))
