# shellcheck shell=sh
# Start, look at or end an installer that works detached from the connection.
# action: look, start, clear (what an ended job left) or end (the job too); work_dir: parent of the job's folder;
# work: the job's folder; logs: what the installer writes, one path a line; response: content of the response file;
# command: shell text that ends in the installer.
# Prints `job=` none, running, done, lost or stale (only a response file is left), `rc=` once done; look adds the
# end of what was printed and logged.
: "${action?}" "${work_dir?}" "${work?}" "${logs?}" "${response?}" "${command?}"

# include: process_family

# The identity of the job, not only its number: numbers are used again after a restart of the machine.
running() {
  pid=
  if [ -f "$work/pid" ]; then
    read -r pid <"$work/pid"
  fi
  [ -n "$pid" ] && ps -p "$pid" -o args= 2>/dev/null | grep -F "$work" >/dev/null
}

# What is there another run may have removed before it is read.
look() {
  if running; then
    echo "job=running"
  elif [ -f "$work/rc" ] && { read -r rc <"$work/rc"; } 2>/dev/null; then
    echo "job=done"
    echo "rc=$rc"
  elif [ -f "$work/response" ]; then
    echo "job=stale"
  elif [ -d "$work" ]; then
    echo "job=lost"
  else
    echo "job=none"
  fi
}

# One at a time: two runs that start the same job at the same moment must not both find none. A gate that stays shut
# was left by a run that died behind it.
gate() {
  umask 077
  mkdir -p "$work_dir" || exit 1
  waited=0
  until mkdir "$work.gate" 2>/dev/null; do
    if [ "$waited" -ge 10 ]; then
      break
    fi
    sleep 1
    waited=$((waited + 1))
  done
  trap 'rmdir "$work.gate" 2>/dev/null' 0
  trap 'exit 143' 1 2 15
}

start() {
  rm -rf "$work"
  mkdir "$work" || exit 1
  while read -r log; do
    if [ -f "$log" ]; then
      mv -f "$log" "$log.previous" || exit 1
    fi
  done <<END
$logs
END
  if [ -n "$response" ]; then
    cat >"$work/response" <<END || exit 1
$response
END
  fi
  # The job keeps itself: the response file goes whoever watches, the exit code appears whole or not at all.
  cat >"$work/run" <<END || exit 1
work=\$1
trap 'rm -f "\$work/response"' 0
trap 'exit 143' 1 2 15
(
umask 022
$command
) </dev/null >"\$work/output" 2>&1
rc=\$?
rm -f "\$work/response"
echo "\$rc" >"\$work/rc.new"
mv "\$work/rc.new" "\$work/rc"
END
  nohup /bin/sh "$work/run" "$work" </dev/null >/dev/null 2>&1 &
  echo "$!" >"$work/pid"
}

# The job and all that it started.
end() {
  if running; then
    # shellcheck disable=SC2046  # a list of numbers
    kill -9 $(family "$pid") 2>/dev/null
  fi
  rm -rf "$work"
}

case $action in
start)
  gate
  if running; then
    echo "job=running"
  else
    start
    echo "job=started"
  fi
  ;;
clear)
  # Another run may have started it anew since it was seen to have ended.
  gate
  if running; then
    echo "job=running"
  else
    rm -rf "$work"
    echo "job=none"
  fi
  ;;
end)
  end
  echo "job=none"
  ;;
*)
  seen=$(look)
  case $seen in
  job=stale | job=lost)
    # It is half there too while another run starts or removes it.
    gate
    seen=$(look)
    ;;
  esac
  echo "$seen"
  echo "--"
  if [ -f "$work/output" ]; then
    tail -n 400 "$work/output"
  fi
  while read -r log; do
    if [ -f "$log" ]; then
      tail -n 400 "$log"
    fi
  done <<END
$logs
END
  ;;
esac
exit 0
