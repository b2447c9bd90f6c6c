# shellcheck shell=sh
# Tell what an AIX machine is and has, as key=value; filesystem=mount:KB:KB free, volume_group=name:MB free,
# product=name:version:where, resolved=name with address_of= behind it, path=name with type=, size= and sha1= behind it.
# names: host names to resolve; paths: what to look at; checksums: files to hash; was_roots: where to look for WebSphere;
# each one a line; db2ls: path of db2ls.
: "${names?}" "${paths?}" "${checksums?}" "${was_roots?}" "${db2ls?}"

echo "system=aix"
echo "version=$(oslevel)"
echo "level=$(oslevel -r)"
echo "service_level=$(oslevel -s)"
echo "hostname=$(hostname)"
echo "clock=$(date -u '+%Y-%m-%dT%H:%M:%SZ')"
echo "cpus=$(lsdev -Cc processor | grep -c Available)"
lsattr -El sys0 | awk '
  $1 == "modelname" { print "model=" $2 }
  $1 == "realmem" { print "memory_kb=" $2 }'
lsps -s | awk 'NR == 2 { sub("MB", "", $1); print "paging_mb=" $1 }'
df -k | awk 'NR > 1 && $2 ~ /^[0-9]+$/ { print "filesystem=" $NF ":" $2 ":" $3 }'
lsvg -o | while read -r group; do
  # "MAX LVs:            256                      FREE PPs:       466 (59648 megabytes)"
  lsvg "$group" </dev/null | awk -v group="$group" '/FREE PPs:/ {
    sub(".*FREE PPs:[^(]*[(]", ""); print "volume_group=" group ":" $1 }'
done
ifconfig -a | awk '$1 == "inet" && $2 !~ /^127\./ { print "address=" $2 }'
netstat -an | awk '$1 ~ /^tcp/ && $NF == "LISTEN" { sub(".*[.]", "", $4); print "listening=" $4 }'
if [ -x "$db2ls" ]; then
  "$db2ls" -c 2>/dev/null | awk -F: '/^\// { print "product=db2:" $2 ":" $1 }'
fi
lslpp -qLc 'idsldap.*' 2>/dev/null | awk -F: '$2 ~ /^idsldap[.]srv/ { print "product=itds:" $3 ":" $2 }'
while read -r root; do
  for product in was:WAS gateway:RTCGW; do
    file=$root/properties/version/${product#*:}.product
    if [ -f "$file" ]; then
      version=$(sed -n 's/.*<version>\(.*\)<\/version>.*/\1/p' "$file")
      echo "product=${product%:*}:$version:$root"
    fi
  done
done <<LIST
$was_roots
LIST

while read -r name; do
  if [ -n "$name" ]; then
    echo "resolved=$name"
    # "db2srv1 is 192.0.2.10,  Aliases:   db2"
    host "$name" 2>/dev/null </dev/null | awk '$2 == "is" { sub(",.*", "", $3); print "address_of=" $3 }'
  fi
done <<LIST
$names
LIST

while read -r path; do
  if [ -f "$path" ]; then
    echo "path=$path"
    echo "type=file"
    # Owner and names may hold anything, but the size stands before them.
    # shellcheck disable=SC2012
    ls -ldL "$path" | awk '{ print "size=" $5 }'
  elif [ -d "$path" ]; then
    echo "path=$path"
    echo "type=directory"
  elif [ -e "$path" ]; then
    echo "path=$path"
    echo "type=other"
  fi
done <<LIST
$paths
LIST

while read -r path; do
  if [ -f "$path" ]; then
    echo "path=$path"
    csum -h SHA1 "$path" </dev/null | awk '{ print "sha1=" $1 }'
  fi
done <<LIST
$checksums
LIST
exit 0
