"""Beans of the applications of a server."""

from __future__ import annotations

from collections.abc import Iterator

from lab.products.was.errors import ScriptingError
from lab.products.was.servers.mbeans.bean import Bean, Value, named
from lab.products.was.servers.runtime import Runtime


def beans(server: Runtime) -> Iterator[Bean]:
    """The application manager, and an Application and a J2EEApplication for each that runs."""
    if server.entry.type != "APPLICATION_SERVER":
        return
    yield Bean(
        named(server, "ApplicationManager"),
        operations={
            ("startApplication", 1): lambda given: _start(server, given[0]),
            ("stopApplication", 1): lambda given: _stop(server, given[0]),
        },
    )
    for name in sorted(server.started_applications):
        document = f"cells/{server.cell}/applications/{name}.ear/deployments/{name}/deployment.xml"
        yield Bean(
            named(server, "Application", name, identifier=f"{document}#ApplicationDeployment_1",
                  j2eeType="J2EEApplication", J2EEServer=server.name, Server=server.name),
            attributes={"name": lambda name=name: name, "state": lambda: "1"},  # type: ignore[misc]
        )  # fmt: skip


def _start(server: Runtime, name: str) -> Value:
    deployed = {
        path.partition("/")[0].removesuffix(".ear") for path in server.index().servers[server.name].applications
    }
    if name not in deployed:
        raise ScriptingError(
            "javax.management.MBeanException: Exception thrown in RequiredModelMBean while trying to invoke operation "
            f"startApplication: com.ibm.ws.exception.ConfigurationException: Application {name} not found"
        )
    server.started_applications.add(name)
    server.log.write("ApplicationMg", "A", f"WSVR0221I: Application started: {name}")
    return None


def _stop(server: Runtime, name: str) -> Value:
    if name not in server.started_applications:
        raise ScriptingError(
            "javax.management.MBeanException: Exception thrown in RequiredModelMBean while trying to invoke operation "
            f"stopApplication: Application {name} is not running"
        )
    server.started_applications.discard(name)
    server.log.write("ApplicationMg", "A", f"WSVR0220I: Application stopped: {name}")
    return None
