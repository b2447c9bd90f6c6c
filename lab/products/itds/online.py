"""The server's own configuration as clients see it while it runs: entries below `cn=Configuration`.

The real server keeps them in `ibmslapd.conf` and serves them to its administrator; here the client tools read and write
the file, after they have seen that the server runs and who asks. What is changed counts from the next start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab.host import Host
from lab.products.itds import directory, instances
from lab.products.itds.instances import CONFIGURATION, Configuration
from lab.products.itds.layout import Layout
from lab.products.itds.ldif import Entry, normal_dn, parse, render, same_dn

NO_SUCH_OBJECT, INVALID_CREDENTIALS, NO_SUCH_ATTRIBUTE, UNWILLING, SERVER_DOWN = 32, 49, 16, 53, 81
# SSLOnly closes the other port, which every tool of the collection asks; it is not played out.
_SECURITY = ("none", "SSL")
_SECRETS = ("pw", "password")


class Refused(Exception):
    """An LDAP result other than success."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def is_configuration(dn: str) -> bool:
    """Whether a DN is one of the configuration's."""
    return normal_dn(dn).endswith(normal_dn(CONFIGURATION))


def concerns_configuration(changes: str) -> bool:
    """Whether the first record of an LDIF text is for an entry of the configuration."""
    first = next((line for line in changes.splitlines() if line.lower().startswith("dn:")), "")
    return is_configuration(first.partition(":")[2])


def search(host: Host, layout: Layout, options: Mapping[str, str], password: str | None) -> str:
    """The entry of `-b` as LDIF, without secrets; raises `Refused`."""
    settings = _opened(host, layout, options, password)
    entry = _entry(settings, options["b"])
    shown = [(name, value) for name, value in entry.attributes if not name.lower().endswith(_SECRETS)]
    return render([Entry(entry.dn, shown)])


def modify(host: Host, layout: Layout, options: Mapping[str, str], password: str | None, changes: str) -> list[str]:
    """Apply records with `changetype: modify`; the DNs that were changed. Raises `Refused`."""
    settings = _opened(host, layout, options, password)
    done = []
    for record in parse(changes.replace("\n-\n", "\n-: \n")):
        if record.get("changetype") != "modify":
            raise Refused(UNWILLING)
        _apply(_entry(settings, record.dn), record.attributes)
        done.append(record.dn)
    settings.save()
    return done


def _opened(host: Host, layout: Layout, options: Mapping[str, str], password: str | None) -> Configuration:
    """The configuration of the instance whose server listens at `-p` and knows who asks."""
    port = int(options.get("p", "389"))
    known = [instances.configuration(host, one) for one in instances.list_instances(host, layout)]
    settings = next((one for one in known if port == one.port), None)
    if settings is None or not directory.answers(port):
        raise Refused(SERVER_DOWN)
    administrator = settings.entry(CONFIGURATION)
    if not same_dn(options.get("D", ""), administrator.get("ibm-slapdAdminDN")) or not instances.is_secret(
        password or "", administrator.get("ibm-slapdAdminPW")
    ):
        raise Refused(INVALID_CREDENTIALS)
    return settings


def _entry(settings: Configuration, dn: str) -> Entry:
    try:
        return settings.entry(dn)
    except KeyError:
        raise Refused(NO_SUCH_OBJECT) from None


def _apply(entry: Entry, lines: Sequence[tuple[str, str]]) -> None:
    """`replace: name`, its values, and `-`; the only kind of change that is played out."""
    name, values = "", list[str]()
    for key, value in [*lines, ("-", "")]:
        if key == "changetype":
            continue
        if key == "replace":
            name, values = value, []
        elif key == "-":
            if name:
                _check(name, values)
                entry.set(name, *values)
            name = ""
        elif name and key.lower() == name.lower():
            values.append(value)
        else:
            raise Refused(UNWILLING)


def _check(name: str, values: Sequence[str]) -> None:
    if not name.lower().startswith(("ibm-slapd", "objectclass", "cn")):
        raise Refused(NO_SUCH_ATTRIBUTE)
    if name.lower() == "ibm-slapdsecurity" and [each for each in values if each not in _SECURITY]:
        raise Refused(UNWILLING)
