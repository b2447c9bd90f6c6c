"""The end points of a server and the ports it gets when nobody names others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Kind = Literal["dmgr", "server", "nodeagent", "proxy"]

DEFAULTS: Mapping[Kind, Mapping[str, int]] = {
    "dmgr": {
        "CELL_DISCOVERY_ADDRESS": 7277,
        "BOOTSTRAP_ADDRESS": 9809,
        "SOAP_CONNECTOR_ADDRESS": 8879,
        "ORB_LISTENER_ADDRESS": 9100,
        "SAS_SSL_SERVERAUTH_LISTENER_ADDRESS": 9401,
        "CSIV2_SSL_MUTUALAUTH_LISTENER_ADDRESS": 9402,
        "CSIV2_SSL_SERVERAUTH_LISTENER_ADDRESS": 9403,
        "WC_adminhost": 9060,
        "WC_adminhost_secure": 9043,
        "DCS_UNICAST_ADDRESS": 9352,
    },
    "server": {
        "BOOTSTRAP_ADDRESS": 2809,
        "SOAP_CONNECTOR_ADDRESS": 8880,
        "ORB_LISTENER_ADDRESS": 9100,
        "SAS_SSL_SERVERAUTH_LISTENER_ADDRESS": 9401,
        "CSIV2_SSL_SERVERAUTH_LISTENER_ADDRESS": 9403,
        "CSIV2_SSL_MUTUALAUTH_LISTENER_ADDRESS": 9402,
        "WC_adminhost": 9060,
        "WC_defaulthost": 9080,
        "DCS_UNICAST_ADDRESS": 9353,
        "WC_adminhost_secure": 9043,
        "WC_defaulthost_secure": 9443,
        "SIP_DEFAULTHOST": 5060,
        "SIP_DEFAULTHOST_SECURE": 5061,
        "SIB_ENDPOINT_ADDRESS": 7276,
        "SIB_ENDPOINT_SECURE_ADDRESS": 7286,
        "SIB_MQ_ENDPOINT_ADDRESS": 5558,
        "SIB_MQ_ENDPOINT_SECURE_ADDRESS": 5578,
        "DRS_CLIENT_ADDRESS": 7873,
    },
    "nodeagent": {
        "BOOTSTRAP_ADDRESS": 2809,
        "CSIV2_SSL_MUTUALAUTH_LISTENER_ADDRESS": 9202,
        "CSIV2_SSL_SERVERAUTH_LISTENER_ADDRESS": 9201,
        "DCS_UNICAST_ADDRESS": 9354,
        "DRS_CLIENT_ADDRESS": 7888,
        "NODE_DISCOVERY_ADDRESS": 7272,
        "NODE_IPV6_MULTICAST_DISCOVERY_ADDRESS": 5001,
        "NODE_MULTICAST_DISCOVERY_ADDRESS": 5000,
        "ORB_LISTENER_ADDRESS": 9900,
        "SAS_SSL_SERVERAUTH_LISTENER_ADDRESS": 9901,
        "SOAP_CONNECTOR_ADDRESS": 8878,
    },
    "proxy": {
        "BOOTSTRAP_ADDRESS": 9810,
        "SOAP_CONNECTOR_ADDRESS": 8880,
        "SAS_SSL_SERVERAUTH_LISTENER_ADDRESS": 0,
        "CSIV2_SSL_SERVERAUTH_LISTENER_ADDRESS": 0,
        "CSIV2_SSL_MUTUALAUTH_LISTENER_ADDRESS": 0,
        "WC_defaulthost": 9080,
        "WC_defaulthost_secure": 9443,
        "DCS_UNICAST_ADDRESS": 9353,
        "DRS_CLIENT_ADDRESS": 7873,
        "PROXY_HTTP_ADDRESS": 80,
        "PROXY_HTTPS_ADDRESS": 443,
        "PROXY_SIP_ADDRESS": 5060,
        "PROXY_SIPS_ADDRESS": 5061,
    },
}
"""By kind of server: port by end point, named and ordered as in `serverindex.xml`. 0: chosen when the server starts.

`proxy` has the end points of both protocols; a proxy server of one of them lacks the other's.
"""


def numbered(kind: Kind, first: int) -> Mapping[str, int]:
    """The ports that `-startingPort` gives: consecutive in the alphabetical order of the end points' names."""
    number = {name: first + place for place, name in enumerate(sorted(DEFAULTS[kind]))}
    return {name: number[name] for name in DEFAULTS[kind]}
