# Bring a path into a state.
# path: absolute; kind: file, directory or absent; write: text, base64, empty, or nothing to leave the content alone;
# content: text or Base64; private: whether only administrators and the system may read it; validate: a command that the
# file must pass before it gets its name, with %s for the file; may be empty; trustee: SID of who else may
# read a private file, or change what is in a private directory; may be empty.
# include: invoke_tool

# SDDL: protected from inheritance; full access for administrators (BA) and the system (SY).
$privateFile = 'D:P(A;;FA;;;BA)(A;;FA;;;SY)'
$privateDirectory = 'D:P(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)'
if ($trustee) {
    # Read for a file; read, write, execute and delete for a directory.
    $privateFile = $privateFile + '(A;;FR;;;' + $trustee + ')'
    $privateDirectory = $privateDirectory + '(A;OICI;0x1301bf;;;' + $trustee + ')'
}

function Protect-File($name) {
    $security = New-Object Security.AccessControl.FileSecurity
    $security.SetSecurityDescriptorSddlForm($privateFile)
    [IO.File]::SetAccessControl($name, $security)
}

if ($kind -eq 'absent') {
    if ([IO.Directory]::Exists($path)) {
        [IO.Directory]::Delete($path, $true)
    } elseif ([IO.File]::Exists($path)) {
        [IO.File]::Delete($path)
    }
    exit 0
}
if ($kind -eq 'directory') {
    $made = [IO.Directory]::CreateDirectory($path)
    if ($private) {
        $security = New-Object Security.AccessControl.DirectorySecurity
        $security.SetSecurityDescriptorSddlForm($privateDirectory)
        [IO.Directory]::SetAccessControl($path, $security)
    }
    exit 0
}
if ($write) {
    $new = $path + '.stgw' + [Guid]::NewGuid().ToString('N')
    $old = $new + '.old'
    try {
        # Protected while still empty, so a secret is never readable for a moment.
        [IO.File]::WriteAllText($new, '')
        if ($private) {
            Protect-File $new
        }
        if ($write -eq 'base64') {
            [IO.File]::WriteAllBytes($new, [Convert]::FromBase64String($content))
        } else {
            [IO.File]::WriteAllText($new, [string]$content)
        }
        if ($validate) {
            $arguments = ''
            for ($place = 1; $place -lt $validate.Length; $place++) {
                $arguments = $arguments + ' "' + $validate[$place].Replace('%s', $new) + '"'
            }
            if ((Invoke-Tool $validate[0] $arguments '') -ne 0) {
                [Console]::Error.WriteLine($validate[0] + ' refuses the new ' + $path + ', which stays as it was: ' + $said)
                exit 1
            }
        }
        if ([IO.File]::Exists($path)) {
            # The one way of Windows to replace a file in one step; it wants a name for the old one.
            [IO.File]::Replace($new, $path, $old)
        } else {
            [IO.File]::Move($new, $path)
        }
    } finally {
        # Delete complains of a missing folder, which would hide what really went wrong.
        foreach ($left in @($new, $old)) {
            if ([IO.File]::Exists($left)) {
                [IO.File]::Delete($left)
            }
        }
    }
}
if ($private) {
    Protect-File $path
}
exit 0
