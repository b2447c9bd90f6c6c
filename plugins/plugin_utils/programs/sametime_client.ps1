# Let a program do what a person does at a Sametime client.
# program: its path; commands: one for each call, the words between tabs.
# Prints found=1 when the program is there, and for each call command= with its number, said= for each line, exit= with the
# exit code.

if (-not [IO.File]::Exists($program)) {
    exit 0
}
[Console]::Out.WriteLine('found=1')
$number = 0
foreach ($command in $commands) {
    $number = $number + 1
    [Console]::Out.WriteLine('command=' + $number)
    $words = $command.Split([char]9)
    $said = @(& $program $words)
    $code = $LASTEXITCODE
    foreach ($line in $said) {
        [Console]::Out.WriteLine('said=' + $line)
    }
    [Console]::Out.WriteLine('exit=' + $code)
}
exit 0
