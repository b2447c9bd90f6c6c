"""Commands that report on the configuration: group AdminReports."""

from __future__ import annotations

from lab.products.was.admin.task import places
from lab.products.was.admin.task.commands import Call, command
from lab.products.was.documents import ports_in_use

GROUP = "AdminReports"


@command("reportConfiguredPorts", GROUP, "Generates a report of the ports configured in the cell.", "node")
def _report_configured_ports(call: Call) -> str:
    lines = [f"Ports configured in cell {call.workspace.cell}"]
    for node in places.nodes(call.workspace):
        if call.get("node") in ("", node):
            lines += ["", f"Node {node} / Host {ports_in_use.index(call.workspace, node).get('hostName')}"]
            for entry in ports_in_use.entries(call.workspace, node):
                lines += ["", f"Server {entry.get('serverName')}"]
                lines += [f"{port:>6} {name}" for name, port in ports_in_use.ports(entry)]
    return call.lines(lines)


@command("reportConfigInconsistencies", GROUP, "Checks the configuration repository and reports any structural "
         "inconsistencies.")  # fmt: skip
def _report_config_inconsistencies(call: Call) -> str:
    found = []
    for node, entry in places.entries(call.workspace):
        name = entry.get("serverName") or ""
        if places.server(call.workspace, node, name) is None:
            found.append(f"Server {name} is in the index of node {node} but has no configuration.")
    for cluster in call.workspace.list("ServerCluster"):
        for member in cluster.children.get("members", ()):
            server = places.server(call.workspace, member.get("nodeName") or "", member.get("memberName") or "")
            if server is None or server.get("clusterName") != cluster.get("name"):
                found.append(
                    f"Member {member.get('memberName')} of cluster {cluster.get('name')} is no server of "
                    f"node {member.get('nodeName')} that belongs to it."
                )
    return call.lines([f"Consistency report for cell {call.workspace.cell}", *(found or ["No problems were found."])])
