# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: target_facts
short_description: Tell what a target is and has, in one round trip
version_added: 0.1.0
description:
  - Reads operating system, level, model, CPUs, memory, paging space, file systems, installed IBM products, clock,
    addresses and listening ports of an AIX or Windows machine.
  - On request it also resolves names on the target and looks at paths, so that checks before an installation need one
    call only.
  - Sets no Ansible facts. Register the result.
options:
  resolve:
    description: Host names to resolve on the target itself.
    type: list
    elements: str
    default: []
  paths:
    description: Files and directories to look at.
    type: list
    elements: str
    default: []
  checksums:
    description: Files whose SHA-1 is computed on the target. This reads the whole file.
    type: list
    elements: str
    default: []
  db2ls:
    description: Command that lists the copies of DB2 on AIX. None are reported when it is not there.
    type: str
    default: /usr/local/bin/db2ls
  db2_key:
    description: Registry key with one key below it for each copy of DB2 on Windows.
    type: str
    default: HKLM:\SOFTWARE\IBM\DB2\InstalledCopies
  itds_key:
    description: Registry key with one key below it for each version of ITDS on Windows.
    type: str
    default: HKLM:\SOFTWARE\IBM\IDSLDAP
  was_roots:
    description:
      - Folders in which WebSphere and the Sametime Gateway are looked for. They are reported as V(was) and V(gateway)
        with the folder in C(where).
    type: list
    elements: str
    default: []
    version_added: 0.2.0
extends_documentation_fragment:
  - sametime.gateway.target.read_only
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Look at the machine, its resolver and the installation images
  sametime.gateway.target_facts:
    resolve:
      - db2srv1
      - ldapsrv1
    paths:
      - /stgw/media/db2/wse
    checksums:
      - /stgw/media/db2/wse/db2setup
  register: target
"""

RETURN = r"""
facts:
  description: What the target told.
  returned: success
  type: dict
  contains:
    system:
      description: V(aix) or V(windows).
      type: str
      sample: aix
    version:
      description: Version of the operating system.
      type: str
      sample: "5.3.0.0"
    level:
      description: Technology level (C(oslevel -r)) on AIX, service pack on Windows.
      type: str
      sample: "5300-07"
    service_level:
      description: C(oslevel -s) on AIX, the system's full name on Windows.
      type: str
      sample: "5300-07-01-0748"
    hostname:
      description: Name of the machine as it knows it itself.
      type: str
      sample: db2srv1
    model:
      description: Machine model.
      type: str
      sample: IBM,7038-6M2
    cpus:
      description: Number of processors.
      type: int
      sample: 2
    memory_mb:
      description: Real memory in MB.
      type: int
      sample: 4096
    paging_mb:
      description: Paging space in MB.
      type: int
      sample: 4096
    clock:
      description: The target's clock in UTC, ISO 8601.
      type: str
      sample: "2008-03-01T12:00:00Z"
    clock_offset_seconds:
      description: How much the target's clock is ahead of the controller's, beyond the time that asking for it took.
      type: int
      sample: -2
    filesystems:
      description: Mounted file systems, or fixed drives.
      type: list
      elements: dict
      contains:
        mount:
          description: Mount point, or drive such as V(C:).
          type: str
        size_mb:
          description: Size in MB.
          type: int
        free_mb:
          description: Free space in MB.
          type: int
      sample:
        - mount: /opt
          size_mb: 2048
          free_mb: 1433
    volume_groups:
      description: Volume groups in use on AIX, with the space that file systems can grow by.
      type: list
      elements: dict
      contains:
        name:
          description: Name of the volume group.
          type: str
        free_mb:
          description: Free space in MB.
          type: int
      sample:
        - name: rootvg
          free_mb: 59648
    products:
      description: IBM products found.
      type: list
      elements: dict
      contains:
        name:
          description: V(db2) or V(itds).
          type: str
        version:
          description: Level of the product.
          type: str
        where:
          description: Directory of the copy, name of the fileset, or registry key.
          type: str
      sample:
        - name: db2
          version: "9.1.0.4"
          where: /opt/IBM/db2/V9.1
    addresses:
      description: IPv4 addresses, without the loopback ones.
      type: list
      elements: str
      sample: ["192.0.2.10"]
    listening:
      description: TCP ports on which something listens, ascending.
      type: list
      elements: int
      sample: [22, 50000]
    resolved:
      description: For each name in O(resolve) its address, or an empty text when the target cannot resolve it.
      type: dict
      sample:
        db2srv1: 192.0.2.10
    paths:
      description: For each path in O(paths) and O(checksums) what is there.
      type: dict
      contains:
        type:
          description: V(file), V(directory), V(other) or V(absent).
          type: str
        size_bytes:
          description: Size of a file in bytes, 0 for anything else.
          type: int
        sha1:
          description: SHA-1 in lower-case hexadecimal digits, empty when it was not asked for or there is no file.
          type: str
      sample:
        /stgw/media/db2/wse/db2setup:
          type: file
          size_bytes: 10240
          sha1: da39a3ee5e6b4b0d3255bfef95601890afd80709
"""
