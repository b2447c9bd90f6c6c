# shellcheck shell=sh
# An addNode is undone: its log is kept under another name, so that it tells of no interruption any more.
# profile_path: the folder of the profile.
: "${profile_path?}"

log=$profile_path/logs/addNode.log
if [ -f "$log" ]; then
  mv -f "$log" "$log.previous" || exit 1
fi
exit 0
