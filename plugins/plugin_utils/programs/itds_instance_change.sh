# shellcheck shell=sh
# Creates or changes a directory server instance, and starts or stops its server.
#
# home_dir: folder of the product. name: of the instance and its owner. location: where its folder lies. port, secure_port,
# admin_port, admin_secure_port. create: make the instance, with description, database_instance, seed and salt (may be
# empty). set_ports. set_admin: with admin_dn and admin_password. database: make a database of that name (may be empty)
# with database_owner, database_password and database_location. suffixes: to add. stop, start: the server, before and
# after. autostart: add or remove the inittab line autostart_id, or empty. repeats: how often a tool asks for a secret.
# timeout: seconds to wait for the server. lock: folder that is there while a run is at work on the instance.
#
# Prints done= for each thing done, or busy= with the number of the process that is at work on the instance.
: "${home_dir?}" "${name?}" "${location?}" "${port?}" "${secure_port?}" "${admin_port?}" "${admin_secure_port?}"
: "${create?}" "${description?}" "${database_instance?}" "${seed?}" "${salt?}" "${set_ports?}" "${set_admin?}"
: "${admin_dn?}" "${admin_password?}" "${database?}" "${database_owner?}" "${database_password?}"
: "${database_location?}" "${suffixes?}" "${stop?}" "${start?}" "${autostart?}" "${autostart_id?}" "${repeats?}"
: "${timeout?}" "${lock?}"

fail() {
  echo "$1" >&2
  exit 1
}

# The answers to a tool that runs without -n: the secret as often as it asks, and 1 to go on.
answer_with() {
  answers=
  asked=0
  while [ "$asked" -lt "$repeats" ]; do
    answers="$answers$1
"
    asked=$((asked + 1))
  done
  answers="${answers}1"
}

tool() {
  program=$1
  shift
  "$home_dir/sbin/$program" "$@" >&2 || fail "$program failed with exit code $?"
}

server_answers() {
  rc=0
  "$home_dir/bin/idsldapsearch" -p "$port" -s base -b "" "objectclass=*" >/dev/null 2>&1 </dev/null || rc=$?
  # 81: nobody listens. Anything else was said by a server.
  [ "$rc" -ne 81 ]
}

wait_until() {
  waited=0
  while :; do
    state=stopped
    if server_answers; then
      state=started
    fi
    if [ "$state" = "$1" ]; then
      return 0
    fi
    if [ "$waited" -ge "$timeout" ]; then
      tail -20 "$log" >&2
      fail "the server of $name is not $1 after $timeout seconds"
    fi
    sleep 1
    waited=$((waited + 1))
  done
}

log=$location/idsslapd-$name/logs/ibmslapd.log

# Another run, or what a lost connection has left of one. Not only its number counts: numbers are used again.
other_run() {
  other=
  if [ -f "$lock/pid" ]; then
    read -r other <"$lock/pid"
  fi
  [ -n "$other" ] && ps -p "$other" -o args= 2>/dev/null | grep "sh -s" >/dev/null
}

(umask 077 && mkdir -p "${lock%/*}") || exit 1
if ! mkdir "$lock" 2>/dev/null; then
  # It may not have come to tell its number.
  sleep 1
  if other_run; then
    echo "busy=$other"
    exit 0
  fi
  rm -rf "$lock"
  mkdir "$lock" || exit 1
fi
# With a trap the shell stays until a tool that was started has ended, even when the connection is lost.
trap 'rm -rf "$lock"' 0
trap 'exit 1' 1 2 15
echo "$$" >"$lock/pid" || exit 1

if [ -n "$create" ]; then
  id "$name" >/dev/null 2>&1 || fail "there is no user $name: the owner of an instance is a user of the same name"
  set -- -I "$name" -l "$location" -p "$port" -s "$secure_port" -a "$admin_port" -c "$admin_secure_port" \
    -t "$database_instance" -r "$description"
  if [ -n "$salt" ]; then
    set -- "$@" -g "$salt"
  fi
  answer_with "$seed"
  tool idsicrt "$@" <<EOF
$answers
EOF
  echo "done=created instance $name"
fi

if [ -n "$stop" ]; then
  tool ibmslapd -I "$name" -k </dev/null
  wait_until stopped
  echo "done=stopped the server"
fi

if [ -n "$set_ports" ]; then
  tool idssetport -I "$name" -p "$port" -s "$secure_port" -a "$admin_port" -c "$admin_secure_port" <<EOF
1
EOF
  echo "done=set the ports"
fi

if [ -n "$set_admin" ]; then
  answer_with "$admin_password"
  tool idsdnpw -I "$name" -u "$admin_dn" <<EOF
$answers
EOF
  echo "done=set the administrator"
fi

if [ -n "$database" ]; then
  answer_with "$database_password"
  tool idscfgdb -I "$name" -a "$database_owner" -t "$database" -l "$database_location" <<EOF
$answers
EOF
  echo "done=configured database $database"
fi

while read -r suffix; do
  if [ -n "$suffix" ]; then
    tool idscfgsuf -I "$name" -s "$suffix" <<EOF
1
EOF
    echo "done=added suffix $suffix"
  fi
done <<END
$suffixes
END

if [ -n "$start" ]; then
  # Its output must not stay open: this program would not end before the server does.
  rc=0
  "$home_dir/sbin/ibmslapd" -I "$name" -n >/dev/null 2>&1 </dev/null || rc=$?
  if [ "$rc" -ne 0 ]; then
    tail -20 "$log" >&2
    fail "ibmslapd failed with exit code $rc"
  fi
  wait_until started
  echo "done=started the server"
fi

if [ "$autostart" = add ]; then
  mkitab "$autostart_id:2:once:$home_dir/sbin/ibmslapd -I $name -n >/dev/null 2>&1" || fail "mkitab failed"
  echo "done=added $autostart_id to /etc/inittab"
fi
if [ "$autostart" = remove ]; then
  rmitab "$autostart_id" || fail "rmitab failed"
  echo "done=removed $autostart_id from /etc/inittab"
fi
