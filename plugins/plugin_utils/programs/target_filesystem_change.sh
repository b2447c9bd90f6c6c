# shellcheck shell=sh
# Grow, make and mount file systems.
# steps: verb, mount point, megabytes and volume group, separated by tabs, one step on each line.
: "${steps?}"

tab='	'
while IFS=$tab read -r verb mount megabytes volume_group; do
  case $verb in
  grow)
    chfs -a "size=+${megabytes}M" "$mount" </dev/null || exit 1
    ;;
  make)
    crfs -v jfs2 -g "$volume_group" -m "$mount" -A yes -p rw -a "size=${megabytes}M" </dev/null || exit 1
    mount "$mount" </dev/null || exit 1
    ;;
  mount)
    mount "$mount" </dev/null || exit 1
    ;;
  esac
done <<LIST
$steps
LIST
exit 0
