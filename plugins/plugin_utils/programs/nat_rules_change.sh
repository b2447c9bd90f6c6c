# shellcheck shell=sh
# Give the kernel translation rules, each text in one step, and forget the connections that others made. Prints forgotten=
# for each line of flows that there were connections of.
# nft, ipv4, ipv6: what nft, iptables-restore and ip6tables-restore take, may be empty; flows: arguments of conntrack, a
# line for each kind of connection; without that command they live until they end.
: "${nft?}" "${ipv4?}" "${ipv6?}" "${flows?}"

if [ -n "$nft" ]; then
  nft -f - <<END || exit 1
$nft
END
fi
if [ -n "$ipv4" ]; then
  iptables-restore --noflush --wait <<END || exit 1
$ipv4
END
fi
if [ -n "$ipv6" ]; then
  ip6tables-restore --noflush --wait <<END || exit 1
$ipv6
END
fi
while read -r flow; do
  if [ -n "$flow" ]; then
    # Its exit code does not tell whether there was none.
    # shellcheck disable=SC2086
    said=$(conntrack -D $flow 2>&1 </dev/null)
    case $said in
    *' 0 flow entries have been deleted'*) ;;
    *' flow entries have been deleted'*)
      echo "forgotten=$flow"
      ;;
    *)
      echo "$said" >&2
      exit 1
      ;;
    esac
  fi
done <<END
$flows
END
exit 0
