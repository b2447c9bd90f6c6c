# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""TLS through the loop, over real sockets."""

from __future__ import annotations

import socket
import ssl
import threading
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Tuple

import pytest
from certificates import Authority
from running import (
    NODE,
    PARTNER,
    PROXY,
    Running,
    answer,
    configuration,
    connected,
    free_port,
    header,
    listening,
    message,
    messages,
    receive,
    running,
)

from sipnat.model import Config, Endpoint, Limits, Listener, TlsProfile
from sipnat.outcome import REQUEST
from sipnat.transport.tls import Contexts

OPTIONS = message("OPTIONS sip:proxy SIP/2.0")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("certificates"))


def profile(authority: Authority, *names: str, **other: Any) -> TlsProfile:
    certificate, key = authority.issue(*names)
    return TlsProfile(certificate, key, str(authority.file), **other)


def configured(profiles: Dict[str, TlsProfile], partner: Optional[Endpoint] = None, **limits: float) -> Config:
    """TCP inside, TLS outside."""
    config = configuration(
        ("tcp", "tls"),
        partner or Endpoint(PARTNER, 5061, "tls"),
        limits=Limits(rate=0, **limits),  # type: ignore[arg-type]
    )
    return replace(config, tls=profiles, partners=(replace(config.partners[0], hosts=("partner.example.net",)),))


def client(
    proxy: Running,
    authority: Authority,
    name: str = "nat.example.com",
    chain: Optional[Tuple[str, str]] = None,
    **other: Any,
) -> ssl.SSLSocket:
    """A partner's connection with its handshake done."""
    context = ssl.create_default_context(cafile=str(authority.file))
    if chain is not None:
        context.load_cert_chain(*chain)
    for key, value in other.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            setattr(context, key, value)
    sock = context.wrap_socket(connected(PARTNER, proxy.port("tls")), server_hostname=name)
    sock.settimeout(10)
    return sock


class Server:
    """A partner that takes TLS connections; every request is answered, and the connections are kept."""

    def __init__(self, chain: Tuple[str, str], setup: Callable[[ssl.SSLContext], None] = lambda context: None) -> None:
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._context.load_cert_chain(*chain)
            setup(self._context)
        self._listener = listening(PARTNER)
        self.endpoint = Endpoint(PARTNER, self._listener.getsockname()[1], "tls")
        self.seen: List[ssl.SSLSocket] = []
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        while True:
            try:
                sock, _address = self._listener.accept()
                tls = self._context.wrap_socket(sock, server_side=True)
            except OSError:
                continue
            except ValueError:
                return
            self.seen.append(tls)
            threading.Thread(target=self._serve, args=(tls,), daemon=True).start()

    def _serve(self, sock: ssl.SSLSocket) -> None:
        try:
            for request in messages(sock):
                sock.sendall(answer(request))
        except OSError:
            return


def outcome(proxy: Running) -> bytes:
    """What a node gets for a request to the partner: the status line."""
    node = connected(NODE, proxy.port("tcp"))
    node.sendall(message())
    return receive(node)[0].partition(b"\r\n")[0]


def test_tcp_inside_tls_outside(authority: Authority) -> None:
    server = Server(authority.issue("partner.example.net"))
    with running(configured({"default": profile(authority, "nat.example.com")}, server.endpoint)) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        node.sendall(b"".join(message(call_id=str(number)) for number in range(50)))
        found = receive(node, 50)
        assert [header(one, b"Call-ID") for one in found] == [b"%d" % number for number in range(50)]
        assert len(server.seen) == 1
        assert server.seen[0].version() == "TLSv1.3"


def test_what_a_partner_sends(authority: Authority) -> None:
    node_listener = listening(NODE)
    config = configured({"default": profile(authority, "nat.example.com")})
    upstream = configuration(("tcp",), upstreams=(Endpoint(NODE, node_listener.getsockname()[1], "tcp"),)).upstreams
    with running(replace(config, upstreams=upstream)) as proxy:
        partner = client(proxy, authority)
        # More than a record, in one go and cut anywhere.
        stream = b"".join(message(call_id=str(number), body=b"x" * number * 100) for number in range(40))
        partner.sendall(stream[:70000])
        partner.sendall(stream[70000:])
        node, _address = node_listener.accept()
        node.settimeout(10)
        requests = receive(node, 40)
        node.sendall(b"".join(answer(one) for one in requests))
        found = receive(partner, 40)
        assert [header(one, b"Call-ID") for one in found] == [b"%d" % number for number in range(40)]


