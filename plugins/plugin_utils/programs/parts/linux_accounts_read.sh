# shellcheck shell=sh
# On Linux, what target_account_read asks on AIX, by the commands that are there.
if [ "$(uname -s)" = Linux ]; then
  # That of getent is its exit code.
  # shellcheck disable=SC2034  # target_account_read asks with them
  unknown_group='' unknown_user=''

  # entry, number of the field from 1
  field_of() {
    echo "$1" | cut -d : -f "$2"
  }

  # -f name
  # shellcheck disable=SC2329  # ask does
  lsgroup() {
    entry=$(getent group "$2") || return
    echo " id=$(field_of "$entry" 3)"
    echo " users=$(field_of "$entry" 4)"
  }

  # -f name
  # shellcheck disable=SC2329  # ask does
  lsuser() {
    entry=$(getent passwd "$2") || return
    echo " id=$(field_of "$entry" 3)"
    echo " pgrp=$(id -gn "$2")"
    echo " groups=$(id -Gn "$2" | tr ' ' ,)"
    echo " home=$(field_of "$entry" 6)"
    echo " shell=$(field_of "$entry" 7)"
    echo " gecos=$(field_of "$entry" 5)"
  }

  # name; one that never had a password has a mark in place of it
  password() {
    if entry=$(getent shadow "$1"); then
      case $(field_of "$entry" 2) in
      '' | '!'* | '*'*)
        echo "password=none"
        ;;
      esac
    fi
  }
fi
