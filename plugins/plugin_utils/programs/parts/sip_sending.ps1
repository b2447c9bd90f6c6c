# Sends one message of a talk and waits for what follows it.
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
