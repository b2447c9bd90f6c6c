# Runs a command of a WebSphere profile, with credentials in the profile's soap.client.props for as long as it works.
# program: the command; arguments: its command line; profile_path: the folder of the profile; credentials: lines of
# properties, may be empty; timeout: seconds to wait for another run's credentials to go.
# output: the file for what the command prints.

# include: soap_credentials
# include: run_to_file
$lock = $null
if ($credentials) {
    $lock = Open-Lock
}
$rc = 0
try {
    if ($lock) {
        Restore-Original
        Write-Credentials
    }
    $rc = Start-ToFile $program $arguments $output
} finally {
    if ($lock) {
        Close-Lock $lock
    }
}
exit $rc
