# shellcheck shell=sh
# Change an SRC subsystem and its entry in /etc/inittab, in this order: stop, define, enter, remove, start.
# name: the subsystem; stop, start: 1 or empty; timeout: seconds; define: mkssys, chssys, rmssys or empty; path, args, uid,
# stdin, stdout, stderr, group, respawn (1 or empty), contact (signals or sockets), stop_signal, force_signal,
# wait_seconds: its definition; enter: mkitab, chitab, rmitab or empty; entry: the line, or for rmitab its id; after: id;
# reread: 1 to have init act on the entry now.
: "${name?}" "${stop?}" "${start?}" "${timeout?}" "${define?}" "${enter?}" "${entry?}" "${after?}" "${reread?}"
: "${path?}" "${args?}" "${uid?}" "${stdin?}" "${stdout?}" "${stderr?}" "${group?}" "${respawn?}" "${contact?}"
: "${stop_signal?}" "${force_signal?}" "${wait_seconds?}"

status() {
  lssrc -s "$name" | awk 'NR == 2 { print $NF }'
}

# the status waited for, which for inoperative it is told to reach
await() {
  left=$timeout
  reached=$(status)
  while [ "$reached" != "$1" ]; do
    if [ "$left" -le 0 ]; then
      echo "$name is $reached and not $1 after $timeout seconds" >&2
      exit 1
    fi
    # More than once: init acts on a new entry of /etc/inittab when it likes, behind a stop too.
    if [ "$1" = inoperative ] && [ "$reached" = active ]; then
      stopsrc -s "$name" || exit 1
    fi
    sleep 1
    left=$((left - 1))
    reached=$(status)
  done
}

if [ -n "$stop" ]; then
  await inoperative
fi

case $define in
mkssys | chssys)
  set -- -s "$name" -p "$path" -a "$args" -u "$uid" -i "$stdin" -o "$stdout" -e "$stderr" -w "$wait_seconds"
  if [ -n "$group" ]; then
    set -- "$@" -G "$group"
  fi
  if [ -n "$respawn" ]; then
    set -- "$@" -R
  else
    set -- "$@" -O
  fi
  if [ "$contact" = signals ]; then
    set -- "$@" -S -n "$stop_signal" -f "$force_signal"
  else
    set -- "$@" -K
  fi
  "$define" "$@" || exit 1
  ;;
esac

case $enter in
mkitab)
  if [ -n "$after" ]; then
    mkitab -i "$after" "$entry" || exit 1
  else
    mkitab "$entry" || exit 1
  fi
  ;;
chitab)
  chitab "$entry" || exit 1
  ;;
rmitab)
  rmitab "$entry" || exit 1
  ;;
esac
if [ -n "$reread" ]; then
  telinit q || exit 1
fi

if [ "$define" = rmssys ]; then
  rmssys -s "$name" || exit 1
fi

if [ -n "$start" ]; then
  # One that is still stopping would refuse to start.
  left=$timeout
  reached=$(status)
  while [ "$reached" != active ] && [ "$reached" != inoperative ] && [ "$left" -gt 0 ]; do
    sleep 1
    left=$((left - 1))
    reached=$(status)
  done
  if [ "$reached" != active ] && ! startsrc -s "$name"; then
    # init reads /etc/inittab whenever one of its processes ends: it may have acted on a new entry in between.
    [ "$(status)" = active ] || exit 1
  fi
  # A program that cannot run ends at once, after SRC has called it active.
  sleep 1
  await active
fi
exit 0
