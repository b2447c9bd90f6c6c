# Tell what is at a path. Prints type= (file, directory or absent), on request access= (the access list as SDDL) and of a
# file on request sha1= or its bytes.
# path: absolute; content: text, sha1 or empty; access: whether the access list too.

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
if (($content -eq 'sha1') -and ($type -eq 'file')) {
    $hash = (New-Object Security.Cryptography.SHA1CryptoServiceProvider).ComputeHash([IO.File]::ReadAllBytes($path))
    [Console]::Out.WriteLine('sha1=' + [BitConverter]::ToString($hash).Replace('-', '').ToLower())
}
if (($content -eq 'text') -and ($type -eq 'file')) {
    [Console]::Out.WriteLine('--')
    [Console]::Out.WriteLine([Convert]::ToBase64String([IO.File]::ReadAllBytes($path)))
}
exit 0
