# Launches wsadmin once, for one script.
# profile_path: folder of the profile; connection: wsadmin's own arguments; credentials: lines of properties for the
# profile's soap.client.props, may be empty; script: text of the script; request: text of the file that is its argument;
# timeout: seconds, also to wait for another run; work_dir: where script and request lie, for administrators only.
# Prints rc=, or timeout=1 when wsadmin was ended. The blob is what wsadmin said.

# include: soap_credentials
$lock = $null
if ($credentials) {
    $lock = Open-Lock
}
# What killed runs left, passwords among it: Windows itself opens their locks.
foreach ($old in [IO.Directory]::GetDirectories($work_dir, 'stgw-was.*')) {
    try {
        $stream = [IO.File]::Open($old + '\lock', 'OpenOrCreate', 'ReadWrite', 'None')
        $stream.Close()
        [IO.Directory]::Delete($old, $true)
    } catch {
        continue
    }
}
$work = $work_dir + '\stgw-was.' + [Guid]::NewGuid().ToString()
$made = [IO.Directory]::CreateDirectory($work)
$mine = [IO.File]::Open($work + '\lock', 'OpenOrCreate', 'ReadWrite', 'None')
$text = ''
try {
    $security = New-Object Security.AccessControl.DirectorySecurity
    $security.SetSecurityDescriptorSddlForm('D:P(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)')
    [IO.Directory]::SetAccessControl($work, $security)
    [IO.File]::WriteAllText($work + '\script.py', $script, [Text.Encoding]::ASCII)
    [IO.File]::WriteAllText($work + '\request', $request, [Text.Encoding]::ASCII)
    $arguments = '-lang jython'
    foreach ($word in $connection) {
        $arguments = $arguments + ' "' + $word + '"'
    }
    if ($lock) {
        Restore-Original
        Write-Credentials
    }
    $arguments = $arguments + ' -f "' + $work + '\script.py" "' + $work + '\request"'
    $start = New-Object Diagnostics.ProcessStartInfo
    $start.FileName = 'cmd.exe'
    $start.Arguments = '/c ""' + $profile_path + '\bin\wsadmin.bat" ' + $arguments + ' > "' + $work + '\output" 2>&1"'
    $start.UseShellExecute = $false
    $start.RedirectStandardInput = $true
    $process = [Diagnostics.Process]::Start($start)
    $process.StandardInput.Close()
    if ($process.WaitForExit([int]$timeout * 1000)) {
        [Console]::Out.WriteLine('rc=' + $process.ExitCode)
    } else {
        $ended = & taskkill.exe /T /F /PID $process.Id
        $process.WaitForExit()
        [Console]::Out.WriteLine('timeout=1')
    }
    if ([IO.File]::Exists($work + '\output')) {
        $text = [IO.File]::ReadAllText($work + '\output', [Text.Encoding]::Default)
    }
} finally {
    if ($lock) {
        Close-Lock $lock
    }
    $mine.Close()
    [IO.Directory]::Delete($work, $true)
}
[Console]::Out.WriteLine('--')
[Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($text)))
exit 0
