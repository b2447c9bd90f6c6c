# shellcheck shell=sh
# Tell about tunables of AIX. Prints tunable=NAME,NOW,DEFAULT,BOOT,LEAST,LARGEST,UNIT,TYPE,... for each that the machine has.
# command: no or vmo; names: of the tunables, one on each line.
: "${command?}" "${names?}"

while read -r name; do
  if [ -n "$name" ]; then
    "$command" -x "$name" </dev/null 2>/dev/null | sed -n "s/^$name,/tunable=&/p"
  fi
done <<END
$names
END
exit 0
