# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: installer
short_description: Run a vendor's silent installer once, and prove that it worked
version_added: 0.1.0
description:
  - Installs a product with the vendor's own silent installer, unless O(detect) says that it is there already.
  - The installer runs detached on the target and is watched from here. A lost connection does not end it. A task that
    is run again while the installer still works waits for that one and starts no second.
  - The verdict takes the exit code, the log, and O(detect) together.
  - The response file exists only while the installer runs, in a folder that only C(root) or the administrators can
    read. Who watches does not matter, the job on the target removes the file itself; one that a crash of the
    machine left behind is removed by the next run.
  - Works on AIX and on Windows with nothing but the target's own shell.
options:
  name:
    description: What is installed, in words. Also the identity of the job on the target, so it must be unique there.
    type: str
    required: true
  detect:
    description: How to see that the product is installed. Exactly one of the suboptions must be given.
    type: dict
    required: true
    suboptions:
      db2:
        description: A DB2 copy, by C(db2ls) on AIX and C(db2level) on Windows.
        type: dict
        suboptions:
          path:
            description: Directory of the copy.
            type: str
            required: true
          version:
            description: Lowest level that will do, for example V(9.1.0.4). Without it any level will do.
            type: str
      filesets:
        description: AIX filesets, by C(lslpp). A name may end with V(*); then at least one fileset must match.
        type: list
        elements: dict
        suboptions:
          name:
            description: Name of the fileset.
            type: str
            required: true
          level:
            description: Lowest level that will do, for example V(6.1.0.0). Without it any level will do.
            type: str
      registry:
        description: A value in the Windows registry.
        type: dict
        suboptions:
          key:
            description: The key, for example V(HKLM:\\SOFTWARE\\IBM\\IDSLDAP\\6.1).
            type: str
            required: true
          value:
            description: Name of the value. Without it the key itself must exist.
            type: str
          data:
            description: What the value must hold. Without it any data will do.
            type: str
      path:
        description: A file or folder that exists when the product is installed.
        type: str
      was:
        description: An installation of WebSphere Application Server, by C(properties/version/WAS.product) or its kin.
        version_added: 0.2.0
        type: dict
        suboptions:
          path:
            description: Directory of the installation.
            type: str
            required: true
          product:
            description: Identifier of the product, for example V(ND).
            type: str
            default: ND
          version:
            description: Lowest level that will do, for example V(6.1.0.11). Without it any level will do.
            type: str
      update_installer:
        description: An Update Installer for WebSphere, by its C(version.txt).
        version_added: 0.2.0
        type: dict
        suboptions:
          path:
            description: Its directory.
            type: str
            required: true
          version:
            description: Lowest level that will do. Without it any level will do.
            type: str
      was_profile:
        description: A complete profile in the registry of a WebSphere installation.
        version_added: 0.2.0
        type: dict
        suboptions:
          root:
            description: Directory of the installation.
            type: str
            required: true
          name:
            description: Name of the profile.
            type: str
            required: true
  argv:
    description:
      - The installer and its arguments. C({response_file}) and C({log}) stand for the paths of the two files.
      - Every local user can see arguments, so a secret belongs into O(response_file).
    type: list
    elements: str
    required: true
  response_file:
    description: Content of the response file.
    type: str
  secrets:
    description: Values inside O(response_file) that must not appear in any message, the passwords.
    type: list
    elements: str
  log:
    description:
      - Full path of the log that the installer writes. An older one is kept as I(path)C(.previous).
      - Without it, what the installer prints is its log.
    type: str
  early_log:
    description: Full path of the log that the installer writes while there is no folder for O(log). Treated like it.
    type: str
    version_added: 0.2.0
  accepted_rc:
    description: Exit codes that mean success.
    type: list
    elements: int
    default: [0]
  success_regex:
    description: Must be found in the log or in what the installer printed.
    type: str
  failure_regex:
    description: Must not be found in the log or in what the installer printed.
    type: str
  progress_regex:
    description:
      - Marks the lines to show while the installer works; when it has a group, only that part is shown.
      - Without it, the newest line is shown.
    type: str
  timeout:
    description: Seconds after which the installer and all that it started is ended.
    type: int
    default: 7200
  poll_interval:
    description: Longest time in seconds between two looks at the installer. The first looks come sooner.
    type: int
    default: 15
  chdir:
    description: Directory that the installer starts in.
    type: str
  environment:
    description: Additional environment variables of the installer.
    type: dict
    default: {}
  work_dir:
    description:
      - Directory for the job's own files, made when it is missing, readable for C(root) or the administrators only.
      - Default is V(/var/adm/stgw) on AIX and V(C:\\Windows\\Temp\\stgw) on Windows.
    type: str
extends_documentation_fragment:
  - sametime.gateway.target
seealso:
  - module: sametime.gateway.db2_instance
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Install DB2 on AIX
  sametime.gateway.installer:
    name: DB2 9.1 WSE
    detect:
      db2:
        path: /opt/IBM/db2/V9.1
    argv: [/stgw/media/db2/wse/db2setup, -r, "{response_file}", -l, "{log}"]
    response_file: |
      PROD = WORKGROUP_SERVER_EDITION
      FILE = /opt/IBM/db2/V9.1
      LIC_AGREEMENT = ACCEPT
      INSTALL_TYPE = TYPICAL
    log: /tmp/db2setup.log
    accepted_rc: [0, 1]
    failure_regex: The execution failed

- name: Install the LDAP client filesets
  sametime.gateway.installer:
    name: ITDS client
    detect:
      filesets:
        - name: idsldap.cltbase61.rte
          level: 6.1.0.0
    argv: [installp, -acgXYd, /stgw/media/itds/itdsV61/images, idsldap.cltbase61]
    failure_regex: '(?m)^\S+\s+\S+\s+(USR|ROOT)\s+APPLY\s+FAILED'

- name: Install DB2 on Windows
  sametime.gateway.installer:
    name: DB2 9.1 WSE
    detect:
      db2:
        path: C:\Program Files\IBM\SQLLIB
    argv: ['C:\stgw\media\db2\setup.exe', /u, "{response_file}", /l, "{log}"]
    response_file: "{{ db2_response }}"
    secrets:
      - "{{ vault_db2_windows_password }}"
    log: C:\Windows\Temp\db2setup.log
    accepted_rc: [0, 1, 3010]
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: [installed DB2 9.1 WSE]
state:
  description: What O(detect) found at the end, or would find.
  returned: success
  type: dict
  sample: {version: 9.1.0.0}
rc:
  description: Exit code of the installer.
  returned: when the installer ran
  type: int
  sample: 0
log:
  description: Path of the log on the target.
  returned: when the installer ran
  type: str
  sample: /tmp/db2setup.log
log_excerpt:
  description: The last lines of the log, without secrets.
  returned: when the installer ran
  type: str
"""
