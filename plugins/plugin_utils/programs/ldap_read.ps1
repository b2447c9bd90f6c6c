# Tries passwords and reads entries of a directory.
# bin: folder of the client tools. host_name, port: the directory; bind_dn, bind_password: who asks. dns: the entries'
# DNs. tries: a DN, its password, the next DN, its password and so on.
# Prints client=1 when there are client tools and tried= for each of tries, then for each of dns its entry as LDIF, if
# there is one, without passwords, and a comment rc=. The numbers are exit codes of the client: LDAP results.

# include: invoke_tool

$client = $bin + '\idsldapsearch'
$server = '-h ' + $host_name + ' -p ' + $port
if (-not (Test-Path ($client + '.*'))) {
    exit 0
}
[Console]::Out.WriteLine('client=1')
for ($number = 0; $number -lt $tries.Length; $number = $number + 2) {
    $arguments = $server + ' -D "' + $tries[$number] + '" -w ? -s base -b "" "objectclass=*"'
    $rc = Invoke-Tool $client $arguments ($tries[$number + 1] + "`r`n")
    [Console]::Out.WriteLine('tried=' + $rc)
}
$blob = ''
foreach ($dn in $dns) {
    $arguments = $server + ' -L -D "' + $bind_dn + '" -w ? -s base -b "' + $dn + '" "objectclass=*"'
    $rc = Invoke-Tool $client $arguments ($bind_password + "`r`n")
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
