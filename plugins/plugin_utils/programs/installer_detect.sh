# shellcheck shell=sh
# Tell what is installed. Prints `level=` for a DB2 copy, `fileset=name:level` for each usable fileset, `path=1`.
# kind: db2, filesets or path; subject: the path looked at; names: filesets, one on each line.
: "${kind?}" "${subject?}" "${names?}"

case $kind in
db2)
  db2ls=$subject/install/db2ls
  if [ -x "$db2ls" ]; then
    "$db2ls" -c 2>/dev/null | awk -F: -v path="$subject" '$1 == path { print "level=" $2 }'
  fi
  ;;
filesets)
  # A name may hold a wildcard, which is for lslpp and not for the shell.
  while read -r name; do
    lslpp -qLc "$name" </dev/null 2>/dev/null | awk -F: '$6 ~ /[AC]/ { print "fileset=" $2 ":" $3 }'
  done <<END
$names
END
  ;;
path)
  if [ -e "$subject" ]; then
    echo "path=1"
  fi
  ;;
*)
  echo "this system knows no detection by $kind" >&2
  exit 1
  ;;
esac
exit 0
