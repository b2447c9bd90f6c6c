# shellcheck shell=sh
# Reads files of key stores, whole: keys in them are encrypted by the store's password, which is not sent.
# paths: the files. Prints for the first of them bytes_0=, hexadecimal numbers, as often as it takes, and so on; nothing
# for one that is not there.
: "${paths?}"

number=0
while read -r path; do
  if [ -f "$path" ]; then
    od -A n -v -t x1 "$path" | sed "s/^/bytes_$number=/"
  fi
  number=$((number + 1))
done <<END
$paths
END
exit 0
