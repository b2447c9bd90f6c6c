# shellcheck shell=sh
# Reads documents of a WebSphere profile's configuration.
#
# profile_path: its folder; patterns: names of documents below config, where * stands for any name; mark: begins a line
# that no document has.
#
# Prints profile=1 when there is one, its cell= and node=, running= for each server of it that has a process, and behind
# `--` for each document the mark with its name, and its text.
: "${profile_path?}" "${patterns?}" "${mark?}"

if [ ! -f "$profile_path/bin/setupCmdLine.sh" ]; then
  exit 0
fi
echo "profile=1"
sed -n -e 's/^WAS_CELL=/cell=/p' -e 's/^WAS_NODE=/node=/p' "$profile_path/bin/setupCmdLine.sh"
for file in "$profile_path"/logs/*/*.pid; do
  if [ -f "$file" ]; then
    server=${file##*/}
    pid=
    read -r pid <"$file"
    # Not only the number counts: numbers are used again.
    if [ -n "$pid" ] && ps -p "$pid" -o args= 2>/dev/null | grep java >/dev/null; then
      echo "running=${server%.pid}"
    fi
  fi
done
echo "--"
cd "$profile_path/config" || exit 1
# Names may have blanks.
IFS='
'
while read -r pattern; do
  # shellcheck disable=SC2086  # the pattern has to become names
  for file in $pattern; do
    if [ -f "$file" ]; then
      echo "$mark$file"
      cat "$file"
      echo
    fi
  done
done <<END
$patterns
END
exit 0
