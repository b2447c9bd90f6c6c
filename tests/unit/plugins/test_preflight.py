"""The judgements of the role preflight."""

from __future__ import annotations

from typing import Any

import pytest

from plugins.plugin_utils import _preflight

MEDIA = {"db2/db2setup": "/stgw/media/db2/db2setup"}


def wanted(**changes: Any) -> dict[str, Any]:
    return {
        "versions": {"aix": "5.3", "windows": "5.2"},
        "levels": {"aix": "5300-07", "windows": "SP2"},
        "products": ["db2"],
        "requirements": {
            "db2": {
                "memory_mb": 512,
                "memory_recommended_mb": 1024,
                "installed_as": "db2",
                "aix": {"disk": {"/opt/IBM": 1500, "/tmp": 512}, "media": list(MEDIA)},
                "windows": {"disk": {"c:\\Program Files": 2048}},
            }
        },
        "media": MEDIA,
        "checksums": {"db2/db2setup": "ABCDEF"},
        "checksums_required": True,
        "names": ["ldapsrv1.rtp.example"],
    } | changes


def facts(**changes: Any) -> dict[str, Any]:
    return {
        "system": "aix",
        "version": "5.3.0.0",
        "level": "5300-07",
        "memory_mb": 4096,
        "filesystems": [
            {"mount": "/", "size_mb": 256, "free_mb": 100},
            {"mount": "/opt", "size_mb": 2048, "free_mb": 1600},
            {"mount": "/tmp", "size_mb": 1024, "free_mb": 600},
        ],
        "volume_groups": [],
        "products": [],
        "resolved": {"ldapsrv1.rtp.example": "192.0.2.7"},
        "paths": {"/stgw/media/db2/db2setup": {"type": "file", "size_bytes": 10, "sha1": "abcdef"}},
    } | changes


def windows(**changes: Any) -> dict[str, Any]:
    drive = {"mount": "C:", "size_mb": 4096, "free_mb": 3000}
    return facts(system="windows", version="5.2.3790", level="2", filesystems=[drive]) | changes


def checks(found: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(finding["check"], finding["severity"]) for finding in found]


def test_nothing_to_say_about_a_host_that_is_right() -> None:
    assert _preflight.findings("db2srv1", wanted(), facts()) == []
    assert _preflight.findings("db2srv2", wanted(), windows()) == []


@pytest.mark.parametrize(
    ("version", "level", "right"),
    [
        ("5.3.0.0", "5300-06", False),
        ("5.3.0.0", "5300-12", True),
        ("5.2.0.0", "5200-10", False),
        ("6.1.0.0", "6100-01", True),
    ],
)
def test_operating_system_of_aix(version: str, level: str, right: bool) -> None:
    found = _preflight.findings("db2srv1", wanted(), facts(version=version, level=level))
    assert checks(found) == ([] if right else [("operating system", "error")])


@pytest.mark.parametrize(("version", "level", "right"), [("5.2.3790", "1", False), ("6.0.6001", "0", True)])
def test_operating_system_of_windows(version: str, level: str, right: bool) -> None:
    found = _preflight.findings("db2srv2", wanted(), windows(version=version, level=level))
    assert checks(found) == ([] if right else [("operating system", "error")])


@pytest.mark.parametrize(("memory", "severity"), [(1024, None), (1023, "warning"), (512, "warning"), (511, "error")])
def test_memory(memory: int, severity: str | None) -> None:
    found = _preflight.findings("db2srv1", wanted(), facts(memory_mb=memory))
    assert checks(found) == ([("memory", severity)] if severity else [])


def test_disk_is_that_of_the_file_system_that_holds_the_path() -> None:
    small = [{"mount": "/", "size_mb": 9000, "free_mb": 9000}, {"mount": "/opt", "size_mb": 2048, "free_mb": 1499}]
    (finding,) = _preflight.findings("db2srv1", wanted(), facts(filesystems=small))
    assert (finding["check"], finding["found"], finding["wanted"]) == ("disk", "1499 MB free on /opt", "1500 MB free")


def test_products_on_one_file_system_add_up() -> None:
    requirements = {name: {"aix": {"disk": {"/opt": 1000}}} for name in ("one", "two")}
    want = wanted(products=["one", "two"], requirements=requirements)
    (finding,) = _preflight.findings("db2srv1", want, facts())
    assert finding["wanted"] == "2000 MB free"


@pytest.mark.parametrize(("spare", "right"), [(499, False), (500, True)])
def test_file_systems_can_grow_by_what_the_volume_group_has(spare: int, right: bool) -> None:
    small = [
        {"mount": "/opt", "size_mb": 2048, "free_mb": 1300},
        {"mount": "/tmp", "size_mb": 512, "free_mb": 212},
    ]
    seen = facts(filesystems=small, volume_groups=[{"name": "rootvg", "free_mb": spare}])
    assert checks(_preflight.findings("db2srv1", wanted(), seen)) == ([] if right else [("disk", "error")] * 2)


