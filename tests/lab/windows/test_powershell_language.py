"""What PowerShell 2.0 makes of values, operators and statements; each case is a text and what it prints."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.lab.windows.conftest import Ran

PowerShell = Callable[..., Ran]


def check(ps: PowerShell, text: str, wanted: str) -> None:
    code, out, err = ps(text)
    assert (err, out.rstrip("\n")) == ("", wanted)
    assert code == 0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1 + 2 * 3", "7"),
        ("7 / 2", "3.5"),
        ("6 / 2", "3"),
        ("-7 % 3", "-1"),
        ("2147483647 + 1", "2147483648"),
        ("(2147483647 + 1).GetType().Name", "Double"),
        ("(4GB).GetType().Name", "Int64"),
        ("1kb + 0x1F", "1055"),
        ("'5' + 3", "53"),
        ("5 + '3'", "8"),
        ("'ab' * 3", "ababab"),
        ("[int]2.5; [int]3.5", "2\n4"),
        ("[int]'12' + 1", "13"),
        ("(1, 2) + 3 -join ','", "1,2,3"),
        ("1 / 3", "0.333333333333333"),
        ("7 -band 3 -bor 8", "11"),
        ("-bnot 1", "-2"),
        ("[char]65 + 'b'", "Ab"),
        ("5..2 -join ' '", "5 4 3 2"),
        ("$n = 3; 1..$n -join ''", "123"),
        ("[math]::Floor(7.9)", "7"),
    ],
)
def test_arithmetic(ps: PowerShell, text: str, wanted: str) -> None:
    check(ps, text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("'Abc' -eq 'aBC'; 'Abc' -ceq 'abc'", "True\nFalse"),
        ("(1, 2, 3, 2 -eq 2) -join ','", "2,2"),
        ("@(1, 2, 3) -gt 1", "2\n3"),
        ("'a', 'b' -contains 'B'; 'a' -notcontains 'b'", "True\nTrue"),
        ("'file.txt' -like '*.TXT'; 'x' -notlike '[a-c]'", "True\nTrue"),
        ("if ('ab12' -match '(?<word>[a-z]+)(\\d+)') { $matches[1]; $matches['word'] }", "12\nab"),
        ("'a1b2' -replace '(\\d)', '<$1>'", "a<1>b<2>"),
        ("'a,b;c' -split '[,;]'", "a\nb\nc"),
        ("'a b c' -split ' ', 2", "a\nb c"),
        ("-split ' a  b '", "a\nb"),
        ("-join ('x', 'y')", "xy"),
        ("'{0:D3} {1,-4}| {2:X} {{}}' -f 7, 'ab', 255", "007 ab  | FF {}"),
        ("1 -is [int]; 'x' -is [string]; 1 -isnot [string]", "True\nTrue\nTrue"),
        ("('x' -as [int]) -eq $null", "True"),
        ("$null -eq $null; '' -eq $null; 0 -eq $false", "True\nFalse\nTrue"),
        ("$true -and -not $false; $true -xor $true", "True\nFalse"),
        ("[bool]''; [bool]'0'; [bool]@(0); [bool]@(0, 0); [bool]@()", "False\nTrue\nFalse\nTrue\nFalse"),
        ("10 -lt '9'; '10' -lt 9", "False\nTrue"),
    ],
)
def test_comparison(ps: PowerShell, text: str, wanted: str) -> None:
    check(ps, text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("$a = 'x'; \"[$a] [$($a + 1)] `$a ${a}b\"", "[x] [x1] $a xb"),
        ("'it''s $a'", "it's $a"),
        ('"a`tb"', "a\tb"),
        ('$h = @{k = @{n = 5}}; "$($h.k.n)"', "5"),
        ('$a = 1, 2; "$a"', "1 2"),
        ("$o = 'abc'; \"$o.Length\"", "abc.Length"),
        ("@'\na 'q' $b\n'@", "a 'q' $b"),
        ('$b = \'B\'; @"\n"q" $b\nend\n"@', '"q" B\nend'),
        ("'Hello'.Substring(1, 3); 'a,b'.Split(',')[1]; ' x '.Trim() + '|'", "ell\nb\nx|"),
        ("'abc'[0]; 'abc'[-1]; 'abc'.Length", "a\nc\n3"),
        ("'a b'.Replace(' ', '_').ToUpper()", "A_B"),
        ("[string]::Join('-', @(1, 2))", "1-2"),
        ("[string]$null -eq ''", "True"),
        ("\"a\\b\" + 'c'", "a\\bc"),
        ("'x' + @(1, 2)", "x1 2"),
    ],
)
def test_text(ps: PowerShell, text: str, wanted: str) -> None:
    check(ps, text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("$x = @(); $x += 1; $x += ,@(2, 3); $x.Count; $x[1].Count", "2\n2"),
        ("$a = 1, 2, 3; $a[0..1] -join ','; $a[-1]; $a[9] -eq $null", "1,2\n3\nTrue"),
        ("$a, $b = 1, 2, 3; $a; $b -join ','", "1\n2,3"),
        ("function f { 1; 2 }; $r = f; $r.Count", "2"),
        ("function f { ,@(1, 2) }; (f).Count", "2"),
        ("function f { @() }; (f) -eq $null", "True"),
        ("function f { 'one' }; (f).Count -eq $null", "True"),
        ("@('one').Count", "1"),
        ("$h = @{}; $h['A'] = 1; $h.b = 2; $h.ContainsKey('a'); $h.Count", "True\n2"),
        ("$h = @{b = 2; a = 1}; ($h.Keys | Sort-Object) -join ','", "a,b"),
        ("foreach ($e in @{x = 7}.GetEnumerator()) { $e.Key + '=' + $e.Value }", "x=7"),
        ("$l = New-Object Collections.ArrayList; [void]$l.Add('x'); $l.Add('y'); $l.Count", "1\n2"),
        ("foreach ($x in $null) { 'once' }", "once"),
        ("$s = @(1, 2, 3 | Where-Object { $_ -gt 1 } | ForEach-Object { $_ * 10 }); $s -join ','", "20,30"),
        ("(3, 1, 2 | Sort-Object -Descending) -join ''", "321"),
        ("(1..5 | Select-Object -First 2) -join ''; (1..5 | Select-Object -Last 1)", "12\n5"),
        ("(1..4 | Measure-Object -Sum).Sum", "10"),
        ("'b', 'a', 'b' | Sort-Object -Unique", "a\nb"),
        ("$o = New-Object PSObject; $o | Add-Member NoteProperty n 5; $o.N", "5"),
        ("(@{n = 2}, @{n = 1} | Sort-Object { $_.n })[0].n", "1"),
        ("[byte[]]$b = 1, 255; $b.Length; $b[1]", "2\n255"),
        ("$x = if ($true) { 'yes' } else { 'no' }; $x", "yes"),
        ("$i = 5; $i++; $i--; $i += 2; $i", "7"),
        ("($y = 3); $y", "3\n3"),
    ],
)
def test_arrays_and_tables(ps: PowerShell, text: str, wanted: str) -> None:
    check(ps, text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("foreach ($i in 1, 2, 3) { if ($i -eq 2) { continue }; $i }", "1\n3"),
        ("for ($i = 0; $i -lt 9; $i++) { if ($i -eq 2) { break }; $i }", "0\n1"),
        ("$i = 0; do { $i++ } while ($i -lt 3); do { $i++ } until ($i -gt 5); $i", "6"),
        ("$i = 3; while ($i) { $i; $i-- }", "3\n2\n1"),
        ("switch ('b') {\n 'a' { 1 }\n 'B' { 2 }\n default { 3 }\n}", "2"),
        ("switch (5) {\n { $_ -gt 3 } { 'big' }\n 5 { 'five'; break }\n 5 { 'never' }\n}", "big\nfive"),
        ("switch -regex ('x12') {\n '\\d+' { $matches[0] }\n}", "12"),
        ("switch (1, 2) {\n 1 { 'one' }\n default { 'other' }\n}", "one\nother"),
        ('function f($a, $b = 2) { "$a-$b" }; f 1; f -b 5 -a 4; f 1 2', "1-2\n4-5\n1-2"),
        ("function f([switch]$s, [int]$n) { \"$s $n\" }; f -s -n '3'; f", "True 3\nFalse 0"),
        ("function f { $args.Count; $args[1] }; f a b", "2\nb"),
        ("function f { process { $_ + 1 } }; 1, 2 | f", "2\n3"),
        ("filter g { $_ * 2 }; 1, 2 | g", "2\n4"),
        ("function f { return 1; 2 }; f", "1"),
        ("$x = 1; function f { $x = 2; $x }; f; $x", "2\n1"),
        ("$x = 1; function f { $script:x = 2 }; f; $x", "2"),
        ("$x = 1; & { $x = 2 }; $x; . { $x = 3 }; $x", "1\n3"),
        ("$b = { param($p) $p * 2 }; & $b 4", "8"),
        ("Invoke-Expression '$z = 5'; $z", "5"),
        ("[int]$n = '7'; $n = '8'; $n + 1", "9"),
        ("$PSVersionTable.PSVersion.Major", "2"),
        ("$a = [type]'int'; $a.FullName", "System.Int32"),
    ],
)
def test_statements(ps: PowerShell, text: str, wanted: str) -> None:
    check(ps, text, wanted)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("try { throw 'boom' } catch { \"got $_\" } finally { 'end' }", "got boom\nend"),
        ("try { [int]'x' } catch { 'cast' }", "cast"),
        ("try { [IO.File]::ReadAllText('C:\\no') } catch [IO.FileNotFoundException] { 'typed' }", "typed"),
        ("try { [IO.File]::ReadAllText('C:\\no') } catch { $_.Exception.InnerException.Message }",
         "Could not find file 'C:\\no'."),
        ("try { try { throw 'a' } finally { 'f' } } catch { 'c' }", "f\nc"),
        ("$a = [IO.File]::Open('C:\\kept', 'OpenOrCreate', 'ReadWrite', 'None')\n"
         "try { [IO.File]::Open('C:\\kept', 'OpenOrCreate', 'ReadWrite', 'None') } catch { 'kept' }\n"
         "$a.Close(); $b = [IO.File]::Open('C:\\kept', 'OpenOrCreate', 'ReadWrite', 'None'); $b.Close(); 'free'",
         "kept\nfree"),
        ("try { throw 'a' } catch { try { throw } catch { \"again $_\" } }", "again a"),
        ("function f { trap { 'trapped'; continue }; throw 'x'; 'after' }; f", "trapped\nafter"),
        ("Get-Item C:\\no -ErrorAction SilentlyContinue; $?; $Error.Count", "False\n1"),
        ("try { Get-Item C:\\no -ErrorAction Stop } catch { 'stopped' }", "stopped"),
        ("$ErrorActionPreference = 'Stop'; try { Get-Item C:\\no } catch { $_.Exception.GetType().Name }",
         "ItemNotFoundException"),
        ("try { $null.Foo() } catch { 'null' }", "null"),
        ("try { 1 / 0 } catch [DivideByZeroException] { 'zero' }", "zero"),
        ("try { No-Such } catch [Management.Automation.CommandNotFoundException] { 'unknown' }", "unknown"),
    ],
)  # fmt: skip
def test_errors_that_are_caught(ps: PowerShell, text: str, wanted: str) -> None:
    check(ps, text, wanted)


def test_a_thrown_error_ends_the_program_with_1(ps: PowerShell) -> None:
    code, out, err = ps("'before'; throw 'boom'; 'after'")
    assert (code, out) == (1, "before\n")
    assert err.startswith("boom\n")


def test_a_statement_that_fails_ends_alone_unless_told_to_stop(ps: PowerShell) -> None:
    text = "[IO.File]::ReadAllText('C:\\no'); 'after'"
    assert ps(text)[:2] == (0, "after\n")
    assert ps("$ErrorActionPreference = 'Stop'; " + text)[:2] == (1, "")


@pytest.mark.parametrize(
    ("text", "code"),
    [("exit 3", 3), ("exit", 0), ("function f { exit 4 }; f; 'x'", 4), ("cmd /c 'exit 5'", 1), ("1", 0),
     ("try { exit 6 } finally { $x = 1 }", 6), ("& cmd /c 'exit 7'; exit $LASTEXITCODE", 7)],
)  # fmt: skip
def test_exit_codes(ps: PowerShell, text: str, code: int) -> None:
    assert ps(text)[0] == code


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("if (1 -in 1, 2) { 1 }", "no operator -in"),
        ("[pscustomobject]@{a = 1}", "does not know [pscustomobject]"),
        ("[ordered]@{a = 1}", "does not know [ordered]"),
        ("$PSItem", "does not set $PSItem"),
        ("Get-Content C:\\x -Raw", "parameter name 'Raw'"),
        ("Get-CimInstance Win32_Service", "not recognized as the name of a cmdlet"),
        ("Get-Acl C:\\", "the lab does not imitate it"),
        ("'x'.NoSuch()", "doesn't contain a method named 'NoSuch'"),
        ("'x'.NoProperty", "no property 'NoProperty'"),
        ("@('a', 'b').Name", "no property 'Name' in [System.Object[]]"),
        ("[string]::IsNullOrWhiteSpace('')", "IsNullOrWhiteSpace"),
        ("Get-WmiObject Win32_Fan", "Win32_Fan"),
        ("try { 'x'.NoSuch() } catch { 'swallowed' }", "NoSuch"),
        ("function f(", "not understood as PowerShell 2.0"),
        ("Start-Sleep -Minutes 1", "parameter name 'Minutes'"),
        ("cmd /c ver && 1", "&&"),
    ],
)
def test_what_is_not_known_is_refused_by_name(ps: PowerShell, text: str, said: str) -> None:
    code, out, err = ps(text)
    assert (code, out) == (1, "")
    assert said in err


def test_output_without_a_console_is_wrapped_at_80_columns(ps: PowerShell) -> None:
    assert ps("'x' * 100")[1] == "x" * 80 + "\n" + "x" * 20 + "\n"
    assert ps("[Console]::Out.WriteLine('x' * 100)")[1] == "x" * 100 + "\n"


def test_standard_input_is_input(ps: PowerShell) -> None:
    assert ps("$t = -join @($input); [Console]::Out.WriteLine($t)", "ab\r\ncd\r\n")[1] == "abcd\n"


def test_what_the_code_page_lacks_becomes_a_question_mark(ps: PowerShell) -> None:
    assert ps("[Console]::Out.WriteLine([char]0x4e2d + 'x')")[1] == "?x\n"
