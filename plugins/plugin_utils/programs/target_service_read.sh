# shellcheck shell=sh
# Tell about an SRC subsystem and an entry of /etc/inittab. Prints definition= (as lssrc -S writes it) and status= of a
# subsystem that exists, inittab= of an entry that exists, and uid= of a user that exists.
# name: the subsystem; id: the entry, may be empty; user: the user, may be empty.
: "${name?}" "${id?}" "${user?}"

if said=$(lssrc -S -s "$name" 2>&1); then
  awk 'NR == 2 { print "definition=" $0 }' <<END
$said
END
  lssrc -s "$name" | awk 'NR == 2 { print "status=" $NF }'
else
  case $said in
  *0513-085*) ;;
  *)
    echo "$said" >&2
    exit 1
    ;;
  esac
fi
if [ -n "$id" ]; then
  entry=$(lsitab "$id")
  if [ -n "$entry" ]; then
    echo "inittab=$entry"
  fi
fi
if [ -n "$user" ] && number=$(id -u "$user" 2>/dev/null); then
  echo "uid=$number"
fi
exit 0