@pytest.mark.parametrize(
    ("names", "wanted", "status"),
    [
        (("partner.example.net",), None, b"200 OK"),
        (("other.example.net",), None, b"503 Service Unavailable"),
        (("other.example.net",), "other.example.net", b"200 OK"),
    ],
)
def test_whom_the_certificate_of_a_partner_must_name(
    authority: Authority, names: Tuple[str, ...], wanted: Optional[str], status: bytes
) -> None:
    server = Server(authority.issue(*names))
    profiles = {"default": profile(authority, "nat.example.com", name=wanted)}
    with running(configured(profiles, server.endpoint)) as proxy:
        assert outcome(proxy) == b"SIP/2.0 " + status


@pytest.mark.parametrize("verify", [True, False])
def test_a_partner_of_an_unknown_authority(authority: Authority, tmp_path: Path, verify: bool) -> None:
    server = Server(Authority(tmp_path, "stranger").issue("partner.example.net"))
    profiles = {"default": profile(authority, "nat.example.com", verify=verify)}
    with running(configured(profiles, server.endpoint)) as proxy:
        assert outcome(proxy).startswith(b"SIP/2.0 503" if verify else b"SIP/2.0 200")
        assert proxy.counted("tls_failures", "CERTIFICATE_VERIFY_FAILED") == verify


def test_mutual_tls_as_server(authority: Authority, tmp_path: Path) -> None:
    required = profile(authority, "nat.example.com", client_certificate="required", name="partner.example.net")
    with running(configured({"default": required})) as proxy:
        for names in (("partner.example.net",), ("x.example.net", "sip:partner.example.net")):
            good = client(proxy, authority, chain=authority.issue(*names))
            good.sendall(OPTIONS)
            assert receive(good)[0].startswith(b"SIP/2.0 200")
        strangers = (None, authority.issue("other.example.net"), Authority(tmp_path, "x").issue("partner.example.net"))
        for chain in strangers:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                assert not client(proxy, authority, chain=chain).recv(1)
                raise ConnectionError
        assert proxy.counted("events", "handshake_failed") == 3
        good.sendall(OPTIONS)
        assert receive(good)


def test_mutual_tls_as_client(authority: Authority) -> None:
    def ask(context: ssl.SSLContext) -> None:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(str(authority.file))

    server = Server(authority.issue("partner.example.net"), ask)
    with running(configured({"default": profile(authority, "nat.example.com")}, server.endpoint)) as proxy:
        assert outcome(proxy) == b"SIP/2.0 200 OK"
        assert ("DNS", "nat.example.com") in (server.seen[0].getpeercert() or {})["subjectAltName"]


