# shellcheck shell=sh
# Tell what is at a path. Prints type= (file, directory, other or absent), mode= as ls writes it, owner=, group=, and of a
# file on request sha1= or its text.
# path: absolute; content: text, sha1 or empty.
: "${path?}" "${content?}"

if [ -f "$path" ]; then
  kind='file'
elif [ -d "$path" ]; then
  kind=directory
elif [ -e "$path" ]; then
  kind=other
else
  echo "type=absent"
  exit 0
fi
echo "type=$kind"
# Nothing else tells owner and mode on AIX; the fields used stand before the name, whatever that holds.
# shellcheck disable=SC2012
ls -ldL "$path" | awk '{ print "mode=" $1; print "owner=" $3; print "group=" $4 }'
if [ "$kind" = file ]; then
  case $content in
  sha1)
    if [ "$(uname -s)" = AIX ]; then
      csum -h SHA1 "$path" | awk '{ print "sha1=" $1 }'
    else
      sha1sum <"$path" | awk '{ print "sha1=" $1 }'
    fi
    ;;
  text)
    echo "--"
    cat "$path" || exit 1
    ;;
  esac
fi
exit 0
