# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Valid requests of inside hosts, made by the grammar of RFC 3261, 25, with all the freedom that it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional, Tuple

from configs import SCENARIO, changed, loaded
from generated_bodies import bodies
from hypothesis import strategies as st

from sipnat.model import Config

Draw = Callable[[st.SearchStrategy[Any]], Any]

HOST_ADDRESSES = ("9.42.111.2", "9.42.111.3", "9.42.111.5", "[2001:db8:1::2]", "[2001:db8:1::5]")
HOST_NAMES = ("stgpn1.rtp.example",)
INSIDE = HOST_ADDRESSES + HOST_NAMES
FOREIGN = ("partner.example", "stgw2.partner.example", "9.42.124.60", "9.42.11.12", "19.42.111.2", "[2001:db8:2::2]")
_METHODS = ("INVITE", "MESSAGE", "SUBSCRIBE", "NOTIFY", "REFER", "UPDATE", "BYE", "OPTIONS", "PRACK", "NEWMETHOD")
_COMPACT = {"contact": "m", "refer-to": "r", "from": "f", "to": "t", "call-id": "i", "via": "v", "referred-by": "b"}
_URI_PARAMS = ("lr", "transport=udp", "transport=TCP", "transport=tls", "ibmsid=local.1_2", "x", "user=phone", "ttl=1")


def world(inner: str, outer: str) -> Config:
    """Three hosts, of which two have IPv6 and one a name; one partner, for whatever is not inside."""
    data = changed(SCENARIO, "inside.networks", ["9.42.111.0/24", "2001:db8:1::/64"])
    data = changed(data, "inside.hosts.0.addresses", ["9.42.111.2", "2001:db8:1::2"])
    data = changed(data, "inside.hosts.2.addresses", ["9.42.111.5", "2001:db8:1::5"])
    for index in range(3):
        data = changed(data, f"inside.hosts.{index}.media", f"9.42.124.{51 + index}")
    data = changed(data, "public.ports", {outer: 5060})
    data = changed(data, "inside.upstreams.0.transport", inner)
    data = changed(data, "partners.0.transport", outer)
    data = changed(data, "listen.0.transport", inner)
    if inner != outer:
        data = changed(data, "listen.0.leg", "inside")
        data = changed(data, "listen.1", {"address": "9.42.111.5", "port": 5063, "transport": outer, "leg": "outside"})
    return loaded(changed(data, "tls.default", {"certificate": "proxy.pem", "key": "proxy.key"}))


@dataclass(frozen=True)
class Request:
    """A request in the parts that it was made of; `fields` are pairs of a name in lower case and the whole lines."""

    method: bytes
    uri: bytes
    fields: List[Tuple[bytes, bytes]]
    body: bytes

    @property
    def data(self) -> bytes:
        """The request as it is sent."""
        head = b"".join(raw for _, raw in self.fields)
        return b"%b %b SIP/2.0\r\n%b\r\n%b" % (self.method, self.uri, head, self.body)

    def follow_up(self, method: bytes, to_tag: bytes = b"") -> bytes:
        """The CANCEL of this request, or the ACK of a refusal (RFC 3261, 9.1 and 17.1.1.3)."""
        via = next(raw for name, raw in self.fields if name == b"via")
        others = [raw for name, raw in self.fields if name in (b"route", b"from", b"call-id", b"max-forwards")]
        to = next(raw for name, raw in self.fields if name == b"to")
        cseq = next(raw for name, raw in self.fields if name == b"cseq")
        lines = [via, to[:-2] + to_tag + b"\r\n", cseq.replace(self.method, method), *others, b"Content-Length: 0\r\n"]
        return b"%b %b SIP/2.0\r\n%b\r\n" % (method, self.uri, b"".join(lines))


@st.composite
def requests(
    draw: Draw, transport: str = "udp", *, leaky: bool = False, method: Optional[str] = None, contact: str = ""
) -> Request:
    """A request to the partner. A `leaky` one holds inside addresses where no rule of SIP looks for them too."""
    maker = _Maker(draw, INSIDE, leaky)
    uri = f"sip:{maker.user()}{maker.pick(*FOREIGN[:3])}{maker.pick('', ':5060', ';user=ip')}"
    extra = [("route", maker.route(transport))] if draw(st.booleans()) else []
    extra += [("contact", contact)] if contact else []
    return _request(draw, maker, transport, method or draw(st.sampled_from(_METHODS)), uri, extra)


@st.composite
def contacts(draw: Draw) -> str:
    """A value of Contact that says where an inside host is reached, with a parameter to find it by."""
    maker = _Maker(draw, INSIDE, False)
    user = draw(st.sampled_from(["", "alice@", "%40%2c@", "+1-212@"]))
    uri = f"sip:{user}{maker.pick(*INSIDE)}{maker.pick('', ':5060', ':5071')}"
    if draw(st.booleans()):
        return f"{uri}{maker.sep(';')}tag-of-contact"
    params = draw(st.lists(st.sampled_from(_URI_PARAMS), max_size=3, unique_by=lambda param: param.partition("=")[0]))
    uri = "".join([uri, *(";" + param for param in params), maker.pick("", "", "?Subject=hi")])
    return f"{maker.display()}<{uri}>{maker.sep(';')}tag-of-contact"


