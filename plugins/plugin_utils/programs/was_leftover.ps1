# Tell of what killed runs left at a WebSphere profile, or take it away: credentials in its soap.client.props, and jobs
# whose text holds some. Prints leftover=1 when there is something.
# action: look or remove; profile_path: the profile; jobs: the folders of its jobs, with a * for what differs.

$props = $profile_path + '\properties\soap.client.props'
$original = $props + '.original'
if ([IO.File]::Exists($original) -or [IO.File]::Exists($props + '.new')) {
    $lock = $null
    try {
        $lock = [IO.File]::Open($props + '.lock', 'OpenOrCreate', 'ReadWrite', 'None')
    } catch {
        # A run is at work.
        $lock = $null
    }
    if ($lock) {
        [Console]::Out.WriteLine('leftover=1')
        if ($action -eq 'remove') {
            [IO.File]::Delete($props + '.new')
            if ([IO.File]::Exists($original)) {
                [IO.File]::Delete($props)
                [IO.File]::Move($original, $props)
            }
        }
        $lock.Close()
        [IO.File]::Delete($props + '.lock')
    }
}
$parent = [IO.Path]::GetDirectoryName($jobs)
if ([IO.Directory]::Exists($parent)) {
    foreach ($folder in [IO.Directory]::GetDirectories($parent, [IO.Path]::GetFileName($jobs))) {
        # Behind a gate one is being started.
        if ([IO.File]::Exists($folder + '\response') -and -not [IO.File]::Exists($folder + '.gate')) {
            $alive = $false
            if ([IO.File]::Exists($folder + '\pid')) {
                $id = [IO.File]::ReadAllText($folder + '\pid').Trim()
                foreach ($process in @(Get-WmiObject Win32_Process -Filter ('ProcessId=' + $id))) {
                    if ($process -and $process.CommandLine -and $process.CommandLine.Contains($folder)) {
                        $alive = $true
                    }
                }
            }
            if (-not $alive) {
                [Console]::Out.WriteLine('leftover=1')
                if ($action -eq 'remove') {
                    [IO.Directory]::Delete($folder, $true)
                }
            }
        }
    }
}
exit 0
