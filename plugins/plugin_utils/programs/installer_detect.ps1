# Tell what is installed. Prints level= for a DB2 copy, data= for a registry value, key=1 for a registry key, path=1,
# product=id:level for each product of a WebSphere installation, version= of an Update Installer, entry= for each profile in
# the registry of a WebSphere installation and folder= for each whose folder is there.
# kind: db2, registry, path, was, update_installer or was_profile; subject: the path or key looked at; value: name of a registry value, may be null.

if ($kind -eq 'db2') {
    $program = $subject + '\BIN\db2level.exe'
    if ([IO.File]::Exists($program)) {
        $said = (& $program) -join ' '
        if ($said -match 'code release "SQL(\d\d)(\d\d)\d".*Fix Pack "(\d+)"') {
            $level = '{0}.{1}.0.{2}' -f [int]$matches[1], [int]$matches[2], [int]$matches[3]
            [Console]::Out.WriteLine('level=' + $level)
        }
    }
} elseif ($kind -eq 'registry') {
    if (Test-Path -LiteralPath $subject) {
        [Console]::Out.WriteLine('key=1')
        $data = (Get-Item -LiteralPath $subject).GetValue([string]$value)
        if ($data -ne $null) {
            [Console]::Out.WriteLine('data=' + $data)
        }
    }
} elseif ($kind -eq 'path') {
    if (Test-Path -LiteralPath $subject) {
        [Console]::Out.WriteLine('path=1')
    }
} elseif ($kind -eq 'was') {
    $folder = $subject + '\properties\version'
    if ([IO.Directory]::Exists($folder)) {
        foreach ($file in [IO.Directory]::GetFiles($folder, '*.product')) {
            $text = [IO.File]::ReadAllText($file)
            if ($text -match '<id>\s*(\S+?)\s*</id>') {
                $id = $matches[1]
                if ($text -match '<version>\s*(\S+?)\s*</version>') {
                    [Console]::Out.WriteLine('product=' + $id + ':' + $matches[1])
                }
            }
        }
    }
} elseif ($kind -eq 'update_installer') {
    if ([IO.File]::Exists($subject + '\version.txt')) {
        foreach ($line in [IO.File]::ReadAllLines($subject + '\version.txt')) {
            if ($line -match '\d\.\d') {
                [Console]::Out.WriteLine('version=' + $line)
            }
        }
    }
} elseif ($kind -eq 'was_profile') {
    $registry = $subject + '\properties\profileRegistry.xml'
    if ([IO.File]::Exists($registry)) {
        foreach ($entry in [regex]::Matches([IO.File]::ReadAllText($registry), '<profile\s([^>]*)>')) {
            $text = $entry.Groups[1].Value -replace '\s+', ' '
            [Console]::Out.WriteLine('entry=' + $text)
            if (($text -match '\bpath="([^"]*)"') -and [IO.Directory]::Exists($matches[1])) {
                [Console]::Out.WriteLine('folder=' + $matches[1])
            }
        }
    }
} else {
    [Console]::Error.WriteLine('this system knows no detection by ' + $kind)
    exit 1
}
exit 0
