"""Every program of a simulated product is where its product says; it is looked for only when it runs."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from lab import products
from lab.host import Late, found
from lab.products import itds

PRODUCTS = sorted(path.parent.name for path in Path(products.__path__[0]).glob("*/__init__.py"))


@pytest.mark.parametrize("product", PRODUCTS)
def test_a_product_has_its_programs(product: str) -> None:
    programs = importlib.import_module(f"lab.products.{product}").PROGRAMS
    assert programs
    for program in programs.values():
        assert callable(found(program.where) if isinstance(program, Late) else program)


@pytest.mark.parametrize("place", sorted(set(itds.PLACES.values())))
def test_a_tool_of_the_directory_server_is_there(place: str) -> None:
    assert callable(found(f"lab.products.itds.{place}"))
