# shellcheck shell=sh
# Tell about the configuration of a DB2 database. Prints exists=1 when there is the database, config.NAME= for each parameter.
# name: the instance; database: its alias in capitals.
: "${name?}" "${database?}"

su - "$name" -c '/bin/sh -s' <<END 2>/dev/null
if [ ! -f "\$HOME/sqllib/db2profile" ]; then
  exit 0
fi
. "\$HOME/sqllib/db2profile"
said=\$(db2 get db cfg for '$database' </dev/null)
if [ "\$?" -lt 4 ]; then
  echo "exists=1"
  echo "\$said" | sed -n 's/.*(\([A-Z0-9_]*\)) *= */config.\1=/p'
fi
db2 terminate </dev/null >/dev/null
END
exit 0
