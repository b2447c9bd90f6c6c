# Takes what comes, answers requests, and remembers what answers say.
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
