"""What an AIX 5.3 machine has in its PATH: the same reviewed lists from which the lab's hosts are made.

What a NAT router has besides stands here too.

Programs under test run the `STANDARD` tools for real, behind the lab's guards, which refuse every flag and every
construct that AIX does not know. A case that reaches one of `SYSTEM` must supply a fake. Nothing else exists.
"""

from __future__ import annotations

from lab.aix.userland.allowlist import OWN
from lab.aix.userland.flags import GUARDS

# These need another user, outlive their caller or wait, so a test fakes them.
_NEVER_REAL = frozenset({"chown", "kill", "nice", "nohup", "sleep", "su", "sync"})

STANDARD = frozenset(GUARDS) - _NEVER_REAL
SYSTEM = frozenset(name for folders in OWN.values() for names in folders.values() for name in names) | _NEVER_REAL
# A Linux router has these; a test fakes them.
ROUTER = frozenset({
    "conntrack", "ip", "ip6tables-legacy-save", "ip6tables-restore", "ip6tables-save", "iptables-legacy-save",
    "iptables-restore", "iptables-save", "nft", "systemctl",
})  # fmt: skip
# What a Linux host has instead of AIX's commands; a test fakes them.
LINUX = frozenset({
    "base64", "getent", "gpasswd", "groupadd", "groupdel", "groupmod", "sha1sum", "systemctl", "useradd", "userdel",
    "usermod",
})  # fmt: skip
KNOWN = STANDARD | SYSTEM | ROUTER | LINUX