def test_a_partner_that_does_not_want_our_certificate(authority: Authority, tmp_path: Path) -> None:
    """With TLS 1.3 it says so when the handshake is over on our side, and requests may be on their way."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("partner.example.net"))
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(str(Authority(tmp_path, "other").file))
    listener = listening(PARTNER)
    endpoint = Endpoint(PARTNER, listener.getsockname()[1], "tls")
    with running(configured({"default": profile(authority, "nat.example.com")}, endpoint)) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        node.sendall(message())
        sock, _address = listener.accept()
        sock.settimeout(10)
        # Not closed: the reset could overtake the alert.
        with context.wrap_socket(sock, server_side=True, do_handshake_on_connect=False) as partner:
            with pytest.raises(ssl.SSLError):
                partner.do_handshake()
            proxy.until(lambda: proxy.metrics._tls_failures.get("TLSV1_ALERT_UNKNOWN_CA") == 1)
            assert not proxy.call(lambda: proxy.loop.pool)


def test_a_partner_that_cannot_be_reached_is_no_failed_handshake(authority: Authority) -> None:
    full = socket.socket()
    full.bind((PARTNER, 0))
    full.listen(0)
    fillers = [socket.socket() for _ in range(4)]
    for filler in fillers:  # its queue is full: the kernel drops our SYN
        filler.setblocking(False)
        filler.connect_ex(full.getsockname())
    endpoint = Endpoint(PARTNER, full.getsockname()[1], "tls")
    config = configured({"default": profile(authority, "nat.example.com")}, endpoint, connect=0.3)
    with running(config) as proxy:
        assert outcome(proxy).startswith(b"SIP/2.0 503")
        assert not proxy.call(lambda: dict(proxy.metrics._tls_failures))


@pytest.mark.parametrize("legacy", [True, False])
def test_a_partner_that_knows_only_tls_1_0(authority: Authority, legacy: bool) -> None:
    def old(context: ssl.SSLContext) -> None:
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("DEFAULT:@SECLEVEL=0")

    server = Server(authority.issue("partner.example.net"), old)
    profiles = {
        "default": profile(authority, "nat.example.com"),
        "old": profile(authority, "nat.example.com", minimum="1.0", legacy=True),
    }
    config = configured(profiles, server.endpoint)
    config = replace(
        config,
        partners=(replace(config.partners[0], tls="old" if legacy else None),),
        listeners=(*config.listeners, Listener(PROXY, free_port(), "tls", tls="old")),
    )
    with running(config) as proxy:
        assert outcome(proxy).startswith(b"SIP/2.0 200" if legacy else b"SIP/2.0 503")
        port = config.listeners[2 if legacy else 1].port
        context = ssl.create_default_context(cafile=str(authority.file))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            old(context)
        raw = connected(PARTNER, port)
        if legacy:
            tls = context.wrap_socket(raw, server_hostname="nat.example.com")
            tls.sendall(OPTIONS)
            assert receive(tls)[0].startswith(b"SIP/2.0 200")
        else:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                context.wrap_socket(raw, server_hostname="nat.example.com")


def test_a_new_certificate_is_shown_without_dropping_connections(authority: Authority) -> None:
    first = profile(authority, "nat.example.com")
    config = configured({"default": first})
    with running(config) as proxy:
        old = client(proxy, authority)
        serial = (old.getpeercert() or {})["serialNumber"]
        authority.issue("nat.example.com")  # the same files
        proxy.call(lambda: proxy.loop.reload(config, proxy.loop.rewriter))
        new = client(proxy, authority)
        assert (new.getpeercert() or {})["serialNumber"] != serial
        for sock in (old, new):
            sock.sendall(OPTIONS)
            assert receive(sock)[0].startswith(b"SIP/2.0 200")


def test_a_certificate_that_cannot_be_read_keeps_the_old_one(authority: Authority, tmp_path: Path) -> None:
    config = configured({"default": profile(authority, "nat.example.com")})
    broken = tmp_path / "broken.crt"
    broken.write_text("nothing")
    with running(config) as proxy:
        wrong = replace(config, tls={"default": replace(config.tls["default"], certificate=str(broken))})
        with pytest.raises(ValueError, match="tls profile default"):
            proxy.call(lambda: proxy.loop.reload(wrong, proxy.loop.rewriter))
        sock = client(proxy, authority)
        sock.sendall(OPTIONS)
        assert receive(sock)


def test_ciphers(authority: Authority) -> None:
    config = configured({"default": profile(authority, "nat.example.com", ciphers="ECDHE-ECDSA-AES256-GCM-SHA384")})
    with running(config) as proxy:
        sock = client(proxy, authority, maximum_version=ssl.TLSVersion.TLSv1_2)
        assert (sock.cipher() or ("",))[0] == "ECDHE-ECDSA-AES256-GCM-SHA384"


def test_wrong_ciphers_are_named(authority: Authority) -> None:
    with pytest.raises(ValueError, match="tls profile default"):
        Contexts(configured({"default": profile(authority, "nat.example.com", ciphers="NONE-SUCH")}))


def test_garbage_silence_and_plain_text_stop_nobody(authority: Authority) -> None:
    config = configured({"default": profile(authority, "nat.example.com")}, handshake=0.4)
    with running(config) as proxy:
        silent, garbage, plain = (connected(PARTNER, proxy.port("tls")) for _ in range(3))
        garbage.sendall(bytes(range(256)) * 16)
        plain.sendall(OPTIONS)
        good = client(proxy, authority)
        good.sendall(OPTIONS)
        assert receive(good)[0].startswith(b"SIP/2.0 200")
        for sock in (silent, garbage, plain):
            with pytest.raises(ConnectionError):
                while sock.recv(4096):
                    pass
                raise ConnectionResetError
        assert proxy.counted("events", "handshake_failed") == 3
        assert proxy.call(lambda: len(proxy.loop.connections)) == 1


def test_a_partner_that_does_not_shake_hands(authority: Authority) -> None:
    """It takes the connection and says nothing: requests to it are refused, everything else goes on meanwhile."""
    silent = listening(PARTNER)
    endpoint = Endpoint(PARTNER, silent.getsockname()[1], "tls")
    config = configured({"default": profile(authority, "nat.example.com")}, endpoint, handshake=0.3)
    with running(config) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        node.sendall(message() + OPTIONS)
        first, second = receive(node, 2)
        assert first.startswith(b"SIP/2.0 200")
        assert second.startswith(b"SIP/2.0 503")


def test_what_waits_for_the_handshake_is_all_sent(authority: Authority) -> None:
    """Also if it is more than leaves at once when the handshake is done."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("partner.example.net"))
    listener = listening(PARTNER)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # connections inherit it
    endpoint = Endpoint(PARTNER, listener.getsockname()[1], "tls")
    config = configured({"default": profile(authority, "nat.example.com")}, endpoint, write_buffer=8 << 20)
    with running(config) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        node.sendall(b"".join(message(body=bytes(20000), call_id=str(number)) for number in range(200)))
        proxy.until(lambda: any(one.backlog > 4_000_000 for one in proxy.loop.pool.values()))
        sock, _address = listener.accept()
        sock.settimeout(10)
        with context.wrap_socket(sock, server_side=True) as partner:
            found = receive(partner, 200)
        assert [header(one, b"Call-ID") for one in found] == [b"%d" % number for number in range(200)]


