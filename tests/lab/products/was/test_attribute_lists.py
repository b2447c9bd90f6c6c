"""What scripts hand over as attribute lists, in both forms."""

from __future__ import annotations

import pytest

from lab.products.was.admin import Argument
from lab.products.was.admin.attribute_lists import Value, names, objects, pairs
from lab.products.was.errors import ScriptingError


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('[[name a] [value "b c"]]', [("name", "a"), ("value", "b c")]),
        ([["name", "a"], ["value", "b c"]], [("name", "a"), ("value", "b c")]),
        ("[[a b,c] [d e,f]]", [("a", "b,c"), ("d", "e,f")]),
        ('[[a "x, y"]]', [("a", "x, y")]),
        ([["a", "x,y"]], [("a", "x,y")]),
        ([["n", 5]], [("n", "5")]),
        ('[[a ""] [b []]]', [("a", ""), ("b", [])]),
        (r'[[a "say \"no\""]]', [("a", 'say "no"')]),
        (r"[[a c:\dir\x]]", [("a", r"c:\dir\x")]),
        ("[['a' 'b c'] ['d' 'e']]", [("a", "b c"), ("d", "e")]),
        (str([["a", "b c"], ["d", "e"]]), [("a", "b c"), ("d", "e")]),
        (['[a "1"][b "2, 3"]'], [("a", "1"), ("b", "2, 3")]),
        (['["a", "1"]', ["b", "2"]], [("a", "1"), ("b", "2")]),
        ("[[stack [[timers [[t1 500]]]]]]", [("stack", [["timers", [["t1", "500"]]]])]),
        ("", []),
        ([], []),
        ("[]", []),
    ],
)
def test_pairs(given: Argument, expected: list[tuple[str, Value]]) -> None:
    assert pairs(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        "[name value]", ["name", "value"], "name value", "[[name value]", "[[name two words]]", "[[name]]",
        '[[name "open]]', "[[a b]] x", [["a", "x, y"]], [["a", None]], None, [[["a"], "b"]],
    ],
)  # fmt: skip
def test_what_is_no_list_of_pairs_is_refused(given: Argument) -> None:
    with pytest.raises(ScriptingError, match="WASX7122E"):
        pairs(given)


def test_objects_are_one_or_several() -> None:
    assert objects([["a", "1"], ["b", "2"]]) == [[("a", "1"), ("b", "2")]]
    assert objects("[[[a 1]] [[a 2] [b 3]]]") == [[("a", "1")], [("a", "2"), ("b", "3")]]
    assert objects("") == [] and objects([]) == []


@pytest.mark.parametrize("given", ["[a b]", "a b", ["a", "b"], '["a" "b"]', "[[a b]]"])
def test_names(given: Argument) -> None:
    assert names(given) == ["a", "b"]
