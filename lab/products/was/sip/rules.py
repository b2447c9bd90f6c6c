"""What a SIP proxy does to the header of a request it forwards (RFC 3261 16, and the product's own fields)."""

from __future__ import annotations

from sipmessage import Request

from lab.products.was.sip.interfaces import Identity, Interface

DESTINATION = "IBM-Destination"
PREFERRED_OUTBOUND = "IBM-PO"
INTERFACES = "OutboundIfList"
LOGICAL_NAME = "IBM-LSN"

_INTERNAL = frozenset(name.lower() for name in (DESTINATION, PREFERRED_OUTBOUND, INTERFACES, LOGICAL_NAME))
# What follows in their dialogs, if there are any, has a route already.
_NOT_RECORDED = frozenset({"ACK", "BYE", "CANCEL", "INFO", "MESSAGE", "OPTIONS", "PRACK", "PUBLISH", "REGISTER"})
_MAX_FORWARDS = "70"


def strip_internals(request: Request) -> None:
    """Take off what the servers of a cell say to each other only."""
    for name in _INTERNAL.intersection(map(str.lower, request.headers.keys())):
        request.headers.remove(name)


def pop_routes(request: Request, identity: Identity) -> bool:
    """Take the topmost routes off that lead to the proxy; whether there were any. Raises ValueError."""
    routes = request.headers.getlist("Route")
    own = 0
    while own < len(routes) and identity.is_named(routes[own]):
        own += 1
    if own == len(routes):
        request.headers.remove("Route")
    elif own:
        request.headers.setlist("Route", routes[own:])
    return own > 0


def hops_left(request: Request) -> bool:
    """Count down Max-Forwards; False when the request may go no further. Raises ValueError."""
    value = request.headers.get("Max-Forwards")
    if value is None:
        request.headers.set("Max-Forwards", _MAX_FORWARDS)
        return True
    if not value.isdigit() or int(value) > 255:
        raise ValueError(f"Max-Forwards {value} is not valid")
    if value.strip("0") == "":
        return False
    request.headers.set("Max-Forwards", str(int(value) - 1))
    return True


def record(request: Request, arrived: Interface, leaves: Interface) -> None:
    """Have the requests of the dialog that begins here come by again: by one interface, or by both of a request that
    changes its transport, the one it leaves by on top."""
    if request.method in _NOT_RECORDED:
        return
    if arrived == leaves:
        values = [f"<{leaves.uri(';lr')}>"]
    else:
        values = [f"<{each.uri(';lr;ibmdrr')}>" for each in (leaves, arrived)]
    request.headers.setlist("Record-Route", [*values, *request.headers.getlist("Record-Route")])
