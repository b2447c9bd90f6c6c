# shellcheck shell=sh
# Removes the folder of a profile that the registry of profiles does not know any more.
# path: the folder.
: "${path?}"

rm -rf "$path" || exit 1
exit 0
