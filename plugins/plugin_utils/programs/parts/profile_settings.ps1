# The variables that setupCmdLine.bat of a WebSphere profile sets, or null when there is no such profile.
function Get-ProfileSettings($profile_path) {
    $file = $profile_path + '\bin\setupCmdLine.bat'
    if (-not [IO.File]::Exists($file)) {
        return $null
    }
    $settings = @{}
    foreach ($line in [IO.File]::ReadAllLines($file)) {
        if ($line -match '^set\s+(\w+)=(.*)$') {
            $settings[$matches[1]] = $matches[2].Trim()
        }
    }
    return $settings
}
