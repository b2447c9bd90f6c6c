# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The package is Python 3.8 of the standard library: AIX and old Windows machines have nothing newer."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PROXY = Path(__file__).resolve().parents[1]
PACKAGE = PROXY / "src/sipnat"
SOURCES = [*sorted(PACKAGE.rglob("*.py")), *PROXY.glob("setup.py")]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_the_syntax_is_that_of_3_8(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"), feature_version=(3, 8))
    # Annotations may be written as 3.11 has them only where nobody evaluates them.
    if any(isinstance(node, (ast.FunctionDef, ast.AnnAssign)) for node in ast.walk(tree)):
        futures = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
        assert any(alias.name == "annotations" for node in futures for alias in node.names), path


def test_what_it_calls_is_in_3_8() -> None:
    words = [
        str(Path(sys.executable).with_name("vermin")),
        "--target=3.8-",
        "--no-tips",
        "--violations",
        *map(str, SOURCES),
    ]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_it_imports_the_standard_library_alone() -> None:
    allowed = sys.stdlib_module_names | {"sipnat", "setuptools"}
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            assert {name.partition(".")[0] for name in names} <= allowed, f"{path}: {names}"
