# shellcheck shell=sh
# Try TCP connections: run a Perl program and print what it prints. Exit code 3 and missing=perl when it is not there.
# perl: the interpreter; probe: the program.

: "${perl?}" "${probe?}"
if [ ! -x "$perl" ]; then
  echo "missing=$perl"
  exit 3
fi
"$perl" - <<STGW_PROBE
$probe
STGW_PROBE
