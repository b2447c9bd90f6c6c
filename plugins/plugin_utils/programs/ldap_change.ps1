# Changes entries of a directory.
# bin: folder of the client tools. host_name, port: the directory; bind_dn, bind_password: who changes. ldif: the
# changes, which may hold passwords. work_dir: where they lie, for administrators only, while the client reads them.

# include: invoke_tool

$work = $work_dir + '\stgw-ldap.' + [Guid]::NewGuid().ToString()
$made = [IO.Directory]::CreateDirectory($work)
$rc = 1
try {
    $security = New-Object Security.AccessControl.DirectorySecurity
    $security.SetSecurityDescriptorSddlForm('D:P(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)')
    [IO.Directory]::SetAccessControl($work, $security)
    # LDIF in ASCII: what is not, is in Base64.
    [IO.File]::WriteAllText($work + '\ldif', $ldif, [Text.Encoding]::ASCII)
    $arguments = '-h ' + $host_name + ' -p ' + $port + ' -D "' + $bind_dn + '" -w ? -f "' + $work + '\ldif"'
    $rc = Invoke-Tool ($bin + '\idsldapmodify') $arguments ($bind_password + "`r`n")
} finally {
    [IO.Directory]::Delete($work, $true)
}
if ($rc -ne 0) {
    [Console]::Error.WriteLine($said)
}
exit $rc
