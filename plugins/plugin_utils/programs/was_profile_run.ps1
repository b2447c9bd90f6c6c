# Runs manageprofiles with a response file, as a job. What the command prints goes to output in the job's folder.
# program: manageprofiles; answers: the response file; ports: the file of ports that it names at its end, may be empty.
# folder: that of the job, which only administrators can read.

# include: run_to_file
$rc = 1
try {
    $text = $answers + "`n"
    if ($ports) {
        [IO.File]::WriteAllText($folder + '\ports', $ports + "`n")
        $text += 'portsFile=' + ($folder + '\ports').Replace('\', '\\') + "`n"
    }
    [IO.File]::WriteAllText($folder + '\answers', $text)
    $rc = Start-ToFile $program ('-response "' + $folder + '\answers"') ($folder + '\output')
} finally {
    [IO.File]::Delete($folder + '\answers')
    [IO.File]::Delete($folder + '\ports')
}
exit $rc
