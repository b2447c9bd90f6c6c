# shellcheck shell=sh
# Tell what is installed. Prints `level=` for a DB2 copy, `fileset=name:level` for each usable fileset, `path=1`, `product=id:level`
# for each product of a WebSphere installation, `version=` of an Update Installer, `entry=` for each profile in the registry
# of a WebSphere installation and `folder=` for each whose folder is there.
# kind: db2, filesets, path, was, update_installer or was_profile; subject: the path looked at; names: filesets, one on each line.
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
was)
  for file in "$subject"/properties/version/*.product; do
    if [ -f "$file" ]; then
      awk 'BEGIN { RS = "<" }
        /^id>/ { sub("id>", ""); gsub("[ \t\r\n]", ""); id = $0 }
        /^version>/ { sub("version>", ""); gsub("[ \t\r\n]", ""); version = $0 }
        END { if (id != "" && version != "") { print "product=" id ":" version } }' "$file"
    fi
  done
  ;;
update_installer)
  if [ -f "$subject/version.txt" ]; then
    sed -n '/[0-9]\.[0-9]/s/^/version=/p' "$subject/version.txt"
  fi
  ;;
was_profile)
  registry=$subject/properties/profileRegistry.xml
  if [ -f "$registry" ]; then
    awk 'BEGIN { RS = ">" } /<profile / { gsub("[\n\r]", " "); sub(/.*<profile /, ""); print "entry=" $0 }' "$registry" |
      while read -r entry; do
        echo "$entry"
        path=$(echo "$entry" | sed 's/.* path="\([^"]*\)".*/\1/')
        if [ -d "$path" ]; then
          echo "folder=$path"
        fi
      done
  fi
  ;;
*)
  echo "this system knows no detection by $kind" >&2
  exit 1
  ;;
esac
exit 0
