# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""R7: certificates and secrets, proved by a TLS handshake in memory that the partner's side verifies."""

from __future__ import annotations

import os
import ssl
import stat
import time
from typing import Iterator, Optional, Tuple

from ..model import Config, TlsProfile
from ..operation import token_file
from .finding import ERROR, WARNING, Finding

_PARTIAL_CHAIN = 0x80000  # OpenSSL's X509_V_FLAG_PARTIAL_CHAIN: the certificate itself may be what is trusted
_FLIGHTS = 10  # a handshake needs four at most
_DAYS = 30
_DAY = 86400.0


def findings(config: Config) -> Iterator[Finding]:
    for name, host in _shown(config):
        yield from _certificate(name, config.tls[name], host)
    for name, profile in sorted(config.tls.items()):
        if profile.key is not None:
            yield from _private(f"tls.{name}.key", profile.key)
        yield from _authorities(name, profile)
    if config.admin.token is not None:
        yield from _token(config.admin.token)


def _shown(config: Config) -> Iterator[Tuple[str, Optional[str]]]:
    """Profiles whose certificate somebody sees, with the name that it must be for."""
    outside = {one.tls or "default" for one in config.listeners if one.transport == "tls" and one.leg != "inside"}
    for name, profile in sorted(config.tls.items()):
        if profile.certificate is not None:
            yield name, config.public.host if name in outside else None


def _certificate(name: str, profile: TlsProfile, host: Optional[str]) -> Iterator[Finding]:
    where = f"tls.{name}"
    wanted = "a certificate that is valid, matches its key" + (f" and is for {host}" if host else "")
    try:
        days = (_expiry(profile, host) - time.time()) / _DAY
    except ssl.SSLCertVerificationError as error:
        cure = "have a certificate issued that partners accept"
        yield Finding("R7", ERROR, f"{where}: {error.verify_message}", wanted, cure)
    except ssl.SSLError as error:
        reason = "the key does not match the certificate" if error.reason == "KEY_VALUES_MISMATCH" else str(error)
        yield Finding("R7", ERROR, f"{where}: {reason}", wanted, "name a certificate and the key that belongs to it")
    except OSError as error:
        found = f"{where}: {profile.certificate} or {profile.key}: {error.strerror}"
        yield Finding("R7", ERROR, found, wanted, "correct the names, or let the proxy's account read the files")
    else:
        if days < _DAYS:
            found = f"{where}: the certificate ends in {int(days)} days"
            yield Finding("R7", WARNING, found, f"more than {_DAYS} days are left", "have it renewed")


def _expiry(profile: TlsProfile, host: Optional[str]) -> float:
    """When the certificate ends, in seconds since 1970. SSLError when a peer that knows `host` would refuse it."""
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if profile.legacy:
        server.set_ciphers("ALL:@SECLEVEL=0")
        client.set_ciphers("ALL:@SECLEVEL=0")
    # with a passphrase, OpenSSL would ask for it at the terminal
    server.load_cert_chain(str(profile.certificate), str(profile.key), password="")
    client.load_verify_locations(str(profile.certificate))
    client.verify_flags |= _PARTIAL_CHAIN
    client.check_hostname = host is not None
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    answering = server.wrap_bio(to_server, to_client, server_side=True)
    asking = client.wrap_bio(to_client, to_server, server_hostname=host)
    for _flight in range(_FLIGHTS):
        if all([_steps(asking), _steps(answering)]):  # both, even if the first one waits
            break
    shown = asking.getpeercert() or {}
    return float(ssl.cert_time_to_seconds(str(shown["notAfter"])))


def _steps(side: ssl.SSLObject) -> bool:
    """One side of the handshake as far as it gets; True when it is done."""
    try:
        side.do_handshake()
    except ssl.SSLWantReadError:
        return False
    return True


def _authorities(name: str, profile: TlsProfile) -> Iterator[Finding]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        if profile.authorities is not None:
            context.load_verify_locations(profile.authorities)
    except (OSError, ssl.SSLError) as error:
        found = f"tls.{name}.authorities: {profile.authorities}: {error.strerror or error}"
        yield Finding("R7", ERROR, found, "a file of certificates in PEM form", "correct the name or the file")
    try:
        if profile.ciphers is not None:
            context.set_ciphers(profile.ciphers)
    except ssl.SSLError:
        found = f"tls.{name}.ciphers: {profile.ciphers} chooses no cipher"
        yield Finding("R7", ERROR, found, "a list of ciphers as OpenSSL writes it", "see `openssl ciphers -v LIST`")


def _token(file: str) -> Iterator[Finding]:
    """It is made at the first start; then it holds something."""
    if os.path.exists(file):  # noqa: PTH110 (text in)
        try:
            token_file.read(file)
        except OSError as error:
            wanted = "a file with the secret that ctl shows"
            found = f"admin.token: {file}: {error.strerror or error}"
            yield Finding("R7", ERROR, found, wanted, "remove the file: it is made anew at the next start")
        yield from _private("admin.token", file)
    elif not os.path.isdir(os.path.dirname(file)):  # noqa: PTH112, PTH120 (text in)
        found = f"admin.token: the folder of {file} does not exist"
        yield Finding("R7", ERROR, found, "a folder in which the file can be made", "create it or correct the name")


def _private(key: str, file: str) -> Iterator[Finding]:
    """A secret is for the proxy's account alone."""
    wanted = "a file that only the proxy's account can read"
    try:
        mode = os.stat(file).st_mode  # noqa: PTH116 (text in, number out)
    except OSError as error:
        yield Finding("R7", ERROR, f"{key}: {file}: {error.strerror}", wanted, "correct the name or create the file")
        return
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO) & ~stat.S_IRGRP:
        found = f"{key}: {file} can be read or changed by others (mode {stat.S_IMODE(mode):04o})"
        yield Finding("R7", WARNING, found, wanted, f"chmod 600 {file}")
