# shellcheck shell=sh
# Talk LDAP: run a Perl program and print what it prints. Exit code 3 and missing=what when a program that it needs is not
# there.
# perl: the interpreter; tls: the program openssl, when the talk needs it; talk: the program.

: "${perl?}" "${tls?}" "${talk?}"
for program in "$perl" ${tls:+"$tls"}; do
  if [ ! -x "$program" ]; then
    echo "missing=$program"
    exit 3
  fi
done
"$perl" - <<STGW_TALK
$talk
STGW_TALK
