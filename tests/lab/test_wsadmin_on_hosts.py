"""Hosts have what wsadmin runs on, for all their users, and nothing of it outlives wsadmin."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from lab.products.was.wsadmin import java_home
from tests.lab.conftest import Lab

HOST = "stgdm1"
WSADMIN = "/usr/W/bin/wsadmin.sh -lang jython"
INSTALL = """\
mkdir -p /usr/W/bin /usr/W/properties /usr/W/profiles/P/logs /usr/W/profiles/P/bin
echo 'WAS_HOME=/usr/W' >/usr/W/bin/setupCmdLine.sh
printf 'WAS_CELL=c\\nWAS_NODE=n\\n' >/usr/W/profiles/P/bin/setupCmdLine.sh
cd /usr/W/properties
echo '<profiles><profile name="P" path="/usr/W/profiles/P" isDefault="true"/></profiles>' >profileRegistry.xml
echo '#!/.lab/bin/labexe was:wsadmin' >/usr/W/bin/wsadmin.sh
chmod 755 /usr/W/bin/wsadmin.sh
"""


@pytest.fixture
def wsadmin(lab: Lab) -> Lab:
    done = lab.ssh(HOST, "sh -s", stdin=INSTALL)
    assert done.returncode == 0, done.stderr
    return lab


def test_root_and_other_users_run_scripts(wsadmin: Lab) -> None:
    before = wsadmin.ssh(HOST, "cat /.lab/state/wsadmin.json").stdout
    for command in (f'{WSADMIN} -c "2 + 3"', f"su - guest -c '{WSADMIN} -c \"2 + 3\"'"):
        done = wsadmin.ssh(HOST, command)
        assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "5"), done.stdout + done.stderr
    assert wsadmin.ssh(HOST, f'{WSADMIN} -c "nobody"').returncode == 103
    assert wsadmin.ssh(HOST, "cat /.lab/state/wsadmin.json").stdout != before


@pytest.mark.parametrize("signal", ["TERM", "KILL"])
def test_java_ends_with_wsadmin(wsadmin: Lab, signal: str) -> None:
    script = "echo 'import time; time.sleep(60)' >/tmp/sleep.py"
    wsadmin.ssh(HOST, f"{script}; {WSADMIN} -f /tmp/sleep.py </dev/null >/dev/null 2>&1 &")
    wait_for(lambda: "lab.wsadmin.Launcher" in processes(wsadmin))
    wsadmin.ssh(HOST, f"kill -{signal} $(ps -e -o pid= -o args= | awk '/bin.wsadmin.sh/ && !/awk/ {{ print $1 }}')")
    wait_for(lambda: "wsadmin" not in processes(wsadmin))


def test_windows_hosts_have_it_too(lab: Lab) -> None:
    lab.ok("exec", "stgw2", java_home.tool("java"), "-version")
    assert java_home.key() in lab.ok("exec", "stgw2", "ls", str(java_home.CACHE))


def processes(lab: Lab) -> str:
    """The command lines on the host, without those of the shells that look for them."""
    lines = lab.ssh(HOST, "ps -e -o args=").stdout.splitlines()
    return "\n".join(line for line in lines if not line.startswith(("sh", "ksh", "-ksh", "ps", "awk")))


def wait_for(condition: Callable[[], bool]) -> None:
    """Until it holds; the test's own end when it never does."""
    for _ in range(100):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("it never came")
