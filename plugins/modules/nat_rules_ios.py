# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: nat_rules_ios
short_description: Tell what makes a Cisco IOS router have the rules of a NAT
version_added: 0.3.0
description:
  - Compares rules with the running configuration of a router, and returns the commands that are due. It sends
    nothing; the module C(cisco.ios.ios_config) does, see the role P(sametime.gateway.nat_router#role).
  - Every rule becomes a static entry, and the router is kept from looking into SIP. An outbound entry would let
    partners reach every port of a host by its outbound address, so an access list at the outside interface lets in
    only what belongs to connections from inside.
  - IOS has no place for a mark of ours. An entry belongs to a rule when it translates the same port of the same host,
    or, without ports, the same host. Every other entry stays.
  - Refuses what stands against the rules and names the line, for example a list with C(overload) that covers the host
    of a rule, or an entry of another host for the same public address.
options:
  inbound:
    description:
      - What partners reach. Each rule has C(protocol), C(public_address), C(public_port), C(private_address),
        C(private_port), and C(name) of the public address.
    type: list
    elements: dict
    default: []
  outbound:
    description:
      - The address that packets of a host leave with. Each rule has C(private_address), C(public_address), and C(name)
        of the public address.
    type: list
    elements: dict
    default: []
  sip_alg:
    description: Whether the router rewrites SIP by itself, on port 5060.
    type: bool
    default: false
  sip_protocols:
    description: The protocols of SIP that this version of IOS has a command for.
    type: list
    elements: str
    choices: [tcp, udp]
    default: [tcp, udp]
  inside_interface:
    description: The interface to the hosts, by its full name as the running configuration has it.
    type: str
    required: true
  outside_interface:
    description: The interface to the partners.
    type: str
    required: true
  access_list:
    description:
      - Name of the access list for what comes in at O(outside_interface). It belongs to these rules; others' entries in
        it are removed. An empty name leaves the filters of the router alone.
    type: str
    default: STGW-OUTBOUND
  udp_answers:
    description:
      - Source ports from which UDP may come in to an outbound address, for example V(53) for answers of name servers.
      - Required with a rule for UDP, since no access list can tell an answer by UDP from a request.
    type: list
    elements: int
    default: []
  running_config:
    description:
      - What C(show running-config) printed. Needed of it are the lines of interfaces, translations, access lists and
        route maps.
    type: str
    required: true
  state:
    description:
      - V(absent) takes the entries of the rules and the access list away. What is for the whole router stays, the sides
        of its interfaces and whether it looks into SIP.
    type: str
    choices: [present, absent]
    default: present
extends_documentation_fragment:
  - sametime.gateway.target.controller
attributes:
  diff_mode:
    description: Shows the lines that differ.
    support: full
seealso:
  - module: sametime.gateway.nat_plan
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
# `router` is what cisco.ios.ios_command registered of `show running-config`.
- name: Compare it with the rules
  sametime.gateway.nat_rules_ios:
    inside_interface: FastEthernet0/0
    outside_interface: FastEthernet0/1
    inbound:
      - name: rtp_nat.ibm.com
        protocol: tcp
        public_address: 9.42.124.45
        public_port: 5062
        private_address: 9.42.111.5
        private_port: 5062
    outbound:
      - {name: rtp_natpool1.ibm.com, private_address: 9.42.111.5, public_address: 9.42.124.46}
    running_config: "{{ router.stdout[0] }}"
  register: change
"""

RETURN = r"""
blocks:
  description:
    - What is due, in order, for C(cisco.ios.ios_config) with C(match=none). Each has C(lines) with the first command
      and C(after) with the others. A command after which the router may ask something has C(config_line), C(prompt)
      and C(answer).
  returned: success
  type: list
  elements: dict
  sample:
    - lines: [interface FastEthernet0/1]
      after: [ip nat outside, ip nat inside source static 9.42.111.5 9.42.124.46 extendable]
"""
