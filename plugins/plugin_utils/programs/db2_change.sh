# shellcheck shell=sh
# Change rows of a DB2 database as the owner of its instance: all statements or none, and none where the rows are others
# than were read before.
# name: the instance; database: its alias in capitals; statements: SQL, one on each line, locks first, so that nothing
# changes behind the comparison; query: as for db2_rows; rows: its words when they were read; locks: SQL statements.
# Prints conflict=1 when the rows are others. Exit code 4 or higher is that of the statement that failed, which standard
# error tells.
: "${name?}" "${database?}" "${locks?}" "${query?}" "${rows?}" "${statements?}"

su - "$name" -c '/bin/sh -s' <<END
. "\$HOME/sqllib/db2profile" || exit 4
said=\$(db2 connect to '$database' </dev/null)
rc=\$?
if [ "\$rc" -ge 4 ]; then
  echo "\$said" >&2
  exit "\$rc"
fi
# Standard input has SQL statements, one on each line.
run_all() {
  while read -r text; do
    said=\$(db2 +c "\$text" </dev/null)
    rc=\$?
    if [ "\$rc" -ge 4 ]; then
      echo "\$text: \$said" >&2
      return 1
    fi
  done
}
# A function, because ksh88 cannot read a here document inside a command substitution.
known_rows() {
  sort <<'ROWS'
$rows
ROWS
}
conflict=
rc=0
if run_all <<'LOCKS'
$locks
LOCKS
then
  read -r query <<'QUERY'
$query
QUERY
  said=\$(db2 +c -x "\$query" </dev/null)
  rc=\$?
  if [ "\$rc" -ge 4 ]; then
    echo "\$said" >&2
  elif [ "\$(known_rows)" != "\$(echo "\$said" | sed -n 's/^\([0-9][^ ]*\) *\$/\1/p' | sort)" ]; then
    conflict=1
  else
    run_all <<'STATEMENTS'
$statements
STATEMENTS
  fi
fi
if [ -z "\$conflict" ] && [ "\$rc" -lt 4 ]; then
  said=\$(db2 commit </dev/null)
  rc=\$?
  if [ "\$rc" -ge 4 ]; then
    echo "commit: \$said" >&2
  fi
fi
if [ -n "\$conflict" ] || [ "\$rc" -ge 4 ]; then
  # To terminate would commit what was done before.
  db2 rollback </dev/null >/dev/null
fi
db2 terminate </dev/null >/dev/null
if [ "\$rc" -ge 4 ]; then
  exit "\$rc"
fi
if [ -n "\$conflict" ]; then
  echo "conflict=1"
fi
exit 0
END
