# shellcheck shell=sh
# Runs a command of a WebSphere profile, with credentials in the profile's soap.client.props for as long as it works.
# program: the command; arguments: one on each line; profile_path: the folder of the profile; credentials: lines of
# properties, may be empty; timeout: seconds to wait for another run's credentials to go.
: "${program?}" "${arguments?}" "${profile_path?}" "${credentials?}" "${timeout?}"

# include: soap_credentials

umask 077
if [ -n "$credentials" ]; then
  trap 'return_credentials' 0
  trap 'exit 143' 1 2 15
  lend_credentials
fi

set --
while read -r argument; do
  if [ -n "$argument" ]; then
    set -- "$@" "$argument"
  fi
done <<END
$arguments
END
umask 022
rc=0
"$program" "$@" </dev/null || rc=$?
exit "$rc"
