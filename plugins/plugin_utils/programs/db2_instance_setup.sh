# shellcheck shell=sh
# One step of setting up a DB2 instance, as root.
# action: licence, create, repair or autostart; path: the DB2 copy; name: the instance; fenced: user of its fenced
# routines; type: its type; licence: a licence file; on: whether it starts with the machine.
: "${action?}" "${path?}" "${name?}" "${fenced?}" "${type?}" "${licence?}" "${on?}"

# DB2's programs tell what went wrong on standard output.
told() {
  said=$("$@" 2>&1)
  rc=$?
  if [ "$rc" -ne 0 ]; then
    echo "$said" >&2
    exit "$rc"
  fi
}

case $action in
licence)
  told "$path/adm/db2licm" -a "$licence"
  ;;
create)
  told "$path/instance/db2icrt" -s "$type" -u "$fenced" "$name"
  ;;
repair)
  told "$path/instance/db2iupdt" -u "$fenced" "$name"
  ;;
autostart)
  if [ -n "$on" ]; then
    told "$path/bin/db2iauto" -on "$name"
  else
    told "$path/bin/db2iauto" -off "$name"
  fi
  ;;
esac
exit 0
