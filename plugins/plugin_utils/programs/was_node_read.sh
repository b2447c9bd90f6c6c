# shellcheck shell=sh
# Tell about the node of a WebSphere profile. Prints cell= and node= as its commands have them, copy=1 when its
# configuration has that node, begun=1 when the last addNode had told the deployment manager of the node and came to no
# end. The blob holds serverindex.xml of every node in its copy of the cell, each behind a line "@@ node".
# profile_path: its folder.
: "${profile_path?}"

setup=$profile_path/bin/setupCmdLine.sh
if [ ! -f "$setup" ]; then
  exit 0
fi
cell=$(sed -n 's/^WAS_CELL=//p' "$setup")
echo "cell=$cell"
node=$(sed -n 's/^WAS_NODE=//p' "$setup")
echo "node=$node"
if [ -d "$profile_path/config/cells/$cell/nodes/$node" ]; then
  echo "copy=1"
fi
if [ -f "$profile_path/logs/addNode.log" ]; then
  awk '
    /ADMU0001I/ { begun = 0 }
    /ADMU0012I|ADMU0014I/ { begun = 1 }
    /ADMU0003I|ADMU0111E|ADMU0113E|ADMU0211I/ { begun = 0 }
    END { if (begun) { print "begun=1" } }' "$profile_path/logs/addNode.log"
fi
echo "--"
for file in "$profile_path/config/cells/$cell/nodes"/*/serverindex.xml; do
  if [ -f "$file" ]; then
    folder=${file%/*}
    echo "@@ ${folder##*/}"
    cat "$file"
    echo
  fi
done
exit 0
