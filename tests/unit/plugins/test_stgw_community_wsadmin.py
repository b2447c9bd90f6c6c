"""`stgw_community` by a program for wsadmin: the one of the Molecule scenario, on a cell in a folder."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from plugins.action.stgw_community import ActionModule
from tests.lab.products.was.cell import PATH, Cell
from tests.lab.products.was.client import CellTarget
from tests.unit.plugins.conftest import RunModule

EXAMPLE = Path(__file__).parents[3] / "molecule/standalone_gateway/files/communities.jy"
PARTNER: dict[str, Any] = {
    "name": "partner", "type": "sametime", "host": "gw", "port": 5060, "transport": "tcp",
    "domains": ["b.example", "a.example"], "users": ["*"],
}  # fmt: skip


class Gateway:
    """`gateway(*communities, **options)` is the module's result; `target` is the host."""

    def __init__(self, folder: Path) -> None:
        self.target = CellTarget(Cell(folder))

    def __call__(
        self, *communities: dict[str, Any], check: bool = False, program: Path = EXAMPLE, **more: Any
    ) -> dict[str, Any]:
        wsadmin = {"profile": PATH, "program": str(program), "user": "wasadmin", "password": "Adm1n!pw"}
        given = {"backend": "wsadmin", "wsadmin": wsadmin, "communities": list(communities), **more}
        validated = ArgumentSpecValidator(**ActionModule.SPEC).validate(given)
        assert not validated.error_messages
        action = ActionModule.__new__(ActionModule)
        action._task = SimpleNamespace(check_mode=check)
        return action.act(validated.validated_parameters, self.target)


@pytest.fixture
def gateway(tmp_path: Path) -> Gateway:
    return Gateway(tmp_path)


def test_one_launch_reads_and_one_changes_and_proves(gateway: Gateway) -> None:
    done = gateway(PARTNER, properties={"maxIMSessions": 5})
    assert done["operations"] == ["added community partner", "set property maxIMSessions"]
    assert done["state"]["communities"]["partner"]["domains"] == ["a.example", "b.example"]
    assert done["launches"] == 2
    assert len(gateway.target.launches) == 2
    again = gateway(PARTNER)
    assert (again["changed"], again["launches"]) == (False, 1)


def test_a_community_changes_and_goes(gateway: Gateway) -> None:
    gateway(PARTNER)
    assert gateway({"name": "partner", "port": 5062})["operations"] == ["changed community partner: port"]
    assert gateway(exact=True)["operations"] == ["removed community partner"]
    assert gateway()["state"] == {"communities": {}, "properties": {}}


def test_what_somebody_changes_meanwhile_is_kept(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway(PARTNER)
    launch, launches = gateway.target._launch, []

    def late(parameters: Any) -> str:
        launches.append(1)
        if len(launches) == 2:
            # Between read and change.
            monkeypatch.setattr(gateway.target, "_launch", launch)
            gateway({"name": "partner", "domains": ["new.example"]})
            monkeypatch.setattr(gateway.target, "_launch", late)
        return launch(parameters)

    monkeypatch.setattr(gateway.target, "_launch", late)
    state = gateway({"name": "partner", "users": []})["state"]["communities"]["partner"]
    assert (state["users"], state["domains"]) == ([], ["new.example"])


def test_check_mode_reads_only(gateway: Gateway) -> None:
    assert gateway(PARTNER, check=True)["changed"] is True
    assert "'dry': 1" in gateway.target.launches[0]
    gateway.target.running = []
    assert gateway(PARTNER, check=True)["launches"] == 0


def test_a_dry_run_before_there_is_a_profile(gateway: Gateway) -> None:
    gateway.target.empty = True
    assert gateway(PARTNER, check=True)["changed"] is True
    with pytest.raises(AnsibleActionFail, match=r"wsadmin\.profile: there is no profile"):
        gateway(PARTNER)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "def read_communities():\n    return {'communities': {'p': {}}, 'properties': {}}\n",
            "read_communities.. returned",
        ),
        ("def read_communities():\n    raise ValueError('Adm1n!pw, no')\n", r"ValueError'>: \*\*\*\*\*\*\*\*, no"),
        ("NAME = 1\n", "read_communities"),
    ],
)
def test_a_program_that_goes_wrong_is_told(gateway: Gateway, tmp_path: Path, text: str, said: str) -> None:
    program = tmp_path / "program.py"
    program.write_text(text)
    gateway.target.hide(["Adm1n!pw"])
    with pytest.raises(AnsibleActionFail, match=rf"wsadmin\.program: .*{said}"):
        gateway(PARTNER, program=program)


def test_a_program_that_does_not_do_what_it_is_told_is_noticed(gateway: Gateway, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(EXAMPLE.read_text().replace("for operation in operations", "for operation in []"))
    with pytest.raises(AnsibleActionFail, match="the change did not take effect"):
        gateway(PARTNER, program=program)


def test_a_program_is_a_text_that_the_controller_has(run_module: RunModule, tmp_path: Path) -> None:
    options = {"profile": "/was", "program": str(tmp_path / "none.py")}
    with pytest.raises(AnsibleActionFail, match=r"wsadmin\.program: .*none.py cannot be read on the controller"):
        run_module("stgw_community", {"backend": "wsadmin", "wsadmin": options})


@pytest.mark.parametrize("backend", ["database", "recorded", "wsadmin"])
def test_a_back_end_needs_its_options(run_module: RunModule, backend: str) -> None:
    with pytest.raises(AnsibleActionFail, match=f"backend is {backend} but"):
        run_module("stgw_community", {"backend": backend})
