# shellcheck shell=sh
# On Linux, the commands of AIX that change accounts by those that are there, as far as target_account_change uses them.
if [ "$(uname -s)" = Linux ]; then
  # command of Linux, attributes of AIX, name
  with_attributes() {
    tool=$1
    shift
    many=$#
    while [ "$many" -gt 1 ]; do
      value=${1#*=}
      case $tool:${1%%=*} in
      group*:id) set -- "$@" -g "$value" ;;
      user*:id) set -- "$@" -u "$value" ;;
      user*:pgrp) set -- "$@" -g "$value" ;;
      user*:groups) set -- "$@" -G "$value" ;;
      user*:home) set -- "$@" -d "$value" ;;
      user*:shell) set -- "$@" -s "$value" ;;
      user*:gecos) set -- "$@" -c "$value" ;;
      *)
        echo "$tool: Linux does not have ${1%%=*} as an attribute of an account" >&2
        return 1
        ;;
      esac
      shift
      many=$((many - 1))
    done
    # The name is in front of the options now.
    name=$1
    shift
    "$tool" "$@" "$name"
  }

  mkgroup() {
    with_attributes groupadd "$@"
  }

  chgroup() {
    with_attributes groupmod "$@"
  }

  # -m + users group
  chgrpmem() {
    for member in $(echo "$3" | tr , ' '); do
      gpasswd -a "$member" "$4" >/dev/null || return 1
    done
  }

  # The group of the name goes with its only user.
  rmgroup() {
    if getent group "$1" >/dev/null; then
      groupdel "$1"
    fi
  }

  mkuser() {
    with_attributes useradd "$@"
  }

  chuser() {
    with_attributes usermod "$@"
  }

  # -p name
  rmuser() {
    userdel "$2"
  }
fi
