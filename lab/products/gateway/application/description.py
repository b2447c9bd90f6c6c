"""The session description of an IM session: no media flows, messages go by SIP. Its addresses are literals."""

from __future__ import annotations

TYPE = "application/sdp"
TEXT = "text/plain"


def build(address: str, port: int, *types: str) -> bytes:
    """A description that says: messages of these types, at this address."""
    lines = (
        "v=0",
        f"o=- 0 0 IN IP4 {address}",
        "s=session",
        f"c=IN IP4 {address}",
        "t=0 0",
        f"m=message {port} sip null",
        f"a=accept-types:{' '.join(types)}",
    )
    return "".join(f"{line}\r\n" for line in lines).encode()


def accepts_text(body: bytes) -> bool:
    """Whether the description is that of an IM session over SIP which takes plain text. Without `accept-types` it takes
    anything."""
    lines = body.decode("utf-8", "replace").splitlines()
    media = [line for line in lines if line.startswith("m=")]
    if not any(line.split()[:1] == ["m=message"] and line.split()[2:3] == ["sip"] for line in media):
        return False
    types = [line.partition(":")[2].split() for line in lines if line.startswith("a=accept-types:")]
    return not types or any(each in ("*", TEXT) for each in types[0])
