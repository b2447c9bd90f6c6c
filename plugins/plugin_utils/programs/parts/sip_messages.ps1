# Reads messages: headers, whole ones out of a stream, and what pairs an answer with its request.
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
