"""How runs are spread: job slicing tears cells apart, an inventory and a node of a workflow for each does not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from tests.unit.test_awx_data import problems, shipped

CELLS = [f"cell{number:03}" for number in range(1, 101)]
KINDS = {
    "deployment_managers": "dm1",
    "primary_nodes": "pn1",
    "secondary_nodes": "sn1",
    "sip_proxies": "sip1",
    "db2_servers": "db1",
}
VARIABLES = Path(__file__).parents[2] / "playbooks/group_vars/all/cell.yml"


def groups_of(hosts: list[str]) -> dict[str, list[str]]:
    """The groups of an inventory with 100 cells, of which only `hosts` are there."""
    groups = {kind: [f"{cell}-{end}" for cell in CELLS] for kind, end in KINDS.items()}
    groups |= {cell: [f"{cell}-{end}" for end in KINDS.values()] for cell in CELLS}
    return {name: [host for host in members if host in hosts] for name, members in groups.items()}


ALL = sorted(f"{cell}-{end}" for cell in CELLS for end in KINDS.values())


def slice_of(number: int, count: int) -> list[str]:
    """What AWX gives to one slice: `Inventory.get_script_data` takes every count-th host in the order of names."""
    return ALL[number - 1 :: count]


def cell_as_the_plays_see_it(cell: str, hosts: list[str]) -> list[str]:
    variables: dict[str, Any] = DataLoader().load_from_file(str(VARIABLES), trusted_as_template=True)
    templar = Templar(loader=None, variables=variables | {"groups": groups_of(hosts), "stgw_site": cell})
    seen: list[str] = templar.template(variables["stgw_cell_hosts"])
    return seen


@pytest.mark.parametrize("count", [2, 3, 10, 100])
def test_job_slicing_leaves_no_cell_whole(count: int) -> None:
    for number in (1, count):
        hosts = set(slice_of(number, count))
        for cell in CELLS:
            of_cell = {f"{cell}-{end}" for end in KINDS.values()}
            assert not of_cell <= hosts


def test_the_plays_of_a_slice_would_take_what_is_left_for_the_whole_cell() -> None:
    assert len(cell_as_the_plays_see_it("cell001", ALL)) == 4
    # No error, a smaller cell: that is why templates with slices are refused.
    assert 0 < len(cell_as_the_plays_see_it("cell001", slice_of(1, 2))) < 4


def test_a_hundred_sites_are_a_hundred_inventories_and_nodes_that_wait_for_nobody() -> None:
    sites = [{"name": cell, "source_path": f"inventories/{cell}", "limit": cell} for cell in CELLS]
    made = shipped(awx_sites=sites)
    assert problems(made) == []
    nodes = made["controller_workflows"][1]["workflow_nodes"]
    assert [(node["inventory"]["name"], node["limit"]) for node in nodes] == [
        (f"Sametime {cell}", cell) for cell in CELLS
    ]
    assert not any("related" in node for node in nodes)
    groups = {one["name"]: one["instance_groups"] for one in made["controller_inventories"]}
    assert groups == {f"Sametime {cell}": [f"stgw-{cell}"] for cell in CELLS}
    # The workflow that each of them starts may run many times at once, and so may its templates.
    started = [made["controller_workflows"][0], *made["controller_templates"]]
    assert all(
        one["allow_simultaneous"] and one["ask_limit_on_launch"] and one["ask_inventory_on_launch"] for one in started
    )
