# shellcheck shell=sh
# Tell about a DB2 database. Prints instance=1, exists=1, codeset=, territory=, connected=1 or problem= (why not),
# tables= (number of tables that are not DB2's own), count= (what the query says).
# name: the instance; database: its alias in capitals; query: an SQL query for one number, may be empty.
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
found=\$(db2 list db directory </dev/null | awk '/^ Database alias/ && \$4 == "$database" { print "exists=1" }')
if [ -z "\$found" ]; then
  exit 0
fi
echo "\$found"
db2 get db cfg for '$database' </dev/null |
  sed -n -e 's/^ Database code set *= */codeset=/p' -e 's/^ Database territory *= */territory=/p'
said=\$(db2 connect to '$database' </dev/null)
if [ "\$?" -ge 4 ]; then
  echo "\$said" | sed -n '/SQL[0-9]/s/^/problem=/p'
  exit 0
fi
echo "connected=1"
db2 -x "select count(*) from syscat.tables where tabschema not like 'SYS%'" </dev/null | awk '{ print "tables=" \$1 }'
if [ -n "\$query" ]; then
  db2 -x "\$query" </dev/null | awk '{ print "count=" \$1 }'
fi
db2 terminate </dev/null >/dev/null
END
exit 0
