"""A host for trying things out, without a lab around it."""

from __future__ import annotations

from typing import Any

DESCRIPTION: dict[str, Any] = {
    "name": "trial",
    "platform": "windows",
    "address": "127.0.0.1",
    "domain": "example.com",
    "groups": [],
    "machine": {
        "model": "IBM System x3550", "machine_type": "3550", "os_level": "5.2.3790 SP2", "cpu": "AMD Opteron",
        "cpu_count": 2, "cpu_mhz": 3000, "memory_mb": 4096, "paging_mb": 4096,
    },
    "filesystems": {"C:": {"size": 71680, "used": 6144}},
    "names": {"trial": "127.0.0.1"},
}  # fmt: skip
"""In the shape of `HostSpec.description()`."""
