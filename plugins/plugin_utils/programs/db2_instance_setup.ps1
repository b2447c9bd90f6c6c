# One step of setting up a DB2 instance.
# action: licence or autostart; path: the DB2 copy; licence: a licence file; service_key: its Windows service; on: whether
# it starts with the machine.

if ($action -eq 'licence') {
    $said = & ($path + '\BIN\db2licm.exe') '-a' $licence
    if ($LASTEXITCODE -ne 0) {
        [Console]::Error.WriteLine($said -join "`n")
        exit 1
    }
} elseif ($on) {
    Set-Service -Name $service_key -StartupType Automatic
} else {
    Set-Service -Name $service_key -StartupType Manual
}
exit 0
