"""The check for Jython 2.1: all of a program for it passes, and nothing that came later."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lab.products.was.wsadmin.dialect import check, prepare
from lab.settings import REPOSITORY

LEGAL = (
    '''\
#!/usr/bin/env jython
"""Everything in here is Python 2.1."""
from __future__ import nested_scopes
import sys, os.path, string as s, java.util.ArrayList as L
from java.io import *
from java.lang import System as Sys, Exception as JException
(False, True) = (0, 1)
x = y = 0x1F + 0777 - 10L * 2.5e3 / 1j ** 2 % ~3 << 1 >> 1 & 7 | 8 ^ 9
x += 1; x **= 2; x <<= 1
text = u"a" ur'b\\n' r"c" """d
" e""" '''
    + "'''f'''"
    + """
a, (b, c) = 1, (2, 3)
[d, e] = [1, 2,]
z = x <> y != 3 < 4 <= 5 is not None
empty = (), [], {}, (1,), {'a': 1, 2: [3],}
print
print >>sys.stderr, "a", "b",
print >>sys.stderr
print ("a"), `x`, lambda: 0, lambda a, b=1, *c, **d: (a, b)
def f(a, (b, c), d=(1, 2), *e, **g):
    "nested functions see names with the import above"
    global x
    def inner(y=a): return lambda: (a, y)
    if a: return
    elif b is None: return inner
    else: return apply(f, (a, (b, c)), {'d': 1})
def g(*a): pass
def h(**k): f(1, (2, 3), *[4], **k); f(a=1)
class Old: pass
class New(Old, Exception):
    value = 1
    def __init__(self, *rest): Old.__init__(self); self.rest = rest
try:
    raise New, "text"
except (New, Old), e:
    pass
except "string", value: pass
except:
    raise
else:
    x = 1
try: raise "a string"
finally: del x, y
try: raise New("a"), None, None
except New: pass
for i, (j, k) in [(1, (2, 3))]:
    if i in (1, 2) or i not in [3] and not j: continue
    break
else: pass
while 0: pass
else: pass
squares = [i * j for i in range(3) if i for j in 1, 2 if j]
x[1:2], x[:], x[1:], x[:2, ...], x[1, 2] = 1, 2, 3, 4, 5
x[0].y(1)[2].z = 3
exec "x = 1"
exec "x = 1" in {}
exec "x" in {}, {}
assert x, "message"
if x: y = 1; z = 2;
as_list = s.split("a b"); as_list.sort(lambda a, b: cmp(a, b))
System.out.print("reserved words are names of attributes")
import com.ibm.exec.tools
'a' in "abc"; "\\n" in text; "long" in ["long", "list"]; "name" in as_list
for key in {}.keys(): pass
for line in open("f").readlines(): pass
string_zfill = s.zfill(1, 2); stripped = text.strip(); java.text.SimpleDateFormat("y").format(x)
d = {}
if d.has_key("a"): d.setdefault("b", []).append(1); del d["b"]
l = [1]; l.pop(); l.sort()
class Mine:
    def partition(self): return self.iteritems()
    def iteritems(self): return []
Mine().partition()
isinstance(x, Mine)
if x:
	tabs = 1
        # eight blanks are a tab
x = [
  1,   # comments and lines in brackets
 2]
y = 1 + \\
  2
"""
)

REFUSED = {
    "SyntaxError": [
        "x = 1 if y else 2", "with open('f') as f: pass", "x = [i for i in y if z else 1]", "x = (i for i in y)",
        "f(i for i in y)", "x = {1, 2}", "x = {i: 1 for i in y}", "x = 7 // 2", "x //= 2", "@f\ndef g(): pass",
        "try: pass\nexcept E as e: pass", "try: pass\nexcept: pass\nfinally: pass", "from x import (a, b)",
        "from . import a", "def f():\n    yield 1", "def f():\n    yield(1)", "class A(): pass", "print(x, file=y)",
        "x = 0b1", "x = 0o7", "x = b'a'", "x = f'a'", "def f(a, *, b): pass", "def f(a: int): pass", "x: int = 1",
        "raise E from e", "from __future__ import division", "import a.b, (c)", "f(**k, a=1)", "f(a=1, 2)",
        "f(*a, *b)", "def f(a=1, b): pass", "1 = x", "f() = 1", "x = 1 2", "x = (1", "x = 1)", "x = 'a", "x = $",
        "if x:\npass", "  x = 1", "if x:\n    y\n  z", "x = y := 1", "async def f(): pass",
        "nonlocal x", "x = ...", "exec x, y in z,", "x = 1_000", "else: pass", "for x in: pass", "x!",
    ],
    "NameError": [
        "x = True", "return_false = False", "bool(1)", "dict(a=1)", "enumerate(x)", "sorted(x)", "sum([1])", "set()",
        "any(x)", "class A(object): pass", "super(A, self)", "isinstance(x, basestring)", "file('f')", "help(x)",
        "try: pass\nexcept StopIteration: pass", "def f(a):\n    return lambda b: a + b",
        "def f():\n    x = 1\n    def g():\n        return x\n    return g",
        "def f(a):\n    class B:\n        def c(self): return a",
    ],
    "ImportError": ["import json", "import xml.etree.ElementTree as E", "from subprocess import Popen",
                    "import os, logging", "def f():\n    import datetime", "from os import walk"],
    "AttributeError": [
        "d.iteritems()", "'%s'.format(1)", "x = 'a'\nx.format(1)", "'a,b'.rsplit(',')", "name.partition('=')",
        "dict.fromkeys(x)", "str.lower('A')", "d = {}\nd.pop('a')", "d = {}\nif 'a' in d: pass",
        "import os\nos.walk('.')", "'a'.decode('utf-8')",
    ],
    "TypeError": [
        "x.strip('a')", "x.sort(key=f)", "x.sort(reverse=1)", "x[::2]", "x[1:2:3]", "isinstance(x, (A, B))",
        "isinstance(x, str)", "class A(list): pass", "'abc' in 'abcdef'", "x = 'abc'\nif 'ab' in x: pass",
        "if 'Cell' in AdminConfig.list('Cell'): pass", "if name.lower() in AdminConfig.list('Server'): pass",
        "d = {}\nfor k in d: pass", "for line in open('f'): pass", "x.startswith(('a', 'b'))",
        "AdminConfig.list(type='Cell')", "AdminTask.help(**k)",
    ],
}  # fmt: skip


def test_all_of_python_2_1_passes() -> None:
    assert check(LEGAL, "legal") == []


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in REFUSED.items() for text in texts])
def test_what_came_later(kind: str, text: str) -> None:
    found = check(text, "later")
    assert kind in {problem.kind for problem in found}, found


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    True\nexcept NameError:\n    True = 1\n    False = 0\nx = False",
        "def sorted(l): return l\nsorted([])",
        "from sets import enumerate_them as enumerate\nenumerate([])".replace("sets", "mine"),
        "try:\n    import json\nexcept ImportError:\n    json = None",
        "def f(set): return set",
        "def f(x):\n    return map(lambda y, x=x: x + y, [1])",
        "def f():\n    global g\n    g = 1\n    def h(): return g",
        "c = 'x'\nfor c in 'abc':\n    if c in 'ab': pass",
        "d = f()\nif 'a' in d: pass\nfor k in d: pass",
        "x = None\nx = 'a'\nif 'abc' in x: pass",
    ],
)
def test_what_a_program_is_prepared_for(text: str) -> None:
    assert check(text, "prepared") == []


def test_where_a_problem_is() -> None:
    text = "x = 1\n\ndef f():\n\ty = '''a\nb''' ; return x // 2\n"
    problem = check(text, "s.jy")[0]
    assert (problem.line, problem.column, problem.source) == (5, 18, "b''' ; return x // 2")
    assert str(problem) == "s.jy:5:18: SyntaxError: invalid syntax"


