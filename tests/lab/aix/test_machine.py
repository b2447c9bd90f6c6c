"""Devices, levels, tunables, logs, network and processes."""

from __future__ import annotations

import json
import os

import pytest

from tests.lab.aix.conftest import Userland


@pytest.fixture()
def described(aix: Userland) -> Userland:
    """A host with a description, as the supervisor writes it."""
    description = {
        "name": "stgdm1",
        "domain": "ibm.com",
        "machine": {"memory_mb": 2048, "cpu_count": 1, "os_level": "5300-09-02-0849"},
        "leg": {"device": "en0", "addresses": ["9.42.111.1"], "prefix": 24},
        "routes": [["9.42.124.0/24", "9.42.111.254"]],
    }
    (aix.root / ".lab/host.json").write_text(json.dumps(description))
    (aix.root / "etc/hosts").write_text("127.0.0.1 loopback localhost\n9.42.111.6\tdb2srv1 db2srv1.ibm.com\n")
    return aix


def test_asynchronous_io_is_switched_on(aix: Userland) -> None:
    assert aix.run("lsdev", "-Cc", "aio") == "aio0      Defined                Asynchronous I/O (Legacy)\n"
    assert aix.run("mkdev", "-l", "aio0") == "aio0 Available\n"
    assert aix.run("chdev", "-l", "aio0", "-P", "-a", "autoconfig=available") == "aio0 changed\n"
    assert aix.run("lsdev", "-C", "-l", "aio0", "-F", "name:status") == "aio0:Available\n"
    assert aix.run("lsattr", "-El", "aio0", "-a", "autoconfig").split()[1] == "available"


def test_attributes(aix: Userland) -> None:
    assert aix.run("lsattr", "-El", "sys0", "-a", "maxuproc") == (
        "maxuproc 128 Maximum number of PROCESSES allowed per user True\n"
    )
    assert aix.run("chdev", "-l", "sys0", "-a", "maxuproc=4096") == "sys0 changed\n"
    assert aix.run("lsattr", "-E", "-O", "-l", "sys0", "-a", "maxuproc") == "#maxuproc\n4096\n"
    assert "0514-018" in aix.run("chdev", "-l", "sys0", "-a", "maxuproc=many", code=1)
    assert "0514-018" in aix.run("chdev", "-l", "sys0", "-a", "maxuproc=20", code=1)
    assert "0514-018" in aix.run("chdev", "-l", "sys0", "-a", "modelname=x", code=1)
    assert "0514-519" in aix.run("chdev", "-l", "sys9", "-a", "maxuproc=1", code=1)
    assert "0514-519" in aix.run("lsattr", "-El", "sys9", code=255)
    assert "0514-528" in aix.run("lsattr", "-El", "sys0", "-a", "colour", code=255)


def test_what_the_host_is(described: Userland) -> None:
    assert described.run("uname") == "AIX\n"
    assert described.run("uname", "-rv") == "3 5\n"
    assert described.run("uname", "-n") == described.run("hostname") == "stgdm1\n"
    assert described.run("uname", "-a").startswith("AIX stgdm1 3 5 00C")
    assert described.run("oslevel") == "5.3.0.0\n"
    assert described.run("oslevel", "-r") == "5300-09\n"
    assert described.run("oslevel", "-s") == "5300-09-02-0849\n"
    assert "Memory Size: 2048 MB\n" in described.run("prtconf")
    assert described.run("lsconf", "-m") == "Memory Size: 2048 MB\n"
    assert described.run("bootinfo", "-K") == "64\n"
    assert described.run("getconf", "REAL_MEMORY") == "2097152\n"
    assert described.run("lsdev", "-Cc", "processor") == "proc0     Available 00-00        Processor\n"
    assert described.run("lsps", "-s").splitlines()[1] == "      4096MB               1%"
    assert described.run("instfix", "-ik", "5300-08_AIX_ML") == "    All filesets for 5300-08_AIX_ML were found.\n"
    assert "no data for 5300-10_AIX_ML" in described.run("instfix", "-ik", "5300-10_AIX_ML", code=1)


def test_tunables(aix: Userland) -> None:
    assert aix.run("no", "-o", "tcp_keepidle") == "tcp_keepidle = 14400\n"
    assert aix.run("no", "-p", "-o", "tcp_keepidle=600").startswith(
        "Setting tcp_keepidle to 600\nSetting tcp_keepidle to 600 in nextboot file\n"
    )
    assert aix.run("no", "-F", "-x", "tcp_keepidle") == "tcp_keepidle,600,14400,600,1,2147483647,halfsecond,C,\n"
    assert "1485-111" in aix.run("no", "-o", "ipqmaxlen=512", code=1)
    aix.run("no", "-r", "-o", "ipqmaxlen=512")
    assert aix.run("no", "-x", "ipqmaxlen").startswith("ipqmaxlen,100,100,512,")
    assert "unknown" in aix.run("vmo", "-o", "colour", code=1)
    assert "cannot be changed" in aix.run("vmo", "-p", "-o", "memory_frames=1", code=1)


def test_tunables_of_one_command_are_judged_together(aix: Userland) -> None:
    assert "maxclient% (90) must not exceed maxperm% (80)" in aix.run("vmo", "-p", "-o", "maxclient%=90", code=1)
    assert aix.run("vmo", "-x", "maxclient%").startswith("maxclient%,80,80,80,"), "a refused command changes nothing"
    aix.run("vmo", "-p", "-o", "maxclient%=90", "-o", "maxperm%=90")
    assert aix.run("vmo", "-x", "maxclient%").startswith("maxclient%,90,80,90,")


def test_the_error_log(aix: Userland) -> None:
    assert aix.run("errpt") == ""
    aix.run("errlogger", "stgw", "was", "here")
    assert "AA8AB241" in aix.run("errpt").splitlines()[1]
    assert "stgw was here\n" in aix.run("errpt", "-a")
    aix.run("errclear", "0")
    assert aix.run("errpt") == ""


def test_the_network(described: Userland) -> None:
    assert described.run("host", "db2srv1.ibm.com") == "db2srv1.ibm.com is 9.42.111.6\n"
    assert described.run("host", "db2srv1") == "db2srv1 is 9.42.111.6,  Aliases:   db2srv1.ibm.com\n"
    assert described.run("host", "nix", code=1) == "host: 0827-801 Host name nix does not exist.\n"
    assert "        inet 9.42.111.1 netmask 0xffffff00 broadcast 9.42.111.255\n" in described.run("ifconfig", "-a")
    assert "9.42.124.0/24      9.42.111.254      UG " in described.run("netstat", "-nr")
    assert described.run("netstat", "-an").splitlines()[1].startswith("Proto Recv-Q Send-Q  Local Address")


def test_processes(aix: Userland) -> None:
    me = str(os.getpid())
    header, line = aix.run("ps", "-o", "user,pid,ppid", "-p", me).splitlines()
    assert header.split() == ["USER", "PID", "PPID"]
    assert line.split()[1:] == [me, str(os.getppid())]
    assert aix.run("ps", "-p", me, "-o", "pid=").strip() == me
    assert aix.run("ps", "-p", "99999999", "-o", "pid=", code=1) == ""
    assert "UID     PID    PPID   C" in aix.run("ps", "-ef")
    assert "BSD" in aix.run("ps", "aux", code=99)


def test_what_the_lab_does_not_do_is_said(aix: Userland) -> None:
    for words in (("shutdown", "-Fr"), ("crontab", "-l"), ("at", "now"), ("passwd", "root"), ("telinit", "6")):
        assert ": lab: " in aix.run(*words, code=99)
