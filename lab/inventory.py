"""The hosts and groups of an Ansible inventory file in YAML, read without Ansible: the lab needs no more of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from lab.errors import LabError


def groups(*inventories: Path) -> dict[str, frozenset[str]]:
    """Each group's hosts in all files, those of its child groups included; raises `LabError` when one is missing."""
    hosts: dict[str, set[str]] = {}
    children: dict[str, set[str]] = {}
    for inventory in inventories:
        try:
            content = yaml.safe_load(inventory.read_text("utf-8"))
        except FileNotFoundError:
            raise LabError(f"{inventory}: no such inventory (LAB_INVENTORY names another)") from None
        _read(content or {}, hosts, children)
    return {name: frozenset(_members(name, hosts, children)) for name in hosts}


def _read(content: Mapping[str, Any], hosts: dict[str, set[str]], children: dict[str, set[str]]) -> None:
    """Add what `content` says; a group may be mentioned in several places, each adding to it."""
    for name, group in content.items():
        below = (group or {}).get("children") or {}
        hosts.setdefault(name, set()).update((group or {}).get("hosts") or {})
        children.setdefault(name, set()).update(below)
        _read(below, hosts, children)


def _members(name: str, hosts: Mapping[str, set[str]], children: Mapping[str, set[str]]) -> set[str]:
    return hosts[name].union(*(_members(child, hosts, children) for child in children[name]))
