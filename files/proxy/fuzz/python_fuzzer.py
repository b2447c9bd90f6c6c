# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Coverage-guided fuzzing (atheris) of the Python code: parser, framing, and that the compiled kernel says the same.

Arguments are those of libFuzzer. An exception is a failure: ``Different``, ``Leak``, or whatever the code raises.
"""

from __future__ import annotations

import sys
from typing import Dict, Tuple

import atheris

with atheris.instrument_imports(include=["sipnat"]):
    import cases

    from sipnat.rewriting.framing import FramingError, frame
    from sipnat.rewriting.rewrite import Rewriter

CASES = cases.cases()


class Different(Exception):
    """Two answers that must be the same are not."""


class Leak(Exception):
    """An inside address leaves."""


def counters(pure: Rewriter) -> Tuple[int, Dict[str, int], Dict[int, int]]:
    return pure.bad_tokens, dict(pure.leaks), dict(pure.refusals)


def rewriting(case: cases.Case, data: bytes) -> None:
    before = counters(case.pure)
    answer = case.answer(data, case.flow)
    outcome = case.pure.process(data, case.flow)
    if answer is not None and (answer != outcome or before != counters(case.pure)):
        raise Different(answer, outcome)
    if case.pure.process(data, case.flow) != outcome:
        raise Different("the second time", outcome)
    if cases.leaks(case, data, outcome):
        raise Leak(outcome)


def framing(case: cases.Case, data: bytes) -> None:
    """Less of a stream must not say something else, only less."""
    limits = case.pure.rules.limits
    try:
        end = abs(frame(data, 0, limits))
    except FramingError:
        return
    taken = case.take(data, case.flow, 0)
    if taken is not None and (taken[4] != end or taken[:4] != case.pure.process(data[:end], case.flow)):
        raise Different("framing", end, taken)
    for length in {len(data) // 2, len(data) - 1, end - 1} - {-1}:
        less = frame(data[:length], 0, limits)
        if less > 0 and less != end:
            raise Different("framing", end, length, less)


def one_input(data: bytes) -> None:
    if data:
        case = CASES[data[0] % len(CASES)]
        rewriting(case, data[1:])
        framing(case, data[1:].lstrip(b"\r\n"))


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
