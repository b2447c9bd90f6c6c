# shellcheck shell=sh
# Change attributes of a device of AIX and make it available.
# name: the device; attributes: NAME=VALUE, one on each line; make: whether to make it available; at_restart: whether the
# attributes are for the next start of the machine only.
: "${name?}" "${attributes?}" "${make?}" "${at_restart?}"

if [ -n "$make" ]; then
  mkdev -l "$name" >/dev/null || exit 1
fi
while read -r attribute; do
  if [ -n "$attribute" ]; then
    if [ -n "$at_restart" ]; then
      chdev -l "$name" -P -a "$attribute" </dev/null >/dev/null || exit 1
    else
      chdev -l "$name" -a "$attribute" </dev/null >/dev/null || exit 1
    fi
  fi
done <<END
$attributes
END
exit 0
