# Tell about a Windows service. Prints display_name=, command=, account=, start_mode= and status= if it exists, and failure=,
# what happens when it ends by itself, as the registry has it.
# name: the service.

$service = Get-WmiObject Win32_Service -Filter ("Name = '" + $name + "'")
if ($service) {
    [Console]::Out.WriteLine('display_name=' + $service.DisplayName)
    [Console]::Out.WriteLine('command=' + $service.PathName)
    [Console]::Out.WriteLine('account=' + $service.StartName)
    [Console]::Out.WriteLine('start_mode=' + $service.StartMode)
    [Console]::Out.WriteLine('status=' + $service.State)
    $key = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\' + $name
    $failure = [Microsoft.Win32.Registry]::GetValue($key, 'FailureActions', $null)
    if ($failure) {
        [Console]::Out.WriteLine('failure=' + [BitConverter]::ToString($failure))
    }
}
exit 0
