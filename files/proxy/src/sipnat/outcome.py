# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What becomes of a message.

An outcome is a plain tuple ``(kind, data, target, token)``, because one is made for every message:

======== ============ =========================== ==========================================================
kind     data         target                      token
======== ============ =========================== ==========================================================
REQUEST  to be sent   Target                      None
RESPONSE to be sent   Target to fall back on,     of the flow that the request came by (see flow.py)
                      None: nobody else
REPLY    to be sent   None                        None: back on the flow that the message came by
DROP     None         reason, a str for metrics   None
CLOSE    a reply or   reason                      None: the stream cannot be read on; send data if any, close
         None
======== ============ =========================== ==========================================================
"""

from __future__ import annotations

from typing import Any, NamedTuple, Optional, Tuple

REQUEST = 0
RESPONSE = 1
REPLY = 2
DROP = 3
CLOSE = 4

Outcome = Tuple[int, Optional[bytes], Any, Optional[bytes]]


class Target(NamedTuple):
    """Where a message goes. Equal targets share a connection; `peer` names the upstream's host or the partner."""

    transport: str
    address: str
    port: int
    peer: str
    inside: bool
