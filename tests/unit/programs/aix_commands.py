"""What an AIX 5.3 machine has in its PATH, as far as our programs may use it.

`STANDARD` are tools that this machine has too: programs under test run the real ones. `SYSTEM` are AIX's own: a case
that reaches one must supply a fake. Whatever is in neither list does not exist for a program under test.
"""

from __future__ import annotations

_STANDARD = """
    awk basename cat chgrp chmod cksum cmp comm cp cut date dd diff dirname ed egrep expr false fgrep find fold grep
    head id join ln ls mkdir mv od paste pr printf pwd rm rmdir sed sort split sum tail tee test touch tr true tsort tty
    uname uniq wc
"""

_SYSTEM = """
    aioo bootinfo bosboot cfgmgr chdev chfs chgroup chgrpmem chitab chown chpasswd chsec chssys chuser chvg compress
    crfs csum df entstat errlogger errpt extendvg genfilt getconf host hostname ifconfig instfix installp inutoc iostat
    kill ksh lppchk lsattr lsconf lscfg lsdev lsfs lsgroup lsitab lslpp lslv lsps lspv lssec lssrc lsuser lsvg mkdev
    mkfilt mkgroup mkitab mklv mkssys mkuser mount netstat nice no nohup nslookup oslevel perl ping prtconf ps pwdadm
    refresh rmdev rmfs rmgroup rmitab rmssys rmuser rmvfs schedo shutdown slibclean sleep startsrc stopsrc su svmon sync
    syscall tar telinit uncompress unmount umount uptime vmo vmstat w who xargs zcat
"""

STANDARD = frozenset(_STANDARD.split())
SYSTEM = frozenset(_SYSTEM.split())
KNOWN = STANDARD | SYSTEM
