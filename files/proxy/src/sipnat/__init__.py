# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A stateless SIP proxy for sites behind a static symmetric NAT."""

from __future__ import annotations

__version__ = "0.4.0"
