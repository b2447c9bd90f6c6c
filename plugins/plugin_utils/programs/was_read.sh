# shellcheck shell=sh
# Reads documents of a WebSphere profile's configuration.
#
# profile_path: its folder; patterns: names of documents below config, where * stands for any name; mark: begins a line
# that no document has; secrets: what stored passwords may hold behind {xor}.
#
# Prints profile=1 when there is one, its cell= and node=, running= for each server of it that has a process, and behind
# `--` for each document the mark with its name, and its text. A stored password is {same 0} when it is the first of
# secrets and so on, and {xor} alone when it is none of them: what is printed here is shown to whoever watches closely.
: "${profile_path?}" "${patterns?}" "${mark?}" "${secrets?}"

# A document without its passwords.
show() {
  awk '
    NR == FNR { known[$0] = NR - 1; next }
    {
      line = $0
      text = ""
      while ((at = index(line, "{xor}")) > 0) {
        text = text substr(line, 1, at - 1)
        line = substr(line, at + 5)
        stop = index(line, "\"")
        value = stop ? substr(line, 1, stop - 1) : line
        line = stop ? substr(line, stop) : ""
        text = text ((value != "" && value in known) ? "{same " known[value] "}" : "{xor}")
      }
      print text line
    }' - "$1" <<END
$secrets
END
}

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
      if grep '{xor}' "$file" >/dev/null; then
        show "$file"
      else
        cat "$file"
      fi
      echo
    fi
  done
done <<END
$patterns
END
exit 0
