# shellcheck shell=sh
# Credentials in the soap.client.props of a WebSphere profile, where its commands look for them, for as long as one works.
# profile_path: the folder of the profile; credentials: lines of properties; timeout: seconds to wait for another run's
# credentials to go. return_credentials belongs in a trap that is set before lend_credentials is called.
: "${profile_path?}" "${credentials?}" "${timeout?}"
props=$profile_path/properties/soap.client.props
original=$props.original
lock=$props.lock
lent=

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

lend_credentials() {
  if [ ! -f "$props" ] && [ ! -f "$original" ]; then
    fail "there is no $props"
  fi
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
  lent=1
  # The file of the job when this runs as one, the shell otherwise.
  printf '%s\n' "$$" "$0" >"$lock/pid" || exit 1
  put_back
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
}

# shellcheck disable=SC2329  # the trap does
return_credentials() {
  if [ -n "$lent" ]; then
    put_back
    rm -rf "$lock"
    lent=
  fi
}
