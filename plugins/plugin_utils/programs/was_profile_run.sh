# shellcheck shell=sh
# Runs manageprofiles with a response file, as a job.
# program: manageprofiles; answers: the response file; ports: the file of ports that it names at its end, may be empty.
# folder: that of the job, which only root can read.
: "${program?}" "${answers?}" "${ports?}" "${folder?}"

trap 'rm -f "$folder/answers" "$folder/ports"' 0
trap 'exit 143' 1 2 15
umask 077
if [ -n "$ports" ]; then
  cat >"$folder/ports" <<END || exit 1
$ports
END
fi
{
  cat <<END
$answers
END
  if [ -n "$ports" ]; then
    echo "portsFile=$folder/ports"
  fi
} >"$folder/answers" || exit 1
umask 022
rc=0
"$program" -response "$folder/answers" </dev/null || rc=$?
exit "$rc"
