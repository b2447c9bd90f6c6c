# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: nat_plan
short_description: Derive every value that a static NAT needs, and find what does not fit
version_added: 0.3.0
description:
  - From the router's rules, the entry points, the transport and the partners of each site to every value that somebody
    has to enter somewhere - cell property, sprayers, external communities, names, certificate, SIP NAT proxy.
  - Judges the plan. Each finding has an identifier that the page C(docs/nat.md) of this collection explains.
  - Computes on the controller; no host has to be reachable.
options:
  sites:
    description:
      - The sites, any number of them. Keys that are unknown or missing, and values of a wrong kind, are refused.
      - C(name); C(kind), C(cluster) or C(standalone); C(transport), the one in use, C(tcp), C(tls) or C(udp).
      - C(networks), the site's own networks, which partners cannot reach. None when the site is not behind a NAT.
      - C(entry_points), what may receive SIP from partners, each with C(host), C(name), C(kind) (C(sip_proxy),
        C(gateway), or C(nat_proxy) for the SIP NAT proxy), C(address) and C(ports) by transport. Where there are
        entries of the kind C(nat_proxy), only these receive from partners, and hand over to the others.
      - C(nodes), the hosts with gateway servers, each with C(host), C(name) and C(address).
      - C(ports_in_use), ports of something else, each with C(host), C(protocol), C(port) and C(by).
      - C(router), absent without a NAT, with C(inbound) (each with C(protocol), C(public_address), C(public_port),
        C(private_address), C(private_port), and C(name) of the public address), C(outbound) (each with
        C(private_address), C(public_address), C(name), and C(overload) for PAT), and C(sip_alg), whether the router
        rewrites SIP itself.
      - C(cell_fqdn), a declared value of the cell property, and C(sprayers), declared ones, each with C(transport),
        C(host) and C(port). What is not declared is derived.
      - C(certificate), with C(common_name) and C(names), of the entry points.
      - C(partners), the external communities, each with C(name) and the C(site) of the plan, or for somebody else with
        C(host), C(port), C(transport) and C(address). Values beside C(site) are compared with what is derived.
    type: list
    elements: dict
    required: true
  names:
    description:
      - What each site's resolver says, by site, by name, a list of addresses. An empty list says that the name does not
        resolve. What is not there is not judged.
    type: dict
    default: {}
  fail_on:
    description: The least severity of a finding that makes the module fail.
    type: str
    choices: [error, warning, never]
    default: error
extends_documentation_fragment:
  - sametime.gateway.target.controller
seealso:
  - plugin: sametime.gateway.nat_plan
    plugin_type: filter
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Plan a cluster behind a NAT and its partner
  sametime.gateway.nat_plan:
    sites:
      - name: rtp_cluster
        kind: cluster
        transport: tcp
        networks: [192.0.2.0/24]
        entry_points:
          - host: sipproxy1
            name: sipproxy1.rtp.example
            kind: sip_proxy
            address: 192.0.2.5
            ports: {tcp: 5060}
        router:
          inbound:
            - protocol: tcp
              public_address: 203.0.113.45
              public_port: 5060
              private_address: 192.0.2.5
              private_port: 5060
              name: stgw.rtp.example
          outbound:
            - {private_address: 192.0.2.5, public_address: 203.0.113.45, name: stgw.rtp.example}
        partners:
          - {name: partner, host: stgw.partner.example, port: 5060, transport: tcp, address: 198.51.100.7}
  register: nat
"""

RETURN = r"""
sites:
  description:
    - By name of the site, all derived values. Null where a rule is missing or a value has no meaning for the site.
    - C(contact), what partners dial; C(inbound), the same where a router lets it in; C(outbound), what packets of the
      site come from; C(cell_property); C(sprayers), one for each SIP proxy; C(advertised), what the entry points write
      into SIP headers; C(certificate).
    - C(partners), where each partner is reached, and as C(connection) what the external community for it names, which
      is the inside of the site's own SIP NAT proxy where it has one; C(dns), names with address and the sites that must
      know them; C(nat_proxy), what the SIP NAT proxy has to be told.
    - C(entry_points), C(router), C(kind), C(transport) and C(behind_nat), as they were given.
  returned: always, but not when O(sites) is refused
  type: dict
  sample:
    rtp_cluster:
      contact: {host: stgw.rtp.example, address: 203.0.113.45, port: 5060, transport: tcp}
      inbound: {name: stgw.rtp.example, address: 203.0.113.45, port: 5060}
      outbound: {name: stgw.rtp.example, address: 203.0.113.45}
      cell_property: {name: com.ibm.sametime.gateway.fqdn, value: stgw.rtp.example}
      sprayers: [{host: sipproxy1, transport: tcp, sprayer_host: stgw.rtp.example, port: 5060}]
findings:
  description: What does not fit, errors first, each with C(id), C(severity), C(site), C(found), C(wanted) and C(cure).
  returned: always, but not when O(sites) is refused
  type: list
  elements: dict
  sample:
    - id: name-illegal
      severity: warning
      site: rtp_cluster
      found: "rtp_nat.ibm.com: underscore"
      wanted: letters, digits and hyphens only (RFC 952, RFC 1123)
      cure: use a legal name for the public address
"""
