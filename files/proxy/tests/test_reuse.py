# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests that go to a partner on a connection that it opened."""

from __future__ import annotations

import socket
import ssl
from dataclasses import replace
from pathlib import Path
from typing import Tuple

import pytest
from certificates import Authority
from running import (
    NODE,
    OPTIONS,
    PARTNER,
    accepted,
    configuration,
    connected,
    endpoint,
    listening,
    message,
    receive,
    reload,
    running,
)

from sipnat.model import Config, TlsProfile


def permitted(config: Config, reuse: bool) -> Config:
    return replace(config, partners=(replace(config.partners[0], reuse=reuse),))


def outward(reuse: bool) -> Tuple[Config, socket.socket]:
    """A configuration with a partner that listens."""
    listener = listening(PARTNER)
    return permitted(configuration(("tcp",), endpoint(listener, "tcp")), reuse), listener


@pytest.mark.parametrize("reuse", [True, False])
def test_only_if_it_is_permitted_and_as_long_as_it_is_open(reuse: bool) -> None:
    config, listener = outward(reuse)
    with running(config) as proxy:
        partner = connected(PARTNER, proxy.port("tcp"))
        partner.sendall(OPTIONS)
        receive(partner)
        node = connected(NODE, proxy.port("tcp"))
        node.sendall(message())
        assert receive(partner if reuse else accepted(listener))[0].startswith(b"MESSAGE")
        if reuse:
            partner.close()
            proxy.until(lambda: not proxy.loop.reusable)
            node.sendall(message())
            assert receive(accepted(listener))[0].startswith(b"MESSAGE")


@pytest.mark.parametrize("shown", [True, False])
def test_with_tls_only_if_the_partner_has_shown_a_certificate(tmp_path: Path, shown: bool) -> None:
    authority = Authority(tmp_path)
    certificate, key = authority.issue("nat.example.com")
    listener = listening(PARTNER)
    config = permitted(configuration(("tcp", "tls"), endpoint(listener, "tls")), True)
    profile = TlsProfile(certificate, key, str(authority.file), client_certificate="optional")
    with running(replace(config, tls={"default": profile})) as proxy:
        context = ssl.create_default_context(cafile=str(authority.file))
        if shown:
            context.load_cert_chain(*authority.issue("partner.example.net"))
        raw = connected(PARTNER, proxy.port("tls"))
        with context.wrap_socket(raw, server_hostname="nat.example.com") as partner:
            partner.sendall(OPTIONS)
            receive(partner)
            assert proxy.counted("events", "accepted") == 1
            node = connected(NODE, proxy.port("tcp"))
            node.sendall(message())
            if shown:
                assert receive(partner)[0].startswith(b"MESSAGE")
            else:
                accepted(listener)


def test_a_reload_permits_and_forbids_it() -> None:
    """Whichever connection was there before: none may be used that is closed since."""
    config, listener = outward(False)
    with running(config) as proxy:
        partner, node = connected(PARTNER, proxy.port("tcp")), connected(NODE, proxy.port("tcp"))
        partner.sendall(OPTIONS)
        receive(partner)
        reload(proxy, permitted(config, True))
        node.sendall(message())
        assert receive(partner)[0].startswith(b"MESSAGE")
        reload(proxy, permitted(config, False))
        partner.close()
        node.sendall(message())
        assert receive(accepted(listener))[0].startswith(b"MESSAGE")
