# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: ldap_probe
short_description: Bind to an LDAP directory and search it from a host
version_added: 0.5.0
description:
  - Binds from the host, searches, and fails with the reason when the directory does not answer, refuses, or does not
    have what is expected. So values for WebSphere or Sametime are proven before anything is written.
  - Needs no product on the host. On AIX and Linux it needs Perl 5.8, and with O(tls) openssl.
  - Changes nothing, and sends nothing in check mode.
options:
  host:
    description: The directory's host, as a name that the probing host can resolve or as an IPv4 address.
    type: str
    required: true
  port:
    description: Its port. V(0) is 389, or 636 with O(tls).
    type: int
    default: 0
  tls:
    description:
      - Whether to talk TLS (ldaps).
      - The certificate is not judged; whom it is for is returned.
    type: bool
    default: false
  bind_dn:
    description: Who binds. Empty to ask as nobody.
    type: str
    default: ""
  bind_password:
    description: Password of O(bind_dn).
    type: str
    default: ""
  base:
    description: Entry to search at or below. Empty for the root of the directory, which every directory has.
    type: str
    default: ""
  scope:
    description: V(base) looks at O(base) alone, V(one) right below it, V(sub) at it and at all below.
    type: str
    choices: [base, one, sub]
    default: base
  filter:
    description: What entries have to fit.
    type: str
    default: (objectClass=*)
  attributes:
    description: Attributes to return. Empty for the names of the entries alone.
    type: list
    elements: str
    default: []
  size_limit:
    description: How many entries to ask for at most, from 1 to 1000.
    type: int
    default: 10
  expected:
    description: How many entries there have to be.
    type: str
    choices: [any, none, one, some]
    default: any
  login_password:
    description: Password that the one entry found has to bind with.
    type: str
  timeout:
    description: Seconds for each connection, from 1 to 120.
    type: int
    default: 20
  perl:
    description: The interpreter on AIX and Linux, Perl 5.8 or later.
    type: path
    default: /usr/bin/perl
  openssl:
    description: The program that speaks TLS on AIX and Linux.
    type: path
    default: /usr/bin/openssl
extends_documentation_fragment:
  - sametime.gateway.target.probe
seealso:
  - module: sametime.gateway.ldap_entry
  - module: sametime.gateway.was_federated_repository
  - module: sametime.gateway.was_ldap_registry
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Can WebSphere bind, and is the base there
  sametime.gateway.ldap_probe:
    host: ldapsrv1.rtp.example
    bind_dn: uid=stgwbind,o=rtp,c=us
    bind_password: "{{ vault_ldap_bind_password }}"
    base: o=rtp,c=us
    expected: one

- name: Could the administrator log in
  sametime.gateway.ldap_probe:
    host: ldapsrv1.rtp.example
    bind_dn: uid=stgwbind,o=rtp,c=us
    bind_password: "{{ vault_ldap_bind_password }}"
    base: o=rtp,c=us
    scope: sub
    filter: (&(uid=wasadmin)(objectclass=inetOrgPerson))
    login_password: "{{ vault_was_admin_password }}"
"""

RETURN = r"""
entries:
  description: The entries that were found.
  returned: when something was sent
  type: list
  elements: dict
  contains:
    dn:
      description: Name of the entry.
      type: str
    attributes:
      description: Values by attribute, as texts.
      type: dict
  sample:
    - dn: uid=alice,o=rtp,c=us
      attributes: {mail: [alice@rtp.example]}
more:
  description: Whether there were more than O(size_limit).
  returned: when something was sent
  type: bool
  sample: false
certificate_names:
  description: Whom the directory's certificate is for, its common name first. Empty without TLS.
  returned: when something was sent
  type: list
  elements: str
  sample: []
"""
