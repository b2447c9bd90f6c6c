# Try TCP connections, all at the same time.
# places: `name port`; timeout: seconds for all of them.
# Prints for each result=`number what ms reason`: open, refused, unresolved, unreachable or timeout.

$clock = [Diagnostics.Stopwatch]::StartNew()
$end = $timeout * 1000
$refused = 10061
$attempts = New-Object Collections.ArrayList

function Show($number, $what, $reason) {
    # A number in a text is written the same in every culture; a formatted one is not.
    $at = [string][Math]::Floor($clock.Elapsed.TotalMilliseconds)
    [Console]::Out.WriteLine('result=' + $number + ' ' + $what + ' ' + $at + ' ' + $reason)
}

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

function Show-Failure($number, $record) {
    $cause = $record.Exception
    while ($cause.InnerException) {
        $cause = $cause.InnerException
    }
    $what = 'unreachable'
    if ($cause.ErrorCode -eq $refused) {
        $what = 'refused'
    }
    Show $number $what $cause.Message
}

$number = 0
foreach ($place in $places) {
    $pair = $place -split ' ', 2
    $found = Find-Address $pair[0]
    if ($found) {
        $client = New-Object Net.Sockets.TcpClient
        try {
            $pending = $client.BeginConnect($found, [int]$pair[1], $null, $null)
            [void]$attempts.Add(@{ 'number' = $number; 'client' = $client; 'pending' = $pending })
        } catch {
            Show-Failure $number $_
        }
    } else {
        Show $number 'unresolved' ($pair[0] + ' has no address here')
    }
    $number = $number + 1
}
foreach ($attempt in $attempts) {
    $left = [int][Math]::Max(0, $end - $clock.Elapsed.TotalMilliseconds)
    if ($attempt.pending.AsyncWaitHandle.WaitOne($left, $false)) {
        try {
            $attempt.client.EndConnect($attempt.pending)
            Show $attempt.number 'open' ''
        } catch {
            Show-Failure $attempt.number $_
        }
    } else {
        Show $attempt.number 'timeout' 'no answer'
    }
    $attempt.client.Close()
}
exit 0
