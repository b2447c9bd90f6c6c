# Runs manageprofiles with a response file, as a job: it stands beside the job's own text, which only administrators can
# read.
# program: manageprofiles; answers: the response file; ports: the file of ports that it names at its end, may be empty.
# job, set by the caller: the file this text was read from; what the command prints goes to output beside it.

# include: run_to_file
$folder = [IO.Path]::GetDirectoryName($job)
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
