# Tell about a DB2 database. Prints instance=1, exists=1, codeset=, territory=, connected=1 or problem= (why not),
# tables= (number of tables that are not DB2's own), count= (what the query says).
# path: the DB2 copy; name: the instance; database: its alias in capitals; query: an SQL query for one number, may be null.

$db2 = $path + '\BIN\db2.exe'
if (-not [IO.File]::Exists($db2)) {
    exit 0
}
[Console]::Out.WriteLine('instance=1')
$env:DB2CLP = '**$$**'
$env:DB2INSTANCE = $name
$exists = $false
foreach ($line in @(& $db2 'list db directory')) {
    if (($line -match '^ Database alias\s+= (\S+)') -and ($matches[1] -eq $database)) {
        $exists = $true
    }
}
if (-not $exists) {
    exit 0
}
[Console]::Out.WriteLine('exists=1')
foreach ($line in @(& $db2 ('get db cfg for ' + $database))) {
    if ($line -match '^ Database code set\s+= (\S+)') {
        [Console]::Out.WriteLine('codeset=' + $matches[1])
    }
    if ($line -match '^ Database territory\s+= (\S+)') {
        [Console]::Out.WriteLine('territory=' + $matches[1])
    }
}
$said = & $db2 ('connect to ' + $database)
$rc = $LASTEXITCODE
if (($rc -ge 4) -or ($rc -lt 0)) {
    # A program that was killed says nothing.
    [Console]::Out.WriteLine('problem=db2 ended with exit code ' + $rc)
    foreach ($line in @($said)) {
        if ($line -match 'SQL\d') {
            [Console]::Out.WriteLine('problem=' + $line)
        }
    }
    exit 0
}
[Console]::Out.WriteLine('connected=1')
$said = & $db2 '-x' "select count(*) from syscat.tables where tabschema not like 'SYS%'"
[Console]::Out.WriteLine('tables=' + ($said -join '').Trim())
if ($query) {
    $said = & $db2 '-x' $query
    [Console]::Out.WriteLine('count=' + ($said -join '').Trim())
}
$ended = & $db2 'terminate'
exit 0
