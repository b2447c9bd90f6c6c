"""What the machine must have for the lab, and the Debian packages it comes from."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from lab.errors import LabError

# An ordinary user's PATH often lacks the system administrator's folders.
SEARCH_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"))

_PACKAGES = {
    "ip": "iproute2",
    "ssh-keygen": "openssh-client",
}
# The hosts see this machine's /usr and nothing else of it, so these must be there and not just in some PATH.
_IN_USR = {
    "/usr/bin/python3": "python3",
    "/usr/bin/ksh93": "ksh",
    "/usr/bin/su": "util-linux",
    "/usr/bin/openssl": "openssl",
    # Debian's smallest Perl lacks modules that AIX has.
    "/usr/bin/corelist": "perl",
    "/usr/sbin/sshd": "openssh-server",
    "/usr/sbin/nft": "nftables",
    "/usr/sbin/iptables-nft-restore": "iptables",
    "/usr/sbin/conntrack": "conntrack",
    "/usr/sbin/slapd": "slapd",
    "/usr/bin/ldapsearch": "ldap-utils",
    "/usr/share/java/jython.jar": "jython",
    "/usr/lib/jvm/default-java/bin/javac": "default-jdk-headless",
}
_FOR_ORDINARY_USERS = {"newuidmap": "uidmap", "newgidmap": "uidmap"}


def check() -> None:
    """Raise `LabError` naming every Debian package that is missing."""
    commands = _PACKAGES if os.geteuid() == 0 else _PACKAGES | _FOR_ORDINARY_USERS
    missing = {package for command, package in commands.items() if not shutil.which(command, path=SEARCH_PATH)}
    missing |= {package for file, package in _IN_USR.items() if not Path(file).exists()}
    if missing:
        names = " ".join(sorted(missing))
        raise LabError(f"the lab needs Debian packages that are not installed: apt-get install {names}")


def tool(name: str) -> str:
    """Where a system tool lies."""
    return shutil.which(name, path=SEARCH_PATH) or name
