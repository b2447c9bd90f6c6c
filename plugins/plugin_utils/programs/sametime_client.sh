# shellcheck shell=sh
# Let a program do what a person does at a Sametime client.
# program: its path; commands: a line for each call, the words between tabs.
# Prints found=1 when the program is there, and for each call command= with its number, said= for each line, exit= with the
# exit code.
: "${program?}" "${commands?}"

if [ ! -x "$program" ]; then
  exit 0
fi
echo "found=1"
number=0
tab=$(printf '\t')
set -f
while IFS= read -r command; do
  if [ -n "$command" ]; then
    number=$((number + 1))
    echo "command=$number"
    IFS=$tab
    # The words are to be split, at tabs alone.
    # shellcheck disable=SC2086
    said=$("$program" $command 2>&1 </dev/null)
    code=$?
    unset IFS
    if [ -n "$said" ]; then
      printf '%s\n' "$said" | sed 's/^/said=/'
    fi
    echo "exit=$code"
  fi
done <<LIST
$commands
LIST
