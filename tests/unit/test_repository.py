"""The repository as a whole: what is declared in two places agrees, and what must not be in it is not."""

from __future__ import annotations

import fnmatch
import re
import subprocess
from pathlib import Path

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
GALAXY = yaml.safe_load((REPOSITORY / "galaxy.yml").read_text())

NEEDED_AT_RUN_TIME = ("meta/", "playbooks/", "plugins/", "roles/")
ALLOWED_IN_ARTIFACT = (*NEEDED_AT_RUN_TIME, "LICENSES/", "changelogs/", "docs/", "files/", "inventories/rtp/")
ALLOWED_FILES = {"README.md", "CHANGELOG.rst"}

UNWANTED_TEXT = {
    "a path of one machine": re.compile(rf"(?<![\w.-])({REPOSITORY}|{Path.home()})/(?!\.)"),
    "unfinished work": re.compile(r"\b(TODO|FIXME|XXX)\b"),
}


def committed_or_new() -> list[str]:
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listing.stdout.splitlines() if (REPOSITORY / name).is_file()]


def test_requirements_are_pinned_and_agree_with_the_constraints() -> None:
    constraints = set((REPOSITORY / "constraints.txt").read_text().splitlines())
    for name in ("requirements.txt", "requirements-dev.txt"):
        for line in (REPOSITORY / name).read_text().splitlines():
            if line and not line.startswith(("#", "-r ")):
                assert line in constraints, f"{name}: {line}"


def test_every_requirement_and_debian_package_has_a_reason() -> None:
    reasons = (REPOSITORY / "docs/dependencies.md").read_text()
    lines = [
        line
        for name in ("requirements.txt", "requirements-dev.txt", "debian-packages.txt")
        for line in (REPOSITORY / name).read_text().splitlines()
        if line and not line.startswith(("#", "-r "))
    ]
    for line in lines:
        package = re.split(r"==|\s", line)[0]
        assert f"`{package}`" in reasons, package


def test_the_artifact_holds_what_a_run_needs_and_no_workbench() -> None:
    ignored = GALAXY["build_ignore"]
    for name in committed_or_new():
        parts = Path(name).parts
        prefixes = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        if any(fnmatch.fnmatch(prefix, pattern) for prefix in prefixes for pattern in ignored):
            assert not name.startswith(NEEDED_AT_RUN_TIME), f"{name} is left out of the artifact"
        elif name not in {"galaxy.yml", ".gitignore"}:
            assert name.startswith(ALLOWED_IN_ARTIFACT) or name in ALLOWED_FILES, f"{name} would be in the artifact"


@pytest.mark.parametrize("what", UNWANTED_TEXT)
def test_no_file_holds(what: str) -> None:
    pattern = UNWANTED_TEXT[what]
    own = Path(__file__).resolve()
    for name in committed_or_new():
        path = REPOSITORY / name
        if path.is_symlink() or path == own:
            continue
        text = path.read_text("utf-8", "replace")
        assert not pattern.search(text), f"{name}: {pattern.search(text)}"


def test_every_role_tells_what_it_is() -> None:
    for role in sorted(path for path in (REPOSITORY / "roles").iterdir() if path.is_dir()):
        assert (role / "README.md").is_file(), role.name
        specs = yaml.safe_load((role / "meta/argument_specs.yml").read_text())["argument_specs"]
        for entry_point, spec in specs.items():
            assert spec.get("description"), f"{role.name}: {entry_point}"
            for option, details in (spec.get("options") or {}).items():
                assert details.get("description"), f"{role.name}: {entry_point}: {option}"
        defaults = yaml.safe_load((role / "defaults/main.yml").read_text()) or {}
        described = {option for spec in specs.values() for option in spec.get("options") or {}}
        assert set(defaults) <= described, f"{role.name}: defaults without a description"
        for name in defaults:
            assert name.startswith(f"{role.name}_"), f"{role.name}: {name}"


def test_the_evidence_index_links_every_product() -> None:
    index = (REPOSITORY / "docs/evidence.md").read_text()
    for page in sorted((REPOSITORY / "docs/evidence").glob("*.md")):
        assert f"(evidence/{page.name})" in index, page.name


def _scenarios_in_order() -> list[str]:
    gate = (REPOSITORY / "tests/gates/molecule").read_text("utf-8")
    order = re.search(r"^order=\((.*?)^\)", gate, re.MULTILINE | re.DOTALL)
    assert order
    return order[1].split()


def test_every_scenario_has_its_place_in_the_order() -> None:
    scenarios = {path.parent.name for path in (REPOSITORY / "molecule").glob("*/molecule.yml")}
    assert sorted(_scenarios_in_order()) == sorted(scenarios - {"default", "site"})


@pytest.mark.parametrize("scenario", _scenarios_in_order())
def test_what_is_said_to_be_there_from_earlier_scenarios_is(scenario: str) -> None:
    order = _scenarios_in_order()
    prepare = REPOSITORY / "molecule" / scenario / "prepare.yml"
    plays = yaml.safe_load(prepare.read_text("utf-8")) if prepare.exists() else []
    for play in plays:
        if play.get("tags") != ["earlier"]:
            continue
        playbook = (prepare.parent / play["ansible.builtin.import_playbook"]).read_text("utf-8")
        roles = set(re.findall(r"import_role:\n +name: sametime\.gateway\.(\w+)", playbook))
        assert roles, play
        assert roles <= set(order[: order.index(scenario)]), play
