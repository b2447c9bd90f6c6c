"""The scenario, deployed on a lab of its own, for all tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lab import gateway_cell
from tests.lab.call.community import BOB
from tests.lab.call.people import Person
from tests.lab.conftest import Lab, new_lab

# Directories are not asked while two communities talk.
_HOSTS = "!ldap_servers"


@pytest.fixture(scope="package")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The lab, up, after `site.yml`."""
    lab = new_lab(tmp_path_factory.mktemp("call"))
    lab.ok("up")
    gateway_cell.succeed(lab, "site.yml", limit=_HOSTS)
    yield lab
    lab("clean")


@pytest.fixture
def alice(scenario: Lab) -> Person:
    """Of rtp.example, online and without a chat when a test begins."""
    person = Person(scenario, "alice@rtp.example")
    assert person.does("set", "online").worked
    for ended in ("close", "forget"):
        person.does(ended, BOB)
    return person
