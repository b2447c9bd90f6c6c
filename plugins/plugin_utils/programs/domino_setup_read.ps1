# Tell whether a Domino server is set up. Prints setup= and domain= from its notes.ini, leftover=1 for a recorded profile
# that lies in its data folder.
# ini: the server's notes.ini; recorded: where the profile lies while the set-up runs.

if ([IO.File]::Exists($ini)) {
    foreach ($line in [IO.File]::ReadAllLines($ini)) {
        if ($line -match '^ServerSetup=(.+)$') {
            [Console]::Out.WriteLine('setup=' + $matches[1])
        } elseif ($line -match '^Domain=(.*)$') {
            [Console]::Out.WriteLine('domain=' + $matches[1])
        }
    }
}
if ([IO.File]::Exists($recorded)) {
    [Console]::Out.WriteLine('leftover=1')
}
exit 0
