# shellcheck shell=sh
# Shake hands over TLS: run a Perl program and print what it prints. Exit code 3 and missing=what when a program that it
# needs is not there.
# perl: the interpreter; tls: the program openssl; probe: the program.

: "${perl?}" "${tls?}" "${probe?}"
for program in "$perl" "$tls"; do
  if [ ! -x "$program" ]; then
    echo "missing=$program"
    exit 3
  fi
done
"$perl" - <<STGW_PROBE
$probe
STGW_PROBE
