# shellcheck shell=sh
# Makes a key database of GSKit and a certificate in it that signs itself, and gives its files to their owner.
#
# command: gsk7capicmd; database: the file; create: whether it is made, with password, which is stashed beside it.
# certify: whether the certificate is made; label, subject, size (bits), days: of it. owner, group: of the files, or empty.
#
# Prints done= for each thing done.
: "${command?}" "${database?}" "${create?}" "${password?}" "${certify?}" "${label?}" "${subject?}" "${size?}" "${days?}"
: "${owner?}" "${group?}"

fail() {
  echo "$1" >&2
  exit 1
}

umask 077
base=${database%.kdb}
if [ -n "$create" ]; then
  # A key database without its stash, which a run that broke off would leave, could not be opened again.
  rm -f "$base-new.kdb" "$base-new.sth" "$base-new.rdb" "$base-new.crl"
  "$command" -keydb -create -db "$base-new.kdb" -pw - -type cms -stash >&2 <<EOF || fail "-keydb -create failed"
$password
EOF
  for ending in sth rdb crl kdb; do
    if [ -f "$base-new.$ending" ]; then
      mv "$base-new.$ending" "$base.$ending" || exit 1
    fi
  done
  echo "done=made key database $database"
fi
if [ -n "$certify" ]; then
  "$command" -cert -create -db "$database" -stashed -label "$label" -dn "$subject" -size "$size" -expire "$days" \
    -default_cert yes >&2 </dev/null || fail "-cert -create failed"
  echo "done=made certificate $label"
fi
for file in "$base.kdb" "$base.sth" "$base.rdb" "$base.crl"; do
  if [ -f "$file" ] && [ -n "$owner" ]; then
    chown "$owner:$group" "$file" || exit 1
  fi
done
if [ -n "$owner" ]; then
  echo "done=gave $database to $owner"
fi
