"""Beans of every server: Server, JVM, TraceService, ConfigRepository."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

from lab.products.was.servers.mbeans.bean import Bean, Value, named
from lab.products.was.servers.runtime import Runtime

_MB = 1024 * 1024
_DEFAULT_HEAP_MB = 256


def beans(server: Runtime) -> Iterator[Bean]:
    """The beans."""
    document = f"cells/{server.cell}/nodes/{server.node}/servers/{server.name}/server.xml"
    yield Bean(
        named(
            server, "Server", server.name, identifier=f"{document}#{server.document.id}", j2eeType="J2EEServer",
            processType=server.process.kind,
        ),
        attributes={
            "name": lambda: server.name,
            "pid": lambda: str(server.pid),
            "state": lambda: server.state,
            "processType": lambda: server.process.kind,
            "cellName": lambda: server.cell,
            "nodeName": lambda: server.node,
            "serverVendor": lambda: "IBM",
            "serverVersion": lambda: _version_report(server),
            "platformName": lambda: "IBM WebSphere Application Server",
            "platformVersion": lambda: server.version,
        },
        operations={
            ("stop", 0): lambda _: stop(server),
            ("stopImmediate", 0): lambda _: stop(server),
            ("restart", 0): lambda _: restart(server),
        },
    )  # fmt: skip
    heap = server.document.jvm.maximum_heap or _DEFAULT_HEAP_MB
    yield Bean(
        named(server, "JVM", j2eeType="JVM", J2EEServer=server.name),
        attributes={
            "heapSize": lambda: str((server.document.jvm.initial_heap or 50) * _MB),
            "freeMemory": lambda: str(heap * _MB // 2),
            "maxMemory": lambda: str(heap * _MB),
            "maxHeapDumpsOnDisk": lambda: "0",
            "javaVendor": lambda: "IBM Corporation",
            "javaVersion": lambda: "1.5.0",
            "node": lambda: server.host.name,
        },
        operations={
            ("getProperty", 1): lambda given: _property(server, given[0]),
            ("getMaxMemory", 0): lambda _: str(heap * _MB),
            ("getFreeMemory", 0): lambda _: str(heap * _MB // 2),
        },
    )
    yield Bean(
        named(server, "TraceService"),
        attributes={"traceSpecification": lambda: server.trace, "ringBufferSize": lambda: "8"},
        setters={"traceSpecification": lambda value: _trace(server, value)},
    )
    yield Bean(
        named(server, "DataSourceCfgHelper"),
        operations={("testConnection", 1): lambda given: test_data_source(server, given[0])},
    )
    yield Bean(
        named(server, "ConfigRepository", "repository"),
        attributes={"repositoryEpoch": lambda: server.epoch},
        operations={
            ("getRepositoryEpoch", 0): lambda _: server.epoch,
            ("refreshRepositoryEpoch", 0): lambda _: _refresh(server),
        },
    )


def _version_report(server: Runtime) -> str:
    """The products of the installation, as the server shows them to scripts."""
    from lab.products.was.installation import product  # noqa: PLC0415 - few scripts ask for it

    ruler, short = "-" * 75, "-" * 72
    found = product.read(server.installation, "WAS")
    fields: dict[str, str] = {"Name": "IBM WebSphere Application Server", "Version": server.version}
    lines = ["IBM WebSphere Application Server Version Report", f"   {ruler}", ""]
    lines += ["        Platform Information", f"        {short}", ""]
    lines += [f"                {name}: {value}" for name, value in fields.items()]
    if found:
        fields = {"ID": found.id, "Name": found.name, "Build Date": found.date, "Build Level": found.level,
                  "Version": found.version}  # fmt: skip
        lines += ["", "", "        Product Information", f"        {short}", ""]
        lines += [f"                {name}: {value}" for name, value in fields.items()]
    return "\n".join([*lines, "", f"   {ruler}", "   End Report", f"   {ruler}"])


def stop(server: Runtime) -> Value:
    """Let the server end, after the answer to whoever asked for it."""
    server.state = "STOPPING"
    os.kill(os.getpid(), signal.SIGTERM)
    return None


def restart(server: Runtime) -> Value:
    """Let it end and start again."""
    server.restarting = True
    return stop(server)


def _property(server: Runtime, name: str) -> Value:
    words = [word.removeprefix("-D") for word in server.document.jvm.arguments.split() if word.startswith("-D")]
    given = dict(word.partition("=")[::2] for word in words)
    return {"user.install.root": server.profile.path, "was.install.root": server.installation.root, **given}.get(name)


def _trace(server: Runtime, value: str) -> None:
    server.trace = value
    server.log.write("ManagerAdmin", "I", f"TRAS0018I: The trace state has changed. The new trace state is {value}.")


def test_data_source(server: Runtime, config_id: str) -> str:
    """Connect from this process to the database of a data source. Raises `ScriptingError`."""
    from lab.products.was.servers import datasources  # noqa: PLC0415 - needs the whole model of the repository

    return datasources.test_here(server, config_id)


def _refresh(server: Runtime) -> Value:
    server.refresh_epoch()
    return server.epoch
