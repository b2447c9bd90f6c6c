# Creates or changes a directory server instance, and starts or stops its server.
# home_dir: folder of the product. name: of the instance and its owner. service: of its server. location: where its
# folder lies. port, secure_port, admin_port, admin_secure_port. create: make the instance, with description,
# database_instance, seed and salt (may be null). set_ports. set_admin: with admin_dn and admin_password. database: make
# a database of that name (may be null) with database_owner, database_password and database_location. suffixes: to add.
# stop, start: the server, before and after. autostart: add, remove or nothing. repeats: how often a tool asks for a
# secret. timeout: seconds to wait for the server. lock: file that a run keeps open while it is at work on the instance.
# Prints done= for each thing done, or busy=1 while another run is at work on the instance.

# include: invoke_tool

function Stop-Program($why) {
    [Console]::Error.WriteLine($why)
    exit 1
}

# The answers to a tool that runs without -n: the secret as often as it asks, and 1 to go on.
function Get-Answers($secret) {
    $answers = ''
    for ($asked = 0; $asked -lt $repeats; $asked++) {
        $answers = $answers + $secret + "`r`n"
    }
    return $answers + "1`r`n"
}

function Invoke-Sbin($program, $arguments, $answers) {
    $rc = Invoke-Tool ($home_dir + '\sbin\' + $program) $arguments $answers
    if ($rc -ne 0) {
        [Console]::Error.WriteLine($said)
        Stop-Program ($program + ' failed with exit code ' + $rc)
    }
}

function Wait-Server($wanted) {
    $arguments = '-p ' + $port + ' -s base -b "" "objectclass=*"'
    $left = $timeout
    while ($true) {
        $rc = Invoke-Tool ($home_dir + '\bin\idsldapsearch') $arguments ''
        # 81: nobody listens. Anything else was said by a server.
        $state = 'started'
        if ($rc -eq 81) {
            $state = 'stopped'
        }
        if ($state -eq $wanted) {
            return
        }
        if ($left -le 0) {
            Stop-Program ('the server of ' + $name + ' is not ' + $wanted + ' after ' + $timeout + ' seconds')
        }
        Start-Sleep -Seconds 1
        $left = $left - 1
    }
}

function Write-LogEnd() {
    $log = $location.TrimEnd('\') + '\idsslapd-' + $name + '\logs\ibmslapd.log'
    if ([IO.File]::Exists($log)) {
        $lines = @([IO.File]::ReadAllLines($log))
        $first = [Math]::Max(0, $lines.Length - 20)
        for ($number = $first; $number -lt $lines.Length; $number++) {
            [Console]::Error.WriteLine($lines[$number])
        }
    }
}

$made = [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName($lock))
$held = $null
try {
    # Windows itself lets go of it when a run dies.
    $held = [IO.File]::Open($lock, 'OpenOrCreate', 'ReadWrite', 'None')
} catch {
    [Console]::Out.WriteLine('busy=1')
}
if (-not $held) {
    exit 0
}
try {
    $ports = '-p ' + $port + ' -s ' + $secure_port + ' -a ' + $admin_port + ' -c ' + $admin_secure_port
    if ($create) {
        $arguments = '-I ' + $name + ' -l "' + $location + '" ' + $ports + ' -t ' + $database_instance
        $arguments = $arguments + ' -r "' + $description + '"'
        if ($salt) {
            $arguments = $arguments + ' -g "' + $salt + '"'
        }
        Invoke-Sbin 'idsicrt' $arguments (Get-Answers $seed)
        [Console]::Out.WriteLine('done=created instance ' + $name)
    }
    if ($stop) {
        Stop-Service -Name $service
        Wait-Server 'stopped'
        [Console]::Out.WriteLine('done=stopped the server')
    }
    if ($set_ports) {
        Invoke-Sbin 'idssetport' ('-I ' + $name + ' ' + $ports) "1`r`n"
        [Console]::Out.WriteLine('done=set the ports')
    }
    if ($set_admin) {
        Invoke-Sbin 'idsdnpw' ('-I ' + $name + ' -u "' + $admin_dn + '"') (Get-Answers $admin_password)
        [Console]::Out.WriteLine('done=set the administrator')
    }
    if ($database) {
        $arguments = '-I ' + $name + ' -a ' + $database_owner + ' -t ' + $database + ' -l "' + $database_location + '"'
        Invoke-Sbin 'idscfgdb' $arguments (Get-Answers $database_password)
        [Console]::Out.WriteLine('done=configured database ' + $database)
    }
    foreach ($suffix in $suffixes) {
        Invoke-Sbin 'idscfgsuf' ('-I ' + $name + ' -s "' + $suffix + '"') "1`r`n"
        [Console]::Out.WriteLine('done=added suffix ' + $suffix)
    }
    if ($start) {
        try {
            Start-Service -Name $service
        } catch {
            Write-LogEnd
            Stop-Program ('service ' + $service + ': ' + $_.Exception.Message)
        }
        Wait-Server 'started'
        [Console]::Out.WriteLine('done=started the server')
    }
    if ($autostart -eq 'add') {
        Set-Service -Name $service -StartupType Automatic
        [Console]::Out.WriteLine('done=set service ' + $service + ' to start with the machine')
    }
    if ($autostart -eq 'remove') {
        Set-Service -Name $service -StartupType Manual
        [Console]::Out.WriteLine('done=set service ' + $service + ' to start by hand')
    }
} finally {
    $held.Close()
    [IO.File]::Delete($lock)
}
exit 0
