# Runs a batch file or program with nothing on its standard input and all that it prints in a file; returns its exit code.
# A file and no pipe: a server that the program starts keeps it open when the program has ended.
function Start-ToFile($program, $arguments, $file) {
    $start = New-Object Diagnostics.ProcessStartInfo
    $start.FileName = 'cmd.exe'
    $start.Arguments = '/c ""' + $program + '" ' + $arguments + ' > "' + $file + '" 2>&1"'
    $start.UseShellExecute = $false
    $start.RedirectStandardInput = $true
    $process = [Diagnostics.Process]::Start($start)
    $process.StandardInput.Close()
    $process.WaitForExit()
    return $process.ExitCode
}
