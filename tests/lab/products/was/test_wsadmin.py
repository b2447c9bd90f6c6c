"""What scripts find in the simulated wsadmin, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.products.was.wsadmin import build
from tests.lab.products.was.wsadmin_process import CONNECTED, Wsadmin

FAILED = "com.ibm.bsf.BSFException: exception from Jython:"


@pytest.fixture(scope="module", autouse=True)
def java() -> None:
    build.ensure()


@pytest.fixture
def wsadmin(tmp_path: Path) -> Wsadmin:
    made = Wsadmin(tmp_path)
    made.listen({
        "AdminConfig.list": "a(cells/c|cell.xml#Cell_1)\nb(cells/c|cell.xml#Cell_2)",
        "AdminConfig.hasChanges": 0,
        "AdminConfig.save": "",
        "AdminConfig.create": ["error", "WASX7077E: Incomplete config id"],
        "AdminControl.completeObjectName": ["printed", "x", "WASX7026W: several\n"],
        "AdminConfig.showAttribute": None,
    })  # fmt: skip
    return made


def script(wsadmin: Wsadmin, text: str, name: str = "s.py") -> str:
    return wsadmin.host.write(f"/{name}", text)


def test_a_script_has_its_arguments_and_the_objects_in_its_namespace(wsadmin: Wsadmin) -> None:
    file = script(wsadmin, """\
import sys
print sys.argv, __name__, repr(lineSeparator)
print AdminConfig.list('Cell', ['a', 1, None, [1.5]]).split(lineSeparator)[1]
print AdminConfig.hasChanges() + 1, AdminConfig.showAttribute('a', 'b')
print AdminControl.completeObjectName('x')
""")  # fmt: skip
    code, lines = wsadmin("-f", file, "one", "-two")
    assert code == 0
    assert lines == [
        CONNECTED,
        "WASX7303I: The following options are passed to the scripting environment and are available as arguments that "
        'are stored in the argv variable: "[one, -two]"',
        "['one', '-two'] main '\\n'",
        "b(cells/c|cell.xml#Cell_2)",
        "1 None",
        "WASX7026W: several",
        "x",
    ]
    assert wsadmin.called()[0] == ["AdminConfig.list", ["Cell", ["a", 1, None, [1.5]]]]


def test_names_of_mbeans_are_objects(wsadmin: Wsadmin) -> None:
    name = "WebSphere:name=dmgr,type=Server"
    wsadmin.listen({"AdminControl.makeObjectName": name, "AdminControl.invoke_jmx": "ok"})
    calls = ["-c", "name = AdminControl.makeObjectName('x')", "-c", "name.getKeyProperty('name').encode('ascii')"]
    code, lines = wsadmin(*calls, "-c", "AdminControl.invoke_jmx(name, 'stop', [], [])")
    assert (code, lines[1:]) == (0, ["'dmgr'", "'ok'"])
    assert wsadmin.called()[1] == ["AdminControl.invoke_jmx", [name, "stop", [], []]]


def test_objects_of_jmx(wsadmin: Wsadmin) -> None:
    name = "WebSphere:name=dmgr,type=Server"
    wsadmin.listen({
        "AdminControl.queryNames_jmx": f"{name}\n{name},x=y", "AdminControl.invoke_jmx": "ok",
        "AdminControl.getAttributes_jmx": ["printed", [["a", "1"]], ""], "AdminControl.setAttribute_jmx": None,
        "AdminControl.getMBeanInfo_jmx": ["printed", [[["state", "RO"]], [["stop", "0"], ["get", "1"]]], ""],
    })  # fmt: skip
    file = script(wsadmin, """\
import java.lang.Boolean
from javax.management import Attribute, ObjectName
found = AdminControl.queryNames_jmx(ObjectName("WebSphere:*"), None)
print found.size(), found[0].getKeyProperty("name").encode("ascii")
for each in found: print each
AdminControl.invoke_jmx(found[0], "stop", (java.lang.Boolean("true"),), ["boolean"])
print AdminControl.getAttributes_jmx(found[0], ["a"])[0].getValue()
AdminControl.setAttribute_jmx(found[0], Attribute("a", "2"))
about = AdminControl.getMBeanInfo_jmx(found[0])
print about.getAttributes()[0].isWritable() == 0, len(about.getOperations()[1].getSignature())
""")  # fmt: skip
    code, lines = wsadmin("-f", file)
    assert (code, lines[1:]) == (0, ["2 dmgr", name, f"{name},x=y", "1", "True 1"])
    assert wsadmin.called()[1] == ["AdminControl.invoke_jmx", [name, "stop", ["true"], ["boolean"]]]
    assert wsadmin.called()[3] == ["AdminControl.setAttribute_jmx", [name, ["a", "2"]]]


def test_system_properties(wsadmin: Wsadmin) -> None:
    wsadmin.listen()
    names = ("was.install.root", "user.install.root", "was.repository.root", "local.cell", "given")
    file = script(wsadmin, f"""\
