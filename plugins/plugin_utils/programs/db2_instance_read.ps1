# Tell about a DB2 instance. Prints copy=1, licence= (product identifier) for each registered licence, instance=1,
# usable=1, registry.NAME=, config.NAME=, service_key=, autostart=YES or NO, running=1, port=NUMBER/tcp of its service,
# taken= (another service with its port), listening=1.
# path: the DB2 copy; name: the instance; copy_name: name of the copy; service: its service name; port: its number;
# services: the file of services.

if ($service -and [IO.File]::Exists($services)) {
    foreach ($line in [IO.File]::ReadAllLines($services)) {
        if ($line -match '^([^#\s]+)\s+(\d+/tcp)') {
            if ($matches[1] -eq $service) {
                [Console]::Out.WriteLine('port=' + $matches[2])
            } elseif ($matches[2] -eq ([string]$port + '/tcp')) {
                [Console]::Out.WriteLine('taken=' + $matches[1])
            }
        }
    }
}
$bin = $path + '\BIN\'
if (-not [IO.File]::Exists($bin + 'db2ilist.exe')) {
    exit 0
}
[Console]::Out.WriteLine('copy=1')
$type = ''
foreach ($line in @(& ($bin + 'db2licm.exe') '-l')) {
    if ($line -match '^License type:\s+"(.*)"') {
        $type = $matches[1]
    }
    if (($line -match '^Product identifier:\s+"(.*)"') -and ($type -notlike 'Tr*')) {
        [Console]::Out.WriteLine('licence=' + $matches[1])
    }
}
if (-not (@(& ($bin + 'db2ilist.exe')) -contains $name)) {
    exit 0
}
[Console]::Out.WriteLine('instance=1')
$wanted = 'DB2 - ' + $copy_name + ' - ' + $name
foreach ($entry in @(Get-WmiObject Win32_Service)) {
    # Editions with partitions append the number of the partition.
    if (($entry.DisplayName -eq $wanted) -or ($entry.DisplayName -eq ($wanted + '-0'))) {
        [Console]::Out.WriteLine('usable=1')
        [Console]::Out.WriteLine('service_key=' + $entry.Name)
        if ($entry.StartMode -eq 'Auto') {
            [Console]::Out.WriteLine('autostart=YES')
        } else {
            [Console]::Out.WriteLine('autostart=NO')
        }
        if ($entry.State -eq 'Running') {
            [Console]::Out.WriteLine('running=1')
        }
    }
}
$env:DB2CLP = '**$$**'
$env:DB2INSTANCE = $name
foreach ($line in @(& ($bin + 'db2set.exe') '-all')) {
    if ($line -match '^\[i\] (.*)$') {
        [Console]::Out.WriteLine('registry.' + $matches[1])
    }
}
foreach ($line in @(& ($bin + 'db2.exe') 'get dbm cfg')) {
    if ($line -match '\(([A-Z0-9_]+)\)\s*=\s*(.*)$') {
        [Console]::Out.WriteLine('config.' + $matches[1] + '=' + $matches[2])
    }
}
$ended = & ($bin + 'db2.exe') 'terminate'
if ($port) {
    $client = New-Object Net.Sockets.TcpClient
    try {
        $client.Connect('127.0.0.1', $port)
        [Console]::Out.WriteLine('listening=1')
    } catch {
        [Console]::Out.WriteLine('listening=')
    } finally {
        $client.Close()
    }
}
exit 0
