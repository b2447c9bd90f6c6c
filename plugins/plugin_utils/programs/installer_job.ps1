# Start, look at or end an installer that works detached from the connection.
# action: look, start, clear (what an ended job left) or end (the job too); work_dir: parent of the job's folder;
# work: the job's folder; logs: paths of what the installer writes; response: content of the response file; program,
# arguments: the installer and its command line; chdir: folder it starts in, may be null; environment: NAME=value, may
# be empty.
# Prints job= none, running, done, lost or stale (only a response file is left), rc= once done; look adds the end of
# the log.

$privateDirectory = 'D:P(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)'

# What a file of the job says, or null when it is not there; another run may remove it at any moment.
function Read-Work($name) {
    try {
        return [IO.File]::ReadAllText($work + '\' + $name).Trim()
    } catch {
        return $null
    }
}

# The process of the job, or null. Not only its number counts: numbers are used again.
function Find-Installer {
    $id = Read-Work 'pid'
    if ($id) {
        foreach ($process in @(Get-WmiObject Win32_Process -Filter ('ProcessId=' + $id))) {
            if ($process -and $process.CommandLine -and $process.CommandLine.Contains($work)) {
                return $process
            }
        }
    }
    return $null
}

function Get-Literal($text) {
    return "'" + ([string]$text).Replace("'", "''") + "'"
}

function New-PrivateDirectory($name) {
    $made = [IO.Directory]::CreateDirectory($name)
    $security = New-Object Security.AccessControl.DirectorySecurity
    $security.SetSecurityDescriptorSddlForm($privateDirectory)
    [IO.Directory]::SetAccessControl($name, $security)
}

# What look says of the job, as lines.
function Get-State {
    if (Find-Installer) {
        return @('job=running')
    }
    $rc = Read-Work 'rc'
    if ($rc) {
        return @('job=done', ('rc=' + $rc))
    }
    if ([IO.File]::Exists($work + '\response')) {
        return @('job=stale')
    }
    if ([IO.Directory]::Exists($work)) {
        return @('job=lost')
    }
    return @('job=none')
}

# One at a time: two runs that start the same job at the same moment must not both find none. Windows itself opens the
# gate of a run that dies behind it.
function Open-Gate {
    New-PrivateDirectory $work_dir
    for ($left = 100; $left -gt 0; $left--) {
        try {
            return [IO.File]::Open($work + '.gate', 'OpenOrCreate', 'ReadWrite', 'None')
        } catch {
            Start-Sleep -Milliseconds 100
        }
    }
    [Console]::Error.WriteLine('another run keeps ' + $work + '.gate open')
    exit 1
}

function Close-Gate($gate) {
    $gate.Close()
    try {
        [IO.File]::Delete($work + '.gate')
    } catch {
        # The next run is behind it already, and removes it.
        return
    }
}

function Remove-Work {
    if ([IO.Directory]::Exists($work)) {
        [IO.Directory]::Delete($work, $true)
    }
}

function Start-Installer {
    Remove-Work
    New-PrivateDirectory $work
    foreach ($log in $logs) {
        if ([IO.File]::Exists($log)) {
            [IO.File]::Delete($log + '.previous')
            [IO.File]::Move($log, $log + '.previous')
        }
    }
    if ($response) {
        [IO.File]::WriteAllText($work + '\response', $response, [Text.Encoding]::Default)
    }
    # The job keeps itself: the response file goes whoever watches, the exit code appears whole or not at all.
    $lines = @(
        ('$work = ' + (Get-Literal $work)),
        '$rc = 1',
        'try {',
        '    $start = New-Object Diagnostics.ProcessStartInfo',
        ('    $start.FileName = ' + (Get-Literal $program)),
        ('    $start.Arguments = ' + (Get-Literal $arguments)),
        ('    $start.WorkingDirectory = ' + (Get-Literal $chdir)),
        '    $start.UseShellExecute = $false'
    )
    foreach ($pair in $environment) {
        $name, $value = $pair.Split('=', 2)
        $lines += '    $start.EnvironmentVariables[' + (Get-Literal $name) + '] = ' + (Get-Literal $value)
    }
    $lines += @(
        '    $process = [Diagnostics.Process]::Start($start)',
        '    $process.WaitForExit()',
        '    $rc = $process.ExitCode',
        '} finally {',
        '    [IO.File]::Delete($work + ''\response'')',
        '    [IO.File]::WriteAllText($work + ''\rc.new'', [string]$rc)',
        '    [IO.File]::Move($work + ''\rc.new'', $work + ''\rc'')',
        '}'
    )
    $script = $work + '\run.ps1'
    [IO.File]::WriteAllText($script, ($lines -join "`r`n"), [Text.Encoding]::Unicode)
    # Made by the service of WMI: what WinRM starts itself ends with the connection.
    $command = 'powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File "' + $script + '"'
    $made = ([wmiclass]'Win32_Process').Create($command)
    if ($made.ReturnValue -ne 0) {
        [IO.Directory]::Delete($work, $true)
        [Console]::Error.WriteLine('Windows refuses to start the job, Win32_Process.Create returns ' + $made.ReturnValue)
        exit 1
    }
    [IO.File]::WriteAllText($work + '\pid', [string]$made.ProcessId)
}

if (($action -eq 'start') -or ($action -eq 'clear')) {
    $gate = Open-Gate
    try {
        if (Find-Installer) {
            $said = 'running'
        } elseif ($action -eq 'start') {
            Start-Installer
            $said = 'started'
        } else {
            # Only now: another run may have started it anew since it was seen to have ended.
            Remove-Work
            $said = 'none'
        }
    } finally {
        Close-Gate $gate
    }
    [Console]::Out.WriteLine('job=' + $said)
    exit 0
}
if ($action -eq 'end') {
    $job = Find-Installer
    if ($job) {
        $ended = & taskkill.exe /T /F /PID $job.ProcessId
    }
    Remove-Work
    [Console]::Out.WriteLine('job=none')
    exit 0
}
$seen = @(Get-State)
if (($seen[0] -eq 'job=stale') -or ($seen[0] -eq 'job=lost')) {
    # It is half there too while another run starts or removes it.
    $gate = Open-Gate
    try {
        $seen = @(Get-State)
    } finally {
        Close-Gate $gate
    }
}
foreach ($line in $seen) {
    [Console]::Out.WriteLine($line)
}
# A program that keeps what it prints has it in output beside its response file.
$text = ''
foreach ($file in @($work + '\output') + $logs) {
    if ([IO.File]::Exists($file)) {
        # Who writes it has it open.
        $stream = [IO.File]::Open($file, 'Open', 'Read', 'ReadWrite')
        try {
            $reader = New-Object -TypeName IO.StreamReader -ArgumentList $stream, ([Text.Encoding]::Default), $true
            $more = $reader.ReadToEnd()
        } finally {
            $stream.Close()
        }
        if ($more.Length -gt 40000) {
            $more = $more.Substring($more.Length - 40000)
        }
        $text += $more
    }
}
if ($text) {
    [Console]::Out.WriteLine('--')
    [Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($text)))
}
exit 0
