# Run DB2 commands for an instance, in one session; the first that fails ends it.
# path: the DB2 copy; name: the instance; commands: each its program and then its text, which is one argument.
# The text that follows is what the commands say. Exit code 4 or higher is that of the command that failed.

# What a DB2 command window sets; without it the command line processor refuses to work.
$env:DB2CLP = '**$$**'
$env:DB2INSTANCE = $name
$said = ''
$rc = 0
$failed = ''
foreach ($command in $commands) {
    $program, $text = $command.Split(' ', 2)
    $file = $path + '\BIN\' + $program + '.exe'
    if ($text) {
        $lines = & $file $text
    } else {
        $lines = & $file
    }
    $rc = $LASTEXITCODE
    if ($rc -lt 0) {
        # It was killed or crashed, which Windows tells by a negative code.
        $rc = 8
    }
    $said += (@($lines) -join "`n") + "`n"
    if ($rc -ge 4) {
        $failed = $command
        break
    }
}
[Console]::Out.WriteLine('--')
[Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($said)))
if ($failed) {
    [Console]::Error.WriteLine($failed + ': exit code ' + $rc)
    exit $rc
}
exit 0
