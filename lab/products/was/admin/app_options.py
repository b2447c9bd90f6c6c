"""The options of AdminApp: flags, values, and tasks with rows."""

from __future__ import annotations

from dataclasses import dataclass, field

from lab.products.was.admin import Argument
from lab.products.was.admin.task.arguments import Tree, is_option, tree
from lab.products.was.errors import ScriptingError

MODULE_TASKS = frozenset({"MapModulesToServers", "MapWebModToVH", "CtxRootForWebMod"})
"""Tasks whose rows begin with patterns for a module and its URI."""
# The lab keeps nothing of those that say how a module's references are bound.
_OTHER_TASKS = frozenset(
    {
        "ActSpecJNDI", "BackendIdSelection", "BindJndiForEJBMessageBinding", "BindJndiForEJBNonMessageBinding",
        "CorrectOracleIsolationLevel", "CorrectUseSystemIdentity", "DataSourceFor10CMPBeans",
        "DataSourceFor10EJBModules", "DataSourceFor20CMPBeans", "DataSourceFor20EJBModules", "DefaultBindings",
        "EJBDeployOptions", "EmbeddedRar", "EnsureMethodProtectionFor10EJB", "EnsureMethodProtectionFor20EJB",
        "JSPCompileOptions", "JSPReloadForWebMod", "MapEJBRefToEJB", "MapInitParamForServlet",
        "MapMessageDestinationRefToEJB", "MapResEnvRefToRes", "MapResRefToEJB", "MapRolesToUsers",
        "MapRunAsRolesToUsers", "MapSharedLibForMod", "WebServicesClientBindDeployedWSDL",
        "WebServicesClientBindPortInfo", "WebServicesClientBindPreferredPort", "WebServicesClientCustomProperty",
        "WebServicesServerBindPort", "WebServicesServerCustomProperty",
    }
)  # fmt: skip
TASKS = MODULE_TASKS | _OTHER_TASKS
_VALUES = frozenset(
    {
        "appname", "cell", "cluster", "node", "server", "contextroot", "contents", "contenturi", "operation",
        "installed.ear.destination", "defaultbinding.virtual.host", "filepermission", "reloadInterval",
        "deployejb.dbtype", "deployejb.dbschema", "deployejb.classpath", "deployejb.dbaccesstype", "deployejb.rmic",
        "deployejb.sqljclasspath", "deployws.classpath", "deployws.jardirs", "buildVersion", "validateinstall",
        "target", "installdir", "custom", "depl.extension.reg", "defaultbinding.cf.jndi", "defaultbinding.cf.resauth",
        "defaultbinding.datasource.jndi", "defaultbinding.datasource.username", "defaultbinding.datasource.password",
        "defaultbinding.ejbjndi.prefix", "defaultbinding.strategy.file",
    }
)  # fmt: skip
_FLAGS = frozenset(
    {
        "usedefaultbindings", "nousedefaultbindings", "distributeApp", "nodistributeApp", "preCompileJSPs",
        "nopreCompileJSPs", "useMetaDataFromBinary", "nouseMetaDataFromBinary", "deployejb", "nodeployejb",
        "deployws", "nodeployws", "createMBeansForResources", "nocreateMBeansForResources", "reloadEnabled",
        "noreloadEnabled", "processEmbeddedConfig", "noprocessEmbeddedConfig", "allowDispatchRemoteInclude",
        "noallowDispatchRemoteInclude", "allowServiceRemoteInclude", "noallowServiceRemoteInclude",
        "update", "update.ignore.old", "update.ignore.new", "verbose", "defaultbinding.force",
        "allowPermInFilterPolicy", "noallowPermInFilterPolicy",
    }
)  # fmt: skip
OPTIONS = TASKS | _VALUES | _FLAGS


@dataclass(frozen=True)
class Options:
    """What was given: values by option (empty for flags and for tasks), rows by task."""

    values: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[list[str]]] = field(default_factory=dict)


def parse(argument: Argument) -> Options:
    """The options in a text or list. Raises `ScriptingError` for one that does not exist."""
    found = Options()
    items = tree(argument)
    position = 0
    while position < len(items):
        word = items[position]
        name = word[1:] if isinstance(word, str) and is_option(word) else ""
        if name not in OPTIONS:
            raise ScriptingError(f'WASX7103E: Invalid option "{word}" specified.')
        position += 1
        value = items[position] if position < len(items) and not is_option(items[position]) else None
        position += value is not None and name not in _FLAGS
        found.values[name] = value if isinstance(value, str) and name in _VALUES else ""
        if name in TASKS and value is not None:
            found.rows[name] = _rows(name, value)
    return found


def _rows(task: str, value: Tree) -> list[list[str]]:
    if isinstance(value, str) or not all(isinstance(row, list) for row in value):
        raise ScriptingError(f'WASX7108E: Invalid data specified for install task: "{task}." {value}')
    return [[cell if isinstance(cell, str) else ",".join(map(str, cell)) for cell in row] for row in value]
