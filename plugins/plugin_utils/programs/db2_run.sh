# shellcheck shell=sh
# Run DB2 commands as the owner of an instance, in one session; the first that fails ends it.
# name: the instance; commands: one on each line, its program and then its text, which is one argument.
# Prints, behind `--`, what the commands say. Exit code 4 or higher is that of the command that failed.
: "${name?}" "${commands?}"

echo "--"
su - "$name" -c '/bin/sh -s' <<END
. "\$HOME/sqllib/db2profile" || exit 4
while read -r program text; do
  "\$program" \${text:+"\$text"} </dev/null
  rc=\$?
  if [ "\$rc" -ge 4 ]; then
    echo "\$program\${text:+ }\$text: exit code \$rc" >&2
    exit "\$rc"
  fi
done <<'COMMANDS'
$commands
COMMANDS
END