def test_a_partner_that_reads_as_fast_as_is_sent_is_not_slow(authority: Authority) -> None:
    """However much is on its way to it all the time."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*authority.issue("partner.example.net"))
    listener = listening(PARTNER)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    endpoint = Endpoint(PARTNER, listener.getsockname()[1], "tls")
    config = configured({"default": profile(authority, "nat.example.com")}, endpoint, write_buffer=500_000)
    with running(config) as proxy:
        node = connected(NODE, proxy.port("tcp"))
        sent = 0

        def send(number: int) -> None:
            nonlocal sent
            node.sendall(b"".join(message(body=bytes(4000), call_id=str(sent + one)) for one in range(number)))
            sent += number
            proxy.until(lambda: proxy.metrics.messages[1][REQUEST] == sent)

        send(1)
        sock, _address = listener.accept()
        sock.settimeout(10)
        with context.wrap_socket(sock, server_side=True) as partner:
            found = messages(partner)
            assert header(next(found), b"Call-ID") == b"0"
            (connection,) = proxy.call(lambda: list(proxy.loop.pool.values()))
            proxy.call(lambda: connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536))
            for _attempt in range(1000):
                if proxy.call(lambda: connection.backlog > 150_000):
                    break
                send(1)
            read = 1
            for _round in range(50):
                send(20)
                for _ in range(20):
                    assert header(next(found), b"Call-ID") == b"%d" % read
                    read += 1
            assert proxy.counted("events", "closed_slow") == 0


def test_goodbye(authority: Authority) -> None:
    """The end is told (close_notify), so that nobody can cut a stream unnoticed."""
    with running(configured({"default": profile(authority, "nat.example.com")})) as proxy:
        context = ssl.create_default_context(cafile=str(authority.file))
        sock = context.wrap_socket(
            connected(PARTNER, proxy.port("tls")), suppress_ragged_eofs=False, server_hostname="nat.example.com"
        )
        sock.sendall(message("CLOSE sip:a@example.com SIP/2.0"))
        assert receive(sock)[0].startswith(b"SIP/2.0 400")
        assert sock.recv(1) == b""
        with client(proxy, authority) as sock:
            assert sock.unwrap().recv(1) == b""  # the answer to ours has come


def test_a_wildcard_names_nobody(authority: Authority) -> None:
    """RFC 5922 7.2."""
    required = profile(authority, "nat.example.com", client_certificate="required", name="a.example.net")
    with running(configured({"default": required})) as proxy:
        with pytest.raises((ssl.SSLError, ConnectionError)):
            assert not client(proxy, authority, chain=authority.issue("*.example.net", file="wild")).recv(1)
            raise ConnectionError
        assert proxy.counted("events", "handshake_failed") == 1
