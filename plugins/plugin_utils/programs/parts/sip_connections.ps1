# Opens and closes connections, and sends over them.
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
            $certificate = [Convert]::ToBase64String($stream.RemoteCertificate.GetRawCertData())
            [Console]::Out.WriteLine('certificate=' + $certificate)
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
    $moment = Get-Elapsed
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
    Show $kind $connection $text $moment
    $true
}
