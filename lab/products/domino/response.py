"""What an options file of Domino's silent installation may say, and what is wrong with one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from lab.products.was.installation.ismp import Setting

LICENCE = "licenseAccepted"
LOCATION = "installLocation"
DATA = "normalData.installLocationData"
USER = "NameUserGroupPanel.UserName"
GROUP = "NameUserGroupPanel.GroupName"
SETUP_TYPE = "SetupTypePanel.selectedSetupTypeId"
SERVER_SETUP = "ServerSetupPanel.ServerSetupType"
DATA_ONLY = "InstallDataOnlyOptionPanel.InstallDataOnly"

OPTIONS = (LICENCE, LOCATION, DATA, USER, GROUP, SETUP_TYPE, SERVER_SETUP, DATA_ONLY)
FEATURES = (
    "LicenseFeature", "ProgramFilesFeature", "ClusteringSupportFeature", "DataFilesFeature", "DECSFeature",
    "DOLSFeature", "DWAFeature", "SametimeIntegrationFeature", "OSIntegFeature",
)  # fmt: skip

Check = Callable[[str], str | None]
"""What is wrong with a value, or None."""


def _one_of(*values: str) -> Check:
    return lambda value: None if value in values else f"must be one of {', '.join(values)}"


def _pattern(regex: str, meaning: str) -> Check:
    return lambda value: None if re.fullmatch(regex, value) else f"must be {meaning}"


_BOOLEAN = _one_of("true", "false")
_PATHS: Mapping[str, Check] = {
    "aix": _pattern(r"/(?!.*\.\.)[A-Za-z0-9_./-]+", "an absolute path without blanks"),
    "windows": _pattern(r"[A-Za-z]:\\[^<>|?*\"/]+", "a path that begins with a drive"),
}
_UNIX_NAME = _pattern("[a-z_][a-z0-9_]{0,7}", "a name of 1 to 8 small letters, digits and _")


def _known(platform: str) -> Mapping[tuple[str, str], Check]:
    path = _PATHS[platform]
    common: dict[tuple[str, str], Check] = {
        ("G", LICENCE): _BOOLEAN,
        ("P", LOCATION): path,
        ("W", DATA): path,
        ("W", DATA_ONLY): _BOOLEAN,
        ("W", SETUP_TYPE): _one_of("EnterpriseServer", "MessagingServer", "UtilityServer", "Custom"),
        ("W", SERVER_SETUP): _one_of("Manual", "Local", "Remote"),
        **{("P", f"{feature}.active"): _BOOLEAN for feature in FEATURES},
    }
    accounts = {("W", USER): _UNIX_NAME, ("W", GROUP): _UNIX_NAME}
    return common | accounts if platform == "aix" else common


def problems(settings: Sequence[Setting], platform: str) -> Iterator[str]:
    """Everything wrong with the settings of an options file."""
    known = _known(platform)
    for setting in settings:
        check = known.get((setting.switch, setting.key))
        if check is None:
            yield f"The option -{setting.switch} {setting.key} is not known to this installation."
        elif wrong := check(setting.value):
            yield f'The value "{setting.value}" of {setting.key} is not valid: it {wrong}.'
    values = {setting.key: setting.value for setting in settings}
    needed = [LOCATION, DATA, *((USER, GROUP) if platform == "aix" else ())]
    yield from (f"The option {key} is missing." for key in needed if key not in values)
    if values.get(LICENCE) != "true":
        yield "The license agreement is not accepted: -G licenseAccepted must be true."
    yield from _unplayed(values)
    yield from _overlaps(values, "/" if platform == "aix" else "\\")


def _unplayed(values: Mapping[str, str]) -> Iterator[str]:
    if values.get(DATA_ONLY) == "true":
        yield f"lab: {DATA_ONLY}=true is not played out."
    if values.get(SERVER_SETUP, "Manual") != "Manual":
        yield f"lab: {SERVER_SETUP}={values[SERVER_SETUP]} is not played out; the set-up is an own step (Manual)."
    for feature in ("ProgramFilesFeature", "DataFilesFeature"):
        if values.get(f"{feature}.active") == "false":
            yield f"lab: an installation without {feature} is not played out."


def _overlaps(values: Mapping[str, str], separator: str) -> Iterator[str]:
    """The data folder of an upgrade survives because it is none of the program folder's."""
    location, data = (values.get(key, "").rstrip(separator).lower() for key in (LOCATION, DATA))
    if location and location == data:
        yield "The data folder must not be the program folder."
    elif location and data and location.startswith(data + separator):
        yield "The program folder must not lie below the data folder."
