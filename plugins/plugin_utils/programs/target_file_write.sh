# shellcheck shell=sh
# Bring a path into a state.
# path: absolute; kind: file, directory or absent; write: text, base64, empty, or nothing to leave the content alone;
# content: text without its last newline, or Base64; mode, owner, group: may be empty; validate: a command that the file
# must pass before it gets its name, a word a line, with %s for the file; may be empty; trustee: means nothing here.
: "${path?}" "${kind?}" "${write?}" "${content?}" "${mode?}" "${owner?}" "${group?}" "${validate?}" "${trustee?}"

umask 022
subject=$path
case $kind in
absent)
  rm -rf "$path" || exit 1
  exit 0
  ;;
directory)
  mkdir -p "$path" || exit 1
  ;;
file)
  # Attributes are set before the file gets its name, so a secret is never readable for a moment. The name is in the
  # same directory, because only there mv replaces in one step.
  if [ -n "$write" ]; then
    subject=$path.stgw$$
    trap 'rm -f "$subject"' 0
    trap 'exit 1' 1 2 15
    umask 077
    case $write in
    text)
      cat >"$subject" <<END || exit 1
$content
END
      ;;
    base64)
      if [ "$(uname -s)" = AIX ]; then
        uudecode -o "$subject" <<END || exit 1
begin-base64 600 file
$content
====
END
      else
        base64 -d >"$subject" <<END || exit 1
$content
END
      fi
      ;;
    empty)
      true >"$subject" || exit 1
      ;;
    esac
  fi
  ;;
esac
if [ -n "$owner" ]; then
  chown "$owner" "$subject" || exit 1
fi
if [ -n "$group" ]; then
  chgrp "$group" "$subject" || exit 1
fi
if [ -n "$mode" ]; then
  chmod "$mode" "$subject" || exit 1
fi
if [ -n "$validate" ]; then
  set --
  while read -r word; do
    if [ "$word" = %s ]; then
      word=$subject
    fi
    set -- "$@" "$word"
  done <<LIST
$validate
LIST
  if ! said=$("$@" 2>&1); then
    echo "$1 refuses the new $path, which stays as it was:" >&2
    echo "$said" >&2
    exit 1
  fi
fi
if [ "$subject" != "$path" ]; then
  mv -f "$subject" "$path" || exit 1
fi
exit 0
