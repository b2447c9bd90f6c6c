# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Giving up what only the start needs."""

from __future__ import annotations

import os
import sys
from typing import Optional


def drop(user: Optional[str], group: Optional[str]) -> None:
    """Become `user` and `group` (absent: the user's own) for good. Raises ValueError for names that do not exist, and
    PermissionError when this process may not."""
    if user is None and group is None:
        return
    if sys.platform == "win32":
        raise ValueError("user and group: on Windows the service manager chooses the account")
    import grp  # noqa: PLC0415 - not on Windows
    import pwd  # noqa: PLC0415

    try:
        account = pwd.getpwnam(user) if user is not None else None
    except KeyError:
        raise ValueError(f"user: {user}: there is no such account: create it or correct user") from None
    try:
        if group is not None:
            group_id = grp.getgrnam(group).gr_gid
        elif account is not None:
            group_id = account.pw_gid
    except KeyError:
        raise ValueError(f"group: {group}: there is no such group: create it or correct group") from None
    if account is not None and (os.geteuid(), os.getegid()) == (account.pw_uid, group_id):
        return
    try:
        if account is not None and os.geteuid() == 0:
            os.initgroups(account.pw_name, group_id)
        os.setgid(group_id)
        if account is not None:
            os.setuid(account.pw_uid)
    except PermissionError as error:
        wanted = f"user: {user}" if user is not None else f"group: {group}"
        cure = "start as root, or as that account, or leave user and group out"
        raise PermissionError(error.errno, f"{wanted}: this account cannot become it: {cure}") from error


def descriptors(wanted: int) -> int:
    """Ask for so many open files; how many there may be. Systems without such a limit say -1."""
    if sys.platform == "win32":
        return -1
    import resource  # noqa: PLC0415 - not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return soft
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return allowed
