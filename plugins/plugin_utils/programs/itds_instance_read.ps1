# Tells what the machine knows of a directory server instance.
# home_dir: folder of the product; registry: its list of instances; name: of the instance; service: of its server;
# admin_dn, admin_password: to try, unless the password is null.
# Prints product=1 when the product is installed, admin_password_set=1, search_rc= and mode= of a look at the server,
# bind_rc= of a bind as administrator, autostart=1; then, as LDIF, the list of instances and the instance's
# ibmslapd.conf without its passwords.

# include: invoke_tool

if (Test-Path ($home_dir + '\sbin\idsicrt.*')) {
    [Console]::Out.WriteLine('product=1')
}
$found = Get-WmiObject Win32_Service -Filter ("Name = '" + $service + "'")
if ($found -and $found.StartMode -eq 'Auto') {
    [Console]::Out.WriteLine('autostart=1')
}

$location = ''
$blob = ''
if ([IO.File]::Exists($registry)) {
    $blob = [IO.File]::ReadAllText($registry) + "`r`n"
    $here = $false
    foreach ($line in [IO.File]::ReadAllLines($registry)) {
        if ($line -match '^cn: *(.*?) *$') {
            $here = ($matches[1] -eq $name)
        } elseif ($here -and ($line -match '^ids-instanceLocation: *(.*?) *$')) {
            $location = $matches[1]
        }
    }
}
$configuration = $location.TrimEnd('\') + '\idsslapd-' + $name + '\etc\ibmslapd.conf'

if ($location -and [IO.File]::Exists($configuration)) {
    $port = ''
    $here = $false
    $hidden = $false
    foreach ($line in [IO.File]::ReadAllLines($configuration)) {
        if ($line -match '^dn:') {
            $here = ($line -match '^dn: *cn=configuration *$')
        } elseif ($here -and ($line -match '^ibm-slapdPort: *(\d+)')) {
            $port = $matches[1]
        } elseif ($line -match '^ibm-slapdAdminPW: *\S') {
            [Console]::Out.WriteLine('admin_password_set=1')
        }
        # A password's value may go on in lines that begin with a blank.
        if (-not ($line -match '^ ')) {
            $hidden = ($line -match '^[^:]*(pw|password):')
        }
        if (-not $hidden) {
            $blob = $blob + $line + "`r`n"
        }
    }
    $search = $home_dir + '\bin\idsldapsearch'
    $rc = Invoke-Tool $search ('-p ' + $port + ' -s base -b "" "objectclass=*" ibm-slapdisconfigurationmode') ''
    [Console]::Out.WriteLine('search_rc=' + $rc)
    if ($said -match '(?m)^ibm-slapdisconfigurationmode[=:] *(\w+)') {
        [Console]::Out.WriteLine('mode=' + $matches[1])
    }
    if (($rc -eq 0) -and $admin_password) {
        $arguments = '-p ' + $port + ' -D "' + $admin_dn + '" -w ? -s base -b "" "objectclass=*"'
        $rc = Invoke-Tool $search $arguments ($admin_password + "`r`n")
        [Console]::Out.WriteLine('bind_rc=' + $rc)
    }
}
[Console]::Out.WriteLine('--')
[Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($blob)))
exit 0
