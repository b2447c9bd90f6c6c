# shellcheck shell=sh
# Tell about the file systems that hold paths. Prints path= for each path, then mount=, size_kb= and free_kb=.
# A path of the list own must be a mount point itself: unless it is one, only defined_kb= is printed, and that only when
# /etc/filesystems has it.
# paths, own: absolute paths, one on each line.
: "${paths?}" "${own?}"

usage() {
  df -k "$1" </dev/null | awk 'NR > 1 { print "mount=" $NF; print "size_kb=" $2; print "free_kb=" $3 }'
}

while read -r path; do
  if [ -z "$path" ]; then
    continue
  fi
  echo "path=$path"
  holder=$path
  while [ ! -e "$holder" ]; do
    holder=$(dirname "$holder")
  done
  usage "$holder"
done <<LIST
$paths
LIST

while read -r path; do
  if [ -z "$path" ]; then
    continue
  fi
  echo "path=$path"
  if [ -d "$path" ] && usage "$path" | grep -Fx "mount=$path" >/dev/null; then
    usage "$path"
  else
    lsfs -cq "$path" 2>/dev/null </dev/null | awk -F: -v mount="$path" '$1 == mount { print "defined_kb=" int($6 / 2) }'
  fi
done <<LIST
$own
LIST
exit 0
