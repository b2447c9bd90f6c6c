"""The cell of these tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lab.products.was.servers.runtime import Runtime
from lab.products.was.sip import assembly
from lab.products.was.sip.container import Container
from tests.lab.products.was.sip.site import Echo, Site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A cell whose members have an application that says yes."""
    made = Site(tmp_path)

    def application(server: Runtime) -> Callable[[Container], Echo]:
        def open_application(container: Container) -> Echo:
            return made.apps.setdefault(server.node, Echo(container))

        return open_application

    monkeypatch.setattr(assembly, "_application", application)
    return made
