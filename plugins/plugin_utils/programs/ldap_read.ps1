# Tries passwords and reads entries of a directory.
# bin: folder of the client tools. host_name, port: the directory; bind_dn, bind_password: who asks. dns: the entries'
# DNs. tries: a DN, its password, the next DN, its password and so on.
# Prints client=1 when there are client tools and tried= for each of tries, then for each of dns its entry as LDIF, if
# there is one, without passwords, and a comment rc=. The numbers are exit codes of the client: LDAP results.

$said = ''

# Runs a client tool with the password on its standard input.
function Invoke-Client($arguments, $password) {
    $start = New-Object Diagnostics.ProcessStartInfo
    $start.FileName = $client
    $start.Arguments = '-h ' + $host_name + ' -p ' + $port + ' ' + $arguments
    $start.UseShellExecute = $false
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    $process.StandardInput.Write($password + "`r`n")
    $process.StandardInput.Close()
    $script:said = $process.StandardOutput.ReadToEnd()
    $process.WaitForExit()
    return $process.ExitCode
}

$client = ''
foreach ($ending in '.bat', '.cmd', '.exe') {
    if ([IO.File]::Exists($bin + '\idsldapsearch' + $ending)) {
        $client = $bin + '\idsldapsearch' + $ending
    }
}
if (-not $client) {
    exit 0
}
[Console]::Out.WriteLine('client=1')
for ($number = 0; $number -lt $tries.Length; $number = $number + 2) {
    $arguments = '-D "' + $tries[$number] + '" -w ? -s base -b "" "objectclass=*"'
    $password = $tries[$number + 1]
    $rc = Invoke-Client $arguments $password
    [Console]::Out.WriteLine('tried=' + $rc)
}
$blob = ''
foreach ($dn in $dns) {
    $arguments = '-L -D "' + $bind_dn + '" -w ? -s base -b "' + $dn + '" "objectclass=*"'
    $rc = Invoke-Client $arguments $bind_password
    $hidden = $false
    $lines = $said.Replace("`r", '').Split("`n")
    foreach ($line in $lines) {
        if (-not $line.StartsWith(' ')) {
            $hidden = $line.ToLower().StartsWith('userpassword:')
        }
        if (-not $hidden) {
            $blob = $blob + $line + "`n"
        }
    }
    $blob = $blob + "`n" + '# rc=' + $rc + "`n`n"
}
[Console]::Out.WriteLine('--')
[Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($blob)))
exit 0
