# Write values of a registry key, which is made where it is missing.
# key: the key below HKLM; names, kinds, data: of the values, in the same order; removed: names of those to take away.

$open = [Microsoft.Win32.Registry]::LocalMachine.CreateSubKey($key)
for ($at = 0; $at -lt $names.Length; $at++) {
    if ($kinds[$at] -eq 'dword') {
        $open.SetValue($names[$at], [int]$data[$at], [Microsoft.Win32.RegistryValueKind]::DWord)
    } else {
        $open.SetValue($names[$at], $data[$at], [Microsoft.Win32.RegistryValueKind]::String)
    }
}
foreach ($name in $removed) {
    $open.DeleteValue($name)
}
$open.Close()
exit 0
