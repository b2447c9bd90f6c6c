"""Which tests one of several workers gets at once."""

from __future__ import annotations

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling, Scheduling

# Files whose tests share a lab, which takes minutes to install.
_LABS = {
    "call": [f"tests/lab/call/test_{name}.py" for name in ("breaks", "community", "failover", "phone")],
    "cell": [f"tests/lab/test_{name}.py" for name in ("cell_drift", "was_examples", "was_modules")],
}
_LAB_OF = {file: lab for lab, files in _LABS.items() for file in files}


class LoadLabScheduling(LoadFileScheduling):  # type: ignore[misc]  # pytest-xdist is not typed
    """All tests of a lab, or else of a file, in the order of collection: those that take long come first."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return _LAB_OF.get(file, file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Scheduling:
    config.option.loadscopereorder = False
    return LoadLabScheduling(config, log)
