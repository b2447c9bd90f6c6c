# shellcheck shell=sh
# Tell about a profile of a WebSphere installation. Prints entry= for each entry of the registry of profiles, folder= of
# what lies at its path: empty, profile (begun or complete) or foreign; cell=, node=, federated=1. The blob is the
# node's serverindex.xml.
# root: the installation; path: the folder of the profile.
: "${root?}" "${path?}"

registry=$root/properties/profileRegistry.xml
if [ -f "$registry" ]; then
  awk 'BEGIN { RS = ">" } /<profile / { gsub("[\n\r]", " "); sub(/.*<profile /, ""); print "entry=" $0 }' "$registry"
fi
if [ ! -d "$path" ]; then
  exit 0
fi
folder=foreign
if [ -z "$(ls -A "$path")" ]; then
  folder=empty
fi
for part in bin config logs properties; do
  if [ -d "$path/$part" ]; then
    folder=profile
  fi
done
echo "folder=$folder"
setup=$path/bin/setupCmdLine.sh
if [ ! -f "$setup" ]; then
  exit 0
fi
cell=$(sed -n 's/^WAS_CELL=//p' "$setup")
node=$(sed -n 's/^WAS_NODE=//p' "$setup")
echo "cell=$cell"
echo "node=$node"
folder=$path/config/cells/$cell/nodes/$node
if [ -d "$folder/servers/nodeagent" ]; then
  echo "federated=1"
fi
if [ -f "$folder/serverindex.xml" ]; then
  echo "--"
  cat "$folder/serverindex.xml"
fi
exit 0
