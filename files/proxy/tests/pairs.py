# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The compiled kernel beside the Python code, for tests that compare them."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from configs import EVERYTHING, SCENARIO, changed, loaded

from sipnat import kernel
from sipnat.flow import Flow
from sipnat.kernel import _kernel
from sipnat.model import Config, Upstream
from sipnat.outcome import Outcome
from sipnat.rewriting.rewrite import Rewriter
from sipnat.rewriting.rules import Rules


def _over_udp() -> Dict[str, Any]:
    data = changed(SCENARIO, "public.ports", {"udp": 5060})
    for path in ("inside.upstreams.0.transport", "listen.0.transport", "partners.0.transport"):
        data = changed(data, path, "udp")
    return data


CONFIGS: Dict[str, Config] = {
    "tcp": loaded(SCENARIO),
    "udp": loaded(_over_udp()),
    "everything": loaded(EVERYTHING),
    "masked": loaded(changed(changed(EVERYTHING, "mask_call_id", True), "map_identities", True)),
}


class Pair:
    def __init__(self, config: Config) -> None:
        self.config = config
        rules = Rules(config, self.choose)
        self.pure = Rewriter(rules)
        self.answer = kernel.kernel(_kernel, self.pure, lambda _data, _flow: None)[0]

    def choose(self, call_id: bytes) -> Upstream:
        """Depends on every byte, so that a wrong Call-ID is noticed."""
        return self.config.upstreams[sum(call_id) % len(self.config.upstreams)]

    def flows(self) -> List[Flow]:
        """From the first host and from each partner, over every transport."""
        inside = [(True, self.config.hosts[0].addresses[0])]
        outside = [(False, partner.endpoint.address) for partner in self.config.partners]
        transports = sorted({one.transport for one in self.config.listeners})
        return [
            Flow(outward, transport, b"u0" if transport == "udp" else b"c0.1", address, 5070)
            for transport in transports
            for outward, address in inside + outside
        ]

    def process(self, data: bytes, flow: Flow) -> Tuple[Outcome, bool]:
        """What becomes of a message, and whether the kernel did it; fails if it does not do the same."""
        done = self.answer(data, flow)
        counters = self._counters()
        outcome = self.pure.process(data, flow)
        if done is not None:
            assert done == outcome, data
            assert counters == self._counters(), data
        return outcome, done is not None

    def _counters(self) -> Tuple[int, Dict[str, int], Dict[int, int]]:
        return self.pure.bad_tokens, dict(self.pure.leaks), dict(self.pure.refusals)
