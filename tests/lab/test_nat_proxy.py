"""The role `nat_proxy` on an AIX host: another version, one that does not work, runs that were broken off."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lab.settings import REPOSITORY
from tests.lab.commands import traced
from tests.lab.conftest import Lab
from tests.lab.gateway_cell import Played, ansible_playbook

PLAYBOOK = Path(__file__).parent / "nat_proxy/proxy.yml"
HOST = "sipproxy1"
CONFIG = "/etc/sipnat/sipnat.json"
TOKEN = "/var/sipnat/sipnat/admin.token"
STATUS = f"/opt/freeware/bin/python3 $(ls /opt/sipnat/*.pyz | tail -n 1) ctl -c {CONFIG} status"
DEBUG = {"stgw_nat_proxy_settings": {"log": {"level": "debug"}}}


def play(lab: Lab, collections: Path | None = None, /, **variables: Any) -> Played:
    """Play it, with the collection in another folder than this one."""
    where = {"ANSIBLE_COLLECTIONS_PATH": str(collections)} if collections else {}
    argv = [str(PLAYBOOK), "-vvv", "--diff", "-i", "inventories/rtp", "-i", str(lab.settings.overlay)]
    return ansible_playbook(lab, *argv, "-e", json.dumps(variables), environment=where)


def succeed(lab: Lab, collections: Path | None = None, /, **variables: Any) -> Played:
    played = play(lab, collections, **variables)
    assert played.rc == 0, played.shown
    return played


def on_host(lab: Lab, command: str) -> str:
    done = lab.ssh(HOST, command)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def status(lab: Lab) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(on_host(lab, STATUS))
    return said


def process(lab: Lab) -> str:
    return on_host(lab, "lssrc -s sipnat | awk 'NR == 2 { print $2 }'").strip()


def in_force(lab: Lab) -> bool:
    """Whether the configuration that works is the one in the file."""
    text = on_host(lab, f"cat {CONFIG}")
    return bool(status(lab)["configuration"] == hashlib.sha256(text.encode()).hexdigest())


def another_collection(folder: Path, source: dict[str, tuple[str, str]]) -> Path:
    """A copy of what the role needs, with texts of the proxy's source replaced."""
    tree = folder / "ansible_collections/sametime/gateway"
    for part in ("galaxy.yml", "LICENSES", "meta", "plugins", "roles/nat_proxy", "files/proxy/src"):
        place = tree / part
        place.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (REPOSITORY / part).is_dir() else shutil.copyfile
        copy(REPOSITORY / part, place)
    for name, (old, new) in source.items():
        file = tree / "files/proxy/src/sipnat" / name
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")
    return folder


NEWER = {"__init__.py": ('__version__ = "', '__version__ = "9')}
BROKEN = NEWER | {"service/__init__.py": ("        return _serve(path", "        return 1 or _serve(path")}


@pytest.fixture
def proxied(lab: Lab) -> Iterator[Lab]:
    """A lab in which the proxy runs as this collection has it."""
    succeed(lab)
    yield lab


def test_a_version_that_works_takes_the_place_of_the_former(proxied: Lab, tmp_path: Path) -> None:
    former = status(proxied)
    newer = another_collection(tmp_path, NEWER)
    assert succeed(proxied, newer).changed > 0
    assert status(proxied)["version"] == "9" + former["version"]
    assert on_host(proxied, "ls /opt/sipnat").split() == [status(proxied)["program"].rpartition("/")[2]]
    assert succeed(proxied, newer).changed == 0


def test_a_version_that_does_not_work_leaves_the_former_running(proxied: Lab, tmp_path: Path) -> None:
    former = status(proxied)
    text = on_host(proxied, f"cat {CONFIG}")
    failed = play(
        proxied,
        another_collection(tmp_path, BROKEN),
        nat_proxy_timeout=2,
        stgw_nat_proxy_settings={"limits": {"drain": 0}},
    )
    assert failed.rc != 0
    # Whether it is seen to end or only not to answer depends on how fast the machine is.
    assert re.search("is inoperative and not active|is not as healthy as it was after 2 seconds", failed.said), (
        failed.shown
    )
    assert "The former program and configuration run again." in failed.said
    assert status_by(proxied, former["program"])["program"] == former["program"]
    assert on_host(proxied, f"cat {CONFIG}") == text
    # The next run of what works only takes away the program that nobody runs.
    assert succeed(proxied).changed == 1


def status_by(lab: Lab, program: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(on_host(lab, f"/opt/freeware/bin/python3 {program} ctl -c {CONFIG} status"))
    return said


def test_what_it_reads_while_it_runs_does_not_start_it_anew(proxied: Lab) -> None:
    before = process(proxied)
    assert succeed(proxied, **DEBUG).changed == 2
    assert process(proxied) == before
    assert in_force(proxied)


def test_a_run_that_was_broken_off_before_the_start_is_completed(proxied: Lab) -> None:
    wanted = json.loads(on_host(proxied, f"cat {CONFIG}"))
    wanted["log"]["level"] = "debug"
    # As it is when the controller is lost behind the writing of the file.
    done = proxied.ssh(HOST, f"cat >{CONFIG}", stdin=json.dumps(wanted, indent=4, sort_keys=True) + "\n")
    assert done.returncode == 0, done.stderr
    assert not in_force(proxied)
    assert succeed(proxied, **DEBUG).changed == 1
    assert in_force(proxied)
    assert succeed(proxied, **DEBUG).changed == 0


def test_it_is_started_again_when_it_ends_by_itself(proxied: Lab) -> None:
    before = process(proxied)
    on_host(proxied, f"kill -9 {before}")
    deadline = time.monotonic() + 20
    while process(proxied) in ("", before) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert process(proxied) not in ("", before)
    assert succeed(proxied).changed == 0


def test_nobody_sees_its_secret_and_nothing_of_it_stays(lab: Lab) -> None:
    with traced(lab, HOST) as commands:
        shown = succeed(lab).shown + succeed(lab, **DEBUG).shown
        token = on_host(lab, f"cat {TOKEN}").strip()
        gone = succeed(lab, nat_proxy_state="absent")
    assert len(token) > 20
    assert token not in shown + gone.shown
    assert not [line for line in commands if token in line]
    ask = ("ls -d /opt/sipnat /etc/sipnat /var/sipnat", "lsuser sipnat", "lsgroup sipnat", "lssrc -s sipnat")
    assert on_host(lab, "; ".join(f"{command} 2>/dev/null" for command in (*ask, "lsitab sipnat", ":"))) == ""
    assert succeed(lab, nat_proxy_state="absent").changed == 0
