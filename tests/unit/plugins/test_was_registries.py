"""The modules for user registries: what they write, that they write it once, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from lab.products.was.xor import encode
from plugins.plugin_utils._wim_document import parse
from tests.lab.products.was.cell import Cell
from tests.unit.plugins.was_modules import Modules

SECRET = "B1nd!pw"
DIRECTORY = {"server": "ldapsrv1", "bind_dn": "uid=stgwbind,o=rtp,c=us", "bind_password": SECRET}
REPOSITORY: dict[str, Any] = {**DIRECTORY, "id": "ITDS", "base_entry": "o=rtp,c=us"}
REGISTRY: dict[str, Any] = {**DIRECTORY, "base_dn": "o=rtp,c=us", "primary_administrator": "wasadmin"}
WIM = "cells/C/wim/config/wimconfig.xml"
EVERY_SERVER = ["D/dmgr", "M/nodeagent", "N/nodeagent"]


@pytest.fixture
def modules(tmp_path: Path) -> Modules:
    return Modules(Cell(tmp_path))


def document(modules: Modules, path: str) -> str:
    return (modules.cell.profile.config / path).read_text("utf-8")


def test_a_repository_is_made_once_and_takes_part(modules: Modules) -> None:
    foreseen = modules("was_federated_repository", check=True, **REPOSITORY)
    done = modules("was_federated_repository", **REPOSITORY)
    assert foreseen["diff"] == done["diff"]
    assert (done["launches"], done["restart_required"]) == (1, EVERY_SERVER)
    wim = parse(document(modules, WIM))
    made = wim.repository("ITDS")
    assert made is not None and made.ldap
    assert wim.taking_part == ["o=defaultWIMFileBasedRealm", "o=rtp,c=us"]
    (server,) = made.servers
    assert (server.host, server.port, server.attributes["bindPassword"]) == ("ldapsrv1", "389", encode(SECRET))
    assert (made.login_properties, made.person_classes) == (["uid", "mail"], ["inetOrgPerson"])
    again = modules("was_federated_repository", **REPOSITORY)
    assert not again["changed"] and again["launches"] == 0
    assert SECRET not in str([foreseen, done, again]) and encode(SECRET) not in str([foreseen, done, again])


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"bind_password": "0ther!pw"}, lambda made: made.servers[0].attributes["bindPassword"] == encode("0ther!pw")),
        ({"server_port": 636, "tls": True}, lambda made: made.servers[0].attributes["sslEnabled"] == "true"),
        ({"server": "ldapsrv9"}, lambda made: [each.host for each in made.servers] == ["ldapsrv9"]),
        ({"base_entry": "o=x"}, lambda made: made.bases == {"o=x": "o=x"}),
        ({"base_in_repository": "ou=p,o=rtp"}, lambda made: made.bases == {"o=rtp,c=us": "ou=p,o=rtp"}),
        ({"login_properties": ["mail"]}, lambda made: made.login_properties == ["mail"]),
        ({"server_type": "IDS"}, lambda made: made.server_type == "IDS"),
        ({"person_classes": ["ePerson"]}, lambda made: made.person_classes == ["ePerson"]),
        ({"person_bases": ["ou=p,o=rtp,c=us"]}, lambda made: made.person_bases == ["ou=p,o=rtp,c=us"]),
        ({"ssl_alias": "LdapSSL"}, lambda made: made.ssl_alias == "LdapSSL"),
    ],
)
def test_a_repository_is_changed_where_it_differs(
    modules: Modules, change: dict[str, Any], seen: Callable[[Any], bool]
) -> None:
    modules("was_federated_repository", **REPOSITORY)
    wanted = {**REPOSITORY, **change}
    done = modules("was_federated_repository", **wanted)
    assert done["changed"] and "createIdMgrLDAPRepository" not in str(done["operations"])
    assert seen(parse(document(modules, WIM)).repository("ITDS"))
    assert not modules("was_federated_repository", **wanted)["changed"]


def test_a_name_to_bind_with_is_not_taken_away(modules: Modules) -> None:
    modules("was_federated_repository", **REPOSITORY)
    with pytest.raises(AnsibleActionFail, match="bind_dn: repository ITDS binds as uid=stgwbind"):
        modules("was_federated_repository", **{**REPOSITORY, "bind_dn": "", "bind_password": ""})


def test_a_repository_goes_with_its_place_in_the_realm(modules: Modules) -> None:
    modules("was_federated_repository", **REPOSITORY)
    assert modules("was_federated_repository", id="ITDS", state="absent")["changed"]
    wim = parse(document(modules, WIM))
    assert wim.repository("ITDS") is None and wim.taking_part == ["o=defaultWIMFileBasedRealm"]
    assert not modules("was_federated_repository", id="ITDS", state="absent")["changed"]


def test_the_registries_take_turns(modules: Modules) -> None:
    done = modules("was_ldap_registry", **REGISTRY)
    assert (done["launches"], done["restart_required"]) == (1, EVERY_SERVER)
    registry = modules.cell.workspace.list("LDAPUserRegistry")[0]
    security = modules.cell.workspace.list("Security")[0]
    assert security.get("activeUserRegistry") == registry.id
    assert [(each.get("host"), each.get("port")) for each in registry.children["hosts"]] == [("ldapsrv1", "389")]
    assert registry.get("bindPassword") == encode(SECRET)
    again = modules("was_ldap_registry", **REGISTRY)
    assert not again["changed"] and again["launches"] == 0
    assert SECRET not in str([done, again]) and encode(SECRET) not in str([done, again])
    assert modules("was_federated_repository", **REPOSITORY)["changed"]
    modules.cell.workspace.discard()
    active = modules.cell.workspace.list("Security")[0].get("activeUserRegistry")
    assert active == modules.cell.workspace.list("WIMUserRegistry")[0].id
    assert modules("was_ldap_registry", **REGISTRY)["changed"]


def test_a_registry_that_is_only_prepared_is_not_active(modules: Modules) -> None:
    modules("was_ldap_registry", active=False, user_filter="(&(uid=%v)(objectclass=person))", **REGISTRY)
    active = modules.cell.workspace.list("Security")[0].get("activeUserRegistry")
    assert active == modules.cell.workspace.list("WIMUserRegistry")[0].id


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("was_federated_repository", {**REPOSITORY, "bind_password": ""}, "bind_dn, bind_password"),
        ("was_federated_repository", {**REPOSITORY, "server_port": 0}, "server_port"),
        ("was_federated_repository", {**REPOSITORY, "base_entry": 'o="x"'}, "base_entry"),
        ("was_federated_repository", {**REPOSITORY, "login_properties": []}, "login_properties"),
        ("was_federated_repository", {**REPOSITORY, "id": "InternalFileRepository"}, "id"),
        ("was_federated_repository", {"id": "ITDS"}, "server"),
        ("was_ldap_registry", {**REGISTRY, "user_filter": "(uid=x)"}, "user_filter"),
        ("was_ldap_registry", {**REGISTRY, "bind_dn": ""}, "bind_dn, bind_password"),
    ],
)
def test_what_cannot_work_is_refused(modules: Modules, name: str, given: dict[str, Any], said: str) -> None:
    with pytest.raises(AnsibleActionFail, match=said):
        modules(name, **given)
    assert not modules.target.launches


def test_a_check_on_a_bare_host_tells_what_would_be_done(modules: Modules) -> None:
    modules.target.empty = True
    foreseen = modules("was_federated_repository", check=True, **REPOSITORY)
    assert foreseen["changed"] and "createIdMgrLDAPRepository ITDS" in str(foreseen["diff"])
    assert modules("was_ldap_registry", check=True, **REGISTRY)["changed"]


def test_who_cannot_log_in_any_more_corrects_it_on_the_files(modules: Modules) -> None:
    with pytest.raises(AnsibleActionFail, match="none writes files behind the back of dmgr"):
        modules("was_federated_repository", connection="none", **REPOSITORY)
    modules.target.running = []
    assert modules("was_federated_repository", connection="none", **REPOSITORY)["launches"] == 1


def test_somebody_else_saves_meanwhile(modules: Modules) -> None:
    file = modules.cell.profile.config / WIM

    def save() -> None:
        file.write_text(f"{file.read_text('utf-8')}\n", "utf-8")

    modules.target.before_save = [save]
    done = modules("was_federated_repository", **REPOSITORY)
    assert (done["changed"], done["launches"]) == (True, 2)
    assert not modules("was_federated_repository", **REPOSITORY)["changed"]
