"""What the cell knows of a node besides the node's own documents: its node group and its part of the security."""

from __future__ import annotations

from lab.products.was import xor
from lab.products.was.keys import default
from lab.products.was.model.element import Element
from lab.products.was.model.workspace import Workspace

_STORE_PASSWORD = "{xor}CDo9Hgw="  # noqa: S105 - the product's documented one, `WebAS`


def join(workspace: Workspace, node: str, node_group: str = "DefaultNodeGroup") -> None:
    """Make a new node a member of the cell: of a node group, and with key stores and SSL settings of its own."""
    group = workspace.document(f"cells/{workspace.cell}/nodegroups/{node_group}/nodegroup.xml").roots[0]
    workspace.create("NodeGroupMember", group, {"nodeName": node}, "members")
    _secure(workspace, _security(workspace), node)
    _trust(workspace, node)


def leave(workspace: Workspace, node: str) -> None:
    """Forget a node in node groups, core groups and the security settings; its own documents are left alone."""
    for path in workspace.paths(f"cells/{workspace.cell}/nodegroups/*/nodegroup.xml"):
        _drop(workspace, workspace.document(path).roots[0], "members", "nodeName", node)
    for path in workspace.paths(f"cells/{workspace.cell}/coregroups/*/coregroup.xml"):
        _drop(workspace, workspace.document(path).roots[0], "coreGroupServers", "nodeName", node)
    security = _security(workspace)
    name = _scope_name(workspace, node)
    scopes = {each.id for each in security.children.get("managementScopes", ()) if each.get("scopeName") == name}
    # Removing the scope would drop the references by which its objects are known.
    of_node = [
        child
        for children in security.children.values()
        for child in children
        if child.attributes.get("managementScope") in scopes
    ]
    for child in [*of_node, *(each for each in security.children["managementScopes"] if each.id in scopes)]:
        workspace.remove(child)


def _security(workspace: Workspace) -> Element:
    return workspace.document(f"cells/{workspace.cell}/security.xml").roots[0]


def _scope_name(workspace: Workspace, node: str) -> str:
    return f"(cell):{workspace.cell}:(node):{node}"


def _trust(workspace: Workspace, node: str) -> None:
    """Have the cell trust the certificate that the node's profile was made with, if its store came with the node."""
    keys, trust = f"cells/{workspace.cell}/nodes/{node}/key.p12", f"cells/{workspace.cell}/trust.p12"
    if not workspace.exists(keys) or not workspace.exists(trust):
        return
    stores = _security(workspace).children.get("keyStores", ())
    password = next((each.get("password") for each in stores if each.get("name") == "CellDefaultTrustStore"), None)
    known = default.trusting(workspace.content(trust), xor.decode(password or ""), workspace.content(keys), node)
    workspace.add_file(trust, known)


def _drop(workspace: Workspace, parent: Element, feature: str, attribute: str, value: str) -> None:
    for child in list(parent.children.get(feature, ())):
        if child.get(attribute) == value:
            workspace.remove(child)


def _secure(workspace: Workspace, security: Element, node: str) -> None:
    def create(type_name: str, feature: str, **attributes: str) -> Element:
        return workspace.create(type_name, security, attributes, feature)

    name = _scope_name(workspace, node)
    scope = create("ManagementScope", "managementScopes", scopeName=name, scopeType="node").id
    folder = f"${{CONFIG_ROOT}}/cells/{workspace.cell}/nodes/{node}"
    stores = [
        create(
            "KeyStore", "keyStores", name=f"NodeDefault{kind}Store", password=_STORE_PASSWORD, provider="IBMJCE",
            location=f"{folder}/{file}.p12", type="PKCS12", fileBased="true", hostList="", managementScope=scope,
        )
        for kind, file in (("Key", "key"), ("Trust", "trust"))
    ]  # fmt: skip
    same = {"provider": "IBMJSSE2", "managementScope": scope}
    create("TrustManager", "trustManagers", name="IbmX509", algorithm="IbmX509", **same)
    trust = create("TrustManager", "trustManagers", name="IbmPKIX", algorithm="IbmPKIX", **same)
    keys = create("KeyManager", "keyManagers", name="IbmX509", algorithm="IbmX509", **same)
    settings = create("SSLConfig", "repertoire", alias="NodeDefaultSSLSettings", managementScope=scope)
    # Servers of a cell trust what the cell trusts.
    of_cell = next(
        (each for each in security.children["keyStores"] if each.get("name") == "CellDefaultTrustStore"), stores[1]
    )
    workspace.create(
        "SecureSocketLayer",
        settings,
        {
            "clientAuthentication": "false", "securityLevel": "HIGH", "enabledCiphers": "", "jsseProvider": "IBMJSSE2",
            "sslProtocol": "SSL_TLS", "keyStore": stores[0].id, "trustStore": of_cell.id, "trustManager": trust.id,
            "keyManager": keys.id,
        },
        "setting",
    )  # fmt: skip
    for direction in ("inbound", "outbound"):
        create(
            "SSLConfigGroup", "sslConfigGroups", name=node, direction=direction, sslConfig=settings.id,
            managementScope=scope,
        )  # fmt: skip
