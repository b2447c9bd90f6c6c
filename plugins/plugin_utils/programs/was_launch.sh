# shellcheck shell=sh
# Launches wsadmin once, for one script.
#
# profile_path: folder of the profile; connection: wsadmin's own arguments, one on each line; credentials: lines of
# properties for the profile's soap.client.props, may be empty; script: its text; request: text of the file that is its
# argument; timeout: seconds, also to wait for another run; work_dir: where script and request lie, for this user only.
#
# Prints rc=, or timeout=1 when wsadmin was ended, and behind `--` what wsadmin said.
: "${profile_path?}" "${connection?}" "${credentials?}" "${script?}" "${request?}" "${timeout?}" "${work_dir?}"

# include: soap_credentials
# include: process_family

umask 077
# What killed runs left, passwords among it.
for old in "$work_dir"/stgw-was.*; do
  if [ -d "$old" ] && ! kill -0 "${old##*.}" 2>/dev/null; then
    rm -rf "$old"
  fi
done
work=$work_dir/stgw-was.$$
# A folder that exists already is somebody else's.
mkdir "$work" || exit 1
launched=

# wsadmin and the Java that it starts, if they are at work.
end_launched() {
  if [ -z "$launched" ] || [ -f "$work/rc" ]; then
    return
  fi
  # shellcheck disable=SC2046  # a list of numbers
  kill -9 $(family "$launched") 2>/dev/null
}

trap 'end_launched; return_credentials; rm -rf "$work"' 0
trap 'exit 143' 1 2 15

cat >"$work/script.py" <<END || exit 1
$script
END
cat >"$work/request" <<END || exit 1
$request
END
set -- -lang jython
while read -r argument; do
  set -- "$@" "$argument"
done <<END
$connection
END
if [ -n "$credentials" ]; then
  lend_credentials
fi

# What wsadmin saves is for whoever else works on the configuration.
umask 022
(
  "$profile_path/bin/wsadmin.sh" "$@" -f "$work/script.py" "$work/request" >"$work/output" 2>&1
  rc=$?
  # When it is ended, there may be no folder left for it.
  echo "$rc" 2>/dev/null >"$work/rc.new" && mv "$work/rc.new" "$work/rc"
) </dev/null >/dev/null &
launched=$!
waited=0
until [ -f "$work/rc" ]; do
  if [ "$waited" -ge "$timeout" ]; then
    echo "timeout=1"
    end_launched
    break
  fi
  sleep 1
  waited=$((waited + 1))
done
if [ -f "$work/rc" ]; then
  read -r rc <"$work/rc"
  echo "rc=$rc"
fi
echo "--"
if [ -f "$work/output" ]; then
  cat "$work/output"
fi
exit 0
