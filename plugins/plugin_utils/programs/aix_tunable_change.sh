# shellcheck shell=sh
# Change tunables of AIX by the commands given; the first that fails ends it.
# commands: no or vmo with its arguments, which have no blanks, one command on each line.
: "${commands?}"

while read -r command arguments; do
  if [ -n "$command" ]; then
    # What it did it tells on standard output, which nobody needs; without an answer it refuses what it asks about.
    # The words of the line are what is wanted here.
    # shellcheck disable=SC2086
    "$command" $arguments </dev/null >/dev/null || exit 1
  fi
done <<END
$commands
END
exit 0
