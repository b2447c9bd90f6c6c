# shellcheck shell=sh
# Sets a Domino server up by a recorded profile, as a job.
# user: that of the server; recorded: where the profile is to lie meanwhile; content: the profile as Base64; steps: what
# the user does with it, text of sh.
: "${user?}" "${recorded?}" "${content?}" "${steps?}"

trap 'rm -f "$recorded"' 0
trap 'exit 143' 1 2 15
rc=0
# The user makes the file itself: root must not write where somebody else may have put a link.
su - "$user" -c '/bin/sh -s' <<END || rc=$?
umask 077
rm -f '$recorded'
uudecode -o '$recorded' <<PROFILE || exit 1
begin-base64 600 profile
$content
====
PROFILE
umask 022
$steps
END
exit "$rc"
