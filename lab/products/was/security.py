"""Who may administer a cell: the file registry, as the product writes it when a profile is created with security on."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import time
import uuid
import xml.etree.ElementTree as ET
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

REALM = "defaultWIMFileBasedRealm"

_WIM = "{http://www.ibm.com/websphere/wim}"
_SALT_CHARACTERS = 12
_REGISTRY = """\
<?xml version="1.0" encoding="UTF-8"?>
<sdo:datagraph xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
    xmlns:sdo="commonj.sdo" xmlns:wim="http://www.ibm.com/websphere/wim">
  <wim:Root>
    <wim:entities xsi:type="wim:PersonAccount">
      <wim:identifier externalId="{id}" externalName={name}
          uniqueId="{id}" uniqueName={name}/>
      <wim:parent>
        <wim:identifier uniqueName="o={realm}"/>
      </wim:parent>
      <wim:createTimestamp>{now}</wim:createTimestamp>
      <wim:password>{password}</wim:password>
      <wim:uid>{user}</wim:uid>
      <wim:cn>{user}</wim:cn>
      <wim:sn>{user}</wim:sn>
    </wim:entities>
  </wim:Root>
</sdo:datagraph>
"""


def registry_text(user: str, password: str) -> str:
    """`fileRegistry.xml` with one user; of the password a salted hash."""
    return _REGISTRY.format(
        id=uuid.uuid4(),
        name=quoteattr(f"uid={user},o={REALM}"),
        realm=REALM,
        now=time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime()),
        password=_hash(password, secrets.token_urlsafe(_SALT_CHARACTERS)[:_SALT_CHARACTERS]),
        user=escape(user),
    )


def enabled(config: Path) -> bool:
    """Whether the cell of a repository has administrative security on."""
    return any(
        re.search(r'<security:Security\b[^>]*\senabled="true"', file.read_text("utf-8"))
        for file in config.glob("cells/*/security.xml")
    )


def knows(config: Path, user: str) -> bool:
    """Whether the cell's file registry has the user."""
    return _password(config, user) is not None


def verify(config: Path, user: str, password: str) -> bool:
    """Whether the cell's file registry knows the user with that password."""
    stored = _password(config, user)
    return stored is not None and _matches(stored, password)


def _password(config: Path, user: str) -> str | None:
    for file in config.glob("cells/*/fileRegistry.xml"):
        for entity in ET.parse(file).getroot().iter(f"{_WIM}entities"):
            if entity.findtext(f"{_WIM}uid") == user:
                return entity.findtext(f"{_WIM}password", "")
    return None


def _hash(password: str, salt: str) -> str:
    digest = hashlib.sha1(f"{salt}{password}".encode(), usedforsecurity=False).digest()
    return base64.b64encode(f"SHA-1:{salt}:{base64.b64encode(digest).decode()}".encode()).decode()


def _matches(stored: str, password: str) -> bool:
    salt = base64.b64decode(stored).decode().split(":")[1]
    return hmac.compare_digest(stored, _hash(password, salt))
