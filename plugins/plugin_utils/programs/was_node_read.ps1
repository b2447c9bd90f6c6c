# Tell about the node of a WebSphere profile. Prints cell= and node= as its commands have them, copy=1 when its
# configuration has that node, begun=1 when the last addNode had told the deployment manager of the node and came to no
# end. The blob holds serverindex.xml of every node in its copy of the cell, each behind a line "@@ node".
# profile_path: its folder.

# include: profile_settings
$settings = Get-ProfileSettings $profile_path
if (-not $settings) {
    exit 0
}
[Console]::Out.WriteLine('cell=' + $settings['WAS_CELL'])
[Console]::Out.WriteLine('node=' + $settings['WAS_NODE'])
$nodes = $profile_path + '\config\cells\' + $settings['WAS_CELL'] + '\nodes'
if ([IO.Directory]::Exists($nodes + '\' + $settings['WAS_NODE'])) {
    [Console]::Out.WriteLine('copy=1')
}
$log = $profile_path + '\logs\addNode.log'
if ([IO.File]::Exists($log)) {
    $begun = $false
    foreach ($line in [IO.File]::ReadAllLines($log)) {
        if ($line -match 'ADMU0012I|ADMU0014I') {
            $begun = $true
        } elseif ($line -match 'ADMU0001I|ADMU0003I|ADMU0111E|ADMU0113E|ADMU0211I') {
            $begun = $false
        }
    }
    if ($begun) {
        [Console]::Out.WriteLine('begun=1')
    }
}
$text = ''
if ([IO.Directory]::Exists($nodes)) {
    foreach ($folder in [IO.Directory]::GetDirectories($nodes)) {
        $file = $folder + '\serverindex.xml'
        if ([IO.File]::Exists($file)) {
            $text += '@@ ' + [IO.Path]::GetFileName($folder) + "`n" + [IO.File]::ReadAllText($file) + "`n"
        }
    }
}
[Console]::Out.WriteLine('--')
[Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($text)))
exit 0
