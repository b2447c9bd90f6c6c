# Tell about a server of a WebSphere profile. Prints cell=, node=, configured=1, pid= (of a process that is there),
# newer= for each document of the server, its node's index, its cluster, its cell, its federated repositories and its
# security, and for each key store of an SSL configuration that the server's document names, that is newer than that (its
# path below the folder of the cell); of a server that is not there, those that changed between its last start and the
# stop after it, failed=1 (it was stopped, and has not come back from the start after that),
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
# The files of key stores: channels of the server name SSL configurations, those name key stores.
function Get-KeyStores($serverText, $securityText) {
    $named = @{}
    foreach ($part in $serverText.Split('>')) {
        if ($part -match '\ssslConfigAlias="([^"]+)"') {
            $named[$matches[1]] = 1
        }
    }
    $wanted = @{}
    $place = @{}
    $used = $false
    foreach ($part in $securityText.Split('>')) {
        if ($part -match '<repertoire\s') {
            $used = ($part -match '\salias="([^"]+)"') -and $named.ContainsKey($matches[1])
        } elseif ($used -and ($part -match '<setting\s')) {
            $used = $false
            foreach ($attribute in @('keyStore', 'trustStore')) {
                if ($part -match ('\s' + $attribute + '="([^"]+)"')) {
                    $wanted[$matches[1]] = 1
                }
            }
        } elseif (($part -match '<keyStores\s') -and ($part -match '\slocation="([^"]+)"')) {
            $path = $matches[1].Replace('${CONFIG_ROOT}', '${USER_INSTALL_ROOT}/config')
            $path = $path.Replace('${USER_INSTALL_ROOT}', $profile_path).Replace('/', '\')
            if ($part -match '\sxmi:id="([^"]+)"') {
                $place[$matches[1]] = $path
            }
        }
    }
    foreach ($id in $wanted.Keys) {
        if ($place.ContainsKey($id)) {
            $place[$id]
        }
    }
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
    $security = $folder + '\security.xml'
    $documents = @(($nodeFolder + '\serverindex.xml'), ($folder + '\cell.xml'),
        ($folder + '\wim\config\wimconfig.xml'), $security)
    if ([IO.File]::Exists($server)) {
        $text = [IO.File]::ReadAllText($server)
        if ($text -match '\sclusterName="([^"]+)"') {
            $places += $folder + '\clusters\' + $matches[1]
        }
        if ([IO.File]::Exists($security)) {
            $documents += @(Get-KeyStores $text ([IO.File]::ReadAllText($security)))
        }
    }
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
                $shown = $document
                if ($shown.StartsWith($folder + '\')) {
                    $shown = $shown.Substring($folder.Length + 1)
                }
                [Console]::Out.WriteLine('newer=' + $shown.Replace('\', '/'))
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
