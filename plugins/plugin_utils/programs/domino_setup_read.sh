# shellcheck shell=sh
# Tell whether a Domino server is set up. Prints setup= and domain= from its notes.ini, leftover=1 for a recorded profile
# that lies in its data folder.
# ini: the server's notes.ini; recorded: where the profile lies while the set-up runs.
: "${ini?}" "${recorded?}"

if [ -f "$ini" ]; then
  tr -d '\r' <"$ini" | awk '
    { name = tolower($0); sub("=.*", "", name); value = $0; sub("[^=]*=", "", value) }
    name == "serversetup" && value != "" { print "setup=" value }
    name == "domain" { print "domain=" value }'
fi
if [ -f "$recorded" ]; then
  echo "leftover=1"
fi
exit 0