def test_names_and_modules_fail_when_they_are_reached_and_nothing_before() -> None:
    assert [problem.when_run for problem in check("import json\nx = True\n'%s'.format(x)\n", "s")] == [
        True,
        True,
        False,
    ]


def test_operands_are_prepared_where_they_stand() -> None:
    text = "for a in 1, 2:\n    x = a in[\n 1]not in b and [c for c in d if e in (f in g)]\n    raise'x', y\n"
    assert prepare(text) == (
        "for a in  __lab_for__((1, 2)):\n    x = a in __lab_in__(([\n 1]))not in  __lab_in__((b)) and "
        "[c for c in  __lab_for__((d)) if e in  __lab_in__(((f in  __lab_in__((g)))))]\n"
        "    raise __lab_raise__(('x')), y\n"
    )
    assert prepare(LEGAL).count("\n") == LEGAL.count("\n")


def test_the_command(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.jy", tmp_path / "bad.jy"
    good.write_text("print 'x'\n")
    bad.write_text("x = True\n")
    command = [sys.executable, "-m", "lab.products.was.wsadmin.dialect"]
    assert subprocess.run([*command, good], cwd=REPOSITORY, check=False).returncode == 0
    done = subprocess.run([*command, good, bad], cwd=REPOSITORY, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, f"{bad}:1:5: NameError: True\n")
