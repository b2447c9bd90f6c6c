# Reads a certificate of a key database of GSKit, which its stash opens.
# command: gsk7capicmd; database: the file; label: of the certificate; work_dir: where the certificate lies meanwhile.
# Prints command=1 and database=1 when they are there, extract_rc= when the certificate was asked for; then it, in base 64.

# include: invoke_tool

$there = [IO.File]::Exists($command)
if ($there) {
    [Console]::Out.WriteLine('command=1')
}
if (-not [IO.File]::Exists($database)) {
    exit 0
}
[Console]::Out.WriteLine('database=1')
if (-not $there) {
    exit 0
}
$work = $work_dir.TrimEnd('\') + '\stgw-gskit-' + [Guid]::NewGuid().ToString() + '.arm'
$content = ''
try {
    $arguments = '-cert -extract -db "' + $database + '" -stashed -label "' + $label + '" -target "' + $work + '" -format ascii'
    $rc = Invoke-Tool ($command -replace '\.exe$', '') $arguments ''
    [Console]::Out.WriteLine('extract_rc=' + $rc)
    if ($rc -eq 0) {
        $content = [IO.File]::ReadAllText($work)
    }
} finally {
    [IO.File]::Delete($work)
}
[Console]::Out.WriteLine('--')
[Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($content)))
exit 0