from java.lang import System
for name in {names}: print System.getProperty(name)
""")  # fmt: skip
    code, lines = wsadmin("-javaoption", "-Dgiven=x y", "-f", file)
    root = wsadmin.native()
    assert (code, lines[1:]) == (0, [root, f"{root}/profiles/P", f"{root}/profiles/P/config", "c", "x y"])


def test_the_objects_are_in_the_main_namespace_only(wsadmin: Wsadmin) -> None:
    folder, text = str(wsadmin.folder), "def cells(): return AdminConfig.list('Cell')\n"
    script(wsadmin, text, "helper.py")  # where Jython finds it
    script(wsadmin, text, f"{folder}/helper.py")  # where the host, which is a folder, has it
    file = script(wsadmin, f"import sys\nsys.path.append({folder!r})\nimport helper\nhelper.cells()\n")
    code, lines = wsadmin("-f", file)
    assert (code, lines[-1]) == (105, "NameError: AdminConfig")


def test_exceptions_of_the_objects_are_those_of_java(wsadmin: Wsadmin) -> None:
    file = script(wsadmin, """\
import sys, com.ibm.ws.scripting.ScriptingException
try:
    AdminConfig.create()
except com.ibm.ws.scripting.ScriptingException, error:
    print "1", error
try:
    AdminConfig.create()
except:
    print "2", sys.exc_info()[1]
AdminConfig.create()
""")  # fmt: skip
    code, lines = wsadmin("-f", file)
    assert code == 105
    text = "com.ibm.ws.scripting.ScriptingException: WASX7077E: Incomplete config id"
    assert lines[1:] == [
        f"1 {text}",
        f"2 {text}",
        f'WASX7017E: Exception received while running file "{file}"; exception information:',
        FAILED,
        "Traceback (innermost last):",
        '  File "<string>", line 10, in ?',
        text,
    ]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("AdminConfig.list(type='Cell')", "TypeError: list(): takes no keyword arguments"),
        ("AdminConfig.lst('Cell')", "AttributeError: lst"),
        ("AdminConfig.list({})", "TypeError: list(): 1st arg can't be coerced to String"),
        ("True", "NameError: True"),
        ("sorted([])", "NameError: sorted"),
        ("import json", "ImportError: no module named json"),
        ("import nobody", "ImportError: no module named nobody"),
        ("x = 1 if 2 else 3", "SyntaxError: invalid syntax"),
        ("raise SyntaxError('mine')", "SyntaxError: mine"),
        ("eval('1 +')", "SyntaxError: invalid syntax"),
        ("'%s'.format(1)", "AttributeError: 'string' object has no attribute 'format' (line 1 of <input>)"),
    ],
)
def test_what_fails(wsadmin: Wsadmin, call: str, says: str) -> None:
    code, lines = wsadmin("-c", call)
    assert code == 103
    assert lines[1] == f'WASX7015E: Exception running command: "{call}"; exception information:'
    assert lines[2] == FAILED
    assert lines[-1] == says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def f(a, b): return a in b\nprint f('b', 'abc'), f('a', ['a'])\nf('bc', 'abc')",
         "TypeError: string member test needs char left operand"),
        ("def f(a, b): return a not in b\nf('a', {'a': 1})", "AttributeError: __getitem__"),
        ("def f(b):\n  for a in b: pass\nf('abc'); f([1]); f(range(3))\nf({})", "TypeError: loop over non-sequence"),
        ("def f(b): return [a for a in b]\nf((1, 2))\nf(open('/s.py'))", "TypeError: loop over non-sequence"),
        ("m = 'f:'\nraise m + 'text'", "f:text"),
        ("try: raise'text'\nexcept ValueError: pass", "text"),
    ],
)  # fmt: skip
def test_what_fails_by_its_value(wsadmin: Wsadmin, text: str, says: str) -> None:
    code, lines = wsadmin("-f", script(wsadmin, text))
    assert code == 105
    assert lines[-1] == says
    line = text.count("\n") if text.startswith("try") else text.count("\n") + 1
    assert f'  File "<string>", line {line}, in ?' in lines


def test_the_library_has_what_scripts_have_not(wsadmin: Wsadmin) -> None:
    """Its modules were written for this Jython: they need True, and their own modules."""
    code, lines = wsadmin(
        "-c", "import os, string, re, StringIO, traceback, time, copy, glob, random",
        "-c", "os.path.isdir('/usr'), string.join(['a', 'b'], '-'), re.sub('a', 'b', 'a'), glob.glob('/nothing*')",
    )  # fmt: skip
    assert (code, lines[1:]) == (0, ["(True, 'a-b', 'b', [])"])


def test_a_script_may_define_what_came_later(wsadmin: Wsadmin) -> None:
    file = script(wsadmin, """\
(False, True) = (0, 1)
try:
    import logging
except ImportError:
    print "no logging"
try:
    bool
except NameError:
    def bool(value): return value
