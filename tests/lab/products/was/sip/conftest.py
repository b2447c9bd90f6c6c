"""The cell of these tests."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lab.products.was.servers.runtime import Runtime
from lab.products.was.sip import assembly
from lab.products.was.sip.container import Container
from tests.lab.products.was.sip.site import Echo, Site


@pytest.fixture(scope="session")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The cell: it takes a second to lay one."""
    return Site(tmp_path_factory.mktemp("site"))


@pytest.fixture
def site(laid: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A new cell whose members have an application that says yes."""
    laid.renew()

    def application(server: Runtime) -> Callable[[Container], Echo]:
        return lambda container: laid.apps.setdefault(server.node, Echo(container))

    monkeypatch.setattr(assembly, "_application", application)
    return laid
