# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The configuration's parts that say how the service behaves."""

from __future__ import annotations

import ipaddress
import os
from typing import Callable, Dict, Mapping

from ..model import Admin, Endpoint, Health, Limits, Log, TlsProfile, Trace
from . import values
from .reader import Section

_VERSIONS = ("1.0", "1.1", "1.2", "1.3")
_HEP_PORT = 9060  # where Homer listens


def files(directory: str) -> Callable[[object], str]:
    """File names; those that are not absolute count from the configuration's own directory."""
    return lambda value: os.path.join(directory, values.file_name(value))  # noqa: PTH118 (text in, text out)


def tls(top: Section, file_name: Callable[[object], str]) -> Mapping[str, TlsProfile]:
    """Profiles by name. `default` is always there: dialling needs one even if nothing is said about it."""
    found: Dict[str, TlsProfile] = {"default": TlsProfile()}
    below = top.section("tls")
    for name in below.keys():  # noqa: SIM118 (a method of Section)
        one = below.section(name)
        profile = TlsProfile(
            certificate=one.take("certificate", file_name, None),
            key=one.take("key", file_name, None),
            authorities=one.take("authorities", file_name, None),
            verify=one.take("verify", values.flag, TlsProfile.verify),
            client_certificate=one.take(
                "client_certificate", values.choice(("none", "optional", "required")), TlsProfile.client_certificate
            ),
            minimum=one.take("minimum", values.choice(_VERSIONS), TlsProfile.minimum),
            ciphers=one.take("ciphers", values.text, None),
            legacy=one.take("legacy", values.flag, TlsProfile.legacy),
            name=one.take("name", values.host, None),
        )
        if (profile.certificate is None) != (profile.key is None):
            one.wrong("certificate" if profile.key else "key", None, "a certificate and its key go together: name both")
        if profile.minimum < TlsProfile.minimum and not profile.legacy:
            cure = 'broken versions are for old peers only: add "legacy": true, or raise it to "1.2"'
            one.wrong("minimum", profile.minimum, cure)
        one.close()
        found[name] = profile
    below.close()
    return found


def limits(one: Section) -> Limits:
    size, count, seconds = values.integer(512, 1 << 30), values.integer(1, 1000000), values.number(0, above=True)
    found = Limits(
        message=one.take("message", size, Limits.message),
        header=one.take("header", size, Limits.header),
        line=one.take("line", size, Limits.line),
        fields=one.take("fields", values.integer(16, 100000), Limits.fields),
        connections=one.take("connections", count, Limits.connections),
        connections_per_peer=one.take("connections_per_peer", count, Limits.connections_per_peer),
        rate=one.take("rate", values.number(0), Limits.rate),
        burst=one.take("burst", values.number(1), Limits.burst),
        idle=one.take("idle", values.number(0), Limits.idle),
        partial=one.take("partial", seconds, Limits.partial),
        connect=one.take("connect", seconds, Limits.connect),
        handshake=one.take("handshake", seconds, Limits.handshake),
        write_buffer=one.take("write_buffer", size, Limits.write_buffer),
        flows=one.take("flows", count, Limits.flows),
        drain=one.take("drain", values.number(0), Limits.drain),
    )
    if found.write_buffer < found.message:
        one.wrong("write_buffer", found.write_buffer, f"it has to hold a message: at least {found.message}")
    one.close()
    return found


def health(one: Section) -> Health:
    found = Health(
        interval=one.take("interval", values.number(0, above=True), Health.interval),
        timeout=one.take("timeout", values.number(0, above=True), Health.timeout),
        down_after=one.take("down_after", values.integer(1, 100), Health.down_after),
        up_after=one.take("up_after", values.integer(1, 100), Health.up_after),
    )
    if found.timeout > found.interval:
        one.wrong("timeout", found.timeout, f"one check ends before the next begins: at most {found.interval:g}")
    one.close()
    return found


def admin(one: Section, file_name: Callable[[object], str]) -> Admin:
    found = Admin(
        address=one.take("address", values.peer_address, Admin.address),
        port=one.take("port", values.integer(0, 65535), Admin.port),
        token=one.take("token", file_name, None),
    )
    if not ipaddress.ip_address(found.address).is_loopback:
        one.wrong("address", found.address, "administration is for this machine only: write 127.0.0.1 or ::1")
    one.close()
    return found


def log(one: Section, file_name: Callable[[object], str]) -> Log:
    found = Log(
        level=one.take("level", values.choice(("debug", "info", "warning", "error")), Log.level),
        format=one.take("format", values.choice(("text", "json")), Log.format),
        file=one.take("file", file_name, None),
    )
    one.close()
    return found


def trace(one: Section, file_name: Callable[[object], str]) -> Trace:
    collector = None
    if one.has("hep"):
        below = one.section("hep")
        transport = below.take("transport", values.choice(("udp", "tcp")), "udp")
        port = below.take("port", values.port, _HEP_PORT)
        collector = Endpoint(below.need("address", values.peer_address, ""), port, transport)
        below.close()
    found = Trace(
        file=one.take("file", file_name, None),
        hep=collector,
        capture_id=one.take("capture_id", values.integer(0, 0xFFFFFFFF), Trace.capture_id),
    )
    one.close()
    return found
