# shellcheck shell=sh
# Tell all that a Linux router does with packets. Prints nft= (the ruleset as JSON, one line) and save= (a command, then each
# line it wrote as text=) of what is there; file= and its text= lines of each file that exists; link= for each interface,
# address= and proxy= for each address that is answered for, proxy_arp=, forwarding4=, forwarding6=, helper= and module= of
# connection tracking, built_in= when the kernel itself has the SIP helper, boot= (a service, and whether it starts with the
# machine), conntrack= when that command is there.
# files: paths; outside: an interface; proc, sys: where the kernel shows itself.
: "${files?}" "${outside?}" "${proc?}" "${sys?}"

there() {
  command -v "$1" >/dev/null 2>&1
}

shown() {
  if [ -r "$2" ]; then
    echo "$1=$(cat "$2")"
  fi
}

if there nft; then
  # Neither a failure nor an empty answer may pass for a router without rules.
  ruleset=$(nft -j list ruleset) || exit 1
  echo "nft=$ruleset"
fi
for command in iptables-save iptables-legacy-save ip6tables-save ip6tables-legacy-save; do
  if there "$command"; then
    saved=$("$command") || exit 1
    echo "save=$command"
    sed 's/^/text=/' <<END
$saved
END
  fi
done
while read -r file; do
  if [ -f "$file" ]; then
    echo "file=$file"
    sed 's/^/text=/' "$file" || exit 1
  fi
done <<END
$files
END

links=$(ip -o link show) || exit 1
awk -F ': ' '{ sub(/@.*/, "", $2); print "link=" $2 }' <<END || exit 1
$links
END
ip -o address show | awk '$3 ~ /^inet/ { print "address=" $4 }'
ip neighbour show proxy | awk '{ print "proxy=" $1 }'
shown proxy_arp "$proc/sys/net/ipv4/conf/$outside/proxy_arp"
shown forwarding4 "$proc/sys/net/ipv4/ip_forward"
shown forwarding6 "$proc/sys/net/ipv6/conf/all/forwarding"
shown helper "$proc/sys/net/netfilter/nf_conntrack_helper"
awk '$1 ~ /^nf_(nat|conntrack)_sip$/ { print "module=" $1 }' "$proc/modules" 2>/dev/null
if [ -d "$sys/module/nf_conntrack_sip" ]; then
  echo "built_in=nf_conntrack_sip"
fi
if there systemctl; then
  for service in nftables netfilter-persistent; do
    echo "boot=$service $(systemctl is-enabled "$service.service" 2>/dev/null)"
  done
fi
if there conntrack; then
  echo "conntrack=1"
fi
exit 0
