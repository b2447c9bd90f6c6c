# shellcheck shell=sh
# Tell of what killed runs left at a WebSphere profile, or take it away: credentials in its soap.client.props, and jobs
# whose text holds some. Prints leftover=1 when there is something.
# action: look or remove; profile_path: the profile; jobs: the folders of its jobs, with a * for what differs.
: "${action?}" "${profile_path?}" "${jobs?}"

props=$profile_path/properties/soap.client.props

# Whether the process is there whose number is in the file $1. Not only the number counts, numbers are used again: it is
# known by the file's second line, or by $2.
alive() {
  number=
  text=$2
  if [ -f "$1" ]; then
    {
      read -r number
      read -r text || text=$2
    } <"$1"
  fi
  [ -n "$number" ] && ps -p "$number" -o args= 2>/dev/null | grep -F "$text" >/dev/null
}

if [ -f "$props.original" ] || [ -f "$props.new" ] || [ -f "$props.lock/pid" ]; then
  if ! alive "$props.lock/pid" sh; then
    echo "leftover=1"
    if [ "$action" = remove ]; then
      rm -f "$props.new" "$props.original.new"
      if [ -f "$props.original" ]; then
        mv -f "$props.original" "$props" || exit 1
      fi
      rm -rf "$props.lock"
    fi
  fi
fi
parent=${jobs%/*}
# The pattern may hold no blank: it is made of letters, digits and dashes.
for folder in "$parent"/${jobs##*/}; do
  # Behind a gate one is being started.
  if [ -f "$folder/response" ] && [ ! -d "$folder.gate" ] && ! alive "$folder/pid" "$folder"; then
    echo "leftover=1"
    if [ "$action" = remove ]; then
      rm -rf "$folder" || exit 1
    fi
  fi
done
exit 0
