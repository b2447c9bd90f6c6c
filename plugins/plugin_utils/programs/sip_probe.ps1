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

function Show($kind, $connection, $text) {
    $coded = '-'
    if ($text) {
        $coded = [Convert]::ToBase64String($latin.GetBytes($text))
    }
    # A number in a text is written the same in every culture; a formatted one is not.
    $at = [string][Math]::Round((Get-Elapsed), 1)
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

# -- reading messages ---------------------------------------------------------------------------------------------------
function Get-Headers($text, $name) {
    $head = ($text -split '\r?\n\r?\n', 2)[0] -replace '\r?\n[ \t]+', ' '
    $names = $name
    if ($short[$name]) {
        $names = $name + '|' + $short[$name]
    }
    foreach ($line in @($head -split '\r?\n')) {
        if ($line -match ('^(?:' + $names + ')[ \t]*:[ \t]*(.*?)[ \t]*$')) {
            $matches[1]
        }
    }
}

function Get-Header($text, $name) {
    [string](@(Get-Headers $text $name)[0])
}

function Get-Next($connection) {
    $connection.buffer = $connection.buffer -replace '\A(\r\n)+', ''
    $head = $connection.buffer.IndexOf($blank_line, [StringComparison]::Ordinal)
    if ($head -ge 0) {
        $length = $head + 4
        if ((Get-Header ($connection.buffer.Substring(0, $length)) 'Content-Length') -match '^\d{1,7}$') {
            $length = $length + [int]$matches[0]
        }
        if ($connection.buffer.Length -ge $length) {
            $connection.buffer.Substring(0, $length)
            $connection.buffer = $connection.buffer.Substring($length)
        }
    }
}

function Get-Key($text) {
    $branch = ''
    if ((Get-Header $text 'Via') -match ';\s*branch\s*=\s*([^;,\s]+)') {
        $branch = $matches[1]
    }
    $branch + ' ' + ((Get-Header $text 'CSeq') -split '\s+')[-1]
}

# -- connections --------------------------------------------------------------------------------------------------------
function Find-Address($name) {
    try {
        foreach ($address in [Net.Dns]::GetHostAddresses($name)) {
            if ($address.AddressFamily -eq 'InterNetwork') {
                return $address
            }
        }
    } catch {
        # A name without an address is told by who asked.
    }
}

function New-Connection($client, $stream, $way, $ours) {
    $talk.opened = $talk.opened + 1
    $connection = @{
        'number' = $talk.opened; 'transport' = $way; 'local' = $client.Client.LocalEndPoint.ToString();
        'peer' = $client.Client.RemoteEndPoint.ToString(); 'client' = $client; 'socket' = $client.Client;
        'stream' = $stream; 'buffer' = ''; 'ours' = $ours
    }
    [void]$open.Add($connection)
    $connection
}

function Remove-Connection($connection, $why) {
    Show 'closed' $connection $why
    $connection.stream.Close()
    $connection.client.Close()
    $open.Remove($connection)
}

function New-Datagram($peer) {
    @{ 'number' = 0; 'transport' = 'udp'; 'local' = $talk.datagrams.Client.LocalEndPoint.ToString();
       'peer' = $peer.ToString(); 'to' = $peer }
}

function Open-Datagrams() {
    if (-not $talk.datagrams) {
        $place = New-Object Net.IPEndPoint ([Net.IPAddress]::Parse($address)), $own_port
        $talk.datagrams = New-Object Net.Sockets.UdpClient $place
    }
}

function Connect-To($way, $name, $number) {
    $wanted = @{ 'number' = 0; 'transport' = $way; 'local' = '-'; 'peer' = $name + ':' + $number }
    $found = Find-Address $name
    if (-not $found) {
        Show 'failed' $wanted ($name + ' has no address here')
        return
    }
    $place = New-Object Net.IPEndPoint $found, $number
    $wanted.peer = $place.ToString()
    if ($way -eq 'udp') {
        Open-Datagrams
        return New-Datagram $place
    }
    foreach ($each in $open.ToArray()) {
        if ($each.ours -and $each.transport -eq $way -and $each.peer -eq $wanted.peer) {
            return $each
        }
    }
    $client = New-Object Net.Sockets.TcpClient
    try {
        $left = [int][Math]::Max(1000, $end - (Get-Elapsed))
        $pending = $client.BeginConnect($found, $number, $null, $null)
        if (-not $pending.AsyncWaitHandle.WaitOne($left, $false)) {
            throw 'it does not answer'
        }
        $client.EndConnect($pending)
        $client.ReceiveTimeout = $left
        $client.SendTimeout = $left
        $stream = $client.GetStream()
        if ($way -eq 'tls') {
            $stream = New-Object Net.Security.SslStream $stream, $false, $trust
            $stream.AuthenticateAsClient($name)
        }
    } catch {
        $client.Close()
        Show 'failed' $wanted (Get-Reason $_)
        return
    }
    $connection = New-Connection $client $stream $way $true
    Show 'opened' $connection ''
    $connection
}

function Send-Text($connection, $text, $kind) {
    $bytes = $latin.GetBytes($text)
    try {
        if ($connection.to) {
            [void]$talk.datagrams.Send($bytes, $bytes.Length, $connection.to)
        } else {
            $connection.stream.Write($bytes, 0, $bytes.Length)
            $connection.stream.Flush()
        }
    } catch {
        Show 'failed' $connection (Get-Reason $_)
        return $false
    }
    Show $kind $connection $text
    $true
}

# -- what comes ---------------------------------------------------------------------------------------------------------
function Receive-Datagram() {
    $from = New-Object Net.IPEndPoint ([Net.IPAddress]::Any), 0
    try {
        $text = $latin.GetString($talk.datagrams.Receive([ref]$from))
    } catch {
        # Windows tells here that an earlier datagram found nobody.
        return
    }
    if ($text -match '\S') {
        Receive-Text (New-Datagram $from) $text
    }
}

function Receive-Stream($connection) {
    $bytes = New-Object byte[] 32768
    $why = ''
    try {
        $read = $connection.stream.Read($bytes, 0, $bytes.Length)
    } catch {
        $read = 0
        $why = Get-Reason $_
    }
    if ($read -eq 0) {
        Remove-Connection $connection $why
        return
    }
    $connection.buffer = $connection.buffer + $latin.GetString($bytes, 0, $read)
    $text = Get-Next $connection
    while ($text) {
        Receive-Text $connection $text
        $text = Get-Next $connection
    }
}

function Wait-Until($until) {
    $ready = New-Object Collections.ArrayList
    if ($talk.datagrams) {
        [void]$ready.Add($talk.datagrams.Client)
    }
    if ($talk.listener) {
        [void]$ready.Add($talk.listener.Server)
    }
    foreach ($each in $open.ToArray()) {
        [void]$ready.Add($each.socket)
    }
    $left = [Math]::Max(0, $until - (Get-Elapsed))
    if ($ready.Count -eq 0) {
        [Threading.Thread]::Sleep([int]$left)
        return
    }
    [Net.Sockets.Socket]::Select($ready, $null, $null, [int]($left * 1000))
    foreach ($socket in $ready.ToArray()) {
        if ($talk.datagrams -and $socket -eq $talk.datagrams.Client) {
            Receive-Datagram
        } elseif ($talk.listener -and $socket -eq $talk.listener.Server) {
            $client = $talk.listener.AcceptTcpClient()
            Show 'accepted' (New-Connection $client ($client.GetStream()) 'tcp' $false) ''
        } else {
            foreach ($each in $open.ToArray()) {
                if ($each.socket -eq $socket) {
                    Receive-Stream $each
                }
            }
        }
    }
}

function Receive-Text($connection, $text) {
    Show 'received' $connection $text
    if ($text -match '\ASIP/2\.0 +(\d{3})') {
        Receive-Answer ([int]$matches[1]) $text
    } elseif ($text -match '\A([A-Za-z]+) +\S+ +SIP/2\.0\r?\n' -and $matches[1] -ne 'ACK') {
        $method = $matches[1]
        $came[$method] = $true
        $line = '501 Not Implemented'
        if ($reply[$method]) {
            $line = $reply[$method]
        }
        Send-Answer $connection $text $line
    }
}

function Receive-Answer($status, $text) {
    $key = Get-Key $text
    if ($status -ge 200) {
        $again = $final[$key]
        $final[$key] = $status
        if ($key -eq $talk.first) {
            if (-not $again) {
                $talk.state = 'refused'
                $dialog.to = Get-Header $text 'To'
                if ($status -lt 300) {
                    $talk.state = 'accepted'
                    Set-Dialog $text
                }
            } elseif ($talk.confirmed) {
                [void](Send-Text $talk.confirmed.connection $talk.confirmed.text 'resent')
            }
        }
    } elseif ($key -eq $talk.first) {
        $talk.state = 'pending'
    }
}

function Set-Dialog($text) {
    $contact = Get-Header $text 'Contact'
    if ($contact -match '<([^>]*)>' -or $contact -match '^([^;,\s]+)') {
        $dialog.target = $matches[1]
    }
    $dialog.hop = $dialog.target
    $dialog.routes = ''
    # The list of routes is the other way round for the one who asked.
    foreach ($found in [regex]::Matches((@(Get-Headers $text 'Record-Route') -join ','), '<([^>]*)>[^,]*')) {
        $dialog.routes = 'Route: ' + $found.Value + "`r`n" + $dialog.routes
        $dialog.hop = $found.Groups[1].Value
    }
}

function Send-Answer($connection, $text, $line) {
    $pair = $connection.peer -split ':'
    $via = @(Get-Headers $text 'Via')
    $values = [string]$via[0]
    $top = ($values -split ',', 2)[0]
    $rest = $values.Substring($top.Length)
    $by = ''
    $number = 5060
    if ($top -match '^SIP\s*/\s*2\.0\s*/\s*\w+\s+(\[[^\]]*\]|[^:;\s]+)(?:\s*:\s*(\d+))?') {
        $by = $matches[1]
        if ($matches[2]) {
            $number = [int]$matches[2]
        }
    }
    $symmetric = $top -match ';\s*rport\s*(;|$)'
    if ($symmetric) {
        $top = $top -replace ';\s*rport(?=\s*(;|$))', (';rport=' + $pair[1])
        $number = [int]$pair[1]
    }
    if ($symmetric -or $by -ne $pair[0]) {
        $top = $top + ';received=' + $pair[0]
    }
    $to = Get-Header $text 'To'
    if ($to -notmatch ';\s*tag\s*=') {
        $to = $to + ';tag=' + $talk.tag
    }
    $lines = @(('SIP/2.0 ' + $line), ('Via: ' + $top + $rest))
    if ($via.Count -gt 1) {
        $lines = $lines + @($via[1..($via.Count - 1)] | ForEach-Object { 'Via: ' + $_ })
    }
    $lines = $lines + @(Get-Headers $text 'Record-Route' | ForEach-Object { 'Record-Route: ' + $_ })
    $lines = $lines + @(('From: ' + (Get-Header $text 'From')), ('To: ' + $to))
    $lines = $lines + @(('Call-ID: ' + (Get-Header $text 'Call-ID')), ('CSeq: ' + (Get-Header $text 'CSeq')))
    $answer = ($lines + @('Content-Length: 0', '', '')) -join "`r`n"
    if ($connection.to) {
        $connection = New-Datagram (New-Object Net.IPEndPoint ([Net.IPAddress]::Parse($pair[0])), $number)
    }
    [void](Send-Text $connection $answer 'sent')
}

# -- what is sent -------------------------------------------------------------------------------------------------------
function Get-Hop($hop) {
    $found = @{ 'way' = $transport; 'name' = $server; 'number' = $server_port }
    if ($hop -eq 'dialog' -and $dialog.hop -match '^sip(s?):(?:[^@]*@)?(\[[^\]]*\]|[^:;?]+)(?::(\d+))?(.*)$') {
        $found.name = $matches[2]
        $secure = $matches[1]
        $port = $matches[3]
        if ($matches[4] -match ';transport=(udp|tcp|tls)\b') {
            $found.way = $matches[1].ToLower()
        }
        if ($secure) {
            $found.way = 'tls'
        }
        $found.number = 5060
        if ($port) {
            $found.number = [int]$port
        } elseif ($found.way -eq 'tls') {
            $found.number = 5061
        }
    }
    $found
}

function Complete-Text($text, $way) {
    $values = @{ 'protocol' = $way.ToUpper(); 'host' = $own.host; 'port' = [string]$own.port; 'to' = $dialog.to;
        'target' = $dialog.target; 'routes' = $dialog.routes }
    foreach ($name in @($values.Keys)) {
        $text = $text.Replace($mark + $name + $mark, $values[$name])
    }
    $body = $text.Length - $text.IndexOf($blank_line, [StringComparison]::Ordinal) - 4
    $text.Replace($mark + 'length' + $mark, [string]$body)
}

# Waits for the final answer $key or a request $method; $again is what to send again meanwhile, and where.
function Wait-For($key, $method, $until, $again) {
    $gap = 500
    $next = (Get-Elapsed) + $gap
    while (-not $final[$key] -and -not $came[$method]) {
        $now = Get-Elapsed
        # Nobody can open a TLS connection to this side.
        if ($now -ge $until -or ($transport -eq 'tls' -and $open.Count -eq 0)) {
            return
        }
        if ($again -and $now -ge $next) {
            if ($again.key -ne $talk.first -or $talk.state -ne 'pending') {
                [void](Send-Text $again.connection $again.text 'resent')
            }
            $gap = [Math]::Min(4000, $gap * 2)
            $next = $now + $gap
        }
        if ($again -and $next -lt $until) {
            Wait-Until $next
        } else {
            Wait-Until $until
        }
    }
}

function Invoke-Exchange($line) {
    $when, $hop, $await, $for, $until, $coded = $line -split ' '
    if ($when -ne 'always' -and $when -ne $talk.state) {
        return
    }
    $again = $null
    $branch = ''
    if ($coded -ne '-') {
        $to = Get-Hop $hop
        $text = Complete-Text ($latin.GetString([Convert]::FromBase64String($coded))) $to.way
        $key = Get-Key $text
        $branch = ($key -split ' ')[0]
        if (-not $talk.first) {
            $talk.first = $key
        }
        $came.Clear()
        $connection = Connect-To $to.way $to.name $to.number
        $done = $false
        if ($connection) {
            $done = Send-Text $connection $text 'sent'
        }
        if (-not $done) {
            Show 'unsent' $nowhere $text
            return
        }
        $sent = @{ 'connection' = $connection; 'text' = $text; 'key' = $key }
        if ($text.StartsWith('ACK ')) {
            $talk.confirmed = $sent
        }
        if ($to.way -eq 'udp') {
            $again = $sent
        }
    }
    if ($await -ne '-') {
        $what, $method = $await -split ':'
        $limit = [Math]::Min([int]$until, (Get-Elapsed) + [int]$for)
        if ($what -eq 'answer') {
            Wait-For ($branch + ' ' + $method) '-' $limit $again
        } else {
            Wait-For '-' $method $limit $null
        }
    }
}

# -- the talk -----------------------------------------------------------------------------------------------------------
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
