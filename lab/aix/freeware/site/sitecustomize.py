"""Python at its start on an AIX host: it says that it is on AIX, and lacks what the system does not offer."""

from __future__ import annotations

import os
import select
import socket
import sys

_LACKING = (
    (os, ("memfd_create", "pidfd_open", "sched_getaffinity", "sched_setaffinity", "splice", "eventfd")),
    (select, ("epoll",)),
    (socket, ("SO_REUSEPORT", "IP_TRANSPARENT", "SO_BINDTODEVICE", "AF_NETLINK", "AF_PACKET")),
)


_uname = os.uname
os.uname = lambda: os.uname_result(("AIX", _uname().nodename, "3", "5", "00C8D5E14C00"))
sys.platform = "aix"
for _module, _names in _LACKING:
    for _name in _names:
        if hasattr(_module, _name):
            delattr(_module, _name)
