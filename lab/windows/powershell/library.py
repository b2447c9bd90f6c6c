"""Every cmdlet and .NET type there is: importing this makes them known."""

from __future__ import annotations

from lab.windows.powershell.cmdlets import items, objects, output
from lab.windows.powershell.dotnet import arrays, enums, files, registry_key, scalars, strings, system, text, time, version

REGISTERED = (arrays, enums, files, items, objects, output, registry_key, scalars, strings, system, text, time, version)
