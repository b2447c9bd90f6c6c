# Sets a Domino server up by a recorded profile, as a job. What the last command prints goes to output in its folder.
# recorded: where the profile is to lie meanwhile; content: the profile as Base64; editor: the program that changes it;
# edits: its command lines; server: the program that sets up; folder: that of the job, which only administrators can read.

# include: run_to_file
$rc = 1
try {
    # Protected while still empty: full access for administrators (BA) and the system (SY).
    [IO.File]::WriteAllText($recorded, '')
    $security = New-Object Security.AccessControl.FileSecurity
    $security.SetSecurityDescriptorSddlForm('D:P(A;;FA;;;BA)(A;;FA;;;SY)')
    [IO.File]::SetAccessControl($recorded, $security)
    [IO.File]::WriteAllBytes($recorded, [Convert]::FromBase64String($content))
    $rc = 0
    foreach ($edit in $edits) {
        if ($rc -eq 0) {
            $rc = Start-ToFile $editor $edit ($folder + '\output')
        }
    }
    if ($rc -eq 0) {
        $rc = Start-ToFile $server ('-silent "' + $recorded + '"') ($folder + '\output')
    }
} finally {
    if ([IO.File]::Exists($recorded)) {
        [IO.File]::Delete($recorded)
    }
}
exit $rc
