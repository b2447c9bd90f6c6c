# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Chooses between the compiled kernel and the Python code alone. Both do the same, the kernel in less time.

The kernel (``_kernel.c``) is there if a compiler was when the package was installed. ``SIPNAT_PURE=1`` in the
environment leaves it unused.
"""

from __future__ import annotations

import importlib
import os
from types import ModuleType
from typing import Any, Callable, Dict, Mapping, Optional, Tuple, Union, cast

from ..flow import Flow
from ..outcome import Outcome, Target
from ..rewriting.rewrite import Rewriter
from ..rewriting.rules import Rules
from .learning import CLASSES, Learning

Sends = Mapping[bytes, Mapping[Target, int]]
Take = Callable[[bytes, Flow, int], Optional[Tuple[int, bytes, Target, Optional[bytes], int]]]
Pump = Callable[[int, Flow, Sends, int], Tuple[int, int, Optional[bytes]]]

_LONGEST = 16384  # bytes of a message that the kernel looks at
_MOST = 95  # ... and lines


def _compiled() -> Optional[ModuleType]:
    if os.environ.get("SIPNAT_PURE") == "1":
        return None
    try:
        return importlib.import_module("sipnat.kernel._kernel")
    except ImportError:
        return None


def name() -> str:
    """``compiled`` or ``pure``."""
    return "compiled" if _compiled() else "pure"


class Compiled:
    """A Rewriter before which the kernel stands: what it does not do itself, it gives to it.

    `take` is ``process`` for the message that begins at a place of a stream: ``take(data, flow, start)`` gives its
    outcome with its end as a fifth item, or None if it is not complete or not for the kernel.

    `pump` moves datagrams from connected socket to connected socket without Python; None where the system has no such
    thing. ``pump(fd, flow, sends, most)`` gives the numbers of requests and of responses that were sent, and the
    datagram that it stopped at because it is not for it, or None. `sends` has the sockets: by the token of the flow
    that a response goes to (empty for requests) and by Target.
    """

    process: Callable[[bytes, Flow], Outcome]
    take: Take
    pump: Optional[Pump]

    def __init__(self, module: ModuleType, pure: Rewriter) -> None:
        self.pure = pure
        self.process, self.pump = kernel(module, pure, pure.process)
        self.take = cast(Take, self.process)

    @property
    def rules(self) -> Rules:
        return self.pure.rules

    @property
    def leaks(self) -> Dict[str, int]:
        return self.pure.leaks

    @property
    def bad_tokens(self) -> int:
        return self.pure.bad_tokens

    @property
    def refusals(self) -> Dict[int, int]:
        return self.pure.refusals

    def refuse(self, data: bytes, flow: Flow, status: int, reason: str) -> Optional[bytes]:
        return self.pure.refuse(data, flow, status, reason)


def kernel(
    module: ModuleType, pure: Rewriter, otherwise: Callable[[bytes, Flow], Any]
) -> Tuple[Callable[[bytes, Flow], Any], Optional[Pump]]:
    """The kernel's ``process`` and ``pump``; `otherwise` gets the messages that the first does not do."""
    limits = pure.rules.limits
    longest = min(_LONGEST, limits.message, limits.header, limits.line)
    most = min(_MOST, limits.fields - 1)
    learning = Learning(pure)
    made = module.make(otherwise, learning, learning.choose, "key", learning.needles, CLASSES, longest, most)
    return made[0], made[1] if len(made) > 1 else None


def rewriter(rules: Rules) -> Union[Rewriter, Compiled]:
    """The quickest that can be had."""
    module = _compiled()
    pure = Rewriter(rules)
    return Compiled(module, pure) if module else pure
