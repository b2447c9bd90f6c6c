# shellcheck shell=sh
# Changes entries of a directory.
#
# bin: folder of the client tools. host_name, port: the directory; bind_dn, bind_password: who changes. ldif: the changes,
# which may hold passwords. work_dir: where they lie, for root only, while the client reads them.
: "${bin?}" "${host_name?}" "${port?}" "${bind_dn?}" "${bind_password?}" "${ldif?}" "${work_dir?}"

umask 077
work=$work_dir/stgw-ldap.$$
# A folder that exists already is somebody else's.
mkdir "$work" || exit 1
trap 'rm -rf "$work"' 0
trap 'exit 1' 1 2 15
cat >"$work/ldif" <<EOF
$ldif
EOF
"$bin/idsldapmodify" -h "$host_name" -p "$port" -D "$bind_dn" -w "?" -f "$work/ldif" >&2 <<EOF
$bind_password
EOF
rc=$?
if [ "$rc" -ne 0 ]; then
  exit "$rc"
fi
exit 0
