# Tell about a Windows service. Prints display_name=, command=, account=, start_mode= and status= if it exists.
# name: the service.

$service = Get-WmiObject Win32_Service -Filter ("Name = '" + $name + "'")
if ($service) {
    [Console]::Out.WriteLine('display_name=' + $service.DisplayName)
    [Console]::Out.WriteLine('command=' + $service.PathName)
    [Console]::Out.WriteLine('account=' + $service.StartName)
    [Console]::Out.WriteLine('start_mode=' + $service.StartMode)
    [Console]::Out.WriteLine('status=' + $service.State)
}
exit 0
