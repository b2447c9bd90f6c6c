# shellcheck shell=sh
# Tell what a WebSphere profile has of its cell's configuration. The blob is one line for each document, its MD5 and its
# path below the cell.
# profile_path: its folder; cell: the cell.
: "${profile_path?}" "${cell?}"

cd "$profile_path/config/cells/$cell" || exit 1
echo "--"
# Names may have blanks. The archives of applications are not what nodes are compared by.
find . -type f ! -name '*.ear' | sed 's/.*/"&"/' | xargs csum -h MD5 | sed 's|  *\./| |'
exit 0
