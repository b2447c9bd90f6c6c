"""What WebSphere's types do not allow is refused before anything is read, with the option and what comes near."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from plugins.plugin_utils._was_compile import full_path, wishes
from plugins.plugin_utils._was_items import IDENTITY, SECRETS, STATE, TYPE, Object
from plugins.plugin_utils._was_types import Unknown, fitting, is_a, type_named


def compiled(type_name: str, parent: str, **given: Any) -> dict[str, Any]:
    (line,) = wishes([Object(type_name, parent, where="resources[0].object", **given)], "C")
    wish: dict[str, Any] = line["object"]
    return wish


SERVER: dict[str, Any] = {"type_name": "Server", "parent": "/Node:N/", "state": "existing"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"type_name": "Propety", "parent": "/Cell:/"}, "'Propety' is no type .*; did you mean Property?"),
        ({"type_name": "Property", "parent": "Cell:c"}, "'Cell:c' is no containment path"),
        ({"type_name": "Property", "parent": "/Cel:c/"}, "'Cel' is no type .*; did you mean Cell?"),
        ({"type_name": "Property", "parent": "/Server:s/"}, r"leaves out the server's node; write it as /Node:"),
        ({"type_name": "ThreadPool", "parent": "/Cell:/"}, "Cell holds no ThreadPool; it belongs to"),
        ({"type_name": "Property", "parent": "/Cell:/", "feature": "propertys"}, "did you mean properties?"),
        ({"type_name": "Property", "parent": "/Cell:/", "feature": "foreignCells"}, "no Property, but ForeignCell"),
        ({"type_name": "Server", "parent": "/Node:N/"}, "state: an object of type Server is not made by itself"),
        (
            {"type_name": "Property", "parent": "/Cell:/", "attributes": {"valeu": "x"}},
            "Property has no attribute 'valeu'; did you mean value?",
        ),
        (
            {"type_name": "Property", "parent": "/Cell:/", "attributes": {"required": "maybe"}},
            "required: 'maybe' is no value of Property.required, which is true or false",
        ),
        (
            {"type_name": "Property", "parent": "/Cell:/", "attributes": {"value": {"a": 1}}},
            "is no value of Property.value, which is one String",
        ),
        (
            {**SERVER, "attributes": {"outputStreamRedirect": {"rolloverSize": "big"}}},
            "attributes.outputStreamRedirect|outputStreamRedirect: 'big' is no value of StreamRedirect.rolloverSize",
        ),
        (
            {**SERVER, "attributes": {"outputStreamRedirect": {"rolloverType": "SIZES"}}},
            "'SIZES' .* is one of .*; did you mean SIZE?",
        ),
        ({**SERVER, "attributes": {"outputStreamRedirect": ["x"]}}, "outputStreamRedirect is one mapping, not"),
        ({**SERVER, "attributes": {"properties": {"name": "x"}}}, "Server.properties is a list of mappings"),
        ({**SERVER, "attributes": {"properties": ["x"]}}, "'x' is no mapping of attributes"),
        (
            {**SERVER, "attributes": {"components": [{"name": "x"}]}},
            f"Server.components holds several types; say which by {TYPE}",
        ),
        (
            {**SERVER, "attributes": {"components": [{TYPE: "Property"}]}},
            "Server.components holds no Property, but",
        ),
        (
            {"type_name": "JAASAuthData", "parent": "/Cell:/Security:/", "attributes": {"password": "x"}},
            "password: give passwords in secrets",
        ),
        (
            {"type_name": "DataSource", "parent": "/Cell:/JDBCProvider:p/",
             "attributes": {"relationalResourceAdapter": {"a": 1}}},
            "refers to other objects; only one containment path",
        ),
    ],
)  # fmt: skip
def test_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(AnsibleActionFail, match=message) as refused:
        compiled(**given)
    assert str(refused.value).startswith("resources[0].object: ")


def test_values_are_written_as_websphere_writes_them() -> None:
    wish = compiled(
        "Server", "/Node:N/", identity={"name": "S"}, state="existing",
        attributes={
            "developmentMode": True, "shortName": None,
            "outputStreamRedirect": {"rolloverSize": 20, "fileName": "${LOG}/x"},
        },
    )  # fmt: skip
    assert wish["identity"] == [["name", "S"]]
    assert wish["values"] == [["developmentMode", "text", "true"], ["shortName", "unset", ""]]
    (child,) = wish["children"]
    assert (child["feature"], child["type"], child["mixed"]) == ("outputStreamRedirect", "StreamRedirect", 0)
    assert ["rolloverSize", "text", "20"] in child["values"]


def test_a_variable_stands_for_a_number() -> None:
    wish = compiled("DataReplication", "/Cell:/DataReplicationDomain:D/", attributes={"requestTimeout": "${WAIT}"})
    assert wish["values"] == [["requestTimeout", "text", "${WAIT}"]]


@pytest.mark.parametrize(
    ("entry", "identity"),
    [
        ({"hostname": "*", "port": 80}, [["hostname", "*"], ["port", "80"]]),
        ({"hostname": "*", "port": 80, IDENTITY: ["port"]}, [["port", "80"]]),
    ],
)
def test_objects_without_name_are_told_apart(entry: dict[str, Any], identity: list[list[str]]) -> None:
    wish = compiled("VirtualHost", "/Cell:/", identity={"name": "h"}, attributes={"aliases": [entry]}, state="existing")
    assert wish["children"][0]["identity"] == identity


def test_state_and_secrets_of_contained_objects() -> None:
    entries = [{"alias": "a", STATE: "absent"}, {"alias": "b", "userId": "u", SECRETS: {"password": "p"}}]
    gone, kept = compiled("Security", "/Cell:/", attributes={"authDataEntries": entries}, state="existing")["children"]
    assert gone["state"] == "absent"
    assert ["password", "secret", "p"] in kept["values"]
    (none,) = compiled("Server", "/Node:N/", attributes={"outputStreamRedirect": None}, state="existing")["children"]
    assert none["state"] == "absent"


def test_a_reference_is_a_path_from_the_cell_on() -> None:
    wish = compiled(
        "DataSource", "/Node:N/JDBCProvider:p/", identity={"name": "d"},
        attributes={"relationalResourceAdapter": "/Node:N/J2CResourceAdapter:r/"},
    )  # fmt: skip
    assert wish["values"] == [["relationalResourceAdapter", "reference", "/Cell:C/Node:N/J2CResourceAdapter:r/"]]
    assert (wish["feature"], wish["mixed"]) == ("factories", 1)


def test_exact_lists_are_named_even_when_they_shall_be_empty() -> None:
    wish = compiled(
        "VirtualHost", "/Cell:/", identity={"name": "h"}, attributes={"aliases": []}, state="existing", exact=True
    )
    assert wish["exact"] == ["aliases"]


@pytest.mark.parametrize(
    ("path", "whole"),
    [
        ("/Cell:/", "/Cell:C/"),
        ("/Cell:C/Security:/", "/Cell:C/Security:/"),
        ("/Node:N/Server:S/", "/Cell:C/Node:N/Server:S/"),
        ("/ServerCluster:X/", "/Cell:C/ServerCluster:X/"),
    ],
)
def test_paths_begin_with_the_cell(path: str, whole: str) -> None:
    assert full_path(path, "C") == whole


def test_types_inherit() -> None:
    source = type_named("DataSource")
    assert {"name", "jndiName", "authDataAlias", "statementCacheSize"} <= set(source.attributes)
    assert is_a("DataSource", "J2EEResourceFactory") and not is_a("J2EEResourceFactory", "DataSource")
    assert "WebContainer" in fitting(type_named("ApplicationServer").children["components"])
    with pytest.raises(Unknown, match="no type"):
        type_named("")
