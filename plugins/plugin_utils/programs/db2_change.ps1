# Change rows of a DB2 database: all statements or none.
# path: the DB2 copy; name: the instance; database: its alias in capitals; statements: SQL statements.
# Exit code 4 or higher is that of the statement that failed, which standard error tells.

$db2 = $path + '\BIN\db2.exe'
$env:DB2CLP = '**$$**'
$env:DB2INSTANCE = $name
$said = & $db2 ('connect to ' + $database)
$rc = $LASTEXITCODE
if ($rc -ge 4) {
    [Console]::Error.WriteLine(@($said) -join "`n")
    exit $rc
}
foreach ($text in $statements) {
    $said = & $db2 '+c' $text
    $rc = $LASTEXITCODE
    if ($rc -ge 4) {
        [Console]::Error.WriteLine($text + ': ' + (@($said) -join "`n"))
        # To terminate would commit what was done before.
        $ended = & $db2 'rollback'
        break
    }
}
if ($rc -lt 4) {
    $said = & $db2 'commit'
    $rc = $LASTEXITCODE
    if ($rc -ge 4) {
        [Console]::Error.WriteLine('commit: ' + (@($said) -join "`n"))
    }
}
$ended = & $db2 'terminate'
if ($rc -ge 4) {
    exit $rc
}
exit 0