# What the partner dials, and what the inside knows it as.
DIALLED = {
    "sip:alice@rtp_nat.ibm.com:5060": "sip:alice@9.42.111.5:5060",
    "sip:alice@9.42.124.45": "sip:alice@9.42.111.5:5060",
    "sip:alice@rtp_nat.ibm.com:5060;np=2-5071": "sip:alice@9.42.111.3:5071",
    "sip:alice@rtp_nat.ibm.com:5060;np=1.1-5060;x=y": "sip:alice@[2001:db8:1::2]:5060;x=y",
    "sip:RTP_NAT.ibm.com:5060;np=1.2": "sip:stgpn1.rtp.example",
    "sip:alice@home.example": "sip:alice@home.example",
}


@st.composite
def partner_requests(draw: Draw, transport: str = "udp") -> Request:
    """A request of the partner, which knows nothing of the inside and marks its own values as a WAS SIP proxy does."""
    maker = _Maker(draw, FOREIGN[:3], False)
    method = draw(st.sampled_from([method for method in _METHODS if method != "OPTIONS"]))
    return _request(draw, maker, transport, method, draw(st.sampled_from(list(DIALLED))), [])


def _request(draw: Draw, maker: _Maker, transport: str, method: str, uri: str, extra: List[Tuple[str, str]]) -> Request:
    fields = [
        ("from", maker.address(tag="a1")),
        ("to", maker.address(tag=draw(st.sampled_from(["", "b2"])))),
        ("call-id", maker.call_id()),
        ("cseq", f"{draw(st.integers(0, 2**31 - 1))}{maker.lws(1)}{method}"),
        ("max-forwards", draw(st.sampled_from(["70", "1", "0068", "255"]))),
        *extra,
        *(maker.another() for _ in range(draw(st.integers(0, 5)))),
    ]
    content_type, body = draw(bodies())
    if content_type:
        fields.append(("content-type", content_type))
    if content_type or transport != "udp" or draw(st.booleans()):
        fields.append(("content-length", str(len(body))))
    vias = [("via", maker.list(lambda: maker.via(transport), 2)) for _ in range(draw(st.integers(1, 2)))]
    lines = list(draw(st.permutations(fields)))
    # Their own order counts; between them anything may stand.
    for index, via in enumerate(vias):
        lines.insert(draw(st.integers(index, len(lines))) if index == 0 else len(lines), via)
    raws = [(name.encode(), maker.line(name, value)) for name, value in lines]
    return Request(method.encode(), uri.encode(), raws, body)


