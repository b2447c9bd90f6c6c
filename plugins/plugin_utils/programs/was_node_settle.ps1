# An addNode is undone: its log is kept under another name, so that it tells of no interruption any more.
# profile_path: the folder of the profile.

$log = $profile_path + '\logs\addNode.log'
if ([IO.File]::Exists($log)) {
    [IO.File]::Delete($log + '.previous')
    [IO.File]::Move($log, $log + '.previous')
}
exit 0
