# shellcheck shell=sh
# Tell about local groups and users. Prints group= or user= for each that exists, then its attributes as AIX names them,
# and password=none for a user that never got one.
# groups, users: names, one on each line.
: "${groups?}" "${users?}"

# kind, command, number of the message for a name that does not exist, names
ask() {
  while read -r name; do
    if [ -z "$name" ]; then
      continue
    fi
    if said=$("$2" -f "$name" 2>&1 </dev/null); then
      echo "$1=$name"
      sed -n 's/^[[:space:]][[:space:]]*\([a-z_]*=\)/\1/p' <<END
$said
END
      if [ "$1" = user ]; then
        password "$name"
      fi
    else
      case $said in
      *"$3"*) ;;
      *)
        echo "$2 $name: $said" >&2
        exit 1
        ;;
      esac
    fi
  done <<LIST
$4
LIST
}

# name; only a password that was set has a time of its last update
password() {
  if status=$(pwdadm -q "$1" 2>/dev/null </dev/null); then
    case $status in
    *lastupdate*) ;;
    *) echo "password=none" ;;
    esac
  fi
}

unknown_group=3004-686
unknown_user=3004-687
# include: linux_accounts_read

ask group lsgroup "$unknown_group" "$groups"
ask user lsuser "$unknown_user" "$users"
exit 0
