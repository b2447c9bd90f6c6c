"""A cell small enough to read, for the tests of the configuration."""

from __future__ import annotations

from pathlib import Path

from lab.products.was.model.workspace import Workspace

_BASE = "http://www.ibm.com/websphere/appserver/schemas"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<{} xmi:version="2.0" xmlns:xmi="http://www.omg.org/XMI"{}'


def head(tag: str, *prefixes: str) -> str:
    """The start of a document's root: its tag and the name spaces `prefix=release`."""
    spaces = "".join(f' xmlns:{p}="{_BASE}/{r}/{p}.xmi"' for p, r in (each.split("=") for each in prefixes))
    return _HEAD.format(tag, spaces)


SERVER = f"""{
    head(
        "process:Server", "process=5.0", "processexec=5.0", "channelservice=6.0", "channelservice.channels=6.0",
        "threadpoolmanager=6.0", "applicationserver=5.0",
    )
} xmi:id="Server_1" name="one">
  <services xmi:type="channelservice:TransportChannelService" xmi:id="TransportChannelService_1" enable="true">
    <transportChannels xmi:type="channelservice.channels:TCPInboundChannel" xmi:id="TCPInboundChannel_1" name="TCP_1" \
endPointName="WC_defaulthost" threadPool="ThreadPool_1"/>
    <transportChannels xmi:type="channelservice.channels:HTTPInboundChannel" xmi:id="odd" name="HTTP_1"/>
    <chains xmi:id="Chain_1" name="WCInboundDefault" enable="true" transportChannels="TCPInboundChannel_1 odd"/>
  </services>
  <services xmi:type="threadpoolmanager:ThreadPoolManager" xmi:id="ThreadPoolManager_1">
    <threadPools xmi:id="ThreadPool_1" name="Web Container" maximumSize="50"/>
  </services>
  <components xmi:type="applicationserver:ApplicationServer" xmi:id="ApplicationServer_1"/>
  <processDefinitions xmi:type="processexec:JavaProcessDef" xmi:id="JavaProcessDef_1">
    <jvmEntries xmi:id="JavaVirtualMachine_1" initialHeapSize="256">
      <classpath>/a</classpath>
      <classpath>/b</classpath>
    </jvmEntries>
  </processDefinitions>
</process:Server>
"""  # fmt: skip

DOCUMENTS = {
    "cells/C/cell.xml": f'{head("topology.cell:Cell", "topology.cell=5.0")} xmi:id="Cell_1" name="C"/>\n',
    "cells/C/security.xml": f'{head("security:Security", "security=5.0")} xmi:id="Security_1" enabled="true"/>\n',
    "cells/C/virtualhosts.xml": f"""{head("xmi:XMI", "host=5.0")}>
  <host:VirtualHost xmi:id="VirtualHost_1" name="default_host">
    <aliases xmi:id="HostAlias_1" hostname="*"/>
  </host:VirtualHost>
  <host:VirtualHost xmi:id="VirtualHost_2" name="admin_host"/>
</xmi:XMI>
""",
    "cells/C/nodes/N/node.xml": f'{head("topology.node:Node", "topology.node=5.0")} xmi:id="Node_1" name="N"/>\n',
    "cells/C/nodes/N/serverindex.xml": f"""{head("serverindex:ServerIndex", "serverindex=5.0")} xmi:id="ServerIndex_1">
  <serverEntries xmi:id="ServerEntry_1" serverName="one" serverType="APPLICATION_SERVER"/>
</serverindex:ServerIndex>
""",
    "cells/C/nodes/N/servers/one/server.xml": SERVER,
    "cells/C/nodes/N/servers/one/policy.txt": "no XMI\n",
}


def lay(config: Path) -> Workspace:
    """Write the cell below `config`; a workspace on it."""
    for path, text in DOCUMENTS.items():
        file = config / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return Workspace(config)
