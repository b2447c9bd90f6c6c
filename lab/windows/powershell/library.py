"""Every cmdlet and .NET type there is: importing this makes them known."""

from __future__ import annotations

from lab.windows.powershell.cmdlets import content, items, objects, output, properties
from lab.windows.powershell.cmdlets import system as system_cmdlets
from lab.windows.powershell.dotnet import (
    adsi,
    arrays,
    enums,
    files,
    management,
    network,
    process,
    registry_key,
    scalars,
    security,
    service_controller,
    sockets,
    start_info,
    streams,
    strings,
    system,
    tcp,
    text,
    time,
    tls,
    udp,
    version,
)

REGISTERED = (
    adsi, arrays, content, enums, files, items, management, network, objects, output, process, properties,
    registry_key, scalars, security, service_controller, sockets, start_info, streams, strings, system, system_cmdlets,
    tcp, text, time, tls, udp, version,
)  # fmt: skip
