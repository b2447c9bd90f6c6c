# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Reads the configuration file.

``load`` gives a `Config` that the other modules can rely on without a check of their own, or a `ConfigError` that names
every problem at once. Guaranteed besides the types: ids, names, addresses and domains have one owner, references lead
somewhere, each transport that is spoken has a listener on its side and, outside, public ports; TLS listeners have a
certificate; the TLS profile ``default`` exists.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import List

from ..model import Config
from . import links, network, service, values
from .problems import ConfigError, Problem
from .reader import Section, parse

__all__ = ["ConfigError", "Problem", "load", "read"]


def load(path: str) -> Config:
    """The configuration in a file (JSON, UTF-8). OSError if it cannot be opened, ConfigError if it cannot be used."""
    file = Path(path)
    content = file.read_bytes()
    try:
        written = content.decode("utf-8-sig")  # Windows editors put a mark before UTF-8
    except UnicodeDecodeError as error:
        raise ConfigError([Problem(f"byte {error.start}", "", "is no UTF-8: save the file as UTF-8")]) from None
    return replace(read(written, str(file.resolve().parent)), checksum=hashlib.sha256(content).hexdigest())


def read(written: str, directory: str = ".") -> Config:
    """The configuration in a text; names of files in it count from `directory`."""
    value = parse(written)
    problems: List[Problem] = []
    top = Section(value, "", problems)
    if value is None:
        top.wrong("", None, "the configuration is empty: write an object { ... }")
    file_name = service.files(directory)
    inside = top.section("inside")
    hosts = network.hosts(inside)
    public = network.public(top.section("public"))
    config = Config(
        hosts=hosts,
        networks=inside.items("networks", values.network),
        upstreams=network.upstreams(inside, hosts),
        public=public,
        outbound=network.outbound(top.section("outbound"), public),
        listeners=network.listeners(top),
        partners=network.partners(top),
        firewall=inside.items("firewall", values.peer_address),
        domains=inside.items("domains", values.host),
        tls=service.tls(top, file_name),
        limits=service.limits(top.section("limits")),
        health=service.health(top.section("health")),
        admin=service.admin(top.section("admin"), file_name),
        log=service.log(top.section("log"), file_name),
        trace=service.trace(top.section("trace"), file_name),
        mask_call_id=top.take("mask_call_id", values.flag, Config.mask_call_id),
        map_identities=top.take("map_identities", values.flag, Config.map_identities),
        processes=top.take("processes", values.integer(1, 256), Config.processes),
        user=top.take("user", values.text, None),
        group=top.take("group", values.text, None),
    )
    inside.close()
    top.close()
    links.verify(config, top)
    if problems:
        raise ConfigError(problems)
    return config
