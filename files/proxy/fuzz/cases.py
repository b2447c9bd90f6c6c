# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What both fuzzers try messages on: flows of two configurations. The first byte of an input chooses one of them.

``python -m cases FOLDER`` writes the inputs that the fuzzers start from.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, Callable, Iterator, List, NamedTuple, Optional, Tuple, cast

from configs import EVERYTHING, SCENARIO, changed, loaded
from messages import request, response

from sipnat import kernel
from sipnat.check import corpus
from sipnat.flow import Flow
from sipnat.kernel import Take, _kernel
from sipnat.model import Config
from sipnat.outcome import REQUEST, RESPONSE, Outcome
from sipnat.rewriting.inside import Inside
from sipnat.rewriting.leaks import MARK
from sipnat.rewriting.rewrite import Rewriter
from sipnat.rewriting.rules import Rules

# An address as a whole word, perhaps with a colon behind it.
LITERAL = re.compile(
    rb"(?<![0-9A-Za-z.:%])(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-f]*:[0-9a-f]*:[0-9a-f:]*(?:(?<!:)|(?<=::)))"
    rb"(?![0-9A-Za-z.])"
)
TORTURE = Path(__file__).parents[1] / "tests" / "torture"


class Case(NamedTuple):
    flow: Flow
    pure: Rewriter
    answer: Callable[[bytes, Flow], Optional[Outcome]]  # of the kernel alone; None: it leaves the message to `pure`
    take: Take
    inside: Inside


def configurations() -> List[Config]:
    everything = changed(changed(EVERYTHING, "mask_call_id", True), "map_identities", True)
    return [loaded(SCENARIO), loaded(everything)]


def cases() -> List[Case]:
    found: List[Case] = []
    for config in configurations():
        rules = Rules(config, _choose(config))
        pure = Rewriter(rules)
        answer = kernel.kernel(_kernel, pure, left)[0]
        inside, partner = config.hosts[0].addresses[0], config.partners[0].endpoint.address
        for transport in sorted({one.transport for one in config.listeners}):
            for outward, address in ((True, inside), (False, partner)):
                token = b"u0" if transport == "udp" else b"c0.1"
                found.append(
                    Case(
                        Flow(outward, transport, token, address, 5060), pure, answer, cast(Take, answer), Inside(config)
                    )
                )
    return found


def left(_data: bytes, _flow: Flow) -> None:
    """What is done with messages that the kernel does not do."""


def _choose(config: Config) -> Callable[[bytes], Any]:
    """By Call-ID, without a memory; a tenth of the Call-IDs finds nobody."""

    def choose(call_id: bytes) -> Any:
        lot = sum(call_id)
        return config.upstreams[lot % len(config.upstreams)] if lot % 10 else None

    return choose


def leaks(case: Case, data: bytes, outcome: Outcome) -> bool:
    """Does what leaves hold an inside address in its header block?

    Answers of our own leave when the message came from outside. An address may be the other side's own: one that came
    from there, now (an answer of our own repeats it) or before (the guard's token stands for it).
    """
    forwarded = outcome[0] in (REQUEST, RESPONSE)
    if outcome[1] is None or forwarded != case.flow.outward:
        return False
    head = outcome[1].partition(b"\r\n\r\n")[0]
    return any(
        case.inside.holds(literal) and not (MARK in data if forwarded else literal in data)
        for literal in LITERAL.findall(head)
    )


def seeds() -> Iterator[Tuple[str, bytes]]:
    """Names and inputs: RFC 4475's messages, ordinary ones, and those that the configurations are proved with."""
    every = cases()
    for path in sorted(TORTURE.glob("*.dat")):
        for index in range(len(every)):
            yield f"{path.stem}-{index}", bytes([index]) + path.read_bytes()
    for number, (index, data) in enumerate(_exchanges(every)):
        yield f"ordinary-{number}", bytes([index]) + data
    for number, config in enumerate(configurations()):
        for message in corpus.messages(config):
            for index, case in enumerate(every):
                same = case.pure.rules.config == config and case.flow.outward == message.outward
                if same and case.flow.transport == message.transport:
                    yield f"{number}-{message.name}-{index}".replace("/", "_"), bytes([index]) + message.data


def _exchanges(every: List[Case]) -> Iterator[Tuple[int, bytes]]:
    """Requests that the kernel does, and the answers to them, each with the index of its case."""
    for index, case in enumerate(every):
        for data in _requests(case):
            yield index, data
            outcome = case.pure.process(data, case.flow)
            if outcome[0] == REQUEST and outcome[1] is not None:
                answer = response(outcome[1], "200 OK", "Contact: <sip:bob@198.51.100.7>;expires=60")
                for back, other in enumerate(every):
                    same = other.pure is case.pure and other.flow.transport == outcome[2].transport
                    if same and other.flow.outward != case.flow.outward:
                        yield back, answer


def _requests(case: Case) -> Iterator[bytes]:
    config, flow = case.pure.rules.config, case.flow
    via = f"SIP/2.0/{flow.transport.upper()} {flow.address}:5060;branch=z9hG4bK-7f3a;rport"
    contact = f"Contact: <sip:alice@{flow.address}:5060;transport={flow.transport}>"
    more = [contact, "User-Agent: Gateway 8.0.1", "P-Asserted-Identity: <sip:alice@home.example>"]
    sdp = f"v=0\r\no=- 1 1 IN IP4 {flow.address}\r\ns=-\r\nc=IN IP4 {flow.address}\r\nt=0 0\r\n".encode()
    if flow.outward:
        uri = f"sip:bob@{config.partners[0].endpoint.address}"
        route = f"Route: <sip:{case.pure.rules.listener(flow.transport).decode()};lr>"
        call_id = f"1@{flow.address}"
    else:
        public = case.pure.rules.public(flow.transport).decode()
        uri, route, call_id = f"sip:alice@{public};np=1-5060", f"Route: <sip:{public};lr>", "1@np1"
    yield request("INVITE", uri, [via], route, "Content-Type: application/sdp", *more, call_id=call_id, body=sdp)
    yield request("SUBSCRIBE", uri, [via], route, *more, "Event: presence", call_id=call_id)
    yield request("MESSAGE", uri.partition(";")[0], [via], *more, call_id=call_id, body=b"hello")


def write_seeds(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in seeds():
        (folder / name.replace(" ", "_")).write_bytes(data)


if __name__ == "__main__":
    write_seeds(Path(sys.argv[1]))
