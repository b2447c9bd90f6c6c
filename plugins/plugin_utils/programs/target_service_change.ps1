# Change a Windows service, in this order: stop, define, start mode, restart after a failure, remove, start.
# name: the service; stop, start, remove: whether; timeout: seconds; define: make, change or nothing; command,
# display_name: its definition; account, password: set when account is not empty; mode: Automatic, Manual or nothing;
# restart_ms: milliseconds from an end by itself to the next start, or nothing.

function Find-Service() {
    return Get-WmiObject Win32_Service -Filter ("Name = '" + $name + "'")
}

function Confirm-Done($what, $answer) {
    if ($answer.ReturnValue -ne 0) {
        [Console]::Error.WriteLine($name + ': ' + $what + ' was refused with code ' + $answer.ReturnValue)
        exit 1
    }
}

function Wait-State($wanted) {
    $left = $timeout
    $service = Find-Service
    while ($service.State -ne $wanted) {
        if ($left -le 0) {
            [Console]::Error.WriteLine($name + ' is ' + $service.State + ' and not ' + $wanted + ' after ' + $timeout + ' seconds')
            exit 1
        }
        Start-Sleep -Seconds 1
        $left = $left - 1
        $service = Find-Service
    }
}

if ($stop) {
    $service = Find-Service
    if ($service.State -eq 'Running') {
        Confirm-Done 'stopping' ($service.StopService())
    }
    Wait-State 'Stopped'
}
if ($define -eq 'make') {
    $made = New-Service -Name $name -BinaryPathName $command -DisplayName $display_name -StartupType Manual
}
if ($define -eq 'change') {
    $service = Find-Service
    Confirm-Done 'the definition' ($service.Change($display_name, $command))
}
if ($account) {
    $service = Find-Service
    Confirm-Done 'the account' ($service.Change($null, $null, $null, $null, $null, $false, $account, $password))
}
if ($mode) {
    Set-Service -Name $name -StartupType $mode
}
if ($restart_ms) {
    # However often it ends: the last action counts for all further ends, and a day without any begins anew.
    $said = & sc.exe failure $name 'reset=' 86400 'actions=' ('restart/' + $restart_ms + '/restart/' + $restart_ms)
    if ($LASTEXITCODE -ne 0) {
        [Console]::Error.WriteLine($name + ': its restart was refused: ' + [string]::Join(' ', $said))
        exit 1
    }
}
if ($remove) {
    $service = Find-Service
    Confirm-Done 'removing' ($service.Delete())
}
if ($start) {
    $service = Find-Service
    if ($service.State -ne 'Running') {
        Confirm-Done 'starting' ($service.StartService())
    }
    Wait-State 'Running'
}
exit 0
