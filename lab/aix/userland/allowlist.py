"""Every command of the host that is the lab's own program: its module, and the folder where AIX has it."""

from __future__ import annotations

_BIN, _SBIN = "usr/bin", "usr/sbin"

OWN: dict[str, dict[str, tuple[str, ...]]] = {
    "groups": {_BIN: ("mkgroup", "chgroup", "chgrpmem"), _SBIN: ("lsgroup", "rmgroup")},
    "users": {_BIN: ("mkuser", "chuser"), _SBIN: ("lsuser", "rmuser")},
    "security": {_BIN: ("chpasswd", "pwdadm", "passwd", "chsec"), _SBIN: ("lssec",)},
    "src": {_BIN: ("mkssys", "chssys", "rmssys", "lssrc", "startsrc", "stopsrc", "refresh")},
    "inittab": {_SBIN: ("lsitab", "mkitab", "chitab", "rmitab", "telinit")},
    "filesystems": {
        _BIN: ("df",),
        _SBIN: ("lsfs", "crfs", "chfs", "rmfs", "mount", "umount", "unmount", "lsvg", "lslv", "lspv"),
    },
    "lslpp": {_BIN: ("lslpp",)},
    "installp": {_SBIN: ("installp",)},
    "devices": {_SBIN: ("lsdev", "lsattr", "chdev", "mkdev", "rmdev", "cfgmgr", "lscfg", "bosboot")},
    "system": {
        _BIN: ("uname", "oslevel", "getconf", "vmstat"),
        _SBIN: ("lsconf", "prtconf", "bootinfo", "lsps", "instfix", "emgr"),
    },
    "tunables": {_SBIN: ("no", "vmo")},
    "logs": {_BIN: ("errpt", "errlogger", "errclear", "alog", "logger")},
    "network": {_BIN: ("host", "hostname", "netstat", "entstat"), _SBIN: ("ifconfig",)},
    "processes": {_BIN: ("ps", "who")},
    "files": {
        _BIN: ("csum", "uuencode", "uudecode", "wc", "which", "crontab", "at"),
        _SBIN: ("slibclean", "shutdown"),
    },
}

ROOT_ONLY = frozenset(
    [
        "mkgroup",
        "chgroup",
        "rmgroup",
        "chgrpmem",
        "mkuser",
        "chuser",
        "rmuser",
        "chpasswd",
        "pwdadm",
        "chsec",
        "lssec",
        "mkssys",
        "chssys",
        "rmssys",
        "startsrc",
        "stopsrc",
        "refresh",
        "mkitab",
        "chitab",
        "rmitab",
        "telinit",
        "crfs",
        "chfs",
        "rmfs",
        "installp",
        "chdev",
        "mkdev",
        "rmdev",
        "cfgmgr",
        "bosboot",
        "bootinfo",
        "no",
        "vmo",
        "errclear",
        "slibclean",
        "shutdown",
    ]
)
"""What only root can execute; others get the shell's "cannot execute", code 126."""

LINKS = {
    # AIX has these under a second path.
    "usr/bin/installp": "../sbin/installp",
    "usr/bin/mount": "../sbin/mount",
    "usr/sbin/mkuser": "../bin/mkuser",
    "usr/sbin/mkgroup": "../bin/mkgroup",
    "usr/sbin/df": "../bin/df",
    "usr/ucb/which": "../bin/which",
    "etc/telinit": "../usr/sbin/telinit",
    "etc/ifconfig": "../usr/sbin/ifconfig",
    "etc/mount": "../usr/sbin/mount",
    "etc/umount": "../usr/sbin/umount",
}

SHELLS = ("ksh", "sh", "ksh93")
"""Names of Debian's ksh93. A link, not a guard: a login shell is known by its `argv[0]`, which a script loses."""
