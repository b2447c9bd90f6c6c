# Tell the rows of a query, one word each. Prints instance=1 when there is DB2, problem= (why the database does not
# answer), row= for each row.
# path: the DB2 copy; name: the instance; database: its alias in capitals; query: an SQL query whose rows have one column
# without blanks.

$db2 = $path + '\BIN\db2.exe'
if (-not [IO.File]::Exists($db2)) {
    exit 0
}
[Console]::Out.WriteLine('instance=1')
$env:DB2CLP = '**$$**'
$env:DB2INSTANCE = $name
$said = & $db2 ('connect to ' + $database)
$rc = $LASTEXITCODE
if ($rc -lt 4) {
    $said = & $db2 '-x' $query
    $rc = $LASTEXITCODE
    if ($rc -lt 4) {
        foreach ($line in @($said)) {
            if ($line -match '^(\d\S*)\s*$') {
                [Console]::Out.WriteLine('row=' + $matches[1])
            }
        }
    }
    $ended = & $db2 'terminate'
}
if (($rc -ge 4) -or ($rc -lt 0)) {
    # A program that was killed says nothing, and no rows are rows too.
    [Console]::Out.WriteLine('problem=db2 ended with exit code ' + $rc)
    foreach ($line in @($said)) {
        if ($line -match 'SQL\d') {
            [Console]::Out.WriteLine('problem=' + $line)
        }
    }
}
exit 0
