# shellcheck shell=sh
# Tries passwords and reads entries of a directory.
#
# bin: folder of the client tools. host_name, port: the directory; bind_dn, bind_password: who asks. dns: the entries' DNs.
# tries: a DN, its password, the next DN, its password and so on.
#
# Prints client=1 when there are client tools and tried= for each of tries, then for each of dns its entry as LDIF, if
# there is one, without passwords, and a comment rc=. The numbers are exit codes of the client: LDAP results.
: "${bin?}" "${host_name?}" "${port?}" "${bind_dn?}" "${bind_password?}" "${dns?}" "${tries?}"

if [ ! -f "$bin/idsldapsearch" ]; then
  exit 0
fi
echo client=1

while IFS= read -r dn && IFS= read -r password; do
  rc=0
  "$bin/idsldapsearch" -h "$host_name" -p "$port" -D "$dn" -w "?" -s base -b "" "objectclass=*" >/dev/null 2>&1 <<EOF || rc=$?
$password
EOF
  echo "tried=$rc"
done <<END
$tries
END

echo --
{
  while IFS= read -r dn; do
    rc=0
    "$bin/idsldapsearch" -L -h "$host_name" -p "$port" -D "$bind_dn" -w "?" -s base -b "$dn" "objectclass=*" 2>/dev/null <<EOF || rc=$?
$bind_password
EOF
    echo
    echo "# rc=$rc"
    echo
  done <<END
$dns
END
} | awk '
  !/^ / { hidden = (tolower($0) ~ /^userpassword:/) }
  !hidden { print }
'
