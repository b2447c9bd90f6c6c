"""The end points of a server and the ports it gets when nobody names others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Kind = Literal["dmgr", "server", "nodeagent", "proxy"]

_COMMON = {
    "BOOTSTRAP_ADDRESS": 2809,
    "CSIV2_SSL_MUTUALAUTH_LISTENER_ADDRESS": 9402,
    "CSIV2_SSL_SERVERAUTH_LISTENER_ADDRESS": 9403,
    "ORB_LISTENER_ADDRESS": 9100,
    "SAS_SSL_SERVERAUTH_LISTENER_ADDRESS": 9401,
}
_CONSOLE = {"WC_adminhost": 9060, "WC_adminhost_secure": 9043}

DEFAULTS: Mapping[Kind, Mapping[str, int]] = {
    "dmgr": _COMMON
    | _CONSOLE
    | {
        "BOOTSTRAP_ADDRESS": 9809,
        "CELL_DISCOVERY_ADDRESS": 7277,
        "DCS_UNICAST_ADDRESS": 9352,
        "SOAP_CONNECTOR_ADDRESS": 8879,
    },
    "server": _COMMON
    | _CONSOLE
    | {
        "DCS_UNICAST_ADDRESS": 9353,
        "SIB_ENDPOINT_ADDRESS": 7276,
        "SIB_ENDPOINT_SECURE_ADDRESS": 7286,
        "SIB_MQ_ENDPOINT_ADDRESS": 5558,
        "SIB_MQ_ENDPOINT_SECURE_ADDRESS": 5578,
        "SIP_DEFAULTHOST": 5060,
        "SIP_DEFAULTHOST_SECURE": 5061,
        "SOAP_CONNECTOR_ADDRESS": 8880,
        "WC_defaulthost": 9080,
        "WC_defaulthost_secure": 9443,
    },
    "nodeagent": {
        "BOOTSTRAP_ADDRESS": 2809,
        "CSIV2_SSL_MUTUALAUTH_LISTENER_ADDRESS": 9202,
        "CSIV2_SSL_SERVERAUTH_LISTENER_ADDRESS": 9201,
        "DCS_UNICAST_ADDRESS": 9354,
        "NODE_DISCOVERY_ADDRESS": 7272,
        "NODE_IPV6_MULTICAST_DISCOVERY_ADDRESS": 5001,
        "NODE_MULTICAST_DISCOVERY_ADDRESS": 5000,
        "ORB_LISTENER_ADDRESS": 9900,
        "SAS_SSL_SERVERAUTH_LISTENER_ADDRESS": 9901,
        "SOAP_CONNECTOR_ADDRESS": 8878,
    },
    "proxy": {
        "BOOTSTRAP_ADDRESS": 9810,
        "CSIV2_SSL_MUTUALAUTH_LISTENER_ADDRESS": 0,
        "CSIV2_SSL_SERVERAUTH_LISTENER_ADDRESS": 0,
        "DCS_UNICAST_ADDRESS": 9353,
        "DRS_CLIENT_ADDRESS": 7873,
        "PROXY_HTTPS_ADDRESS": 443,
        "PROXY_HTTP_ADDRESS": 80,
        "PROXY_SIPS_ADDRESS": 5061,
        "PROXY_SIP_ADDRESS": 5060,
        "SAS_SSL_SERVERAUTH_LISTENER_ADDRESS": 0,
        "SOAP_CONNECTOR_ADDRESS": 8880,
        "WC_defaulthost": 9080,
        "WC_defaulthost_secure": 9443,
    },
}
"""By kind of server: port by end point, named as in `serverindex.xml`. 0: chosen when the server starts."""


def numbered(kind: Kind, first: int) -> Mapping[str, int]:
    """The ports of `-startingPort`: consecutive, in the alphabetical order of the end points' names."""
    return {name: first + number for number, name in enumerate(sorted(DEFAULTS[kind]))}
