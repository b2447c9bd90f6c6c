# shellcheck shell=sh
# Tell about tunables of AIX. Prints tunable=COMMAND NAME,NOW,DEFAULT,BOOT,LEAST,LARGEST,UNIT,TYPE,... for each that the machine
# has.
# names: COMMAND NAME, the command no or vmo, one on each line.
: "${names?}"

while read -r command name; do
  if [ -n "$name" ]; then
    "$command" -x "$name" </dev/null 2>/dev/null | sed -n "s/^$name,/tunable=$command &/p"
  fi
done <<END
$names
END
exit 0
