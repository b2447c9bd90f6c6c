"""The execution environment holds what the repository says elsewhere: versions of a run, the artifact of today."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
IMAGE = yaml.safe_load((REPOSITORY / "execution-environment.yml").read_text("utf-8"))["dependencies"]


def pins(name: str) -> set[str]:
    return {line for line in (REPOSITORY / name).read_text("utf-8").splitlines() if "==" in line and line[0] != "#"}


def test_the_image_has_the_versions_of_a_run() -> None:
    packages = {IMAGE["ansible_core"]["package_pip"], *IMAGE["python"]}
    assert pins("requirements.txt") <= packages
    assert packages <= pins("constraints.txt")


def test_the_image_gets_the_artifact_of_this_version() -> None:
    galaxy = yaml.safe_load((REPOSITORY / "galaxy.yml").read_text("utf-8"))
    files = [one["name"] for one in IMAGE["galaxy"]["collections"] if one.get("type") == "file"]
    assert files == [f"artifact/{galaxy['namespace']}-{galaxy['name']}-{galaxy['version']}.tar.gz"]


def test_other_images_get_what_a_run_needs() -> None:
    needs = (REPOSITORY / "meta/ee-requirements.txt").read_text("utf-8").split("\n")
    named = {re.split(r"[ =<>]", need)[0] for need in needs if need}
    assert named | {"ansible-core"} == {pin.split("==")[0] for pin in pins("requirements.txt")}


def test_every_version_that_is_allowed_is_tried() -> None:
    allowed = yaml.safe_load((REPOSITORY / "meta/runtime.yml").read_text("utf-8"))["requires_ansible"]
    first, behind = map(int, re.findall(r"2\.(\d+)\.0", allowed))
    gate = (REPOSITORY / "tests/gates/versions").read_text("utf-8")
    workflow = (REPOSITORY / ".github/workflows/ci.yml").read_text("utf-8")
    for minor in range(first, behind):
        assert f"[2.{minor}]='ansible-core==2.{minor}." in gate
        assert f"versions VERSION=2.{minor}\n" in workflow
