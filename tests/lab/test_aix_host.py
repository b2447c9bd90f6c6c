"""What a simulated program may do on an AIX host, seen from a program that runs there."""

from __future__ import annotations

import textwrap

from lab.settings import REPOSITORY
from tests.lab.conftest import Lab

_BEGIN = """
import os, sys
sys.path.insert(0, "/.lab/py")
from lab.aix.host import AixHost
from lab.host import NoSpace
host = AixHost()
"""


def _on_host(lab: Lab, program: str) -> list[str]:
    text = _BEGIN + textwrap.dedent(program)
    done = lab.ssh("db2srv1", "/.lab/bin/python3 -IS -", stdin=text)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_accounts_and_groups(lab: Lab) -> None:
    lab.ssh("db2srv1", "mkgroup id=901 accgrp; mkuser id=901 pgrp=accgrp groups=accgrp,staff home=/home/accusr accusr")
    said = _on_host(lab, """
        account = host.account("accusr")
        print(account.home, sorted(account.groups), account.administrator)
        print(host.account("nobody8"), host.group_members("nogroup"), "accusr" in host.group_members("accgrp"))
        print(host.user.name, host.user.administrator)
    """)  # fmt: skip
    assert said == ["/home/accusr ['accgrp', 'staff'] False", "None None True", "root True"]


def test_passwords_are_checked_by_every_user(lab: Lab) -> None:
    lab.ssh("db2srv1", "mkgroup id=902 pwgrp; mkuser id=902 pgrp=pwgrp pwusr")
    lab.ssh("db2srv1", "chpasswd -c", stdin="pwusr:right-Word1\n")
    said = _on_host(lab, """
        os.setuid(100)
        print(host.check_password("pwusr", "right-Word1"), host.check_password("pwusr", "wrong"))
        print(host.check_password("guest", ""), host.check_password("nouser", "x"))
    """)  # fmt: skip
    assert said == ["True False", "False False"]


def test_programs_run_as_another_user(lab: Lab) -> None:
    said = _on_host(lab, """
        print(host.run(["/usr/bin/sh", "-c", "id -un; pwd; cat; exit 3"], stdin="words", user="guest"))
        print(host.run(["/no/such"])[0])
    """)  # fmt: skip
    assert said == ["(3, 'guest\\n/home/guest\\nwords', '')", "127"]


def test_space_is_claimed_until_the_file_system_is_full_and_chfs_makes_room(lab: Lab) -> None:
    program = """
        try:
            host.claim_space("/opt/IBM/db2", 500)
            print("claimed")
        except NoSpace as full:
            print(full.mount)
    """
    assert _on_host(lab, program) == ["/opt"]
    assert lab.ssh("db2srv1", "chfs -a size=+1G /opt").returncode == 0
    assert _on_host(lab, program) == ["claimed"]


def test_every_user_claims_space_and_writes_the_stores(lab: Lab) -> None:
    said = _on_host(lab, """
        with host.store("anything") as content:
            content["by"] = "root"
        host.claim_space("/home/guest/x", 1)
        os.setuid(100)
        host.claim_space("/home/guest/x", 1)
        with host.store("anything") as content:
            print(content["by"])
            content["by"] = "guest"
    """)  # fmt: skip
    assert said == ["root"]
    assert lab.ssh("db2srv1", "df -k /home").returncode == 0


def test_names_are_resolved_by_the_hosts_own_files(lab: Lab) -> None:
    said = _on_host(lab, 'print(host.resolve("rtp_nat.ibm.com"), host.resolve("stgdm1"), host.resolve("example.com"))')
    assert said == ["9.42.124.45 9.42.111.1 None"]


def test_a_daemon_outlives_its_starter_under_its_title(lab: Lab) -> None:
    said = _on_host(lab, """
        pid = host.spawn("db2:db2sysc", [], title="db2sysc 0", user="guest")
        import time
        for _ in range(100):
            if host.processes().get(pid) == "db2sysc 0":
                break
            time.sleep(0.02)
        print(host.processes().get(pid))
        host.kill(pid)
        print(pid in host.processes())
    """)  # fmt: skip
    assert said in (["db2sysc 0", "False"], ["None", "False"]), "a daemon that refuses to run alone has ended"


def test_a_fault_kills_the_program_or_the_connection(lab: Lab) -> None:
    lab.ok("fail", "db2srv1", "sql", "killed")
    program = _BEGIN + "host.fault('sql')\nprint('survived')\n"
    killed = lab.ssh("db2srv1", "/.lab/bin/python3 -IS -; echo $?", stdin=program)
    assert "survived" not in killed.stdout
    assert killed.stdout.strip() in ("137", "265")
    lab.ok("fail", "db2srv1", "sql", "connection-lost")
    cut = lab.ssh("db2srv1", "/.lab/bin/python3 -IS -", stdin=program)
    assert cut.returncode == 255
    after = lab.ssh("db2srv1", "/.lab/bin/python3 -IS -", stdin=program)
    assert after.stdout == "survived\n"


def test_a_program_file_is_an_executable_that_names_its_entry(lab: Lab) -> None:
    said = _on_host(lab, """
        host.install_program("/opt/tst/bin/db2setup", "db2:db2setup-wse")
        print(open("/opt/tst/bin/db2setup").read(), end="")
    """)  # fmt: skip
    assert said == ["#!/.lab/bin/labexe db2:db2setup-wse"]
    assert "Usage: db2setup" in lab.ssh("db2srv1", "cd /opt/tst/bin && ./db2setup -?").stdout


def test_the_lab_package_is_read_only_on_hosts(lab: Lab) -> None:
    refused = lab.ssh("db2srv1", "touch /.lab/py/lab/x")
    assert refused.returncode != 0
    assert not (REPOSITORY / "lab/x").exists()
