"""The archive of classes that makes Jython start fast: written at the end of a run of a script like any other."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from lab.errors import LabError
from lab.products.was.wsadmin import java_home, wire
from lab.products.was.wsadmin.jython import Jython

_SCRIPT = """\
import sys, string, os, re, time
from java.util import ArrayList
def show(text, *rest):
    for line in text.splitlines():
        print "%s %d" % (line.strip(), len(rest)),
    return [each for each in rest if each]
class Pair:
    def __init__(self, one, other):
        self.one = one
        self.other = other
try:
    AdminConfig.list("Cell", ["a", 1, None])
    AdminConfig.fail()
except:
    kind, value, trace = sys.exc_info()
    show(str(value), kind)
show(repr({"a": [1.5, Pair(1, 2).one]}), string.join(["a", "b"], ","), os.path.basename("a/b"))
raise Pair(1, 2)
"""
_FAILED = 105  # of a script that raises


def write_archive(folder: Path) -> None:
    """Make the archive in `folder`, where the program's jars are; raises `LabError`."""

    def answer(question: Sequence[wire.Value]) -> wire.Value:
        answers: dict[wire.Value, wire.Value] = {
            "later": ["True"],
            "begin": [[["file", "training", _SCRIPT]], [], [], ["sys", "string", "os", "re", "time"]],
            "has": 1,
            "call": ["x(cells/x|cell.xml#Cell_1)", "", "WASX7077E: it fails" if "fail" in question else None],
        }
        return question[2] if question[0] == "prepare" else answers.get(question[0])

    file = folder / java_home.ARCHIVE
    archive = f"-XX:ArchiveClassesAtExit={file}"
    code = Jython(folder, {}, {}, archive=archive, output=subprocess.DEVNULL).serve(answer)
    if code != _FAILED or not file.exists():
        raise LabError(f"java wrote no archive of classes to {file} (exit code {code})")
