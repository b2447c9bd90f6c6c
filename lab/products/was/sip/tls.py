"""Certificates and trust of a server's TLS.

The key stores of the lab hold no keys (`key_store_files`), so a server has a real self-signed certificate beside them:
made when it first starts, kept in the profile, in the name of the one in the key store. A trust store of the profile
counts for connections to others if there are real certificates in it, in PEM, as somebody may put them there.
"""

from __future__ import annotations

import os
import ssl
import subprocess
from pathlib import Path

from lab.products.was.layout import Profile

_DAYS = "3650"
# The tool of the machine that the lab is on, seen from an AIX host and from a Windows host.
_TOOLS = (Path("/.lab/usr/bin/openssl"), Path("/usr/bin/openssl"))
_WITHIN_S = 30.0
_BEGIN = "-----BEGIN CERTIFICATE-----"


def serving(profile: Profile, common_name: str) -> ssl.SSLContext:
    """For end points. Raises OSError when no certificate can be made."""
    file = profile.file("etc", "lab", f"{common_name}.pem")
    if not file.exists():
        _make(file, common_name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def connecting(profile: Profile, cell: str, node: str) -> tuple[ssl.SSLContext, Path | None]:
    """For connections to others, and the trust store that decides; without one everybody is trusted."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Partners are known by their certificates, which have the name of a public address or none of it.
    context.check_hostname = False
    places = (("config", "cells", cell, "nodes", node), ("config", "cells", cell), ("etc",))
    for place in places:
        file = profile.file(*place, "trust.p12")
        text = file.read_bytes().decode("latin-1") if file.exists() else ""
        if _BEGIN in text:
            context.load_verify_locations(cadata=text)
            return context, file
    context.verify_mode = ssl.CERT_NONE
    return context, None


def _make(file: Path, common_name: str) -> None:
    tool = next((each for each in _TOOLS if each.exists()), None)
    if tool is None:
        raise FileNotFoundError(f"none of {', '.join(map(str, _TOOLS))} is there")
    file.parent.mkdir(parents=True, exist_ok=True)
    # Two servers of a profile may start for the first time at once.
    new = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        done = subprocess.run(
            [
                tool, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-sha256",
                "-days", _DAYS, "-subj", f"/C=US/O=IBM/CN={common_name}",
                "-addext", f"subjectAltName=DNS:{common_name}", "-config", os.devnull, "-keyout", "-", "-out", "-",
            ],
            stdout=out, stderr=subprocess.PIPE, timeout=_WITHIN_S, check=False,
        )  # fmt: skip
    if done.returncode:
        new.unlink()
        raise OSError(f"no certificate: {done.stderr.decode(errors='replace').strip()}")
    new.replace(file)
