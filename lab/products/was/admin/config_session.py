"""AdminConfig's commands about the client's workspace, validation and documents."""

from __future__ import annotations

import hashlib

from lab.products.was.admin import Argument
from lab.products.was.admin.config_command import Command, Context, text
from lab.products.was.model import messages
from lab.products.was.model.store import Store

_LEVELS = ("NONE", "LOW", "MEDIUM", "HIGH", "HIGHEST")
_MODES = {"rollbackOnConflict": False, "overwriteOnConflict": True}


def _save(context: Context) -> str:
    changed = context.workspace.changed()
    fault = context.host.fault("repository:save") if changed else None
    if fault == "conflict":
        _touch(context, changed)
    if fault == "disk-full":
        raise messages.no_room(changed[0])
    context.workspace.save(overwrite=context.overwrite)
    return ""


def _touch(context: Context, paths: list[str]) -> None:
    """Another client is quicker: it saves the same documents, with other text and the same meaning."""
    repository = _repository(context)
    for path in [path for path in paths if repository.exists(path)]:
        repository.add_file(path, repository.content(path) + b"\n")
    repository.save()


def _reset(context: Context) -> str:
    context.workspace.discard()
    return ""


def _has_changes(context: Context) -> int:
    return int(bool(context.workspace.changed()))


def _query_changes(context: Context) -> str:
    changed = context.workspace.changed()
    if not changed:
        return "WASX7241I: There are no unsaved changes in this workspace."
    files = ["|".join(path.rpartition("/")[::2]) for path in changed]
    return context.lines(["WASX7146I: The following configuration files contain unsaved changes:", *files])


def _get_save_mode(context: Context) -> str:
    return next(name for name, overwrite in _MODES.items() if overwrite == context.overwrite)


def _set_save_mode(context: Context, mode: Argument) -> str:
    name = text(mode, "save mode", "setSaveMode").strip()
    if name not in _MODES:
        raise messages.invalid_parameter(name, "save mode", "setSaveMode")
    context.overwrite = _MODES[name]
    return ""


def _get_cross_document(context: Context) -> str:
    return f"WASX7188I: Cross-document validation enablement set to {str(context.cross_document).lower()}"


def _set_cross_document(context: Context, enabled: Argument) -> str:
    value = text(enabled, "cross document validation enabled flag", "setCrossDocumentValidationEnabled").lower()
    if value not in ("true", "false"):
        raise messages.invalid_parameter(
            value, "cross document validation enabled flag", "setCrossDocumentValidationEnabled"
        )
    context.cross_document = value == "true"
    return _get_cross_document(context)


def _get_validation_level(context: Context) -> str:
    return f"WASX7189I: Validation level set to {context.validation_level}"


def _set_validation_level(context: Context, level: Argument) -> str:
    name = text(level, "validation level", "setValidationLevel").strip().upper()
    if name not in _LEVELS:
        raise messages.invalid_parameter(name, "validation level", "setValidationLevel")
    context.validation_level = name
    return _get_validation_level(context)


def _get_validation_severity_result(_context: Context, severity: Argument) -> int:
    """No message: see `_validate`."""
    if str(severity) not in "0123456789":
        raise messages.invalid_parameter(str(severity), "severity", "getValidationSeverityResult")
    return 0


def _validate(context: Context, _config_id: Argument = None) -> str:
    """The lab's validation: every document that changed is well-formed by construction, so it has no messages."""
    file = "\\logs\\wsadmin.valout" if context.host.platform == "windows" else "/logs/wsadmin.valout"
    log = f"{context.profile.path}{file}"
    return f"WASX7193I: Validation results are logged in {log}: Total number of messages: 0"


def _exists_document(context: Context, uri: Argument) -> int:
    return int(_repository(context).exists(text(uri, "document uri", "existsDocument")))


def _extract(context: Context, uri: Argument, file: Argument) -> str:
    """Write a document of the repository to a file; the result is what `checkin` wants to see again."""
    path = text(uri, "document uri", "extract")
    data = _content(context, path)
    context.host.path(text(file, "file name", "extract")).write_bytes(data)
    return _digest(data)


def _checkin(context: Context, uri: Argument, file: Argument, opaque: Argument) -> str:
    path = text(uri, "document uri", "checkin")
    if _digest(_content(context, path)) != opaque:
        raise messages.conflict(path)
    _put(context, path, text(file, "file name", "checkin"))
    return ""


def _create_document(context: Context, uri: Argument, file: Argument) -> str:
    path = text(uri, "document uri", "createDocument")
    if _repository(context).exists(path):
        raise messages.conflict(path)
    _put(context, path, text(file, "file name", "createDocument"))
    return ""


def _delete_document(context: Context, uri: Argument) -> str:
    path = text(uri, "document uri", "deleteDocument")
    _content(context, path)
    repository = _repository(context)
    repository.delete(path)
    repository.save()
    return ""


def _put(context: Context, path: str, file: str) -> None:
    source = context.host.path(file)
    if not source.is_file():
        raise messages.no_document(file)
    repository = _repository(context)
    repository.add_file(path, source.read_bytes())
    repository.save()


def _repository(context: Context) -> Store:
    """The repository itself: these commands go past the workspace."""
    return Store(context.workspace.config)


def _content(context: Context, path: str) -> bytes:
    try:
        return _repository(context).content(path)
    except KeyError:
        raise messages.no_document(path) from None


def _digest(data: bytes) -> str:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


_URI = "document uri"

COMMANDS = {
    "save": Command(_save, 0, (), "Commit unsaved changes to the configuration repository"),
    "reset": Command(_reset, 0, (), "Discard unsaved changes to the configuration repository"),
    "hasChanges": Command(_has_changes, 0, (), "Returns true if unsaved configuration changes exist"),
    "queryChanges": Command(_query_changes, 0, (), "Returns a list of unsaved files"),
    "getSaveMode": Command(_get_save_mode, 0, (), "Returns the mode used when \"save\" is invoked"),
    "setSaveMode": Command(_set_save_mode, 1, ("save mode",), "Changes the mode used when \"save\" is invoked"),
    "getCrossDocumentValidationEnabled": Command(
        _get_cross_document, 0, (), "Returns true if cross-document validation is enabled."),
    "setCrossDocumentValidationEnabled": Command(
        _set_cross_document, 1, ("flag",), "Sets the cross-document validation enabled mode."),
    "getValidationLevel": Command(
        _get_validation_level, 0, (), "Returns the validation used when files are extracted from the repository."),
    "setValidationLevel": Command(
        _set_validation_level, 1, ("level",), "Sets the validation used when files are extracted from the repository."),
    "getValidationSeverityResult": Command(
        _get_validation_severity_result, 1, ("severity",), "Returns the number of messages of a given severity from the"
        " most recent validation."),
    "validate": Command(_validate, 0, ("config id",), "Invokes validation"),
    "existsDocument": Command(_exists_document, 1, (_URI,), "Tests for the existence of a document in the repository"),
    "extract": Command(_extract, 2, (_URI, "file name"), "Extracts a file from the config repository."),
    "checkin": Command(_checkin, 3, (_URI, "file name", "opaque object"),
                       "Checks a file into the the config repository."),
    "createDocument": Command(_create_document, 2, (_URI, "file name"),
                              "Creates a new document in the config repository."),
    "deleteDocument": Command(_delete_document, 1, (_URI,), "Deletes a document from the config repository."),
}  # fmt: skip
