# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Whom a certificate names."""

from __future__ import annotations


def common_names(der: bytes) -> list[str]:
    """Common names of the subject; empty when it cannot be read."""
    return _read(der)[0]


def alternative_names(der: bytes) -> list[str]:
    """DNS names and addresses of the alternative names; empty when it cannot be read."""
    return _read(der)[1]


def names_of(der: bytes) -> list[str]:
    """Common names, then DNS names and addresses of the alternative names, each once; empty when it cannot be read."""
    common, alternative = _read(der)
    return list(dict.fromkeys([*common, *alternative]))


def _read(der: bytes) -> tuple[list[str], list[str]]:
    # ansible-core needs this package itself; ansible-test imports plugins without it.
    from cryptography import x509  # noqa: PLC0415
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    alternative: list[str] = []
    try:
        certificate = x509.load_der_x509_certificate(der)
        common = [str(each.value) for each in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
        for extension in certificate.extensions:
            if isinstance(extension.value, x509.SubjectAlternativeName):
                alternative += extension.value.get_values_for_type(x509.DNSName)
                alternative += [str(address) for address in extension.value.get_values_for_type(x509.IPAddress)]
    except ValueError:
        return [], []
    return common, alternative