class _Maker:
    def __init__(self, draw: Draw, own: Tuple[str, ...], leaky: bool) -> None:
        self.draw = draw
        self.own = own  # hosts on the sender's side
        self.known = tuple({**dict.fromkeys(own), **dict.fromkeys(FOREIGN)})
        if leaky:
            # The same hosts, as they are not written back byte for byte.
            self.known += ("STGPN1.rtp.Example", "stgpn1.rtp.example.", "[2001:DB8:1:0::2]", "9.42.111.77")
        self.leaky = leaky

    def pick(self, *choices: str) -> str:
        return str(self.draw(st.sampled_from(choices)))

    def lws(self, least: int = 0) -> str:
        """White space, at times with a fold."""
        return self.pick(*["", " "][least:], " ", "  ", "\t", "\r\n ", " \r\n\t")

    def sep(self, char: str) -> str:
        return self.pick(char, char, f"{self.lws()}{char}{self.lws()}")

    def line(self, name: str, value: str) -> bytes:
        written = self.pick(name, name.title(), name.upper(), _COMPACT.get(name, name))
        return f"{written}{self.pick('', '', ' ', chr(9))}:{self.lws()}{value}\r\n".encode()

    def list(self, make: Callable[[], str], most: int) -> str:
        values = [make() for _ in range(self.draw(st.integers(1, most)))]
        return self.sep(",").join(values)

    def user(self, *, bare: bool = False) -> str:
        # What a URI without angle brackets may not hold: RFC 3261, 20.
        odd = [] if bare else ["a;b=c,d?e@"]
        return self.pick("", "alice@", "%40%2c@", "alice:secret@", "+1-212@", *odd)

    def uri(self, *hosts: str, params: bool = True) -> str:
        scheme = self.pick("sip", "sip", "sips", "SIP")
        text = f"{scheme}:{self.user(bare=not params)}{self.pick(*hosts)}"
        text += self.pick("", "", ":5060", ":5071")
        if params:
            # SIPS over UDP is no transport (RFC 3261, 26.2.2).
            pool = st.sampled_from([param for param in _URI_PARAMS if scheme != "sips" or param != "transport=udp"])
            chosen = self.draw(st.lists(pool, max_size=3, unique_by=lambda param: param.partition("=")[0]))
            text += "".join(f";{param}" for param in chosen)
            text += self.pick("", "", "", "?Subject=hi&to=a%40b")
        return text

    def display(self) -> str:
        texts = ["", "", "Alice ", "Alice B. ", '"A, <B>; \\"C\\"" ', '"\u00e4" ', '""']
        if self.leaky:
            texts += ['"Alice at 9.42.111.2" ', '"2001:db8:1::2" ']
        return self.pick(*texts)

    def name_address(self, *hosts: str) -> str:
        return f"{self.display()}<{self.uri(*(hosts or self.known))}>"

    def params(self, *pool: str) -> str:
        chosen = self.draw(st.lists(st.sampled_from(pool), max_size=2, unique=True))
        return "".join(self.sep(";") + param for param in chosen)

    def address(self, tag: str = "") -> str:
        """A value of From or To."""
        bare = self.draw(st.booleans())
        text = self.uri(*self.known, params=False) if bare else self.name_address()
        return text + (f"{self.sep(';')}tag={tag}" if tag else "") + self.params("x=1", 'y="a;b,c"')

    def contact(self) -> str:
        expires = ("q=0.5", "expires=60", '+sip.instance="<urn:uuid:1>"', "ibmappid=a")
        bare = self.pick("", "", "bare") and self.uri(*self.known, params=False)
        return (bare or self.name_address()) + self.params(*expires)

    def call_id(self) -> str:
        hosts = [host.strip("[]") for host in self.own]
        return self.pick("1-2@", "a.b@c@", "x") + self.pick("", "partner.example", *hosts)

    def route(self, transport: str) -> str:
        """The proxy itself, at times, and then others; all of them loose routers without TLS."""
        own = f"<sip:9.42.111.5:5062;lr{'' if transport == 'udp' else ';transport=' + transport}>"
        hosts = self.draw(st.lists(st.sampled_from(FOREIGN[:3]), max_size=2))
        others = [f"{self.display()}<sip:{host};x;lr{self.pick('', '=on', ';y=1')}>" for host in hosts]
        return self.sep(",").join([own, *others] if self.draw(st.booleans()) else others) or own

    def via(self, transport: str) -> str:
        protocol = self.pick("SIP/2.0/{}", "SIP/2.0/{}", "SIP / 2.0 / {}").format(transport.upper())
        text = f"{protocol}{self.lws(1)}{self.pick(*self.own)}{self.pick('', ':5060', ':5071')}"
        text += f"{self.sep(';')}branch=z9hG4bK{self.pick('a', 'b-7', '-.!%*_+`~')}{self.draw(st.integers(0, 99))}"
        pool = ["rport", "ibmsid=local.1_2", "ttl=3", "x=9", 'y="a,b"', "ibmrport", "ibmrport=5080", "ibmdrr"]
        if self.own == INSIDE:
            pool += ["received=9.42.111.3", "maddr=9.42.111.3"]
        return text + self.params(*pool)

    def another(self) -> Tuple[str, str]:
        """A field of any kind."""
        call_id = self.call_id
        hosts = self.own[:3]
        replaces = "?Replaces=7%40{}%3Bto-tag%3D1%3Bfrom-tag%3D2"
        kinds: Dict[str, Callable[[], str]] = {
            "contact": lambda: self.list(self.contact, 2),
            "m": self.contact,
            "record-route": lambda: self.list(lambda: self.name_address() + self.params("ibmdrr", "x"), 2),
            "path": self.name_address,
            "service-route": self.name_address,
            "refer-to": lambda: f"<sip:{self.pick(*self.known)}{self.pick('', replaces.format(self.pick(*hosts)))}>",
            "referred-by": self.name_address,
            "p-asserted-identity": self.name_address,
            "diversion": lambda: f"{self.name_address()};reason=no-answer",
            "history-info": lambda: f"{self.name_address()};index=1",
            "alert-info": self.name_address,
            "replaces": lambda: f"{call_id()};to-tag=a;from-tag=b",
            "in-reply-to": lambda: self.list(call_id, 2),
            "subject": lambda: self.pick("", "9.42.111.2000 19.42.111.2", "hello, world;<>"),
            "x-unknown": lambda: self.pick(";;,,;;,;", "a\r\n b", '"', "v" * 300),
            "date": lambda: "Sat, 15 Oct 2005 04:44:56 EST",
        }
        if self.own == INSIDE:
            kinds["ibm-po"] = lambda: "9.42.111.2"
            kinds["outboundiflist"] = lambda: "0:9.42.111.2:5060"
        if self.leaky:
            kinds["warning"] = lambda: '399 9.42.111.2:5060 "at 9.42.111.3"'
            kinds["user-agent"] = lambda: "gateway/9.42.111.2 [2001:db8:1::2]"
            kinds["x-address"] = lambda: self.pick("9.42.111.77", "a=9.42.111.2;b", "2001:DB8:1:0::2", "9.42.111.2.")
        name = self.pick(*kinds)
        return ("contact" if name == "m" else name), kinds[name]()
