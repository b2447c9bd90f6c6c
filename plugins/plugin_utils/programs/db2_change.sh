# shellcheck shell=sh
# Change rows of a DB2 database as the owner of its instance: all statements or none.
# name: the instance; database: its alias in capitals; statements: SQL, one on each line.
# Exit code 4 or higher is that of the statement that failed, which standard error tells.
: "${name?}" "${database?}" "${statements?}"

su - "$name" -c '/bin/sh -s' <<END
. "\$HOME/sqllib/db2profile" || exit 4
said=\$(db2 connect to '$database' </dev/null)
rc=\$?
if [ "\$rc" -ge 4 ]; then
  echo "\$said" >&2
  exit "\$rc"
fi
rc=0
while read -r text; do
  said=\$(db2 +c "\$text" </dev/null)
  rc=\$?
  if [ "\$rc" -ge 4 ]; then
    echo "\$text: \$said" >&2
    # To terminate would commit what was done before.
    db2 rollback </dev/null >/dev/null
    break
  fi
done <<'STATEMENTS'
$statements
STATEMENTS
if [ "\$rc" -lt 4 ]; then
  said=\$(db2 commit </dev/null)
  rc=\$?
  if [ "\$rc" -ge 4 ]; then
    echo "commit: \$said" >&2
  fi
fi
db2 terminate </dev/null >/dev/null
if [ "\$rc" -ge 4 ]; then
  exit "\$rc"
fi
exit 0
END
