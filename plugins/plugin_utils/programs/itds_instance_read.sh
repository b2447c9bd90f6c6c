# shellcheck shell=sh
# Tells what the machine knows of a directory server instance.
#
# home_dir: folder of the product; registry: its list of instances; name: of the instance; autostart_id: of the inittab
# line that starts the server; admin_dn, admin_password: to try, unless the password is empty.
#
# Prints product=1 when the product is installed, admin_password_set=1, search_rc= and mode= of a look at the server,
# bind_rc= of a bind as administrator, autostart=1; then, as LDIF, the list of instances and the instance's
# ibmslapd.conf without its passwords.
: "${home_dir?}" "${registry?}" "${name?}" "${autostart_id?}" "${admin_dn?}" "${admin_password?}"

if [ -f "$home_dir/sbin/idsicrt" ]; then
  echo product=1
fi
if lsitab "$autostart_id" >/dev/null 2>&1; then
  echo autostart=1
fi

location=
if [ -f "$registry" ]; then
  location=$(awk -v wanted="$name" '
    $1 == "cn:" { here = ($2 == wanted) }
    here && $1 == "ids-instanceLocation:" { sub(/^[^:]*: */, ""); print; exit }
  ' "$registry")
fi
configuration=$location/idsslapd-$name/etc/ibmslapd.conf

if [ -n "$location" ] && [ -f "$configuration" ]; then
  if grep -i '^ibm-slapdAdminPW: *.' "$configuration" >/dev/null; then
    echo admin_password_set=1
  fi
  port=$(awk '
    { line = tolower($0) }
    line ~ /^dn:/ { here = (line ~ /^dn: *cn=configuration *$/) }
    here && line ~ /^ibm-slapdport:/ { print $2; exit }
  ' "$configuration")
  mode=$("$home_dir/bin/idsldapsearch" -p "$port" -s base -b "" "objectclass=*" ibm-slapdisconfigurationmode 2>/dev/null)
  rc=$?
  echo "search_rc=$rc"
  echo "mode=$(echo "$mode" | sed -n 's/^ibm-slapdisconfigurationmode[=:] *//p')"
  if [ "$rc" -eq 0 ] && [ -n "$admin_password" ]; then
    "$home_dir/bin/idsldapsearch" -p "$port" -D "$admin_dn" -w "?" -s base -b "" "objectclass=*" >/dev/null 2>&1 <<EOF || rc=$?
$admin_password
EOF
    echo "bind_rc=$rc"
  fi
fi

echo --
if [ -f "$registry" ]; then
  cat "$registry"
  echo
fi
if [ -n "$location" ] && [ -f "$configuration" ]; then
  # A password's value may go on in lines that begin with a blank.
  awk '
    !/^ / { hidden = (tolower($1) ~ /(pw|password):*$/) }
    !hidden { print }
  ' "$configuration"
fi
