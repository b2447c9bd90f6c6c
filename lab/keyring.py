"""The lab's keys and secrets: made at random once per lab, kept in its state folder, readable by its owner only."""

from __future__ import annotations

import json
import os
import secrets
import string
import subprocess
from collections.abc import Mapping
from pathlib import Path

from lab.prerequisites import tool

# Lengths in characters. ITDS wants a seed of at least 12.
_LENGTHS = {
    "vault_db2_instance_password": 14,
    "vault_db2_fenced_password": 14,
    "vault_db2_windows_password": 14,
    "vault_db2_key_password": 16,
    "vault_itds_admin_password": 16,
    "vault_itds_instance_password": 14,
    "vault_itds_encryption_seed": 24,
    "vault_itds_key_password": 16,
    "vault_ldap_bind_password": 16,
    "vault_was_admin_password": 16,
    "vault_ssl_key_store_password": 16,
    "vault_windows_administrator_password": 16,
    "vault_router_enable_secret": 16,
}


def vault(state: Path) -> Mapping[str, str]:
    """The values of the inventory's `vault_*` variables; a name that is new gets its value now."""
    file = vault_file(state)
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    made = known | {name: _random(length) for name, length in _LENGTHS.items() if name not in known}
    if made != known:
        write_private(file, json.dumps(made, indent=1))
    return made


def vault_file(state: Path) -> Path:
    """Where the secrets of a lab are kept (JSON)."""
    return state / "vault.json"


def make_ssh_key(file: Path, comment: str) -> None:
    """An ed25519 key pair at `file` and `file`.pub, unless there is one."""
    if not file.exists():
        subprocess.run(
            [tool("ssh-keygen"), "-q", "-t", "ed25519", "-N", "", "-C", comment, "-f", str(file)],
            check=True,
            stdin=subprocess.DEVNULL,
        )


def write_private(file: Path, content: str | bytes) -> None:
    """Write a file that nobody but its owner has ever been able to read."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as new:
        new.write(content.encode() if isinstance(content, str) else content)


def _random(length: int) -> str:
    """Letters and digits with each kind among them, a letter first: every password policy takes it."""
    while True:
        text = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(length))
        if text[0].isalpha() and all(map(set(text).intersection, _KINDS_OF_CHARACTER)):
            return text


_KINDS_OF_CHARACTER = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
