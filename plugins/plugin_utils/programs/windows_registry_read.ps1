# Tell about values of a registry key. Prints value=NAME<tab>KIND<tab>DATA for each that exists, KIND as .NET names it.
# key: the key below HKLM; names: of the values.

$open = [Microsoft.Win32.Registry]::LocalMachine.OpenSubKey($key)
if ($open -ne $null) {
    $there = $open.GetValueNames()
    foreach ($name in $names) {
        # -contains does not mind capitals, as the registry does not.
        if ($there -contains $name) {
            $data = @($open.GetValue($name)) -join ' '
            [Console]::Out.WriteLine("value=$name`t$($open.GetValueKind($name))`t$data")
        }
    }
    $open.Close()
}
exit 0
