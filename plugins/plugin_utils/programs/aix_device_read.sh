# shellcheck shell=sh
# Tell about a device of AIX. Prints status= (Available, Defined or nothing for an unknown device) and attribute=NAME=VALUE
# for each attribute asked for.
# name: the device; attributes: names, one on each line.
: "${name?}" "${attributes?}"

echo "status=$(lsdev -Cl "$name" -F status 2>/dev/null)"
while read -r attribute; do
  if [ -n "$attribute" ]; then
    value=$(lsattr -El "$name" -a "$attribute" -F value </dev/null 2>/dev/null)
    echo "attribute=$attribute=$value"
  fi
done <<END
$attributes
END
exit 0
