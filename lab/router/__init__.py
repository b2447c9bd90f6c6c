"""The NAT router of the lab: a Debian machine with nftables and iptables."""
