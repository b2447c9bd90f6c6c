# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: gskit_certificate
short_description: Have a certificate in a key database of GSKit
version_added: 0.5.0
description:
  - Makes a key database of GSKit 7 (CMS) with its stash, and in it a certificate that signs itself, unless they are
    there. Servers of IBM, such as ITDS, show it to their clients.
  - A key database that somebody else made is used as it is, when its stash lies beside it; so a certificate of an
    authority comes into use. A certificate that is there is never replaced.
  - The password reaches C(gsk7capicmd) on its standard input, and is needed for a new key database only. After that the
    stash opens it.
options:
  database:
    description: Key database, a file that ends in C(.kdb).
    type: path
    required: true
  password:
    description: Password of a new key database.
    type: str
  label:
    description: Name of the certificate in the key database.
    type: str
    required: true
  subject:
    description:
      - Whom the certificate is for, V(CN=) first, then V(OU=), V(O=), V(L=), V(ST=), V(C=). One that is there for
        another name is refused.
    type: str
    required: true
  size:
    description: Bits of a new key.
    type: int
    choices: [1024, 2048]
    default: 2048
  days:
    description: How long a new certificate is valid, up to 7300.
    type: int
    default: 1825
  owner:
    description: Owner of the files on AIX.
    type: str
    default: ""
  group:
    description: Group of the files on AIX; used with O(owner).
    type: str
    default: ""
  command:
    description:
      - GSKit's command.
      - Default is V(/usr/opt/ibm/gskta/bin/gsk7capicmd_64) on AIX and
        V(C:\\Program Files\\IBM\\gsk7\\bin\\gsk7capicmd.exe) on Windows.
    type: path
extends_documentation_fragment:
  - sametime.gateway.target
seealso:
  - module: sametime.gateway.itds_instance
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Have a certificate for the directory server
  sametime.gateway.gskit_certificate:
    database: /home/ldapdb2/idsslapd-ldapdb2/etc/key.kdb
    password: "{{ vault_itds_key_password }}"
    label: ldapsrv1
    subject: CN=ldapsrv1.rtp.example
    owner: ldapdb2
    group: idsldap
  register: key
"""

RETURN = r"""
certificate:
  description: The certificate, in base 64, for those who have to trust it; empty as long as there is none.
  returned: success
  type: str
  sample: |
    -----BEGIN CERTIFICATE-----
    ...
fingerprint:
  description: Its SHA-1 fingerprint; empty as long as there is none.
  returned: success
  type: str
  sample: FF:DF:4C:08:52:73:BE:CE:3D:1D:5D:DA:B7:DD:6F:36:E7:83:F6:E7
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: [made key database /home/ldapdb2/idsslapd-ldapdb2/etc/key.kdb, made certificate ldapsrv1]
state:
  description: The certificate as it is, or as it would be.
  returned: success
  type: dict
  sample: {label: ldapsrv1, names: [ldapsrv1.rtp.example], owner: ldapdb2, group: idsldap}
"""
