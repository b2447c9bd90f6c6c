# Change rows of a DB2 database: all statements or none, and none where the rows are others than were read before.
# path: the DB2 copy; name: the instance; database: its alias in capitals; locks: SQL statements that come first, so that
# nothing changes behind the comparison; query: as for db2_rows; rows: its words when they were read; statements: SQL
# statements.
# Prints conflict=1 when the rows are others. Exit code 4 or higher is that of the statement that failed, which standard
# error tells.

$db2 = $path + '\BIN\db2.exe'
$env:DB2CLP = '**$$**'
$env:DB2INSTANCE = $name

# The exit code of db2; that of a system error when it was killed, which Windows tells by a negative one.
function Get-Code() {
    if ($LASTEXITCODE -lt 0) {
        return 8
    }
    return $LASTEXITCODE
}

# The exit code of the first that fails, else that of the last.
function Invoke-Statements($list) {
    $code = 0
    foreach ($text in $list) {
        $said = & $db2 '+c' $text
        $code = Get-Code
        if ($code -ge 4) {
            [Console]::Error.WriteLine($text + ': ' + (@($said) -join "`n"))
            break
        }
    }
    return $code
}

$said = & $db2 ('connect to ' + $database)
$rc = Get-Code
if ($rc -ge 4) {
    [Console]::Error.WriteLine(@($said) -join "`n")
    exit $rc
}
$conflict = $false
$rc = Invoke-Statements $locks
if ($rc -lt 4) {
    $said = & $db2 '+c' '-x' $query
    $rc = Get-Code
    if ($rc -ge 4) {
        [Console]::Error.WriteLine(@($said) -join "`n")
    }
}
if ($rc -lt 4) {
    $before = @{}
    foreach ($row in $rows) {
        $before[$row] = 1
    }
    $count = 0
    foreach ($line in @($said)) {
        if ($line -match '^(\d\S*)\s*$') {
            $count = $count + 1
            $conflict = $conflict -or (-not $before.ContainsKey($matches[1]))
        }
    }
    $conflict = $conflict -or ($count -ne $before.Count)
    if (-not $conflict) {
        $rc = Invoke-Statements $statements
    }
}
if ((-not $conflict) -and ($rc -lt 4)) {
    $said = & $db2 'commit'
    $rc = Get-Code
    if ($rc -ge 4) {
        [Console]::Error.WriteLine('commit: ' + (@($said) -join "`n"))
    }
}
if ($conflict -or ($rc -ge 4)) {
    # To terminate would commit what was done before.
    $ended = & $db2 'rollback'
}
$ended = & $db2 'terminate'
if ($rc -ge 4) {
    exit $rc
}
if ($conflict) {
    [Console]::Out.WriteLine('conflict=1')
}
exit 0
