"""The steps at which faults can be ordered."""

from __future__ import annotations

import ast
from pathlib import Path


def steps() -> frozenset[str]:
    """Every step at which a simulated program asks for a fault, read from the programs' own source."""
    return frozenset(
        call.args[0].value
        for folder in ("ios", "products")
        for file in (Path(__file__).parent / folder).rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "fault"
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    )
