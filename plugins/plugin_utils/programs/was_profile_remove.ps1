# Removes the folder of a profile that the registry of profiles does not know any more.
# path: the folder.

if ([IO.Directory]::Exists($path)) {
    [IO.Directory]::Delete($path, $true)
}
exit 0
