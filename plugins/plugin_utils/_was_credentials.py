# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Credentials for the commands of WebSphere, which look for them in a profile's `soap.client.props`."""

from __future__ import annotations


def soap_properties(user: str, password: str) -> str:
    """The lines of `soap.client.props` that log in without asking; the file's own lines with these keys must go."""
    values = {
        "com.ibm.SOAP.securityEnabled": "true",
        "com.ibm.SOAP.loginUserid": user,
        "com.ibm.SOAP.loginPassword": password,
        "com.ibm.SOAP.loginSource": "none",
    }
    return properties_text(values)


def properties_text(values: dict[str, str]) -> str:
    """`values` as lines of a Java properties file, pure ASCII."""
    return "".join(f"{key}={escaped(value)}\n" for key, value in values.items())


def escaped(value: str) -> str:
    """`value` as Java's properties files want it."""
    text = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    if text.startswith(" "):
        text = "\\" + text
    # Two escapes for a character beyond the first plane, as Java reads UTF-16.
    units = text.encode("utf-16-be")
    codes = [int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2)]
    return "".join(chr(code) if 0x20 <= code < 0x7F else f"\\u{code:04x}" for code in codes)
