# Tell about a profile of a WebSphere installation. Prints entry= for each entry of the registry of profiles, folder= of
# what lies at its path: empty, profile (begun or complete) or foreign; cell=, node=, federated=1. The blob is the
# node's serverindex.xml.
# root: the installation; path: the folder of the profile.

# include: profile_settings
$registry = $root + '\properties\profileRegistry.xml'
if ([IO.File]::Exists($registry)) {
    foreach ($entry in [regex]::Matches([IO.File]::ReadAllText($registry), '<profile\s([^>]*)>')) {
        [Console]::Out.WriteLine('entry=' + ($entry.Groups[1].Value -replace '\s+', ' '))
    }
}
if (-not [IO.Directory]::Exists($path)) {
    exit 0
}
$folder = 'foreign'
if (([IO.Directory]::GetFiles($path).Length -eq 0) -and ([IO.Directory]::GetDirectories($path).Length -eq 0)) {
    $folder = 'empty'
}
foreach ($part in 'bin', 'config', 'logs', 'properties') {
    if ([IO.Directory]::Exists($path + '\' + $part)) {
        $folder = 'profile'
    }
}
[Console]::Out.WriteLine('folder=' + $folder)
$settings = Get-ProfileSettings $path
if (-not $settings) {
    exit 0
}
[Console]::Out.WriteLine('cell=' + $settings['WAS_CELL'])
[Console]::Out.WriteLine('node=' + $settings['WAS_NODE'])
$folder = $path + '\config\cells\' + $settings['WAS_CELL'] + '\nodes\' + $settings['WAS_NODE']
if ([IO.Directory]::Exists($folder + '\servers\nodeagent')) {
    [Console]::Out.WriteLine('federated=1')
}
if ([IO.File]::Exists($folder + '\serverindex.xml')) {
    [Console]::Out.WriteLine('--')
    $text = [IO.File]::ReadAllText($folder + '\serverindex.xml')
    [Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($text)))
}
exit 0
