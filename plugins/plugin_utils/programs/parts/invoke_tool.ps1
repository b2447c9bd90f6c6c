# Runs a program with what it asks for on its standard input; returns its exit code. What it prints is in $said, what it
# writes to standard error comes with that of this program. $program: full path, without .bat, .cmd or .exe.
$said = ''
function Invoke-Tool($program, $arguments, $answers) {
    $start = New-Object Diagnostics.ProcessStartInfo
    foreach ($ending in '.bat', '.cmd', '.exe') {
        if ([IO.File]::Exists($program + $ending)) {
            $start.FileName = $program + $ending
        }
    }
    if (-not $start.FileName) {
        [Console]::Error.WriteLine('there is no ' + $program + '.exe, .cmd or .bat')
        exit 1
    }
    $start.Arguments = $arguments
    $start.UseShellExecute = $false
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    $process = [Diagnostics.Process]::Start($start)
    $process.StandardInput.Write($answers)
    $process.StandardInput.Close()
    $script:said = $process.StandardOutput.ReadToEnd()
    # Read behind the output: these tools complain in a few lines, which a pipe holds.
    $complaint = $process.StandardError.ReadToEnd()
    $process.WaitForExit()
    if ($complaint) {
        [Console]::Error.WriteLine($complaint.TrimEnd())
    }
    return $process.ExitCode
}
