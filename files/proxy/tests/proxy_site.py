# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the properties are tried on: proxies with all their neighbours, for every pair of transports."""

from __future__ import annotations

import re
from typing import List

import pytest
from generated import world
from hypothesis import HealthCheck, settings

from sipnat import kernel
from sipnat.flow import Flow
from sipnat.outcome import REQUEST, Outcome
from sipnat.rewriting.rewrite import Rewriter
from sipnat.rewriting.rules import Rules

# The transports inside and outside.
WAYS = ("udp-udp", "tcp-tcp", "tcp-tls", "udp-tcp")
WORLDS = {way: world(*way.split("-")) for way in WAYS}
INSIDE_ADDRESS = re.compile(rb"(?<![0-9.])9\.42\.111\.[0-9]{1,3}(?![0-9])|2001:0?db8:0?0?0?1:", re.IGNORECASE)


def shown(text: bytes) -> List[bytes]:
    """Inside addresses in a text, escaped ones too."""
    return INSIDE_ADDRESS.findall(text + b"\n" + text.replace(b"%40", b"@"))


# The same examples in every run: a failure is one of the change, not of the day.
PROFILE = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
EVERY_WAY = pytest.mark.parametrize("way", WAYS)


class Site:
    """A proxy, and those who talk through it."""

    def __init__(self, way: str, *, compiled: bool = False) -> None:
        config = WORLDS[way]
        self.inner, self.outer = way.split("-")
        rules = Rules(config, lambda call_id: config.upstreams[0])
        self.rewriter = kernel.rewriter(rules) if compiled else Rewriter(rules)
        self.node = Flow(True, self.inner, _token(self.inner, 0), "9.42.111.2", 5060)
        self.partner = Flow(False, self.outer, _token(self.outer, 1), "9.42.124.60", 40123)

    def out(self, data: bytes) -> Outcome:
        """What a node sends."""
        return self.rewriter.process(data, self.node)

    def back(self, data: bytes) -> Outcome:
        """What the partner sends."""
        return self.rewriter.process(data, self.partner)

    def sent(self, data: bytes) -> bytes:
        """A request of a node as the partner gets it."""
        kind, sent, target, _ = self.out(data)
        assert kind == REQUEST, (kind, sent, target)
        assert sent is not None
        assert target.peer == "partner"
        return sent


def _token(transport: str, number: int) -> bytes:
    return b"%b%d" % (b"u" if transport == "udp" else b"c1.", number)


# One of each, so that memory of earlier messages is part of the trial.
SITES = {way: Site(way) for way in WAYS}

# What never leaves, whatever it says.
NEVER_OUTSIDE = (b"ibm-po", b"outboundiflist")
