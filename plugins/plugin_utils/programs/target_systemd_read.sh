# shellcheck shell=sh
# Tell about a unit of systemd. Prints load=, active= and enabled= as systemctl writes them, and the text of the unit file
# if it is in the folder.
# name: the unit without .service; folder: where the units of this machine's administrator are.
: "${name?}" "${folder?}"

file=$folder/$name.service
said=$(systemctl show -p LoadState -p ActiveState -p UnitFileState "$name.service") || exit 1
sed -n -e 's/^LoadState=/load=/p' -e 's/^ActiveState=/active=/p' -e 's/^UnitFileState=/enabled=/p' <<END
$said
END
if [ -f "$file" ]; then
  echo "--"
  cat "$file" || exit 1
fi
exit 0
