# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What every module that works through a target's own shell has in common."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and tell what it would change.
    support: full
  diff_mode:
    description: Shows what it changes, without secrets.
    support: full
  platform:
    description: Needs C(/bin/sh) on AIX, PowerShell 2.0 on Windows, and no Python on either.
    platforms: aix, windows
    support: full
"""

    ANY_PLATFORM = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and tell what it would change.
    support: full
  diff_mode:
    description: Shows what it changes, without secrets.
    support: full
  platform:
    description: Needs C(/bin/sh) on AIX and Linux, PowerShell 2.0 on Windows, and no Python.
    platforms: aix, linux, windows
    support: full
"""

    READ_ONLY = r"""
options: {}
attributes:
  check_mode:
    description: Changes nothing, so it does the same in check mode.
    support: full
  diff_mode:
    description: Changes nothing, so there is nothing to show.
    support: N/A
  platform:
    description: Needs C(/bin/sh) on AIX, PowerShell 2.0 on Windows, and no Python on either.
    platforms: aix, windows
    support: full
"""

    LINUX = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and tell what it would change.
    support: full
  diff_mode:
    description: Shows what it changes.
    support: full
  platform:
    description: Needs C(/bin/sh), C(awk), C(ip) and root, and no Python.
    platforms: linux
    support: full
"""

    PROBE = r"""
options: {}
attributes:
  check_mode:
    description: Skipped, for it would send messages to others.
    support: none
  diff_mode:
    description: Changes nothing, so there is nothing to show.
    support: N/A
  platform:
    description: Needs C(/bin/sh) and Perl 5.8 on AIX and Linux, PowerShell 2.0 on Windows, and no Python.
    platforms: aix, linux, windows
    support: full
"""

    WINDOWS = r"""
options: {}
attributes:
  check_mode:
    description: Can run in check mode and tell what it would change.
    support: full
  diff_mode:
    description: Shows what it changes, without secrets.
    support: full
  platform:
    description: Needs PowerShell 2.0.
    platforms: windows
    support: full
"""

    CONTROLLER = r"""
options: {}
attributes:
  check_mode:
    description: Changes nothing, so it does the same in check mode.
    support: full
  diff_mode:
    description: Changes nothing, so there is nothing to show.
    support: N/A
  platform:
    description: Computes on the controller and sends nothing to a target.
    platforms: all
    support: full
"""
