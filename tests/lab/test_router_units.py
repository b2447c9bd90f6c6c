"""Units of systemd on the lab's Linux machine, and settings of WinSW: what the lab does not act on is refused."""

from __future__ import annotations

import pytest

from lab.products.winsw import wrapper
from lab.router.systemd import units

UNIT = "[Unit]\nDescription=x\n\n[Service]\nType=notify\nExecStart=/usr/bin/python3 a -c 'b c'\nWatchdogSec=30\n"
XML = "<service><id>sipnat</id><executable>C:\\p.exe</executable>{}</service>"


def test_a_unit_is_read() -> None:
    unit = units.parse(UNIT)
    assert unit.notify
    assert unit.command == ("/usr/bin/python3", "a", "-c", "b c")
    assert (unit.watchdog, unit.user) == (30, "root")


@pytest.mark.parametrize(
    "text",
    [
        UNIT.replace("WatchdogSec", "WatchDogSec"),
        UNIT.replace("[Service]", "[Servce]"),
        UNIT.replace("notify", "forking"),
        UNIT.replace("/usr/bin/python3", "python3"),
        UNIT.replace("30", "half a minute"),
        UNIT + "ExecStart=/usr/bin/true\n",
        "[Service]\nUser=x\n",
    ],
)
def test_a_unit_that_the_lab_cannot_run_is_refused(text: str) -> None:
    with pytest.raises(units.BadUnit):
        units.parse(text)


def test_settings_of_winsw_are_read() -> None:
    settings = wrapper.read(XML.format("<logpath>%BASE%\\logs</logpath><stoptimeout>3 sec</stoptimeout>"), "C:\\x")
    assert (settings.log_folder, settings.stop_within) == ("C:\\x\\logs", 3)


@pytest.mark.parametrize("more", ["<exe>x</exe>", "<stoptimeout>soon</stoptimeout>", "<id>", "<onfailure/>"])
def test_settings_of_winsw_that_mean_nothing_are_refused(more: str) -> None:
    with pytest.raises(wrapper.BadSettings):
        wrapper.read(XML.format(more), "C:\\x")
