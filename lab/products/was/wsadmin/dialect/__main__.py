"""`python3 -m lab.products.was.wsadmin.dialect FILE...`: say what in these programs is not for Jython 2.1."""

from __future__ import annotations

import sys
from pathlib import Path

from lab.products.was.wsadmin.dialect import check


def main(files: list[str]) -> int:
    """Print the problems; 1 when there are any."""
    problems = [problem for file in files for problem in check(Path(file).read_text("latin-1"), file)]
    for problem in problems:
        print(problem)
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
