# A plain LDAP talker: sends requests, prints what comes back. What is said of parameters and output in ldap_probe.pl holds
# here too; tls says whether to talk it.

$clock = [Diagnostics.Stopwatch]::StartNew()
$end = $timeout * 1000
$talk = @{ 'stream' = $null }
# The certificate of the other side is not judged.
$trust = [Net.Security.RemoteCertificateValidationCallback]{ $true }

function Stop-Talk($what, $why) {
    [Console]::Out.WriteLine('failed=' + $what + ' ' + ($why -replace '\s+', ' '))
    exit 0
}

function Get-Left() {
    [int][Math]::Max(1, $end - $clock.Elapsed.TotalMilliseconds)
}

function Get-Reason($record) {
    $cause = $record.Exception
    while ($cause.InnerException) {
        $cause = $cause.InnerException
    }
    $cause.Message
}

function Read-Bytes($count) {
    $bytes = New-Object byte[] $count
    $have = 0
    while ($have -lt $count) {
        if ($clock.Elapsed.TotalMilliseconds -gt $end) {
            Stop-Talk 'timeout' ('no answer within ' + $timeout + ' seconds')
        }
        try {
            $client.ReceiveTimeout = Get-Left
            $read = $talk.stream.Read($bytes, $have, $count - $have)
        } catch {
            if ($clock.Elapsed.TotalMilliseconds -ge ($end - 50)) {
                Stop-Talk 'timeout' ('no answer within ' + $timeout + ' seconds')
            }
            Stop-Talk 'closed' (Get-Reason $_)
        }
        if ($read -eq 0) {
            Stop-Talk 'closed' 'the other side closed the connection'
        }
        $have = $have + $read
    }
    , $bytes
}

# One message: a sequence with its length in front. Shows it, and gives its operation, which is behind its number.
function Receive-Message() {
    $head = Read-Bytes 2
    if ($head[0] -ne 0x30) {
        Stop-Talk 'closed' 'that is no LDAP'
    }
    $length = [int]$head[1]
    $all = New-Object IO.MemoryStream
    $all.Write($head, 0, 2)
    if ($length -gt 0x80) {
        if ($length -gt 0x84) {
            Stop-Talk 'closed' 'that is no LDAP'
        }
        $more = Read-Bytes ($length - 0x80)
        $all.Write($more, 0, $more.Length)
        $length = 0
        foreach ($byte in $more) {
            $length = $length * 256 + $byte
        }
    }
    $inside = Read-Bytes $length
    $all.Write($inside, 0, $inside.Length)
    [Console]::Out.WriteLine('message=' + [Convert]::ToBase64String($all.ToArray()))
    $inside[2 + $inside[1]]
}

$found = $null
try {
    foreach ($address in [Net.Dns]::GetHostAddresses($server)) {
        if ((-not $found) -and ($address.AddressFamily -eq 'InterNetwork')) {
            $found = $address
        }
    }
} catch {
    # A name without an address is told below.
}
if (-not $found) {
    Stop-Talk 'unresolved' ($server + ' has no address here')
}
$client = New-Object Net.Sockets.TcpClient
$stage = 'connect'
try {
    $pending = $client.BeginConnect($found, $server_port, $null, $null)
    if (-not $pending.AsyncWaitHandle.WaitOne((Get-Left), $false)) {
        throw 'it does not answer'
    }
    $client.EndConnect($pending)
    $client.ReceiveTimeout = Get-Left
    $client.SendTimeout = Get-Left
    $talk.stream = $client.GetStream()
    if ($tls) {
        $stage = 'tls'
        $talk.stream = New-Object Net.Security.SslStream $talk.stream, $false, $trust
        $talk.stream.AuthenticateAsClient($server)
        $certificate = [Convert]::ToBase64String($talk.stream.RemoteCertificate.GetRawCertData())
        [Console]::Out.WriteLine('certificate=' + $certificate)
    }
} catch {
    Stop-Talk $stage (Get-Reason $_)
}
foreach ($request in $requests) {
    $pair = $request -split ' ', 2
    $bytes = [Convert]::FromBase64String($pair[1])
    try {
        $talk.stream.Write($bytes, 0, $bytes.Length)
        $talk.stream.Flush()
    } catch {
        Stop-Talk 'closed' (Get-Reason $_)
    }
    $waiting = $pair[0] -eq '1'
    while ($waiting) {
        # Entries and references come in front of the last answer.
        $operation = Receive-Message
        $waiting = ($operation -eq 0x64) -or ($operation -eq 0x73)
    }
}
$talk.stream.Close()
$client.Close()
exit 0