def flag(value=False): return bool(value)
print flag(), flag(True)
""")  # fmt: skip
    assert wsadmin("-f", file)[1][1:] == ["no logging", "0 1"]


def test_commands_share_a_namespace_and_show_values(wsadmin: Wsadmin) -> None:
    code, lines = wsadmin("-c", "x = AdminConfig.list('Cell')", "-c", "x", "-c", "None", "-c", "print 'y'")
    assert code == 0
    assert lines[1:] == ["'a(cells/c|cell.xml#Cell_1)\\nb(cells/c|cell.xml#Cell_2)'", "y"]


def test_files_that_a_script_executes_are_checked(wsadmin: Wsadmin) -> None:
    good = script(wsadmin, "def f(): return 'from another file'\n", "good.py")
    bad = script(wsadmin, "def f():\n    yield 1\n", "bad.py")
    file = script(wsadmin, f"execfile({good!r})\nprint f()\ntry: execfile('/gone')\nexcept IOError: print 'gone'\n"
                           f"execfile({bad!r})\n")  # fmt: skip
    code, lines = wsadmin("-f", file)
    assert code == 105
    assert lines[1:3] == ["from another file", "gone"]
    assert lines[-4:] == [f'  File "{bad}", line 2', "\t    yield 1", "\t          ^", "SyntaxError: invalid syntax"]


@pytest.mark.parametrize(("statement", "code"), [("sys.exit(7)", 7), ("sys.exit()", 0), ("sys.exit('no')", 1)])
def test_a_script_chooses_its_exit_code(wsadmin: Wsadmin, statement: str, code: int) -> None:
    assert wsadmin("-f", script(wsadmin, f"import sys\n{statement}\n"))[0] == code


def test_standard_input_is_the_scripts(wsadmin: Wsadmin) -> None:
    file = script(wsadmin, "import sys\nprint sys.stdin.readline(),\nprint raw_input()\nprint >>sys.stderr, 1\n")
    done = wsadmin.run("-lang", "jython", "-f", file, stdin="first\nsecond\n")
    assert done.stdout.decode().splitlines()[1:] == ["first", "second"]
    assert done.stderr == b"1\n"


def test_interactive(wsadmin: Wsadmin) -> None:
    code, lines = wsadmin(stdin="x = 1\nx\ndef f(y):\n    return y + 1\n\nf(x)\nnobody\nquit\nprint 'not reached'\n")
    assert code == 0
    assert lines[1:3] == ['WASX7031I: For help, enter: "print Help.help()"', "wsadmin>wsadmin>1"]
    assert lines[3] == "wsadmin>wsadmin>2"
    assert lines[4].startswith('wsadmin>WASX7015E: Exception running command: "nobody"')
    assert lines[-2:] == ["NameError: nobody", "wsadmin>"]


# -- changes -----------------------------------------------------------------------------------------------------------
def test_changes_of_a_script_that_were_not_saved(wsadmin: Wsadmin) -> None:
    wsadmin.listen({"AdminConfig.hasChanges": 1, "AdminConfig.save": ""})
    file = script(wsadmin, "print 'done'\n")
    code, lines = wsadmin("-f", file)
    assert (code, lines[1]) == (0, "done")
    assert lines[2] == (
        f'WASX7309W: No "save" was performed before the script "{file}" exited; configuration changes will not be '
        "saved."
    )
    assert [name for name, _ in wsadmin.called()] == ["AdminConfig.hasChanges"]
    assert (wsadmin.folder / "closed").exists()


def test_changes_of_commands_are_saved(wsadmin: Wsadmin) -> None:
    wsadmin.listen({"AdminConfig.hasChanges": 1, "AdminConfig.save": ""})
    assert wsadmin("-c", "1") == (0, [CONNECTED, "1"])
    assert [name for name, _ in wsadmin.called()] == ["AdminConfig.hasChanges", "AdminConfig.save"]


def test_a_save_that_fails_is_the_commands_failure(wsadmin: Wsadmin) -> None:
    wsadmin.listen({"AdminConfig.hasChanges": 1, "AdminConfig.save": ["error", "WASX7000E: conflict"]})
    assert wsadmin("-c", "1") == (
        103, [CONNECTED, "1", "com.ibm.ws.scripting.ScriptingException: WASX7000E: conflict"],
    )  # fmt: skip


def test_nothing_is_saved_when_a_command_failed(wsadmin: Wsadmin) -> None:
    wsadmin.listen({"AdminConfig.hasChanges": 1, "AdminConfig.save": ""})
    assert wsadmin("-c", "x")[0] == 103
    assert "AdminConfig.save" not in [name for name, _ in wsadmin.called()]


# -- Windows -----------------------------------------------------------------------------------------------------------
def test_windows_ends_lines_and_names_files_in_its_way(tmp_path: Path) -> None:
    wsadmin = Wsadmin(tmp_path, "windows")
    wsadmin.listen()
    text = "print repr(lineSeparator)\nfile = open('C:\\\\out.txt', 'w')\nfile.write('x')\nfile.close()\nprint 'end'\n"
    done = wsadmin.run("-lang", "jython", "-f", wsadmin.host.write("C:\\s.py", text))
    assert done.returncode == 0
    assert done.stdout.endswith(b"'\\r\\n'\r\nend\r\n")
    assert wsadmin.host.read("C:\\out.txt") == "x"
