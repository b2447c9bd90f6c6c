"""Which servers are Windows services: WebSphere keeps it for itself, the services are the service control manager's."""

from __future__ import annotations

from lab.host import Host
from lab.products.was.layout import Profile

STORE = "was-services"
KEY = "IBMWAS61Service - "


def enter(host: Host, service: str, server: str, profile: str) -> bool:
    """Note a service; whether it was there."""
    with host.store(STORE) as store:
        known = service in store
        store[service] = {"server": server, "profile": profile}
    return known


def leave(host: Host, service: str) -> bool:
    """Forget a service; whether it was there."""
    with host.store(STORE) as store:
        return store.pop(service, None) is not None


def read(host: Host, service: str) -> tuple[str, str] | None:
    """Server and native path of the profile of a service."""
    with host.store(STORE) as store:
        known = store.get(service)
    return (known["server"], known["profile"]) if known else None


def of_server(host: Host, profile: Profile, server: str) -> str | None:
    """The service of a server, None when it is none."""
    if host.platform != "windows":
        return None
    here = host.path(profile.path)
    with host.store(STORE) as store:
        known = {name: (one["server"], one["profile"]) for name, one in store.items()}
    return next((name for name, (of, path) in known.items() if of == server and host.path(path) == here), None)
