# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""``python -m sipnat``, the zipapp, and the command that a wheel installs."""

from __future__ import annotations

import sys

from sipnat.cli import main

if __name__ == "__main__":
    sys.exit(main())
