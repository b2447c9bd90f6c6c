# shellcheck shell=sh
# Tell the rows of a query, one word each. Prints instance=1 when there is the instance, problem= (why the database does
# not answer), row= for each row.
# name: the instance; database: its alias in capitals; query: an SQL query whose rows have one column without blanks.
: "${name?}" "${database?}" "${query?}"

su - "$name" -c '/bin/sh -s' <<END 2>/dev/null
if [ ! -f "\$HOME/sqllib/db2profile" ]; then
  exit 0
fi
. "\$HOME/sqllib/db2profile"
read -r query <<'QUERY'
$query
QUERY
echo "instance=1"
# A program that was killed says nothing, and no rows are rows too.
tell_problem() {
  echo "problem=db2 ended with exit code \$1"
  echo "\$said" | sed -n '/SQL[0-9]/s/^/problem=/p'
}
said=\$(db2 connect to '$database' </dev/null)
rc=\$?
if [ "\$rc" -ge 4 ]; then
  tell_problem "\$rc"
  exit 0
fi
said=\$(db2 -x "\$query" </dev/null)
rc=\$?
if [ "\$rc" -ge 4 ]; then
  tell_problem "\$rc"
else
  echo "\$said" | sed -n 's/^\([0-9][^ ]*\) *\$/row=\1/p'
fi
db2 terminate </dev/null >/dev/null
END
exit 0
