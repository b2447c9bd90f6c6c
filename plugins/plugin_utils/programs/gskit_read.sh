# shellcheck shell=sh
# Reads a certificate of a key database of GSKit, which its stash opens.
#
# command: gsk7capicmd; database: the file; label: of the certificate; work_dir: where the certificate lies meanwhile.
#
# Prints command=1 and database=1 when they are there, owner= and group= of each of its files, extract_rc= when the certificate was asked for; then it, in base 64.
: "${command?}" "${database?}" "${label?}" "${work_dir?}"

if [ -x "$command" ]; then
  echo command=1
fi
if [ ! -f "$database" ]; then
  exit 0
fi
echo database=1
for file in "$database" "${database%.kdb}.sth" "${database%.kdb}.rdb" "${database%.kdb}.crl"; do
  if [ -f "$file" ]; then
    # shellcheck disable=SC2012 # AIX has no stat
    ls -ldL "$file" | awk '{ print "owner=" $3; print "group=" $4 }'
  fi
done
if [ ! -x "$command" ]; then
  exit 0
fi
umask 077
work=$work_dir/stgw-gskit.$$
# A folder that exists already is somebody else's.
mkdir "$work" || exit 1
trap 'rm -rf "$work"' 0
trap 'exit 1' 1 2 15
rc=0
"$command" -cert -extract -db "$database" -stashed -label "$label" -target "$work/certificate" -format ascii \
  >/dev/null 2>&1 </dev/null || rc=$?
echo "extract_rc=$rc"
echo --
if [ "$rc" -eq 0 ]; then
  cat "$work/certificate"
fi
