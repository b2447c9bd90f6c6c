# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: domino_setup
short_description: Set up an installed Domino server from recorded answers
version_added: 0.5.0
description:
  - Gives a Domino server that is installed and has never been set up its name, its IDs and its directory, by
    C(server -silent) with a profile that somebody recorded with C(server -record).
  - Whether the server is set up is read from its C(notes.ini). One that is set up is left alone; nothing is launched.
  - The set-up runs detached on the target and is watched from here. A lost connection does not end it.
  - The profile lies on the target only while the set-up runs, and only the server's user or the administrators can read
    it.
  - The passwords of the IDs are those that were recorded. The editor of profiles takes its values as arguments, which
    every local user can see meanwhile, so this module does not change passwords with it.
options:
  location:
    description: Program folder that was given to the installer.
    type: str
    required: true
  data:
    description: Data folder of the server.
    type: str
    required: true
  user:
    description: User that the server runs as, and that owns its data. Needed on AIX, and not on Windows.
    type: str
  profile:
    description:
      - The recorded profile, a file of the controller. It may be encrypted with Ansible Vault.
      - It holds passwords, so it is as secret as they are.
      - Read only when the server is to be set up.
    type: path
    required: true
  values:
    description:
      - Settings of the profile that are changed before it is used, by the names that its editor knows, such as
        C(ServerName). The editor is launched once for each.
      - Without any the profile is used as it was recorded.
      - C(DominoDomainName) is compared with that of a server that is set up, and another one is refused.
    type: dict
    default: {}
  editor:
    description:
      - The command of the editor, in front of setting, value and profile. On AIX it runs in the folder of the programs.
      - Default is the product's own JVM with C(lotus.domino.setup.DominoServerProfileEdit) from C(cfgdomserver.jar).
    type: list
    elements: str
  programs:
    description: Folder of the programs themselves. Default is C(notes/latest/ibmpow) below O(location) on AIX, and
      O(location) on Windows.
    type: str
  timeout:
    description: Seconds after which the set-up and all that it started is ended.
    type: int
    default: 1800
extends_documentation_fragment:
  - sametime.gateway.target
seealso:
  - module: sametime.gateway.installer
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Set the server up
  sametime.gateway.domino_setup:
    location: /opt/ibm/lotus
    data: /local/notesdata
    user: notes
    profile: "{{ inventory_dir }}/files/first_server.pds"
    values:
      ServerName: stsrv1
      OrganizationName: RTP
      DominoDomainName: RTP
      HostName: stsrv1.rtp.example
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: ["set the server up"]
state:
  description: The state reached, or in check mode the one that would be. Empty for a server that is not set up.
  returned: success
  type: dict
  sample:
    set_up: true
    domain: RTP
log_excerpt:
  description: End of what the set-up printed and logged.
  returned: when it ran
  type: str
"""
