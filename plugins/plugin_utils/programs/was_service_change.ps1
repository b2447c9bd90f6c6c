# Run WASService, WebSphere's program for Windows services.
# program: its path; arguments: one each.
# The text that follows is what it says. Ends with its exit code.

$said = & $program $arguments
$rc = $LASTEXITCODE
[Console]::Out.WriteLine('--')
[Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes(@($said) -join "`n")))
exit $rc
