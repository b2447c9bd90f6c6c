# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: nat_rules
short_description: Keep the translation rules of a Linux NAT router as they should be
version_added: 0.3.0
description:
  - Gives a Linux router the static rules that a site of the gateway needs, by nftables or by iptables. They are in a
    table, or in chains, of their own. Rules of others stay as they are.
  - Reads what the kernel has, compares it by meaning, and changes it in one step where it differs. With iptables that
    is one step for each version of IP. Then it keeps the rules for the next start of the router, and reads again.
  - Refuses what is of no use for SIP, which is PAT and pools of addresses, rules that overlap, and what the router has
    already that contradicts the rules. That is a rule of somebody else for the same packets, or one that gives another
    host the same public address, or the kernel's SIP helper.
  - Connections whose translation changes are forgotten, where the command C(conntrack) is there. All others go on.
  - Routers that run Cisco IOS are told by the module M(sametime.gateway.nat_rules_ios).
options:
  platform:
    description: What tells the kernel. V(nftables) needs the command C(nft), V(iptables) its save and restore commands.
    type: str
    choices: [nftables, iptables]
    required: true
  state:
    description: V(absent) takes back all that this module did, without looking at O(inbound) and O(outbound).
    type: str
    choices: [present, absent]
    default: present
  outside_interface:
    description: Interface behind which partners are. Only what comes or goes there is translated.
    type: str
    required: true
  inbound:
    description: What partners dial, and where it goes. IPv4 and IPv6.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the public address. For people only.
        type: str
        required: true
      protocol:
        description: Protocol. TLS is V(tcp).
        type: str
        choices: [tcp, udp]
        required: true
      public_address:
        description: Address that partners dial.
        type: str
        required: true
      public_port:
        description: Port that partners dial.
        type: int
        required: true
      private_address:
        description: Address of the SIP entry point.
        type: str
        required: true
      private_port:
        description: Port at which it listens.
        type: int
        required: true
  outbound:
    description: What the packets of a host come from. Ports stay as they are.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the public address. For people only.
        type: str
        required: true
      private_address:
        description: Address of the host.
        type: str
        required: true
      public_address:
        description: Address that partners see. It is a list because inventories may name a pool, which is refused.
        type: list
        elements: str
        required: true
      overload:
        description: V(true) is PAT, which is refused.
        type: bool
        default: false
  sip_alg:
    description:
      - Whether the kernel may hand SIP to its helper, which rewrites addresses in it. V(false) refuses a rule that does
        so.
      - V(true) lets such a rule be, and makes none.
    type: bool
    default: false
  persist:
    description: Whether the rules are kept on the router's disk too. V(false) does not look there.
    type: bool
    default: true
  nftables:
    description: Where O(platform=nftables) keeps them.
    type: dict
    default: {}
    suboptions:
      file:
        description: File of its own.
        type: str
        default: /etc/nftables.d/stgw_nat.nft
      main:
        description:
          - What is loaded when the router starts. It gets a line that includes O(nftables.file), unless one does.
        type: str
        default: /etc/nftables.conf
  iptables:
    description: Where O(platform=iptables) keeps them. The rest of both files stays as it is.
    type: dict
    default: {}
    suboptions:
      ipv4:
        description: What C(iptables-restore) loads when the router starts.
        type: str
        default: /etc/iptables/rules.v4
      ipv6:
        description: What C(ip6tables-restore) loads when the router starts.
        type: str
        default: /etc/iptables/rules.v6
extends_documentation_fragment:
  - sametime.gateway.target.linux
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Have the two rules of the scenario
  sametime.gateway.nat_rules:
    platform: nftables
    outside_interface: eth1
    inbound:
      - name: rtp_nat.ibm.com
        protocol: tcp
        public_address: 9.42.124.45
        public_port: 5062
        private_address: 9.42.111.5
        private_port: 5062
    outbound:
      - name: rtp_natpool1.ibm.com
        private_address: 9.42.111.5
        public_address: 9.42.124.46

- name: Take them back
  sametime.gateway.nat_rules:
    platform: nftables
    outside_interface: eth1
    state: absent
"""

RETURN = r"""
before:
  description: The rules that the router had, empty when it had none of ours.
  returned: success
  type: dict
  sample: {}
after:
  description:
    - The rules that it has now, or would have. V(other) is what stands in their place that is none of ours, and
      V(ip_versions) are the versions of IP for which there is such a place.
  returned: success
  type: dict
  sample:
    inbound: ["tcp 9.42.124.45:5062 -> 9.42.111.5:5062"]
    outbound: ["9.42.111.5 -> 9.42.124.46"]
    ip_versions: [4]
    other: []
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: ["nftables: give the kernel the rules", "write /etc/nftables.d/stgw_nat.nft"]
findings:
  description:
    - What keeps the rules from working although they are there, each with its cure. The router passes no packets on,
      does not answer for a public address, or does not load the rules when it starts.
  returned: success
  type: list
  elements: str
  sample: ["the router passes no packets on: set net.ipv4.ip_forward to 1, in /etc/sysctl.d too"]
"""
