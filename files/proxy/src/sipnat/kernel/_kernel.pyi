# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The compiled kernel, if there is one."""

from typing import Any, Callable

from ..flow import Flow

Process = Callable[[bytes, Flow], Any]
Needles = tuple[tuple[bytes, int], ...]

def make(
    otherwise: Process,
    learn: Callable[[int, bytes, Flow], tuple[int, Any] | None],
    choose: Callable[[bytes], Any],
    key: str,
    needles: tuple[Needles, Needles],
    classes: bytes,
    longest: int,
    most: int,
) -> tuple[Any, ...]: ...
