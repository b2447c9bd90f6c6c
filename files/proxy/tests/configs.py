# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Configurations that tests start from, as JSON would hold them."""

from __future__ import annotations

import copy
import json
from typing import Any, Dict, List

from sipnat import config
from sipnat.model import Config

# The scenario: a SIP NAT proxy beside the WAS SIP proxy of a cluster, one partner, everything over TCP.
SCENARIO: Dict[str, Any] = {
    "inside": {
        "networks": ["9.42.111.0/24"],
        "hosts": [
            {"id": 1, "name": "stgpn1", "addresses": ["9.42.111.2"], "names": ["stgpn1.rtp.example"]},
            {"id": 2, "name": "stgsn1", "addresses": ["9.42.111.3"]},
            {"id": 3, "name": "sipproxy1", "addresses": ["9.42.111.5"]},
        ],
        "upstreams": [{"host": "sipproxy1", "port": 5060, "transport": "tcp"}],
    },
    "public": {"host": "rtp_nat.ibm.com", "address": "9.42.124.45", "ports": {"tcp": 5062}},
    "outbound": {"host": "rtp_natpool1.ibm.com", "address": "9.42.124.46"},
    "listen": [{"address": "9.42.111.5", "port": 5062, "transport": "tcp"}],
    "partners": [
        {
            "name": "partner",
            "address": "9.42.124.60",
            "port": 5060,
            "transport": "tcp",
            "hosts": ["stgw2.partner.example"],
        }
    ],
}

# Every key, none at its default: two address families, three transports, several partners, a router that is outside.
EVERYTHING: Dict[str, Any] = {
    "comment": "two nodes without a WAS SIP proxy",
    "inside": {
        "networks": ["192.0.2.0/24", "2001:db8:1::/64"],
        "hosts": [
            {"id": 1, "name": "node1", "addresses": ["192.0.2.11", "2001:db8:1::11"], "names": ["node1.home.example"]},
            {"id": 2, "name": "node2", "addresses": ["192.0.2.12"], "media": "203.0.113.52"},
            {"id": 9, "name": "proxy", "addresses": ["192.0.2.5", "2001:db8:1::5"], "names": ["proxy.home.example"]},
        ],
        "upstreams": [
            {"host": "node1", "port": 5060, "transport": "tcp"},
            {"host": "node1", "address": "2001:db8:1::11", "port": 5061, "transport": "tls", "tls": "inner"},
            {"host": "node2", "port": 5070, "transport": "udp"},
        ],
        "firewall": ["192.0.2.1"],
        "domains": ["home.example", "Chat.Home.Example."],
    },
    "public": {
        "host": "sip.home.example",
        "address": "203.0.113.45",
        "ports": {"udp": 5060, "tcp": 5060, "tls": 5061},
    },
    "outbound": {
        "host": "out.home.example",
        "address": "203.0.113.46",
        "ports": {"udp": 5070, "tcp": 5070, "tls": 5071},
    },
    "listen": [
        {"address": "192.0.2.5", "port": 5062, "transport": "tcp", "leg": "both"},
        {"address": "192.0.2.5", "port": 5062, "transport": "udp", "leg": "both"},
        {"address": "2001:db8:1::5", "port": 5061, "transport": "tls", "leg": "inside", "tls": "inner"},
        {"address": "0.0.0.0", "port": 5063, "transport": "tls", "leg": "outside", "tls": "outer"},
    ],
    "partners": [
        {
            "name": "away",
            "address": "198.51.100.7",
            "port": 5061,
            "transport": "tls",
            "networks": ["198.51.100.0/28"],
            "hosts": ["gw.away.example"],
            "domains": ["away.example"],
            "reuse": True,
            "tls": "outer",
            "rate": 50,
        },
        {"name": "old", "address": "198.51.100.99", "port": 5060, "transport": "udp", "domains": ["*"]},
        {"name": "six", "address": "2001:db8:2::7", "port": 5060, "transport": "tcp", "domains": ["six.example"]},
    ],
    "tls": {
        "inner": {"certificate": "inner.pem", "key": "inner.key", "verify": False},
        "outer": {
            "certificate": "outer.pem",
            "key": "outer.key",
            "authorities": "partners.pem",
            "client_certificate": "optional",
            "minimum": "1.0",
            "ciphers": "HIGH:@SECLEVEL=0",
            "legacy": True,
            "name": "gw.away.example",
        },
    },
    "limits": {
        "message": 32768,
        "header": 16384,
        "line": 4096,
        "fields": 128,
        "connections": 500,
        "connections_per_peer": 50,
        "rate": 100,
        "burst": 300,
        "idle": 600,
        "partial": 10,
        "connect": 2.5,
        "handshake": 5,
        "write_buffer": 262144,
        "flows": 2000,
        "drain": 1,
    },
    "health": {"interval": 5, "timeout": 2, "down_after": 3, "up_after": 2},
    "admin": {"address": "::1", "port": 9600, "token": "ctl.token"},
    "log": {"level": "debug", "format": "json", "file": "sipnat.log"},
    "trace": {
        "file": "sipnat.pcap",
        "hep": {"address": "127.0.0.1", "port": 9070, "transport": "tcp"},
        "capture_id": 7,
    },
    "mask_call_id": False,
    "map_identities": False,
    "processes": 2,
    "user": "sipnat",
    "group": "sipnat",
}


def changed(base: Dict[str, Any], path: str, value: Any) -> Dict[str, Any]:
    """A copy with one value set: ``changed(SCENARIO, "listen.0.port", 1)``; None removes the key."""
    copied = copy.deepcopy(base)
    parts: List[Any] = [int(part) if part.isdigit() else part for part in path.split(".")]
    below: Any = copied
    for part in parts[:-1]:
        below = below[part] if isinstance(below, list) else below.setdefault(part, {})
    last = parts[-1]
    if value is None:
        del below[last]
    elif isinstance(below, list) and last == len(below):
        below.append(value)
    else:
        below[last] = value
    return copied


def loaded(data: Any) -> Config:
    """The Config of what JSON would hold."""
    return config.read(json.dumps(data))
