"""Every Perl program that goes to a target: within what Perl 5.8 knows and brings, judged by strangers."""

from __future__ import annotations

import re
import subprocess

import pytest

from plugins.plugin_utils._programs import PROGRAMS, perl_text

PROGRAM_FILES = sorted(path.stem for path in PROGRAMS.glob("*.pl"))
SYNTAX = "my $d = Perl::MinimumVersion->new(\\join '', <STDIN>) or die; print $d->minimum_version->numify"
CORE = "print Module::CoreList->first_release($_) || 'never', qq(\\n) for @ARGV"


def perl(module: str, program: str, *arguments: str, stdin: str = "") -> str:
    done = subprocess.run(
        ["perl", f"-M{module}", "-e", program, *arguments], input=stdin, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def modules_of(text: str) -> list[str]:
    return re.findall(r"^use ([A-Z][\w:]+|strict|warnings)", text, re.MULTILINE)


@pytest.mark.parametrize("name", PROGRAM_FILES)
def test_a_program_is_perl_5_8(name: str) -> None:
    text = perl_text(name, {})
    assert float(perl("Perl::MinimumVersion", SYNTAX, stdin=text)) <= 5.008
    assert text.isascii()
    assert not re.search(r"^(require|no) ", text, re.MULTILINE)
    modules = modules_of(text)
    assert {"strict", "warnings"} <= set(modules)
    for module, release in zip(modules, perl("Module::CoreList", CORE, *modules).split(), strict=True):
        assert float(release) <= 5.008, module


def test_what_came_later_is_seen() -> None:
    assert float(perl("Perl::MinimumVersion", SYNTAX, stdin="my $x = shift; $x //= 1;")) > 5.008
    assert perl("Module::CoreList", CORE, "IO::Socket::SSL").strip() == "never"


@pytest.mark.parametrize("value", ["it's", "a\\", "\\'", "$x @y", "\u00e4\n", ""])
def test_a_parameter_arrives_as_it_is(value: str) -> None:
    text = perl_text("sip_probe", {"one": value, "all": [value, "2"], "number": -3}).partition("# A plain")[0]
    shown = subprocess.run(
        ["perl", "-"], input=f"{text}print join '|', $one, @all, $number;", capture_output=True, text=True, check=True
    )
    assert shown.stdout == f"{value}|{value}|2|-3"
