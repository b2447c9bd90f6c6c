"""The programs of Windows itself, in `C:\\WINDOWS\\system32`."""

from lab.host import Programs
from lab.windows.system import net, network, power, reg, sc, shells, tasks

PROGRAMS: Programs = {
    "cmd": shells.cmd,
    "hostname": network.hostname,
    "net": net.main,
    "netstat": network.netstat,
    "powershell": shells.powershell,
    "reg": reg.main,
    "sc": sc.main,
    "shutdown": power.shutdown,
    "taskkill": tasks.taskkill,
    "tasklist": tasks.tasklist,
    "whoami": network.whoami,
}
