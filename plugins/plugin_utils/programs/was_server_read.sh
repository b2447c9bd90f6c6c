# shellcheck shell=sh
# Tell about a server of a WebSphere profile. Prints cell=, node=, configured=1, pid= (of a process that is there),
# newer= for each document of the server, its node's index, its cluster, its cell, its federated repositories and its
# security, and for each key store of an SSL configuration that the server's document names, that is newer than that (its
# path below the folder of the cell); of a server that is not there, those that changed between its last start and the
# stop after it, failed=1 (it was stopped, and has not come back from the start after that),
# listening= for each port that is open on this machine, security=1 (administrative security is on), login=1 (the
# profile has credentials of its own). The blob is the node's serverindex.xml.
# profile_path: its folder; name: the server.
: "${profile_path?}" "${name?}"

setup=$profile_path/bin/setupCmdLine.sh
if [ ! -f "$setup" ]; then
  exit 0
fi
cell=$(sed -n 's/^WAS_CELL=//p' "$setup")
node=$(sed -n 's/^WAS_NODE=//p' "$setup")
echo "cell=$cell"
echo "node=$node"
folder=$profile_path/config/cells/$cell
if [ -f "$folder/nodes/$node/servers/$name/server.xml" ]; then
  echo "configured=1"
fi
server=$folder/nodes/$node/servers/$name
cluster=$(sed -n 's/.* clusterName="\([^"]*\)".*/\1/p' "$server/server.xml" 2>/dev/null | head -1)
set -- "$server" "$folder/nodes/$node/serverindex.xml" "$folder/cell.xml" "$folder/wim/config/wimconfig.xml" \
  "$folder/security.xml"
if [ -n "$cluster" ]; then
  set -- "$@" "$folder/clusters/$cluster"
fi
# The files of key stores: channels of the server name SSL configurations, and those name key stores.
key_stores() {
  awk -v profile="$profile_path" '
    BEGIN { RS = ">" }
    {
      for (name in value) { delete value[name] }
      count = split($0, part, "\"")
      for (i = 1; i < count; i += 2) {
        name = part[i]
        sub(/=$/, "", name)
        sub(/.*[ \t\n]/, "", name)
        value[name] = part[i + 1]
      }
    }
    FILENAME == ARGV[1] {
      if (value["sslConfigAlias"] != "") { named[value["sslConfigAlias"]] = 1 }
      next
    }
    /<repertoire[ \t\n]/ { used = value["alias"] in named }
    /<setting[ \t\n]/ && used { wanted[value["keyStore"]] = wanted[value["trustStore"]] = 1; used = 0 }
    /<keyStores[ \t\n]/ {
      path = value["location"]
      if (index(path, "${CONFIG_ROOT}") == 1) { path = "${USER_INSTALL_ROOT}/config" substr(path, 15) }
      if (index(path, "${USER_INSTALL_ROOT}") == 1) { path = profile substr(path, 21) }
      place[value["xmi:id"]] = path
    }
    END { for (id in wanted) { if (id in place) { print place[id] } } }
  ' "$server/server.xml" "$folder/security.xml" 2>/dev/null
}
IFS='
'
for store in $(key_stores); do
  set -- "$@" "$store"
done
unset IFS
logs=$profile_path/logs/$name
newer() {
  while read -r document; do
    echo "newer=${document#"$folder"/}"
  done
}
pid=
if [ -f "$logs/$name.pid" ]; then
  read -r pid <"$logs/$name.pid"
fi
# Not only the number counts: numbers are used again.
if [ -n "$pid" ] && ps -p "$pid" -o args= 2>/dev/null | grep -e java -e "$name" >/dev/null; then
  echo "pid=$pid"
  find "$@" -type f -newer "$logs/$name.pid" 2>/dev/null | newer
elif [ -f "$logs/startServer.log" ] && [ -f "$logs/stopServer.log" ]; then
  find "$@" -type f -newer "$logs/startServer.log" ! -newer "$logs/stopServer.log" 2>/dev/null | newer
  if [ -n "$(find "$logs/startServer.log" -newer "$logs/stopServer.log")" ]; then
    awk '/ADMU3000I/ { failed = 0 } /ADMU[0-9]+E/ { failed = 1 } END { if (failed) { print "failed=1" } }' \
      "$logs/startServer.log"
  fi
fi
netstat -an | awk '/LISTEN/ { sub(/.*[.:]/, "", $4); print "listening=" $4 }'
if [ -f "$folder/security.xml" ]; then
  awk 'BEGIN { RS = ">" } /<security:Security / { if ($0 ~ /[ \t\n]enabled="true"/) { print "security=1" } exit }' \
    "$folder/security.xml"
fi
props=$profile_path/properties/soap.client.props
if [ -f "$props" ] && grep '^com\.ibm\.SOAP\.loginPassword=.' "$props" >/dev/null; then
  echo "login=1"
fi
if [ -f "$folder/nodes/$node/serverindex.xml" ]; then
  echo "--"
  cat "$folder/nodes/$node/serverindex.xml"
fi
exit 0
