"""`target_facts`."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from ansible.errors import AnsibleActionFail

from tests.unit.plugins.conftest import RunModule
from tests.unit.plugins.fake_target import Answer

AIX = """\
Last login: never
system=aix
version=5.3.0.0
level=5300-07
service_level=5300-07-01-0748
hostname=db2srv1
clock=2008-03-01T12:00:00Z
cpus=2
model=IBM,7038-6M2
memory_kb=4194304
paging_mb=4096
filesystem=/:262144:131072
filesystem=/opt:1048576:524288
volume_group=rootvg:59648
address=192.0.2.10
listening=50000
listening=22
listening=22
product=db2:9.1.0.4:/opt/IBM/db2/V9.1
product=itds:6.1.0.0:idsldap.srv64bit61.rte
resolved=db2srv1
address_of=192.0.2.10
resolved=nosuch
path=/media/db2setup
type=file
size=10
path=/media
type=directory
path=/media/db2setup
sha1=9a0ca7e6d0d5f8e6cbfd2ac0ab75ff0e9f0a3a5b
"""

WINDOWS = r"""system=windows
version=5.2.3790
level=2
service_level=Microsoft(R) Windows(R) Server 2003, Standard Edition
hostname=DB2SRV2
clock=2008-03-01T12:00:00Z
cpus=2
model=eserver xSeries 365
memory_kb=4193836
paging_mb=6144
filesystem=C::41943040:20971520
address=192.0.2.20
address=fe80::1
listening=5985
product=db2:9.1.400.0:C:\Program Files\IBM\SQLLIB\
resolved=ldapsrv2
address_of=fe80::2
address_of=192.0.2.21
path=C:\stgw\media
type=directory
"""


def test_aix(run_module: RunModule) -> None:
    options = {
        "resolve": ["db2srv1", "nosuch"], "paths": ["/media", "/none"], "checksums": ["/media/db2setup"],
        "was_roots": ["/usr/IBM/WebSphere/STgateway"],
    }  # fmt: skip
    run = run_module("target_facts", options, [Answer("target_facts", AIX)])
    assert run.sent == [
        (
            "target_facts",
            {
                "names": ["db2srv1", "nosuch"],
                "paths": ["/media", "/none", "/media/db2setup"],
                "checksums": ["/media/db2setup"],
                "was_roots": ["/usr/IBM/WebSphere/STgateway"],
                "db2ls": "/usr/local/bin/db2ls",
            },
        )
    ]
    assert run.result["changed"] is False
    # The recorded clock is of another year: it is behind by the whole time since.
    assert -time.time() < run.result["facts"].pop("clock_offset_seconds") < -(10**8)
    assert run.result["facts"] == {
        "system": "aix",
        "version": "5.3.0.0",
        "level": "5300-07",
        "service_level": "5300-07-01-0748",
        "hostname": "db2srv1",
        "model": "IBM,7038-6M2",
        "clock": "2008-03-01T12:00:00Z",
        "cpus": 2,
        "memory_mb": 4096,
        "paging_mb": 4096,
        "filesystems": [
            {"mount": "/", "size_mb": 256, "free_mb": 128},
            {"mount": "/opt", "size_mb": 1024, "free_mb": 512},
        ],
        "volume_groups": [{"name": "rootvg", "free_mb": 59648}],
        "products": [
            {"name": "db2", "version": "9.1.0.4", "where": "/opt/IBM/db2/V9.1"},
            {"name": "itds", "version": "6.1.0.0", "where": "idsldap.srv64bit61.rte"},
        ],
        "addresses": ["192.0.2.10"],
        "listening": [22, 50000],
        "resolved": {"db2srv1": "192.0.2.10", "nosuch": ""},
        "paths": {
            "/media": {"type": "directory", "size_bytes": 0, "sha1": ""},
            "/none": {"type": "absent", "size_bytes": 0, "sha1": ""},
            "/media/db2setup": {
                "type": "file",
                "size_bytes": 10,
                "sha1": "9a0ca7e6d0d5f8e6cbfd2ac0ab75ff0e9f0a3a5b",
            },
        },
    }


@pytest.mark.parametrize(("ahead", "offset"), [(0, 0), (600, 600), (-600, -600)])
def test_clock(run_module: RunModule, ahead: int, offset: int) -> None:
    clock = datetime.fromtimestamp(time.time() + ahead, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    facts = run_module("target_facts", {}, [Answer("target_facts", f"clock={clock}\n")]).result["facts"]
    assert abs(facts["clock_offset_seconds"] - offset) <= 1


def test_windows(run_module: RunModule) -> None:
    options = {"resolve": ["ldapsrv2"], "paths": [r"C:\stgw\media"]}
    facts = run_module("target_facts", options, [Answer("target_facts", WINDOWS)], platform="windows").result["facts"]
    assert facts["filesystems"] == [{"mount": "C:", "size_mb": 40960, "free_mb": 20480}]
    assert facts["products"] == [{"name": "db2", "version": "9.1.400.0", "where": "C:\\Program Files\\IBM\\SQLLIB\\"}]
    assert facts["addresses"] == ["192.0.2.20"]
    assert facts["resolved"] == {"ldapsrv2": "192.0.2.21"}
    assert facts["paths"] == {r"C:\stgw\media": {"type": "directory", "size_bytes": 0, "sha1": ""}}


def test_a_name_that_could_be_a_flag_is_refused(run_module: RunModule) -> None:
    with pytest.raises(AnsibleActionFail, match="resolve: '-n' is not a host name"):
        run_module("target_facts", {"resolve": ["-n"]})
