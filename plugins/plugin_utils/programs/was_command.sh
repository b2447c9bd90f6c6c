# shellcheck shell=sh
# Runs a command of a WebSphere profile, with credentials in the profile's soap.client.props for as long as it works.
# program: the command; arguments: one on each line; profile_path: the folder of the profile; credentials: lines of
# properties, may be empty; timeout: seconds to wait for another run's credentials to go.
: "${program?}" "${arguments?}" "${profile_path?}" "${credentials?}" "${timeout?}"

props=$profile_path/properties/soap.client.props
original=$props.original
lock=$props.lock

fail() {
  echo "$1" >&2
  exit 1
}

# Another run at work. Not only its number counts: numbers are used again.
held() {
  number=
  text=
  if [ -f "$lock/pid" ]; then
    {
      read -r number
      read -r text
    } <"$lock/pid"
  fi
  [ -n "$number" ] && ps -p "$number" -o args= 2>/dev/null | grep -F "$text" >/dev/null
}

# The original is there while, and only while, another stands in its place.
put_back() {
  rm -f "$props.new" "$original.new"
  if [ -f "$original" ]; then
    mv -f "$original" "$props"
  fi
}

take() {
  waited=0
  until mkdir "$lock" 2>/dev/null; do
    if ! held; then
      # It may not have come to tell its number.
      sleep 1
      if ! held; then
        rm -rf "$lock"
        continue
      fi
    fi
    if [ "$waited" -ge "$timeout" ]; then
      fail "$lock: process $number has its credentials in $props since $timeout seconds"
    fi
    sleep 1
    waited=$((waited + 1))
  done
  trap 'put_back; rm -rf "$lock"' 0
  trap 'exit 143' 1 2 15
  # The file of the job when this runs as one, the shell otherwise.
  printf '%s\n' "$$" "$0" >"$lock/pid" || exit 1
  put_back
}

umask 077
if [ ! -f "$props" ] && [ ! -f "$original" ]; then
  fail "there is no $props"
fi
if [ -n "$credentials" ]; then
  take
  cp -p "$props" "$original.new" || exit 1
  {
    sed -e '/^com\.ibm\.SOAP\.securityEnabled=/d' -e '/^com\.ibm\.SOAP\.loginUserid=/d' \
      -e '/^com\.ibm\.SOAP\.loginPassword=/d' -e '/^com\.ibm\.SOAP\.loginSource=/d' "$props"
    cat <<END
$credentials
END
  } >"$props.new" || exit 1
  mv -f "$original.new" "$original" || exit 1
  mv -f "$props.new" "$props" || exit 1
fi

set --
while read -r argument; do
  if [ -n "$argument" ]; then
    set -- "$@" "$argument"
  fi
done <<END
$arguments
END
umask 022
rc=0
"$program" "$@" </dev/null || rc=$?
exit "$rc"
