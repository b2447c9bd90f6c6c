# shellcheck shell=sh
# Change local groups and users.
# steps: commands of AIX, one on each line, their words separated by tabs; passwords: name:password, one on each line.
: "${steps?}" "${passwords?}"
# include: linux_accounts_change

tab='	'
while IFS=$tab read -r verb rest; do
  old=$IFS
  IFS=$tab
  set -f
  # The words of a step are what is wanted here.
  # shellcheck disable=SC2086
  set -- $rest
  set +f
  IFS=$old
  case $verb in
  mkgroup) mkgroup "$@" </dev/null || exit 1 ;;
  chgroup) chgroup "$@" </dev/null || exit 1 ;;
  chgrpmem) chgrpmem "$@" </dev/null || exit 1 ;;
  rmgroup) rmgroup "$@" </dev/null || exit 1 ;;
  mkuser) mkuser "$@" </dev/null || exit 1 ;;
  chuser) chuser "$@" </dev/null || exit 1 ;;
  rmuser) rmuser "$@" </dev/null || exit 1 ;;
  esac
done <<LIST
$steps
LIST
if [ -n "$passwords" ]; then
  # -c: the password need not be changed at the first login, which on Linux it need not be anyway.
  if [ "$(uname -s)" = Linux ]; then
    set --
  else
    set -- -c
  fi
  chpasswd "$@" <<END || exit 1
$passwords
END
fi
exit 0
