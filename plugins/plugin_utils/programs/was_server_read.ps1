# Tell about a server of a WebSphere profile. Prints cell=, node=, configured=1, pid= (of a process that is there),
# newer= for each document of the server, its node's index, its cluster, its cell and its federated repositories that is
# newer than that (its path below the folder of the cell); of a server that is not there, those that changed between its last start and the stop after
# it, failed=1 (it was stopped, and has not come back from the start after that),
# listening= for each port that is open on this machine, security=1 (administrative security is on), login=1 (the
# profile has credentials of its own). The blob is the node's serverindex.xml.
# profile_path: its folder; name: the server.

# include: profile_settings
$settings = Get-ProfileSettings $profile_path
if (-not $settings) {
    exit 0
}
[Console]::Out.WriteLine('cell=' + $settings['WAS_CELL'])
[Console]::Out.WriteLine('node=' + $settings['WAS_NODE'])
$folder = $profile_path + '\config\cells\' + $settings['WAS_CELL']
$nodeFolder = $folder + '\nodes\' + $settings['WAS_NODE']
if ([IO.File]::Exists($nodeFolder + '\servers\' + $name + '\server.xml')) {
    [Console]::Out.WriteLine('configured=1')
}
$running = $false
$logs = $profile_path + '\logs\' + $name
$file = $logs + '\' + $name + '.pid'
if ([IO.File]::Exists($file)) {
    $id = [IO.File]::ReadAllText($file).Trim()
    if ($id -match '^\d+$') {
        foreach ($process in @(Get-WmiObject Win32_Process -Filter ('ProcessId=' + $id))) {
            # Not only the number counts: numbers are used again.
            if ($process -and $process.CommandLine -and
                ($process.CommandLine.Contains('java') -or $process.CommandLine.Contains($name))) {
                [Console]::Out.WriteLine('pid=' + $id)
                $running = $true
            }
        }
    }
}
# The documents that were written after the one time and not after the other.
$after = $null
$until = $null
$start = $logs + '\startServer.log'
$stop = $logs + '\stopServer.log'
if ($running) {
    $after = [IO.File]::GetLastWriteTime($file)
} elseif ([IO.File]::Exists($start) -and [IO.File]::Exists($stop)) {
    $after = [IO.File]::GetLastWriteTime($start)
    $until = [IO.File]::GetLastWriteTime($stop)
    if ($after -gt $until) {
        $failed = $false
        foreach ($line in [IO.File]::ReadAllLines($start)) {
            if ($line -match 'ADMU3000I') {
                $failed = $false
            } elseif ($line -match 'ADMU\d+E') {
                $failed = $true
            }
        }
        if ($failed) {
            [Console]::Out.WriteLine('failed=1')
        }
    }
}
if ($after) {
    $places = @($nodeFolder + '\servers\' + $name)
    $server = $nodeFolder + '\servers\' + $name + '\server.xml'
    if ([IO.File]::Exists($server) -and ([IO.File]::ReadAllText($server) -match '\sclusterName="([^"]+)"')) {
        $places += $folder + '\clusters\' + $matches[1]
    }
    $documents = @(($nodeFolder + '\serverindex.xml'), ($folder + '\cell.xml'), ($folder + '\wim\config\wimconfig.xml'))
    foreach ($place in $places) {
        if ([IO.Directory]::Exists($place)) {
            foreach ($item in @(Get-ChildItem -LiteralPath $place -Recurse)) {
                if (-not $item.PSIsContainer) {
                    $documents += $item.FullName
                }
            }
        }
    }
    foreach ($document in $documents) {
        if ([IO.File]::Exists($document)) {
            $written = [IO.File]::GetLastWriteTime($document)
            if (($written -gt $after) -and (-not $until -or $written -le $until)) {
                [Console]::Out.WriteLine('newer=' + $document.Substring($folder.Length + 1).Replace('\', '/'))
            }
        }
    }
}
foreach ($line in @(& netstat.exe -an)) {
    if ($line -match '^\s*TCP\s+\S+:(\d+)\s.*LISTEN') {
        [Console]::Out.WriteLine('listening=' + $matches[1])
    }
}
$security = $folder + '\security.xml'
if ([IO.File]::Exists($security) -and
    ([IO.File]::ReadAllText($security) -match '<security:Security\s[^>]*\senabled="true"')) {
    [Console]::Out.WriteLine('security=1')
}
$props = $profile_path + '\properties\soap.client.props'
if ([IO.File]::Exists($props)) {
    foreach ($line in [IO.File]::ReadAllLines($props)) {
        if ($line -match '^com\.ibm\.SOAP\.loginPassword=.') {
            [Console]::Out.WriteLine('login=1')
        }
    }
}
if ([IO.File]::Exists($nodeFolder + '\serverindex.xml')) {
    [Console]::Out.WriteLine('--')
    $text = [IO.File]::ReadAllText($nodeFolder + '\serverindex.xml')
    [Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($text)))
}
exit 0
