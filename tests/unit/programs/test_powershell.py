"""Every PowerShell text of this collection, proven by strangers: the tree-sitter grammar, and lists of what
PowerShell 2.0 and .NET 2.0 to 3.5 know."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lab.windows.powershell import program
from lab.windows.powershell.cmdlets.core import CMDLETS
from lab.windows.powershell.dialect import violations
from lab.windows.powershell.dialect.cmdlets import PARAMETERS
from lab.windows.powershell.dialect.net_types import INSTANCE_MEMBERS, STATIC_MEMBERS
from lab.windows.powershell.dotnet import arrays, strings
from lab.windows.powershell.dotnet.core import TYPES
from plugins.plugin_utils._programs import PROGRAMS, PS_COMMAND, ps_source, quote_ps

PROGRAM_FILES = sorted(PROGRAMS.glob("*.ps1"))


def test_there_are_programs() -> None:
    assert PROGRAM_FILES


@pytest.mark.parametrize("file", PROGRAM_FILES, ids=lambda file: file.stem)
def test_a_program_is_powershell_2(file: Path) -> None:
    assert violations(ps_source(file.stem)) == []


@pytest.mark.parametrize("file", PROGRAM_FILES, ids=lambda file: file.stem)
def test_a_program_prints_by_the_console_only(file: Path) -> None:
    # Write-Output is wrapped at 80 columns when nobody watches.
    text = ps_source(file.stem)
    assert not any(word in text for word in ("Write-Output", "Write-Host", "Out-Default"))


@pytest.mark.parametrize("file", sorted(PROGRAMS.glob("db2*.ps1")), ids=lambda file: file.stem)
def test_a_program_sees_that_db2_was_killed(file: Path) -> None:
    # Exit codes are signed there: those of crashes are below 0, and below 4.
    text = ps_source(file.stem)
    if re.search(r"(LASTEXITCODE|rc) -(ge|lt) 4", text):
        assert re.search(r"(LASTEXITCODE|rc) -(ge|lt) 0", text)


def test_the_command_that_starts_programs_is_powershell_2() -> None:
    assert violations(PS_COMMAND) == []


def test_parameters_are_powershell_2() -> None:
    nasty = 'it\'s \u2018quoted\u2019 $(evil) `n "x"'
    assert violations(f"$a = {quote_ps(nasty)}; $b = @({quote_ps(nasty)}, 'c'); $c = $true; $d = $null") == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("if ('a' -in $x) { 1 }", "-in"),
        ("if ('a' -notin $x) { 1 }", "-notin"),
        ("$x = 1 -shl 2", "-shl"),
        ("$x = [ordered]@{a = 1}", "[ordered]"),
        ("$x = [pscustomobject]@{a = 1}", "[pscustomobject]"),
        ("Get-CimInstance Win32_Service", "Get-CimInstance"),
        ("$x | ConvertTo-Json", "ConvertTo-Json"),
        ("Invoke-WebRequest $u", "Invoke-WebRequest"),
        ("Get-FileHash $f", "Get-FileHash"),
        ("Get-Content $f -Raw", "-Raw"),
        ("Get-ChildItem C:\\x -Directory", "-Directory"),
        ("$x | ForEach-Object { $PSItem }", "$PSItem"),
        ("$a.Where({ $_ })", ".Where()"),
        ("$a.ForEach({ $_ })", "ForEach"),
        ("$x = $PSScriptRoot", "$PSScriptRoot"),
        ("[string]::IsNullOrWhiteSpace($x)", "IsNullOrWhiteSpace"),
        ("[IO.Directory]::EnumerateFiles($x)", "EnumerateFiles"),
        ("[Environment]::Is64BitOperatingSystem", "Is64BitOperatingSystem"),
        ("[Net.Http.HttpClient]::new()", "Net.Http.HttpClient"),
        ("New-Object Net.Http.HttpClient", "Net.Http.HttpClient"),
        ("[IO.File]::new()", "new"),
        ("Get-Something -a 1", "Get-Something"),
        ("Test-Path $x -Sort", "-Sort"),
        ("mkfs $x", "mkfs"),
        ("Show @params", "@params"),
        ("class A { [int]$x }", "class"),
        ("enum A { b }", "enum"),
        ("using namespace System.IO", "using"),
        ("cmd /c dir && cmd /c ver", "&&"),
        ("foreach ($x in 1, 2", "line 1"),
        ("$x = (Get-Item C:\\x).NoSuchProperty", "NoSuchProperty"),
    ],
)
def test_what_is_not_powershell_2_is_caught(text: str, why: str) -> None:
    found = violations(text)
    assert found, text
    assert any(why.casefold() in each.casefold() for each in found), found


def test_the_interpreter_has_no_cmdlet_or_parameter_beyond_the_lists() -> None:
    assert program.REGISTERED
    for cmdlet in CMDLETS.values():
        assert set(cmdlet.parameters) <= set(PARAMETERS[cmdlet.name].split()), cmdlet.name


def test_the_interpreter_has_no_static_member_beyond_the_lists() -> None:
    for kind in TYPES.values():
        names = {name for name in kind.statics.names() if not name.startswith("$")}
        assert names <= set(STATIC_MEMBERS[kind.name].split()), kind.name


def test_the_interpreter_has_no_member_of_strings_and_tables_beyond_the_lists() -> None:
    for members, name in (
        (strings.MEMBERS, "String"),
        (arrays.HASHTABLE, "Collections.Hashtable"),
        (arrays.MEMBERS, "Array"),
    ):
        assert members.names() <= set(INSTANCE_MEMBERS[f"System.{name}"].split())
