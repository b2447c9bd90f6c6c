# shellcheck shell=sh
# Keeps copies of documents of a WebSphere profile's configuration, and puts them back.
# profile_path: its folder; backup: the folder of the copies; action: look, save, restore or drop; documents: their paths
# below config, where {cell} is the cell's name, to save; server: the one whose process ends before documents are put back;
# timeout: seconds that it has for it.
# Prints profile=1 when there is a profile, kept=1 when there are copies, pid= of a process of the server, missing= a
# document that is not there.
: "${profile_path?}" "${backup?}" "${action?}" "${documents?}" "${server?}" "${timeout?}"

running() {
  pid=
  if [ -f "$profile_path/logs/$server/$server.pid" ]; then
    read -r pid <"$profile_path/logs/$server/$server.pid"
  fi
  # Not only the number counts: numbers are used again.
  [ -n "$pid" ] && ps -p "$pid" -o args= 2>/dev/null | grep java >/dev/null
}

# Nobody can log in to stop it: it gets a signal, and after half of the time one that it cannot ignore.
end_server() {
  waited=0
  kill "$pid" 2>/dev/null
  while running; do
    if [ "$waited" -ge "$timeout" ]; then
      echo "process $pid of $server does not end" >&2
      exit 1
    fi
    if [ "$waited" -ge $((timeout / 2)) ]; then
      kill -9 "$pid" 2>/dev/null
    fi
    sleep 1
    waited=$((waited + 1))
  done
}

if [ ! -f "$profile_path/bin/setupCmdLine.sh" ]; then
  exit 0
fi
echo "profile=1"
cell=$(sed -n 's/^WAS_CELL=//p' "$profile_path/bin/setupCmdLine.sh")
config=$profile_path/config
case $action in
save)
  umask 077
  rm -rf "$backup.new"
  mkdir "$backup.new" || exit 1
  while read -r name; do
    document=$(echo "$name" | sed "s|{cell}|$cell|g")
    if [ ! -f "$config/$document" ]; then
      echo "missing=$document"
      rm -rf "$backup.new"
      exit 0
    fi
    mkdir -p "$backup.new/${document%/*}" && cp -p "$config/$document" "$backup.new/$document" || exit 1
  done <<END
$documents
END
  # It is there as a whole or not at all.
  mv "$backup.new" "$backup" || exit 1
  ;;
restore)
  if running; then
    end_server
  fi
  (cd "$backup" && find . -type f -print) >"$backup.list" || exit 1
  while read -r name; do
    document=${name#./}
    cp -p "$backup/$document" "$config/$document.new" && mv -f "$config/$document.new" "$config/$document" || exit 1
  done <"$backup.list"
  rm -rf "$backup.list" "$backup" || exit 1
  ;;
drop)
  rm -rf "$backup" || exit 1
  ;;
esac
if [ -d "$backup" ]; then
  echo "kept=1"
fi
if running; then
  echo "pid=$pid"
fi
exit 0