def test_paths_of_windows_know_no_case() -> None:
    drive = {"mount": "C:", "size_mb": 4096, "free_mb": 2047}
    assert checks(_preflight.findings("db2srv2", wanted(), windows(filesystems=[drive]))) == [("disk", "error")]


@pytest.mark.parametrize(
    ("seen", "found"),
    [
        ({"type": "absent", "sha1": ""}, "/stgw/media/db2/db2setup: absent"),
        ({"type": "directory", "sha1": ""}, "/stgw/media/db2/db2setup: directory"),
        ({"type": "file", "sha1": "123456"}, "/stgw/media/db2/db2setup: SHA-1 123456"),
    ],
)
def test_media(seen: dict[str, str], found: str) -> None:
    (finding,) = _preflight.findings("db2srv1", wanted(), facts(paths={"/stgw/media/db2/db2setup": seen}))
    assert (finding["check"], finding["severity"], finding["found"]) == ("media", "error", found)


@pytest.mark.parametrize(("required", "severity"), [(True, "error"), (False, "warning")])
def test_media_without_a_known_checksum(required: bool, severity: str) -> None:
    found = _preflight.findings("db2srv1", wanted(checksums={}, checksums_required=required), facts())
    assert checks(found) == [("media", severity)]


def test_an_installed_product_needs_neither_room_nor_media() -> None:
    db2 = {"name": "db2", "version": "9.1.0.4", "where": "/opt/IBM/db2/V9.1"}
    seen = facts(products=[db2], filesystems=[{"mount": "/", "size_mb": 256, "free_mb": 0}], paths={})
    assert _preflight.findings("db2srv1", wanted(), seen) == []


@pytest.mark.parametrize(("kind", "checks_left"), [("file", []), ("absent", [("media", "error")])])
def test_a_path_may_tell_that_a_product_is_installed(kind: str, checks_left: list[tuple[str, str]]) -> None:
    requirements = {"domino": {"aix": {"installed_path": "/opt/ibm/lotus/server", "media": ["domino/install"]}}}
    asked = wanted(
        products=["domino"], requirements=requirements, media={"domino/install": "/stgw/media/domino/install"}
    )
    seen = facts(paths={"/opt/ibm/lotus/server": {"type": kind, "size_bytes": 1, "sha1": ""}})
    assert checks(_preflight.findings("stsrv1", asked, seen)) == checks_left


def test_names() -> None:
    names = {"ldapsrv1.rtp.example": "", "stgdm1.rtp.example": ""}
    (finding,) = _preflight.findings("db2srv1", wanted(names=list(names)), facts(resolved=names))
    assert finding["found"] == "unknown: ldapsrv1.rtp.example, stgdm1.rtp.example"


def test_secrets_are_named_and_not_shown() -> None:
    values = {"vault_a": "", "vault_b": "CHANGE_ME_really", "vault_c": "a good one", "vault_d": None}
    found = _preflight.secrets("db2srv1", values)
    assert [finding["found"] for finding in found] == [
        "vault_a: not set",
        "vault_b: the example's placeholder",
        "vault_d: not set",
    ]
    assert "really" not in str(found)


def clocks(**offsets: int) -> list[dict[str, str]]:
    return _preflight.clocks([{"host": host, "ahead_seconds": value} for host, value in offsets.items()], 300)


def test_clocks_that_agree_may_all_be_wrong() -> None:
    assert clocks(a=4000, b=4300) == []
    assert clocks() == []


def test_the_clock_that_differs_is_named() -> None:
    (finding,) = clocks(a=0, b=2, c=400)
    assert (finding["host"], finding["found"]) == ("c", "+398 s against the others")


def test_clocks_spread_to_both_sides() -> None:
    assert [finding["host"] for finding in clocks(a=-160, b=0, c=160)] == ["a", "c"]


def test_table_has_errors_first_and_cuts_nothing() -> None:
    cure = "correct it in the inventory, " * 4
    lines = _preflight.table(
        [
            {"severity": "warning", "host": "a", "check": "memory", "found": "x", "wanted": "y", "cure": "z"},
            {"severity": "error", "host": "b", "check": "c", "found": "1\n2", "wanted": "", "cure": cure},
        ]
    ).splitlines()
    assert lines[0].split() == ["host", "check", "found", "wanted", "cure"]
    assert lines[2].split()[:5] == ["error", "b", "c", "1", "2"]
    assert lines[-1].split() == ["warning", "a", "memory", "x", "y", "z"]
    column = lines[0].index("cure")
    assert " ".join(line[column:].strip() for line in lines[2:-1]) == cure.strip()
    assert max(map(len, lines)) <= 160
