# shellcheck shell=sh
# Tell about a DB2 instance. Prints copy=1, licence= (product identifier) for each registered licence, instance=1,
# usable=1, registry.NAME=, config.NAME=, running=1, port=NUMBER/tcp of its service, taken= (another service with its
# port), listening=1.
# path: the DB2 copy; name: the instance; service: its service name; port: its number; services: the file of services.
: "${path?}" "${name?}" "${service?}" "${port?}" "${services?}"

if [ -n "$service" ]; then
  awk -v service="$service" -v port="$port/tcp" '
    $1 == service { print "port=" $2 }
    $1 !~ /^#/ && $1 != service && $2 == port { print "taken=" $1 }' "$services"
fi
if [ ! -x "$path/instance/db2ilist" ]; then
  exit 0
fi
echo "copy=1"
"$path/adm/db2licm" -l | awk -F'"' '
  /^License type/ { type = $2 }
  /^Product identifier/ && type !~ /^Trial|^Try/ { print "licence=" $2 }'
if ! "$path/instance/db2ilist" | grep -x "$name" >/dev/null; then
  exit 0
fi
echo "instance=1"
su - "$name" -c '/bin/sh -s' <<'END'
if [ ! -f "$HOME/sqllib/db2profile" ]; then
  exit 0
fi
echo "usable=1"
. "$HOME/sqllib/db2profile"
db2set -all </dev/null | sed -n 's/^\[i\] /registry./p'
db2 get dbm cfg </dev/null | sed -n 's/.*(\([A-Z0-9_]*\)) *= */config.\1=/p'
db2 terminate </dev/null >/dev/null
END
ps -ef | awk -v name="$name" '$1 == name && /db2sysc/ { print "running=1"; exit }'
if [ -n "$port" ]; then
  netstat -an | awk -v port="$port" '/LISTEN/ && $4 ~ "[.:]" port "$" { print "listening=1"; exit }'
fi
exit 0
