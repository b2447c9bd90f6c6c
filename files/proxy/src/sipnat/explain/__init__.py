# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What becomes of one message, for people: every line that changes, with the rule, where it goes, and the way back.

Nothing is explained from a second set of rules: the real rewriting is run, and its input and output are compared.
"""

from __future__ import annotations

import re
import textwrap
from typing import List, Optional, Tuple

from ..check.corpus import bracketed
from ..flow import Flow
from ..model import DEFAULT_PORT, Config
from ..neighbours.peers import Peers
from ..neighbours.upstreams import Upstreams
from ..outcome import CLOSE, DROP, REPLY, REQUEST, RESPONSE, Outcome, Target
from ..rewriting.framing import FramingError, frame
from ..rewriting.parts import Parts, parts
from ..rewriting.rewrite import Rewriter
from ..rewriting.rules import Rules
from .edits import Edit, edits, text
from .reasons import Direction

_WIDTH = 100  # of a reason; lines of messages are not broken
_TRANSPORT = re.compile(rb"SIP\s*/\s*2\.0\s*/\s*(UDP|TCP|TLS)\b", re.IGNORECASE)
_FILLED = re.compile(rb";received=[^;,\s]*|;rport(?:=[0-9]*)?")  # what RFC 3261 18.2.1 and 3581 do to the top Via


def explain(config: Config, data: bytes, source: str, port: int = 0, transport: Optional[str] = None) -> str:
    """The explanation of a message from the address `source`.

    `transport`: that it came by; None: as its top Via says, else as the first listener has it. `port` 0: the
    transport's own. ValueError when nobody may send from there, or nothing listens for that transport on its side.
    """
    peer = Peers(config).classify(source)
    if peer is None:
        raise ValueError(f"{source} is neither inside (inside.hosts) nor a partner's (partners): it may not send")
    lines: List[str] = []
    if b"\r\n" not in data and b"\n" in data:
        data = data.replace(b"\n", b"\r\n")
        lines.append("(line ends were LF; read as CRLF)")
    transport = _transport(config, data, peer.outward, transport)
    if transport != "udp":
        data, note = _first(data.lstrip(b"\r\n"), config)
        lines += note
    port = port or DEFAULT_PORT[transport]
    rewriter = Rewriter(Rules(config, Upstreams(config).choose))
    flow = Flow(peer.outward, transport, b"u0" if transport == "udp" else b"c1.1", source, port)
    outcome = rewriter.process(data, flow)
    before = parts(data)
    sides = ("inside", "outside") if peer.outward else ("outside", "inside")
    lines += [text(before.start), f"from {peer.name} {_place(source, port, transport)}, {sides[0]}", ""]
    lines += _become(rewriter, before, outcome, flow, sides[1])
    return "\n".join(lines)


def _transport(config: Config, data: bytes, outward: bool, wanted: Optional[str]) -> str:
    legs = ("inside", "both") if outward else ("outside", "both")
    served = [one.transport for one in config.listeners if one.leg in legs]
    if wanted is not None:
        if wanted not in served:
            raise ValueError(f"no listener for {wanted} on that side: there are {', '.join(dict.fromkeys(served))}")
        return wanted
    written = _TRANSPORT.search(b"".join(parts(data).values(b"via")[:1]))
    named = written.group(1).decode().lower() if written else ""
    return named if named in served else served[0]


def _first(data: bytes, config: Config) -> Tuple[bytes, List[str]]:
    """The first message of a stream, and what is to be said about the rest."""
    try:
        end = frame(data, 0, config.limits)
    except FramingError:
        return data, []  # the rewriting says what is wrong
    if end <= 0:
        return data, ["(the message is not complete: on a stream the rest is waited for)"]
    more = len(data) - end
    return data[:end], [f"({more} bytes behind it belong to the next message of the stream)"] if more else []


def _place(address: str, port: int, transport: str) -> str:
    return f"{bracketed(address)}:{port}/{transport}"


def _become(rewriter: Rewriter, before: Parts, outcome: Outcome, flow: Flow, side: str) -> List[str]:
    kind, sent, target, token = outcome
    if kind == DROP:
        return [f"is dropped, without an answer: {target}"]
    if kind in (REPLY, CLOSE) or sent is None:
        lines = ["is not passed on. Its sender gets:", *_indented(sent)] if sent else ["is not passed on, nor answered"]
        return [*lines, f"Then the connection is closed: {target}"] if kind == CLOSE else lines
    after = parts(sent)
    lines = _listed(list(edits(before, after, Direction(kind == REQUEST, flow.outward))))
    lines.append(f"goes {side}, {_next_hop(kind, target, token)}")
    if kind == REQUEST:
        lines += ["", *_back(rewriter, before, sent, target, flow)]
    return lines


def _indented(data: bytes) -> List[str]:
    return [f"    {text(line)}" for line in data.rstrip().split(b"\r\n")]


def _listed(found: List[Edit]) -> List[str]:
    """Before and after, one above the other, and why."""
    lines: List[str] = []
    for edit in found:
        if edit.before is not None:
            lines.append(f"  - {edit.before}")
        if edit.after is not None:
            lines.append(f"  + {edit.after}")
        lines += [*_wrapped(edit.why), ""]
    return lines or ["  leaves byte for byte as it came", ""]


def _wrapped(why: str) -> List[str]:
    """A reason in lines that are not too long, RFC and number together."""
    bound = why.replace("RFC ", "RFC\xa0")
    found = textwrap.wrap(bound, _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)
    return [line.replace("\xa0", " ") for line in found]


def _next_hop(kind: int, target: Optional[Target], token: Optional[bytes]) -> str:
    where = f"to {target.peer} {_place(target.address, target.port, target.transport)}" if target else "nowhere else"
    if kind == RESPONSE and token:
        return f"on the flow {token.decode()} that the request came by; if that is gone, {where}"
    return where


def _back(rewriter: Rewriter, before: Parts, sent: bytes, target: Target, flow: Flow) -> List[str]:
    """The inverse: an answer that copies what left arrives as what was sent."""
    answer = b"SIP/2.0 200 OK" + sent[sent.index(b"\r\n") :]
    token = b"u0" if target.transport == "udp" else b"c1.2"
    way = Flow(not flow.outward, target.transport, token, target.address, target.port)
    kind, back, reason, _token = rewriter.process(answer, way)
    if kind != RESPONSE or back is None:
        return [f"An answer that copies it does not come back: {reason}"]
    kept, differing = _compared(before, parts(back))
    lines = [f"An answer that copies it comes back with {kept} of its lines as they were sent."]
    for old, new in differing:
        lines += [f"  - {old}", f"  + {new}"]
    return lines


def _compared(before: Parts, back: Parts) -> Tuple[int, List[Tuple[str, str]]]:
    """How many lines came back as they were, and those that did not, without what is not for the answer's reader."""
    kept, differing = 0, []
    for name in dict.fromkeys(name for name, _line in before.fields):
        old, new = before.values(name), back.values(name)
        if name in (b"max-forwards", b"route", b"content-length") or not new:
            continue
        for old_line, new_line in zip(old, new[len(new) - len(old) :]):
            if old_line == new_line or (name == b"via" and _FILLED.sub(b"", old_line) == _FILLED.sub(b"", new_line)):
                kept += 1
            else:
                differing.append((text(old_line), text(new_line)))
    return kept, differing
