# shellcheck shell=sh
# Change a unit of systemd, in this order: stop, disable, define, enable, start.
# name: the unit without .service; folder: where its file is; stop, start: 1 or empty; timeout: seconds; define: write,
# remove or empty; unit: text of the unit file without its last newline; mode: enable, disable or empty.
: "${name?}" "${folder?}" "${stop?}" "${start?}" "${timeout?}" "${define?}" "${unit?}" "${mode?}"

file=$folder/$name.service

state() {
  systemctl show -p ActiveState "$name.service" | sed 's/^ActiveState=//'
}

# the state waited for
await() {
  left=$timeout
  reached=$(state)
  while [ "$reached" != "$1" ]; do
    # One that has failed will not come; one that failed to stop in order is stopped all the same.
    if [ "$reached" = failed ] && [ "$1" = inactive ]; then
      break
    fi
    if [ "$left" -le 0 ] || [ "$reached" = failed ]; then
      echo "$name is $reached and not $1 after $((timeout - left)) seconds" >&2
      exit 1
    fi
    sleep 1
    left=$((left - 1))
    reached=$(state)
  done
}

# The connection may end before a long start does: systemd goes on by itself.
if [ -n "$stop" ]; then
  systemctl --no-block stop "$name.service" || exit 1
  await inactive
fi
if [ "$mode" = disable ]; then
  systemctl disable "$name.service" || exit 1
fi
case $define in
write)
  umask 022
  cat >"$file.stgw$$" <<END || exit 1
$unit
END
  mv -f "$file.stgw$$" "$file" || exit 1
  systemctl daemon-reload || exit 1
  ;;
remove)
  rm -f "$file" || exit 1
  systemctl daemon-reload || exit 1
  ;;
esac
if [ "$mode" = enable ]; then
  systemctl enable "$name.service" || exit 1
fi
if [ -n "$start" ]; then
  # What failed too often is not started any more until that is forgotten.
  systemctl reset-failed "$name.service" 2>/dev/null
  systemctl --no-block start "$name.service" || exit 1
  # A program that cannot run ends at once.
  sleep 1
  await active
fi
exit 0
