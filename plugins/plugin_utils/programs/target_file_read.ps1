# Tell what is at a path. Prints type= (file, directory or absent) and on request access= (the access list as SDDL); with
# content the bytes of a file follow.
# path: absolute; content: whether the bytes too; access: whether the access list too.

$type = 'absent'
if ([IO.File]::Exists($path)) {
    $type = 'file'
} elseif ([IO.Directory]::Exists($path)) {
    $type = 'directory'
}
[Console]::Out.WriteLine('type=' + $type)
if ($access -and ($type -eq 'file')) {
    [Console]::Out.WriteLine('access=' + [IO.File]::GetAccessControl($path).GetSecurityDescriptorSddlForm('Access'))
}
if ($access -and ($type -eq 'directory')) {
    [Console]::Out.WriteLine('access=' + [IO.Directory]::GetAccessControl($path).GetSecurityDescriptorSddlForm('Access'))
}
if ($content -and ($type -eq 'file')) {
    [Console]::Out.WriteLine('--')
    [Console]::Out.WriteLine([Convert]::ToBase64String([IO.File]::ReadAllBytes($path)))
}
exit 0
