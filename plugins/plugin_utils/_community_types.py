# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The types of communities, and what each of them can have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LOCAL = "local"
SAMETIME = "sametime"

VP, SIP_SAMETIME, SIP_OCS, XMPP = "vp", "sip_sametime", "sip_ocs", "xmpp"
PROTOCOLS: Mapping[str, str] = {
    VP: "VP",
    SIP_SAMETIME: "SIP for Sametime Gateway",
    SIP_OCS: "SIP for Lync/OCS",
    XMPP: "XMPP",
}
"""The translation protocols, and what the console calls them."""

LOCAL_TRANSPORT = "vp"
TRANSPORTS = (LOCAL_TRANSPORT, "tcp", "tls", "udp")


@dataclass(frozen=True)
class Kind:
    """One type. A new community gets the first protocol, and the only transport."""

    protocols: tuple[str, ...]
    transports: tuple[str, ...]

    @property
    def transport(self) -> str | None:
        """The transport that needs not be said."""
        return self.transports[0] if len(self.transports) == 1 else None

    @property
    def over_xmpp(self) -> bool:
        """Whether it is reached by the XMPP proxy; all others speak SIP, which is what a NAT plan is about."""
        return self.protocols == (XMPP,)


KINDS: Mapping[str, Kind] = {
    LOCAL: Kind((VP,), (LOCAL_TRANSPORT,)),
    SAMETIME: Kind((SIP_SAMETIME, SIP_OCS), ("tcp", "tls", "udp")),
    # A clearinghouse, which leads to several communities.
    "aol": Kind((SIP_OCS, SIP_SAMETIME), ("tls",)),
    "yahoo": Kind((SIP_OCS, SIP_SAMETIME), ("tls", "tcp")),
    "google_talk": Kind((XMPP,), ("tcp", "tls")),
    "xmpp": Kind((XMPP,), ("tcp", "tls")),
}
"""By type; `docs/evidence/communities.md` says how sure each rule is."""
