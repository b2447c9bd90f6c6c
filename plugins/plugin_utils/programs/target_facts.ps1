# Tell what a Windows machine is and has, as key=value; filesystem=drive:KB:KB free, product=name:version:where with the
# drive's colon in it, resolved=name with address_of= behind it, path=name with type=, size= and sha1= behind it.
# names: host names to resolve; paths: what to look at; checksums: files to hash; was_roots: where to look for WebSphere;
# db2_key, itds_key: registry keys with one key below them for each copy of DB2 and each version of ITDS.

function Show($key, $value) {
    [Console]::Out.WriteLine($key + '=' + $value)
}

# PowerShell 2.0 runs a foreach over nothing once, with $null; an array built by @() is really empty.
$system = Get-WmiObject Win32_OperatingSystem
$computer = Get-WmiObject Win32_ComputerSystem
Show 'system' 'windows'
Show 'version' $system.Version
Show 'level' $system.ServicePackMajorVersion
Show 'service_level' $system.Caption
Show 'hostname' $env:COMPUTERNAME
Show 'clock' ([DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ'))
Show 'cpus' $computer.NumberOfProcessors
Show 'model' $computer.Model
Show 'memory_kb' ([Math]::Floor($computer.TotalPhysicalMemory / 1024))
Show 'paging_mb' ([Math]::Floor($system.SizeStoredInPagingFiles / 1024))
foreach ($disk in @(Get-WmiObject Win32_LogicalDisk -Filter 'DriveType = 3')) {
    $size = [Math]::Floor($disk.Size / 1024)
    $free = [Math]::Floor($disk.FreeSpace / 1024)
    Show 'filesystem' ($disk.DeviceID + ':' + $size + ':' + $free)
}
foreach ($adapter in @(Get-WmiObject Win32_NetworkAdapterConfiguration -Filter 'IPEnabled = TRUE')) {
    foreach ($address in @($adapter.IPAddress)) {
        Show 'address' $address
    }
}
foreach ($line in @(& netstat -an)) {
    if ($line -match '^\s*TCP\s+\S+:(\d+)\s+\S+\s+LISTENING') {
        Show 'listening' $matches[1]
    }
}
if (Test-Path $db2_key) {
    foreach ($copy in @(Get-ChildItem $db2_key)) {
        $where = (Get-ItemProperty ($db2_key + '\' + $copy.PSChildName)).'DB2 Path Name'
        $program = $where.TrimEnd('\') + '\BIN\db2level.exe'
        $version = ''
        if ([IO.File]::Exists($program)) {
            $said = (& $program) -join ' '
            if ($said -match 'code release "SQL(\d\d)(\d\d)\d".*Fix Pack "(\d+)"') {
                $version = '{0}.{1}.0.{2}' -f [int]$matches[1], [int]$matches[2], [int]$matches[3]
            }
        }
        Show 'product' ('db2:' + $version + ':' + $where)
    }
}
if (Test-Path $itds_key) {
    foreach ($version in @(Get-ChildItem $itds_key)) {
        Show 'product' ('itds:' + $version.PSChildName + ':' + $itds_key + '\' + $version.PSChildName)
    }
}
foreach ($root in $was_roots) {
    foreach ($product in @('was:WAS', 'gateway:RTCGW')) {
        $pair = $product.Split(':')
        $file = $root.TrimEnd('\') + '\properties\version\' + $pair[1] + '.product'
        if ([IO.File]::Exists($file)) {
            if ([IO.File]::ReadAllText($file) -match '<version>([^<]*)</version>') {
                Show 'product' ($pair[0] + ':' + $matches[1] + ':' + $root)
            }
        }
    }
}
foreach ($name in $names) {
    Show 'resolved' $name
    try {
        foreach ($address in [Net.Dns]::GetHostAddresses($name)) {
            Show 'address_of' $address.ToString()
        }
    } catch {
        # A name that cannot be resolved has no address: that is the answer.
    }
}
foreach ($path in $paths) {
    if ([IO.File]::Exists($path)) {
        Show 'path' $path
        Show 'type' 'file'
        Show 'size' (Get-Item $path).Length
    } elseif ([IO.Directory]::Exists($path)) {
        Show 'path' $path
        Show 'type' 'directory'
    }
}
foreach ($path in $checksums) {
    if ([IO.File]::Exists($path)) {
        $file = [IO.File]::OpenRead($path)
        try {
            $hash = (New-Object Security.Cryptography.SHA1CryptoServiceProvider).ComputeHash($file)
        } finally {
            $file.Close()
        }
        Show 'path' $path
        Show 'sha1' ([BitConverter]::ToString($hash).Replace('-', '').ToLower())
    }
}
exit 0
