# A plain SIP talker: sends what it is given, answers what comes, prints both. What is said of parameters and output in
# sip_probe.pl holds here too; there is no openssl.

$latin = [Text.Encoding]::GetEncoding('iso-8859-1')
$clock = [Diagnostics.Stopwatch]::StartNew()
$end = $timeout * 1000
$blank_line = "`r`n`r`n"
$mark = [string][char]1
$short = @{ 'Via' = 'v'; 'From' = 'f'; 'To' = 't'; 'Call-ID' = 'i'; 'Contact' = 'm'; 'Content-Length' = 'l' }
$nowhere = @{ 'number' = 0; 'transport' = $transport; 'local' = '-'; 'peer' = '-' }
$dialog = @{ 'to' = ''; 'target' = ''; 'routes' = ''; 'hop' = '' }
$talk = @{ 'state' = 'silent'; 'first' = ''; 'confirmed' = $null; 'opened' = 0; 'datagrams' = $null; 'listener' = $null;
    'tag' = [Guid]::NewGuid().ToString().Substring(0, 8) }
$open = New-Object Collections.ArrayList
$final = @{}
$came = @{}
$reply = @{}
foreach ($line in $replies) {
    $pair = $line -split ' ', 2
    $reply[$pair[0]] = $pair[1]
}
# The certificate of the other side is not judged.
$trust = [Net.Security.RemoteCertificateValidationCallback]{ $true }

function Get-Elapsed() {
    $clock.Elapsed.TotalMilliseconds
}

function Show($kind, $connection, $text, $moment) {
    if (-not $moment) {
        $moment = Get-Elapsed
    }
    $coded = '-'
    if ($text) {
        $coded = [Convert]::ToBase64String($latin.GetBytes($text))
    }
    # A number in a text is written the same in every culture; a formatted one is not.
    $at = [string][Math]::Round($moment, 3)
    $fields = @($kind, $at, $connection.number, $connection.transport, $connection.local, $connection.peer, $coded)
    [Console]::Out.WriteLine('event=' + ($fields -join ' '))
}

function Get-Reason($record) {
    $cause = $record.Exception
    while ($cause.InnerException) {
        $cause = $cause.InnerException
    }
    $cause.Message
}

# include: sip_messages
# include: sip_connections
# include: sip_receiving
# include: sip_sending

$found = Find-Address $server
if (-not $found) {
    [Console]::Out.WriteLine('unresolved=' + $server)
    exit 0
}
if ($address -eq '') {
    # Connecting a datagram socket sends nothing and tells which way leads there.
    $way = New-Object Net.Sockets.UdpClient
    $way.Connect($found, $server_port)
    $address = $way.Client.LocalEndPoint.Address.ToString()
    $way.Close()
}
if ($transport -eq 'udp') {
    Open-Datagrams
    $own_port = $talk.datagrams.Client.LocalEndPoint.Port
} elseif ($transport -eq 'tcp') {
    $talk.listener = New-Object Net.Sockets.TcpListener ([Net.IPAddress]::Parse($address)), $own_port
    $talk.listener.Start()
    $own_port = $talk.listener.LocalEndpoint.Port
}
if ($own_port -eq 0) {
    $own_port = 5061
}
$own = @{ 'host' = $address; 'port' = $own_port }
if ($advertised) {
    $own.host = $advertised
}
if ($advertised_port -gt 0) {
    $own.port = $advertised_port
}
[Console]::Out.WriteLine('address=' + $address)
[Console]::Out.WriteLine('port=' + $own_port)
[Console]::Out.WriteLine('target=' + $found.ToString())
foreach ($exchange in $exchanges) {
    if ((Get-Elapsed) -lt $end) {
        Invoke-Exchange $exchange
    }
}
foreach ($connection in $open.ToArray()) {
    $connection.stream.Close()
    $connection.client.Close()
}
Show 'done' $nowhere ''
