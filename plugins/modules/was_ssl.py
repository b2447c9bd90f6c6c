# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: was_ssl
short_description: Have key stores, a certificate, signers and SSL configurations in WebSphere
version_added: 0.5.0
description:
  - Reads the key stores (PKCS12) and the configuration, compares them with what is asked for, and launches wsadmin
    only when something differs, once for all of it.
  - A self-signed certificate is made on the controller, because WebSphere 6.1 makes none with alternative names, and
    brought in by C(importCertificate). Its key is written nowhere on the way but in the folder of the launch, encrypted
    by a password of that launch, which goes with it.
  - A certificate for another name than O(certificate.common_name) is refused before anything is changed.
options:
  key_stores:
    description: The key stores that the other options name, with what opens them.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Its name in WebSphere. One that several nodes have is refused.
        type: str
        required: true
      password:
        description: Password of the file. That of WebSphere's own stores is V(WebAS) until somebody changes it.
        type: str
        required: true
      location:
        description: >-
          File of a new one, with WebSphere's variables. Default is a file of its name beside the cell's documents, or
          the node's in a profile that belongs to no cell, so that all nodes get it.
        type: str
      state:
        description: Whether it is made, or has to exist.
        type: str
        choices: [present, existing]
        default: present
  certificate:
    description: The certificate of the servers.
    type: dict
    suboptions:
      key_store:
        description: The key store that it is in.
        type: str
        required: true
      alias:
        description: Its name there, in small letters. What else is under that name is replaced.
        type: str
        required: true
      source:
        description:
          - V(self_signed) makes a new one when there is none for these names, or less than O(certificate.renew_days)
            are left of it. One that somebody signed stays.
          - V(request) has WebSphere make a key and a request (PKCS10), and receives what is signed for it.
          - V(pkcs12) imports key, certificate and chain.
        type: str
        choices: [self_signed, request, pkcs12]
        default: self_signed
      common_name:
        description: The name that partners dial, which is the public name of the NAT plan behind a NAT.
        type: str
        required: true
      alternative_names:
        description: Further names; O(certificate.common_name) always is one.
        type: list
        elements: str
        default: []
      require_alternative_name:
        description: Whether a certificate without any alternative name is refused.
        type: bool
        default: true
      subject:
        description: The other parts of its subject, by V(C), V(ST), V(L), V(O) and V(OU).
        type: dict
        default: {}
      key_size:
        description: Length of a new key, in bits. WebSphere 6.1 knows no longer ones.
        type: int
        choices: [1024, 2048]
        default: 2048
      valid_days:
        description: Life of a self-signed certificate.
        type: int
        default: 3650
      renew_days:
        description: >-
          When a self-signed certificate is replaced, in days before its end. WebSphere's own monitor does it 60 days
          before, without alternative names.
        type: int
        default: 90
      signed:
        description: What the authority sent for the request, with those that signed it up to the root; PEM.
        type: str
      request_file:
        description: File of the target for the request; needed by O(certificate.source=request).
        type: str
      pkcs12:
        description: File of the controller; needed by O(certificate.source=pkcs12). The key in it must have a name.
        type: path
      pkcs12_password:
        description: Password of that file.
        type: str
      trusted_by:
        description: Key stores that get the root of the certificate, or itself, as signer.
        type: list
        elements: str
        default: []
  signers:
    description: Certificates that are trusted, or no longer.
    type: list
    elements: dict
    default: []
    suboptions:
      key_store:
        description: The key store that trusts it.
        type: str
        required: true
      alias:
        description: Its name there, in small letters. A certificate that is there by another name stays as it is.
        type: str
        required: true
      certificate:
        description: One certificate, as PEM, for example read by P(ansible.builtin.file#lookup).
        type: str
      state:
        description: Whether it is trusted.
        type: str
        choices: [present, absent]
        default: present
  ssl_configs:
    description: SSL configurations, and where they are used. They wait until the certificate is there.
    type: list
    elements: dict
    default: []
    suboptions:
      alias:
        description: Its name.
        type: str
        required: true
      key_store:
        description: Where the certificate is.
        type: str
        required: true
      trust_store:
        description: Where the signers are that it trusts.
        type: str
        required: true
      key_alias:
        description: The certificate that is shown, to clients and to servers that ask for one.
        type: str
        required: true
      protocol:
        description: Handshake that is spoken, in WebSphere's words.
        type: str
        choices: [SSL_TLS, SSL, SSLv2, SSLv3, TLS, TLSv1]
        default: SSL_TLS
      security_level:
        description: Strength of the ciphers.
        type: str
        choices: [HIGH, MEDIUM, LOW]
        default: HIGH
      client_authentication:
        description: Whether clients may, or have to, show a certificate.
        type: str
        choices: [none, supported, required]
        default: none
      destinations:
        description: >-
          Connections to others that use it, each as protocol, host and port, where V(*) is any, such as V(*,*,5061).
        type: list
        elements: str
        default: []
      servers:
        description: Servers whose end points for SIP over TLS use it.
        type: list
        elements: dict
        default: []
        suboptions:
          node:
            description: Its node.
            type: str
            required: true
          server:
            description: Its name.
            type: str
            required: true
  warn_days:
    description: Certificates that end in fewer days are in RV(expiring).
    type: int
    default: 60
extends_documentation_fragment:
  - sametime.gateway.target
  - sametime.gateway.was
seealso:
  - module: sametime.gateway.was_config
  - module: sametime.gateway.tls_probe
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Let the SIP proxy show a certificate with the public name
  sametime.gateway.was_ssl:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
    key_stores:
      - {name: SametimeGatewayKeyStore, password: "{{ vault_ssl_key_store_password }}"}
      - {name: CellDefaultTrustStore, password: WebAS, state: existing}
    certificate:
      key_store: SametimeGatewayKeyStore
      alias: stgw
      common_name: rtp_nat.ibm.com
      trusted_by: [CellDefaultTrustStore]
    ssl_configs:
      - alias: SametimeGatewaySSLSettings
        key_store: SametimeGatewayKeyStore
        trust_store: CellDefaultTrustStore
        key_alias: stgw
        destinations: ['*,*,5061']
        servers:
          - {node: sipproxy1Node, server: SIPProxyServer}

- name: Trust a partner no longer
  sametime.gateway.was_ssl:
    profile: /usr/IBM/WebSphere/STgateway/profiles/RTCGW_Profile
    user: wasadmin
    password: "{{ vault_was_admin_password }}"
    key_stores:
      - {name: CellDefaultTrustStore, password: WebAS, state: existing}
    signers:
      - {key_store: CellDefaultTrustStore, alias: partner, state: absent}
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: ['importCertificate SametimeGatewayKeyStore stgw: CN=rtp_nat.ibm.com, signed by itself, until 2036-11-23']
launches:
  description: How many times wsadmin was launched; V(0) when nothing differed.
  returned: success
  type: int
  sample: 1
save:
  description: Whether the configuration was saved.
  returned: success
  type: bool
  sample: true
sync:
  description: For each node whose node agent ran whether it was synchronised.
  returned: success
  type: dict
  sample: {stgpn1Node: true}
restart_required:
  description: Servers that have to be restarted for the changes to work, as C(node/server).
  returned: success
  type: list
  elements: str
  sample: [sipproxy1Node/SIPProxyServer]
state:
  description: The attributes of the configuration that were asked for as they are, or would be, by path.
  returned: success
  type: dict
  sample: {}
certificates:
  description: The certificates of O(key_stores).
  returned: success
  type: list
  elements: dict
  contains:
    key_store: {description: Name of the key store., type: str, sample: SametimeGatewayKeyStore}
    alias: {description: Its name there., type: str, sample: stgw}
    subject: {description: Whom it is for., type: str, sample: 'CN=rtp_nat.ibm.com'}
    issuer: {description: Who signed it., type: str, sample: 'CN=rtp_nat.ibm.com'}
    alternative_names: {description: Its alternative names., type: list, sample: [rtp_nat.ibm.com]}
    not_after: {description: 'Until when it is valid, in UTC.', type: str, sample: '2036-11-23T09:00:05Z'}
    days_left: {description: Whole days until then., type: int, sample: 3649}
    fingerprint: {description: Its SHA-1 fingerprint., type: str, sample: 'FF:DF:4C:08:...'}
    pem: {description: The certificate itself., type: str, sample: '-----BEGIN CERTIFICATE----- ...'}
expiring:
  description: Certificates that end within O(warn_days), in words.
  returned: success
  type: list
  elements: str
  sample: ['CellDefaultTrustStore: default (CN=stgdm1.rtp.example,O=IBM,C=US) ends on 2027-11-25, in 30 days']
chain:
  description: >-
    The certificates that vouch for O(certificate), up to its root, as PEM; itself when it is self-signed. Give it to
    partners.
  returned: success
  type: str
  sample: '-----BEGIN CERTIFICATE----- ...'
request:
  description: The text of the request (PKCS10, PEM) when O(certificate.source=request).
  returned: success
  type: str
  sample: '-----BEGIN CERTIFICATE REQUEST----- ...'
pending:
  description: Whether SSL configurations wait for an answer to the request.
  returned: success
  type: bool
  sample: false
"""
