"""The errors of the configuration service, with the product's texts."""

from __future__ import annotations

from collections.abc import Iterable

from lab.products.was.errors import ScriptingError

_EXCEPTION = "com.ibm.websphere.management.exception."


def unknown_type(name: str) -> ScriptingError:
    """No such type."""
    return ScriptingError(
        f"{_EXCEPTION}InvalidConfigDataTypeException: ADMG0007E: The configuration data type {name} is not valid."
    )


def abstract_type(name: str) -> ScriptingError:
    """A type that no object has by itself."""
    return ScriptingError(f'WASX7128E: Cannot create objects of abstract type "{name}".')


def unknown_attributes(type_name: str, names: Iterable[str]) -> ScriptingError:
    """Attributes that the type has not."""
    return ScriptingError(f'WASX7080E: Invalid attributes specified for type "{type_name}" -- "{" ".join(names)}"')


def invalid_value(name: str, value: str) -> ScriptingError:
    """A value that the attribute cannot have."""
    return ScriptingError(
        f"{_EXCEPTION}InvalidAttributeValException: "
        f"ADMG0012E: The attribute value {value} for attribute {name} is not valid."
    )


def read_only(name: str) -> ScriptingError:
    """An attribute that cannot be set."""
    return ScriptingError(
        f"{_EXCEPTION}ConfigServiceException: ADMG0014E: The attribute {name} is a read-only attribute."
    )


def missing_attributes(type_name: str, names: Iterable[str]) -> ScriptingError:
    """Required attributes that were not given."""
    return ScriptingError(
        f"{_EXCEPTION}ConfigServiceException: "
        f"ADMG0015E: Required attributes of type {type_name} are missing: {', '.join(names)}"
    )


def already_exists(type_name: str, name: str) -> ScriptingError:
    """A second object of a name that only one can have."""
    return ScriptingError(
        f"{_EXCEPTION}ConfigServiceException: ADMG0037E: An object of type {type_name} named {name} exists already."
    )


def incomplete_id(config_id: str, missing: str) -> ScriptingError:
    """Text that is no configuration id."""
    return ScriptingError(f'WASX7077E: Incomplete config id: need {missing} in "{config_id}"')


def not_found(config_id: str) -> ScriptingError:
    """An id of nothing."""
    return ScriptingError(
        f"{_EXCEPTION}ConfigDataNotFoundException: "
        f"ADMG0001E: The configuration data with id {config_id} cannot be found."
    )


def no_document(path: str) -> ScriptingError:
    """A document that is not there."""
    return ScriptingError(f"{_EXCEPTION}DocumentNotFoundException: ADMG0002E: The document {path} is not found.")


def conflict(path: str) -> ScriptingError:
    """A document that somebody else saved meanwhile."""
    return ScriptingError(
        f"{_EXCEPTION}SaveFailureException: ADMG0004E: The document {path} cannot be saved: "
        "the master configuration repository has a newer version of it."
    )


def no_room(path: str) -> ScriptingError:
    """The repository's file system is full."""
    return ScriptingError(
        f"{_EXCEPTION}SaveFailureException: ADMG0004E: The document {path} cannot be saved: "
        "java.io.IOException: There is not enough space in the file system."
    )


def wrong_parent(type_name: str, parent: str) -> ScriptingError:
    """No place for such an object there."""
    return ScriptingError(f'WASX7129E: Cannot create objects of type "{type_name}" in parents of type "{parent}"')


def ambiguous_parent(type_name: str, parent: str, places: Iterable[str]) -> ScriptingError:
    """More than one place for such an object there."""
    return ScriptingError(
        f'WASX7130E: Objects of type "{type_name}" can be created in more than one attribute of type "{parent}"; '
        f"specify one of: {' '.join(places)}"
    )


def invalid_parameter(value: str, parameter: str, command: str) -> ScriptingError:
    """A parameter of a command that cannot be so."""
    return ScriptingError(
        f'WASX7444E: Invalid parameter value "{value}" for parameter "{parameter}" on command "{command}"'
    )


def expected(token: str) -> ScriptingError:
    """An attribute list that is none."""
    return ScriptingError(f'WASX7122E: Expected "{token}" not found.')
