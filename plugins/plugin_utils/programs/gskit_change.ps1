# Makes a key database of GSKit and a certificate in it that signs itself.
# command: gsk7capicmd; database: the file; create: whether it is made, with password, which is stashed beside it.
# label, subject, size (bits), days: of the certificate. The files get the rights of their folder.
# Prints done= for each thing done.

# include: invoke_tool

function Invoke-Gskit($arguments, $answers, $what) {
    $rc = Invoke-Tool ($command -replace '\.exe$', '') $arguments $answers
    if ($rc -ne 0) {
        [Console]::Error.WriteLine($said)
        [Console]::Error.WriteLine($what + ' failed')
        exit 1
    }
}

$place = '-db "' + $database + '"'
if ($create) {
    # A key database without its stash, which a run that broke off would leave, could not be opened again.
    $base = $database -replace '\.kdb$', ''
    $endings = '.sth', '.rdb', '.crl', '.kdb'
    foreach ($ending in $endings) {
        [IO.File]::Delete($base + '-new' + $ending)
    }
    $arguments = '-keydb -create -db "' + $base + '-new.kdb" -pw - -type cms -stash'
    Invoke-Gskit $arguments ($password + "`r`n") '-keydb -create'
    foreach ($ending in $endings) {
        if ([IO.File]::Exists($base + '-new' + $ending)) {
            [IO.File]::Move($base + '-new' + $ending, $base + $ending)
        }
    }
    [Console]::Out.WriteLine('done=made key database ' + $database)
}
$arguments = '-cert -create ' + $place + ' -stashed -label "' + $label + '" -dn "' + $subject + '" -size ' + $size
Invoke-Gskit ($arguments + ' -expire ' + $days + ' -default_cert yes') '' '-cert -create'
[Console]::Out.WriteLine('done=made certificate ' + $label)
exit 0
