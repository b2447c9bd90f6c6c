# Credentials in the soap.client.props of a WebSphere profile, where its commands look for them, for as long as one works.
# profile_path: the folder of the profile; credentials: lines of properties; timeout: seconds to wait for another run's
# credentials to go. Open-Lock comes first, then Restore-Original and Write-Credentials, Close-Lock whatever happens.
$props = $profile_path + '\properties\soap.client.props'
$original = $props + '.original'

# Windows itself opens the lock of a run that was killed.
function Open-Lock {
    if (-not ([IO.File]::Exists($props) -or [IO.File]::Exists($original))) {
        [Console]::Error.WriteLine('there is no ' + $props)
        exit 1
    }
    for ($left = [int]$timeout; $left -ge 0; $left--) {
        try {
            return [IO.File]::Open($props + '.lock', 'OpenOrCreate', 'ReadWrite', 'None')
        } catch {
            Start-Sleep -Seconds 1
        }
    }
    [Console]::Error.WriteLine('another run has its credentials in ' + $props + ' since ' + $timeout + ' seconds')
    exit 1
}

# The original is there while, and only while, another stands in its place.
function Restore-Original {
    [IO.File]::Delete($props + '.new')
    if ([IO.File]::Exists($original)) {
        [IO.File]::Delete($props)
        [IO.File]::Move($original, $props)
    }
}

function Close-Lock($lock) {
    Restore-Original
    $lock.Close()
    try {
        [IO.File]::Delete($props + '.lock')
    } catch {
        # The next run is behind it already, and removes it.
        return
    }
}

function Write-Credentials {
    $lines = @()
    foreach ($line in [IO.File]::ReadAllLines($props)) {
        if ($line -notmatch '^com\.ibm\.SOAP\.(securityEnabled|loginUserid|loginPassword|loginSource)=') {
            $lines += $line
        }
    }
    $new = $props + '.new'
    [IO.File]::WriteAllText($new, '')
    $security = New-Object Security.AccessControl.FileSecurity
    $security.SetSecurityDescriptorSddlForm('D:P(A;;FA;;;BA)(A;;FA;;;SY)')
    [IO.File]::SetAccessControl($new, $security)
    [IO.File]::WriteAllText($new, ($lines -join "`r`n") + "`r`n" + $credentials)
    [IO.File]::Move($props, $original)
    [IO.File]::Move($new, $props)
}
