# Keeps copies of documents of a WebSphere profile's configuration, and puts them back. What is said of parameters and output
# in was_config_backup.sh holds here too.

# include: profile_settings
$settings = Get-ProfileSettings $profile_path
if (-not $settings) {
    exit 0
}
[Console]::Out.WriteLine('profile=1')
$config = $profile_path + '\config\'

function Get-ServerProcess() {
    $file = $profile_path + '\logs\' + $server + '\' + $server + '.pid'
    if ([IO.File]::Exists($file)) {
        $id = [IO.File]::ReadAllText($file).Trim()
        if ($id -match '^\d+$') {
            foreach ($process in @(Get-WmiObject Win32_Process -Filter ('ProcessId=' + $id))) {
                # Not only the number counts: numbers are used again.
                if ($process -and $process.CommandLine -and $process.CommandLine.Contains('java')) {
                    return $id
                }
            }
        }
    }
}

function Copy-Folder($folder, $below) {
    foreach ($file in [IO.Directory]::GetFiles($folder)) {
        $name = $config + $below + [IO.Path]::GetFileName($file)
        [IO.File]::Copy($file, $name + '.new', $true)
        [IO.File]::Delete($name)
        [IO.File]::Move($name + '.new', $name)
    }
    foreach ($inner in [IO.Directory]::GetDirectories($folder)) {
        Copy-Folder $inner ($below + [IO.Path]::GetFileName($inner) + '\')
    }
}

if ($action -eq 'save') {
    $new = $backup + '.new'
    if ([IO.Directory]::Exists($new)) {
        [IO.Directory]::Delete($new, $true)
    }
    $folder = [IO.Directory]::CreateDirectory($new)
    # For administrators and the system only: the documents hold passwords.
    $security = New-Object Security.AccessControl.DirectorySecurity
    $security.SetSecurityDescriptorSddlForm('D:P(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)')
    [IO.Directory]::SetAccessControl($new, $security)
    foreach ($name in $documents) {
        $document = $name.Replace('{cell}', $settings['WAS_CELL']).Replace('/', '\')
        if (-not [IO.File]::Exists($config + $document)) {
            [Console]::Out.WriteLine('missing=' + $document.Replace('\', '/'))
            [IO.Directory]::Delete($new, $true)
            exit 0
        }
        $target = $new + '\' + $document
        $folder = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($target))
        [IO.File]::Copy($config + $document, $target)
    }
    # It is there as a whole or not at all.
    [IO.Directory]::Move($new, $backup)
}
if ($action -eq 'restore') {
    $id = Get-ServerProcess
    if ($id) {
        # Nobody can log in to stop it.
        $ended = & taskkill.exe /T /F /PID $id
        $waited = 0
        while (Get-ServerProcess) {
            if ($waited -ge $timeout) {
                throw ('process ' + $id + ' of ' + $server + ' does not end')
            }
            [Threading.Thread]::Sleep(1000)
            $waited = $waited + 1
        }
    }
    Copy-Folder $backup ''
}
if (($action -eq 'drop' -or $action -eq 'restore') -and [IO.Directory]::Exists($backup)) {
    [IO.Directory]::Delete($backup, $true)
}
if ([IO.Directory]::Exists($backup)) {
    [Console]::Out.WriteLine('kept=1')
}
$id = Get-ServerProcess
if ($id) {
    [Console]::Out.WriteLine('pid=' + $id)
}
exit 0
