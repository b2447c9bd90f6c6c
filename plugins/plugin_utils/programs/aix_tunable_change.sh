# shellcheck shell=sh
# Change tunables of AIX: all of a kind by one command, because AIX judges them together.
# command: no or vmo; pairs: NAME=VALUE for now and each restart, one on each line; late: those for the next restart only.
: "${command?}" "${pairs?}" "${late?}"

# flag, pairs
tune() {
  flag=$1
  list=$2
  set --
  while read -r pair; do
    if [ -n "$pair" ]; then
      set -- "$@" -o "$pair"
    fi
  done <<END
$list
END
  if [ "$#" -gt 0 ]; then
    # What it did it tells on standard output, which nobody needs; without an answer it refuses what it asks about.
    "$command" "$flag" "$@" </dev/null >/dev/null || exit 1
  fi
}

tune -p "$pairs"
tune -r "$late"
exit 0
