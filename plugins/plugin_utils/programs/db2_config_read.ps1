# Tell about the configuration of a DB2 database. Prints exists=1 when there is the database, config.NAME= for each parameter.
# path: the DB2 copy; name: the instance; database: its alias in capitals.

$db2 = $path + '\BIN\db2.exe'
if (-not [IO.File]::Exists($db2)) {
    exit 0
}
$env:DB2CLP = '**$$**'
$env:DB2INSTANCE = $name
$said = @(& $db2 ('get db cfg for ' + $database))
# A program that was killed or crashed ends with a negative code.
if (($LASTEXITCODE -ge 0) -and ($LASTEXITCODE -lt 4)) {
    [Console]::Out.WriteLine('exists=1')
    foreach ($line in $said) {
        if ($line -match '\(([A-Z0-9_]+)\)\s*=\s*(.*)$') {
            [Console]::Out.WriteLine('config.' + $matches[1] + '=' + $matches[2])
        }
    }
}
$ended = & $db2 'terminate'
exit 0
