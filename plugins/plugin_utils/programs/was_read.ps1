# Reads documents of a WebSphere profile's configuration.
# profile_path: its folder; patterns: names of documents below config, where * stands for any name; mark: begins a line
# that no document has; secrets: what stored passwords may hold behind {xor}.
# Prints profile=1 when there is one, its cell= and node=, running= for each server of it that has a process. The blob
# has for each document a line of the mark and its name, and its text. A stored password is {same 0} when it is the first
# of secrets and so on, and {xor} alone when it is none of them: what is printed here is shown to whoever watches closely.

# A document without its passwords.
function Hide-Password($text) {
    $shown = New-Object Text.StringBuilder
    $rest = $text
    while ($rest.Contains('{xor}')) {
        $at = $rest.IndexOf('{xor}')
        $added = $shown.Append($rest.Substring(0, $at))
        $rest = $rest.Substring($at + 5)
        $stop = $rest.IndexOf('"')
        if ($stop -lt 0) {
            $stop = $rest.Length
        }
        $value = $rest.Substring(0, $stop)
        $rest = $rest.Substring($stop)
        $token = '{xor}'
        for ($number = 0; $number -lt $secrets.Length; $number++) {
            if ($value -ceq $secrets[$number]) {
                $token = '{same ' + $number + '}'
            }
        }
        $added = $shown.Append($token)
    }
    return $shown.ToString() + $rest
}

# include: profile_settings
$settings = Get-ProfileSettings $profile_path
if (-not $settings) {
    exit 0
}
[Console]::Out.WriteLine('profile=1')
[Console]::Out.WriteLine('cell=' + $settings['WAS_CELL'])
[Console]::Out.WriteLine('node=' + $settings['WAS_NODE'])
if ([IO.Directory]::Exists($profile_path + '\logs')) {
    foreach ($folder in [IO.Directory]::GetDirectories($profile_path + '\logs')) {
        foreach ($file in [IO.Directory]::GetFiles($folder, '*.pid')) {
            $id = [IO.File]::ReadAllText($file).Trim()
            if ($id -match '^\d+$') {
                foreach ($process in @(Get-WmiObject Win32_Process -Filter ('ProcessId=' + $id))) {
                    # Not only the number counts: numbers are used again.
                    if ($process -and $process.CommandLine -and $process.CommandLine.Contains('java')) {
                        [Console]::Out.WriteLine('running=' + [IO.Path]::GetFileNameWithoutExtension($file))
                    }
                }
            }
        }
    }
}
$config = $profile_path + '\config'
$text = New-Object Text.StringBuilder
foreach ($pattern in $patterns) {
    $folders = @($config)
    $parts = $pattern.Split('/')
    for ($number = 0; $number -lt ($parts.Length - 1); $number++) {
        $found = @()
        foreach ($folder in $folders) {
            if ([IO.Directory]::Exists($folder)) {
                $found += [IO.Directory]::GetDirectories($folder, $parts[$number])
            }
        }
        $folders = $found
    }
    foreach ($folder in $folders) {
        foreach ($file in [IO.Directory]::GetFiles($folder, $parts[$parts.Length - 1])) {
            $name = $file.Substring($config.Length + 1).Replace('\', '/')
            $added = $text.Append($mark + $name + "`n" + (Hide-Password ([IO.File]::ReadAllText($file))) + "`n")
        }
    }
}
[Console]::Out.WriteLine('--')
[Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($text.ToString())))
exit 0
