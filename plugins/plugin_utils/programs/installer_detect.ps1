# Tell what is installed. Prints level= for a DB2 copy, data= for a registry value, key=1 for a registry key, path=1.
# kind: db2, registry or path; subject: the path or key looked at; value: name of a registry value, may be null.

if ($kind -eq 'db2') {
    $program = $subject + '\BIN\db2level.exe'
    if ([IO.File]::Exists($program)) {
        $said = (& $program) -join ' '
        if ($said -match 'code release "SQL(\d\d)(\d\d)\d".*Fix Pack "(\d+)"') {
            $level = '{0}.{1}.0.{2}' -f [int]$matches[1], [int]$matches[2], [int]$matches[3]
            [Console]::Out.WriteLine('level=' + $level)
        }
    }
} elseif ($kind -eq 'registry') {
    if (Test-Path -LiteralPath $subject) {
        [Console]::Out.WriteLine('key=1')
        $data = (Get-Item -LiteralPath $subject).GetValue([string]$value)
        if ($data -ne $null) {
            [Console]::Out.WriteLine('data=' + $data)
        }
    }
} elseif ($kind -eq 'path') {
    if (Test-Path -LiteralPath $subject) {
        [Console]::Out.WriteLine('path=1')
    }
} else {
    [Console]::Error.WriteLine('this system knows no detection by ' + $kind)
    exit 1
}
exit 0
