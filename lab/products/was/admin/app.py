"""AdminApp: applications of the cell."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from lab.host import Host
from lab.products.was.admin import Argument, Process, Reply, app_archive, app_deployment
from lab.products.was.admin.app_archive import Archive, Module
from lab.products.was.admin.app_deployment import Target
from lab.products.was.admin.app_options import MODULE_TASKS, OPTIONS, Options, parse
from lab.products.was.admin.task import places
from lab.products.was.documents import end_points
from lab.products.was.errors import ScriptingError
from lab.products.was.layout import Profile
from lab.products.was.model.workspace import Workspace

_INSTALLED = (
    "ADMA5058I: Application and module versions are validated with versions of deployment targets.",
    "ADMA5005I: The application {0} is configured in the WebSphere Application Server repository.",
    "ADMA5053I: The library references for the installed optional package are created.",
    "ADMA5001I: The application binaries are saved in {1}",
    "ADMA5005I: The application {0} is configured in the WebSphere Application Server repository.",
    "SECJ0400I: Successfully updated the application {0} with the appContextIDForSecurity information.",
    "ADMA5011I: The cleanup of the temp directory for application {0} is complete.",
)


class AdminApp:
    """The object `AdminApp` of one client."""

    def __init__(self, workspace: Workspace, host: Host, profile: Profile, process: Process | None) -> None:
        self._workspace, self._host, self._profile, self._process = workspace, host, profile, process
        self._methods: Mapping[str, Callable[..., Reply]] = {
            "edit": self._edit,
            "export": self._export,
            "getDeployStatus": self._get_deploy_status,
            "help": self._help,
            "install": self._install,
            "isAppReady": self._is_app_ready,
            "list": self._list,
            "listModules": self._list_modules,
            "options": self._options,
            "taskInfo": self._task_info,
            "uninstall": self._uninstall,
            "update": self._update,
            "view": self._view,
        }

    def names(self) -> Sequence[str]:
        """The methods."""
        return sorted(self._methods)

    def call(self, method: str, arguments: Sequence[Argument]) -> Reply:
        """Call one. Raises `ScriptingError`."""
        if method not in self._methods:
            raise ScriptingError(f"WASX7056W: Method {method} is not available.")
        if method != "help" and self._process is not None and not self._process.has_master:
            raise ScriptingError("WASX7070E: The configuration service is not available.")
        function = self._methods[method]
        try:
            inspect.signature(function).bind(*arguments)
        except TypeError as error:
            raise ScriptingError(f"WASX7085E: Wrong number of arguments for method {method}.") from error
        return function(*arguments)

    # -- questions -----------------------------------------------------------------------------------------------------
    def _list(self, target: Argument = None) -> Reply:
        found = app_deployment.names(self._workspace)
        if target is not None and not app_deployment.is_cell(self._workspace, str(target)):
            wanted = app_deployment.target(self._workspace, str(target))
            found = [name for name in found if wanted in self._targets(name)]
        return self._lines(found)

    def _targets(self, name: str) -> list[Target]:
        return [each for many in app_deployment.targets(self._workspace, name).values() for each in many]

    def _list_modules(self, name: Argument, option: Argument = None) -> Reply:
        text = str(name)
        app_deployment.deployment(self._workspace, text)
        targets = app_deployment.targets(self._workspace, text)
        lines = []
        for module in app_deployment.modules(self._workspace, text):
            line = f"{text}#{module.uri}+{module.descriptor}"
            where = "+".join(each.text(self._workspace.cell) for each in targets.get(module.uri, ()))
            lines.append(f"{line}#{where}" if option is not None else line)
        return self._lines(lines)

    def _is_app_ready(self, name: Argument, _: Argument = None) -> Reply:
        app_deployment.deployment(self._workspace, str(name))
        if self._process is None:
            raise ScriptingError("WASX7206W: The application management service is not running.")
        started = f"ADMA5071I: Distribution status check started for application {name}."
        ended = f"ADMA5011I: The cleanup of the temp directory for application {name} is complete."
        return Reply("true", f"{started}\n{self._distribution(str(name))}\n{ended}\n")

    def _get_deploy_status(self, name: Argument) -> Reply:
        app_deployment.deployment(self._workspace, str(name))
        return Reply(self._distribution(str(name)))

    def _distribution(self, name: str) -> str:
        nodes = sorted({node for node, _ in app_deployment.servers_of(self._workspace, self._targets(name))})
        cell = self._workspace.cell
        return "+".join(f"WebSphere:cell={cell},node={node},distribution=true,expansion=notpresent" for node in nodes)

    def _view(self, name: Argument, tasks: Argument = None) -> Reply:
        text, _, uri = str(name).partition("#")
        app_deployment.deployment(self._workspace, text)
        asked = parse(tasks) if tasks is not None else None
        wanted = asked.values.keys() if asked else ("MapModulesToServers", "CtxRootForWebMod", "MapWebModToVH")
        modules = [
            each
            for each in app_deployment.modules(self._workspace, text)
            if not uri or each.uri == uri.partition("+")[0]
        ]
        return Reply("\n".join(self._shown(text, task, modules) for task in wanted))

    def _shown(self, name: str, task: str, modules: Sequence[Module]) -> str:
        targets = app_deployment.targets(self._workspace, name)
        columns: Mapping[str, Callable[[Module], tuple[str, str]]] = {
            "MapModulesToServers": lambda module: (
                "Server",
                "+".join(each.text(self._workspace.cell) for each in targets.get(module.uri, ())),
            ),
            "MapWebModToVH": lambda module: (
                "Virtual host", app_deployment.virtual_host(self._workspace, name, module)
            ),
            "CtxRootForWebMod": lambda module: ("Context Root", module.context_root),
        }  # fmt: skip
        if task not in columns:
            return ""
        web_only = task != "MapModulesToServers"
        rows = [
            f"Module:  {each.name}\nURI:  {each.uri},{each.descriptor}\n{label}:  {value}\n"
            for each in modules
            if each.kind == "web" or not web_only
            for label, value in [columns[task](each)]
        ]
        return f"{task}:\n\n" + "\n".join(rows)

    def _options(self, *_: Argument) -> Reply:
        return Reply('WASX7112I: The following options are valid for "install"\n' + "\n".join(sorted(OPTIONS)))

    def _task_info(self, path: Argument, task: Argument) -> Reply:
        archive = self._archive(str(path), Options())
        if task not in ("MapModulesToServers", "MapWebModToVH", "CtxRootForWebMod"):
            raise ScriptingError(f'WASX7127E: No task name found which matches "{task}" for application "{path}"')
        rows = "\n".join(f"Module:  {each.name}\nURI:  {each.uri},{each.descriptor}\n" for each in archive.modules)
        return Reply(f"{task}: \n\nThe current contents of the task after running default bindings are:\n{rows}")

    def _help(self, topic: Argument = None) -> Reply:
        if topic is None:
            lines = "\n".join(f"{name}" for name in self.names())
            return Reply(
                "WASX7095I: The AdminApp object allows application objects to be manipulated -- this includes "
                f"installing, uninstalling, editing, and listing.\n\n{lines}"
            )
        if str(topic) in self._methods:
            return Reply(f"WASX7061I: Method: {topic}")
        if str(topic) in OPTIONS:
            return Reply(f"WASX7104I: Option {topic}")
        raise ScriptingError(f'WASX7087E: Help for "{topic}" is not available.')

    # -- changes -------------------------------------------------------------------------------------------------------
    def _install(self, path: Argument, given: Argument = None) -> Reply:
        options = parse(given)
        archive = self._archive(str(path), options)
        name = options.values.get("appname") or archive.name
        if name in app_deployment.names(self._workspace):
            raise ScriptingError(
                f'WASX7279E: An application with name "{name}" already exists. Select a different application name.'
            )
        return Reply("", self._deploy(name, archive, str(path), options))

    def _deploy(self, name: str, archive: Archive, path: str, options: Options) -> str:
        default = self._default_target(options)
        wanted = {module.uri: self._mapped(module, options) or default for module in archive.modules}
        if not all(wanted.values()):
            raise ScriptingError(f"ADMA5014E: The installation of application {name} failed: no target is specified.")
        hosts = {module.uri: self._host_of(module, options) for module in archive.modules}
        app_deployment.create(self._workspace, name, archive, self._host.path(path).read_bytes())
        app_deployment.map_modules(self._workspace, name, wanted)
        self._bind(name, archive.modules, hosts, options)
        saved = f"{self._profile.path}/wstemp/workspace/cells/{self._workspace.cell}/applications/{name}.ear/{name}.ear"
        lines = [line.format(name, saved) for line in _INSTALLED]
        return "\n".join(
            [f"ADMA5016I: Installation of {name} started.", *lines,
             f"ADMA5013I: Application {name} installed successfully.", ""]
        )  # fmt: skip

    def _archive(self, path: str, options: Options) -> Archive:
        return app_archive.read(self._host.path(path), path, options.values.get("contextroot", ""))

    def _default_target(self, options: Options) -> list[Target]:
        values = options.values
        if values.get("target"):
            return [app_deployment.target(self._workspace, each) for each in values["target"].split("+")]
        if values.get("cluster"):
            return [app_deployment.target(self._workspace, f"cluster={values['cluster']}")]
        if values.get("server"):
            node = f"node={values['node']}," if values.get("node") else ""
            return [app_deployment.target(self._workspace, f"{node}server={values['server']}")]
        servers = [
            Target(node, entry.get("serverName") or "")
            for node, entry in places.entries(self._workspace)
            if entry.get("serverType") == end_points.APPLICATION_SERVER
        ]
        # Only where there is no choice.
        return servers if len(servers) == 1 else []

    def _mapped(self, module: Module, options: Options) -> list[Target]:
        for row in _matching(module, options.rows.get("MapModulesToServers", ())):
            return [app_deployment.target(self._workspace, each) for each in row[2].split("+")]
        return []

    def _host_of(self, module: Module, options: Options) -> str:
        wanted = options.values.get("defaultbinding.virtual.host", "")
        for row in _matching(module, options.rows.get("MapWebModToVH", ())):
            wanted = row[2]
        if wanted and not self._workspace.resolve(f"/VirtualHost:{wanted}/"):
            raise ScriptingError(f"ADMA0085E: The virtual host {wanted} does not exist.")
        return wanted if module.kind == "web" else ""

    def _edit(self, name: Argument, given: Argument) -> Reply:
        text, options = str(name), parse(given)
        app_deployment.deployment(self._workspace, text)
        modules = app_deployment.modules(self._workspace, text)
        for task in options.rows.keys() & MODULE_TASKS:
            for row in options.rows[task]:
                if not any(_matching(each, [row]) for each in modules):
                    raise ScriptingError(f'WASX7108E: Invalid data specified for install task: "{task}." {row}')
        wanted = {each.uri: found for each in modules if (found := self._mapped(each, options))}
        hosts = {each.uri: self._host_of(each, options) for each in modules}
        if wanted:
            app_deployment.map_modules(self._workspace, text, wanted)
        self._bind(text, modules, hosts, options)
        return Reply("")

    def _bind(self, name: str, modules: Sequence[Module], hosts: Mapping[str, str], options: Options) -> None:
        """What the rows of tasks say about modules, but for their targets."""
        for module in modules:
            if hosts[module.uri]:
                app_deployment.bind(self._workspace, name, module, hosts[module.uri])
            if module.kind == "web":
                for row in _matching(module, options.rows.get("CtxRootForWebMod", ())):
                    app_deployment.set_context_root(self._workspace, name, module, row[2])
        for row in options.rows.get("MapSharedLibForMod", ()):
            libraries = row[2].split("+") if len(row) > 2 and row[2] else []
            app_deployment.share_libraries(self._workspace, name, row[1].partition(",")[0], libraries)

    def _update(self, name: Argument, kind: Argument, given: Argument = None) -> Reply:
        text, options = str(name), parse(given)
        app_deployment.deployment(self._workspace, text)
        if kind != "app" or options.values.get("operation", "update") != "update":
            raise ScriptingError(f'WASX7430E: The content type "{kind}" is not supported.')
        if not options.values.get("contents"):
            raise ScriptingError("WASX7431E: The contents option is required.")
        archive = self._archive(options.values["contents"], options)
        before = app_deployment.targets(self._workspace, text)
        everywhere = list(dict.fromkeys(self._targets(text)))
        app_deployment.remove(self._workspace, text)
        content = self._host.path(options.values["contents"]).read_bytes()
        app_deployment.create(self._workspace, text, archive, content)
        wanted = {module.uri: before.get(module.uri, everywhere) for module in archive.modules}
        app_deployment.map_modules(self._workspace, text, wanted)
        return Reply("", f"ADMA5016I: Installation of {text} started.\n"
                         f"ADMA5013I: Application {text} installed successfully.\n")  # fmt: skip

    def _uninstall(self, name: Argument) -> Reply:
        text, cell = str(name), self._workspace.cell
        nodes = app_deployment.remove(self._workspace, text)
        where = "+".join(f"WebSphere:cell={cell},node={node}" for node in nodes)
        lines = [
            f"ADMA5017I: Uninstallation of {text} started.",
            f"ADMA5104I: The server index entry for {where} is updated successfully.",
            f"ADMA5102I: The configuration data for {text} from the configuration repository is deleted successfully.",
            f"ADMA5011I: The cleanup of the temp directory for application {text} is complete.",
            f"ADMA5106I: Application {text} uninstalled successfully.",
        ]
        return Reply("", "\n".join(lines) + "\n")

    def _export(self, name: Argument, path: Argument, _: Argument = None) -> Reply:
        text = str(name)
        app_deployment.deployment(self._workspace, text)
        binary = f"cells/{self._workspace.cell}/applications/{text}.ear/{text}.ear"
        if not self._workspace.exists(binary):
            raise ScriptingError(f"ADMA0092E: The archive {binary} cannot be opened.")
        self._host.path(str(path)).write_bytes(self._workspace.content(binary))
        return Reply("")

    def _lines(self, items: Sequence[str]) -> Reply:
        return Reply(("\r\n" if self._host.platform == "windows" else "\n").join(items))


def _matching(module: Module, rows: Sequence[Sequence[str]]) -> list[Sequence[str]]:
    """The rows whose first two columns, patterns for module and URI, fit the module."""
    return [row for row in rows if len(row) > 2 and all(_fits(module, row))]


def _fits(module: Module, row: Sequence[str]) -> Iterator[bool]:
    uri = f"{module.uri},{module.descriptor}"
    yield row[0] in (module.name, module.uri) or re.fullmatch(row[0], module.name) is not None
    yield row[1] in (uri, uri.replace(",", "+")) or re.fullmatch(row[1], uri) is not None
