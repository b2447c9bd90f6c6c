# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: target_filesystem
short_description: Have enough room in the file systems of a target
version_added: 0.1.0
description:
  - On AIX it grows file systems (C(chfs)) and makes new ones (C(crfs)). It never shrinks and never removes one.
  - On Windows a drive cannot grow. There it only checks O(filesystems[].free_mb) and fails when that is not there.
  - All file systems that are too small are named in one error.
options:
  filesystems:
    description: The file systems to look after.
    type: list
    elements: dict
    required: true
    suboptions:
      path:
        description:
          - Mount point, or any path below it, existing or not. The file system that holds it is meant.
          - With O(filesystems[].volume_group) it is the mount point of a file system of its own.
        type: str
        required: true
      size_mb:
        description: Lowest size in MB. AIX only.
        type: int
      free_mb:
        description:
          - Lowest free space in MB. What is missing is added on AIX.
          - Entries that lie on the same file system add up.
        type: int
      volume_group:
        description:
          - Volume group in which a missing file system is made, as jfs2, mounted now and at each start. Needs
            O(filesystems[].size_mb). AIX only.
        type: str
extends_documentation_fragment:
  - sametime.gateway.target
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Have room for DB2
  sametime.gateway.target_filesystem:
    filesystems:
      - path: /opt
        size_mb: 4096
      - path: /tmp
        free_mb: 1024
      - path: /db2data
        size_mb: 8192
        volume_group: datavg

- name: Check the drive for DB2
  sametime.gateway.target_filesystem:
    filesystems:
      - path: C:\Program Files\IBM
        free_mb: 2048
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: ["grow /opt by 2048 MB"]
state:
  description: Size in MB by mount point or drive, now or as it would be.
  returned: success
  type: dict
  sample:
    /opt:
      size_mb: 4096
"""
