# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""Key stores, certificates and SSL configurations: what is wanted of them follows from what the key stores hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleActionFail

from ._key_store import Known, Unreadable, chain_in, issued
from ._target import Target
from ._was_config import Derived
from ._was_document import Element, NotXmi
from ._was_items import Command, Item, Object, words
from ._was_read import Documents
from ._was_repository import Repository
from ._was_ssl_certificate import SECURITY, Wanted, add_signer, remove_signer
from ._was_ssl_stores import Store, default_scope, read_files, read_stores

ENDS = ("SIPProxyInboundChannel", "SIPContainerInboundChannel")


class Ssl:
    """What the options of `was_ssl` want, and what was found last; with `check`, a server may not be there yet."""

    def __init__(self, options: Mapping[str, Any], target: Target, *, check: bool) -> None:
        self._options = options
        self._target = target
        # What an earlier stage would have made may be missing.
        self._lenient = check
        self._profile = options["profile"].rstrip("\\/")
        self._stores: Mapping[str, Store] = {}
        self._request = ""
        self._pending = False
        servers = [each for config in options["ssl_configs"] for each in config["servers"]]
        self._restarts = [f"{each['node']}/{each['server']}" for each in servers]

    def derived(self) -> Derived:
        """For `configure`."""
        servers = [each for config in self._options["ssl_configs"] for each in config["servers"]]
        return Derived(
            reads=[
                "cells/{cell}/security.xml",
                *(f"cells/{{cell}}/nodes/{each['node']}/servers/{each['server']}/server.xml" for each in servers),
            ],
            secrets=[each["password"] for each in self._options["key_stores"]],
            items=self.items,
        )

    def items(self, documents: Documents) -> list[Item]:
        """What has to be done or to be as it is, by what the key stores hold."""
        try:
            repository = Repository(documents.cell or "cell", documents.texts)
        except NotXmi as error:
            raise AnsibleActionFail(f"profile: {error}; restore it from a backup of the configuration") from None
        self._stores = read_stores(self._options["key_stores"], documents, repository, self._target, self._profile)
        wanted: list[Item] = [self._store(each) for each in self._stores.values() if not each.configured]
        wanted += self._signers()
        wanted += self._certificate(documents)
        if not self._pending:
            for number, each in enumerate(self._options["ssl_configs"]):
                wanted += self._config(each, f"ssl_configs[{number}]", documents, repository)
        return wanted

    def told(self) -> dict[str, Any]:
        """Results: the certificates that the key stores held when they were read last, and what will expire soon."""
        now = dt.datetime.now(dt.UTC)
        found: list[dict[str, Any]] = [
            {
                "key_store": store.name, "alias": alias, "subject": each.subject, "issuer": each.issuer,
                "alternative_names": list(each.alternative_names), "not_after": f"{each.ends:%Y-%m-%dT%H:%M:%SZ}",
                "days_left": each.days_left(now), "fingerprint": each.fingerprint, "pem": each.pem,
            }
            for store in self._stores.values()
            for alias, each in sorted(store.entries.items())
        ]  # fmt: skip
        expiring = [
            f"{each['key_store']}: {each['alias']} ({each['subject']}) "
            + (f"ends on {each['not_after'][:10]}, in {each['days_left']} days" if each["days_left"] >= 0
               else f"ended on {each['not_after'][:10]}: partners refuse it")
            for each in found
            if each["days_left"] < self._options["warn_days"]
        ]  # fmt: skip
        return {
            "certificates": found, "expiring": expiring, "chain": self._chain(),
            "request": self._request, "pending": self._pending,
        }  # fmt: skip

    def _chain(self) -> str:
        """Who vouches for the certificate, closest first: itself where nobody else does."""
        options = self._options["certificate"]
        at = self._stores[options["key_store"]].entries.get(options["alias"]) if options else None
        every = [each for store in self._stores.values() for each in store.entries.values()]
        line: list[Known] = []
        while at is not None:
            line.append(at)
            seen = [each.der for each in line]
            at = next((each for each in every if each.der not in seen and issued(line[-1].der, each.der)), None)
        return "".join(each.pem for each in line[1:] or line)

    # -- parts ---------------------------------------------------------------------------------------------------------
    def _store(self, store: Store) -> Command:
        arguments = words(
            ("keyStoreName", store.name), ("scopeName", store.scope), ("keyStoreType", "PKCS12"),
            ("keyStoreLocation", store.location), ("keyStorePassword", store.password),
            ("keyStorePasswordVerify", store.password), ("keyStoreIsFileBased", True), ("keyStoreReadOnly", False),
        )  # fmt: skip
        path = f"{SECURITY}KeyStore:{store.name}/"
        return Command("createKeyStore", f"{store.name} in {store.location}", path, arguments, where="key_stores")

    def _signers(self) -> Iterator[Item]:
        for number, each in enumerate(self._options["signers"]):
            store, place = self._stores[each["key_store"]], f"signers[{number}]"
            found = store.entries.get(each["alias"])
            if each["state"] == "absent":
                if found:
                    yield remove_signer(store, each["alias"], self._restarts, place)
                continue
            yield from self._trust(store, each["alias"], self._signer(each["certificate"], place), place)

    def _signer(self, text: str, place: str) -> Known:
        try:
            found = chain_in(text)
        except Unreadable:
            found = []
        if len(found) != 1:
            raise AnsibleActionFail(
                f"{place}.certificate: {len(found) or 'no'} certificates are in it; give one as PEM, each signer by"
                " itself"
            )
        return found[0]

    def _trust(self, store: Store, alias: str, certificate: Known, place: str) -> Iterator[Item]:
        # WebSphere takes a certificate once, whatever it is called.
        if store.alias_of(certificate) is not None:
            return
        if alias in store.entries:
            yield remove_signer(store, alias, self._restarts, place)
        yield add_signer(store, alias, certificate, self._restarts, place)

    def _certificate(self, documents: Documents) -> Iterator[Item]:
        options = self._options["certificate"]
        if not options:
            return
        if options["source"] == "request" and documents.cell:
            self._request = read_files(self._target, [options["request_file"]])[0].decode("ascii", "replace")
        store = self._stores[options["key_store"]]
        outlook = Wanted(options, store, self._request, self._restarts).outlook()
        self._pending = outlook.certificate is None
        yield from outlook.commands
        if outlook.anchor:
            for name in options["trusted_by"]:
                yield from self._trust(self._stores[name], options["alias"], outlook.anchor, "certificate.trusted_by")

    def _config(
        self, config: Mapping[str, Any], place: str, documents: Documents, repository: Repository
    ) -> Iterator[Item]:
        keys, trust = self._stores[config["key_store"]], self._stores[config["trust_store"]]
        alias, scope = config["alias"], default_scope(documents)
        setting = {
            "serverKeyAlias": config["key_alias"],
            "clientKeyAlias": config["key_alias"],
            "sslProtocol": config["protocol"],
            "securityLevel": config["security_level"],
            "clientAuthentication": config["client_authentication"] == "required",
            "clientAuthenticationSupported": config["client_authentication"] == "supported",
        }
        arguments = words(
            ("alias", alias), ("scopeName", scope), ("type", "JSSE"), *setting.items(),
            ("keyStoreName", keys.name), ("keyStoreScopeName", keys.scope),
            ("trustStoreName", trust.name), ("trustStoreScopeName", trust.scope),
        )  # fmt: skip
        itself = Object("SSLConfig", SECURITY, {"alias": alias})
        yield Command("createSSLConfig", alias, SECURITY, arguments, child=itself, restarts=self._restarts, where=place)
        references = {"keyStore": f"{SECURITY}KeyStore:{keys.name}/", "trustStore": f"{SECURITY}KeyStore:{trust.name}/"}
        inner = {"_state": "existing", **setting, **references}
        yield Object("SSLConfig", SECURITY, {"alias": alias}, {"setting": inner}, state="existing", where=place)
        yield from self._selection(config, place, scope)
        for each in config["servers"]:
            yield self._channel(each, alias, place, repository)

    def _selection(self, config: Mapping[str, Any], place: str, scope: str) -> Iterator[Item]:
        if not config["destinations"]:
            return
        name, rules = config["alias"], "|".join(config["destinations"])
        arguments = words(
            ("dynSSLConfigSelectionName", name), ("scopeName", scope), ("dynSSLConfigSelectionInfo", rules),
            ("sslConfigName", name), ("sslConfigScope", scope), ("certificateAlias", config["key_alias"]),
        )  # fmt: skip
        itself = Object("DynamicSSLConfigSelection", SECURITY, {"name": name})
        yield Command(
            "createDynamicSSLConfigSelection", name, SECURITY, arguments,
            child=itself, restarts=self._restarts, where=place,
        )  # fmt: skip
        values = {"dynamicSelectionInfo": rules, "certificateAlias": config["key_alias"]}
        yield Object("DynamicSSLConfigSelection", SECURITY, {"name": name}, values, state="existing", where=place)

    def _channel(self, server: Mapping[str, str], alias: str, place: str, repository: Repository) -> Object:
        path = f"/Node:{server['node']}/Server:{server['server']}/"
        names = [name for found in repository.resolve(path) for name in _ssl_channels(found)]
        if not names and not self._lenient:
            raise AnsibleActionFail(
                f"{place}.servers: {server['node']}/{server['server']} is not there, or serves no SIP over TLS;"
                " correct the names, or leave it out"
            )
        return Object(
            "SSLInboundChannel", f"{path}TransportChannelService:/", {"name": names[0] if names else "SSL"},
            {"sslConfigAlias": alias}, state="existing", feature="transportChannels", where=place,
        )  # fmt: skip


def _ssl_channels(server: Element) -> list[str]:
    """The names of the SSL channels in the chains of a server that end in SIP."""
    channels = {each.id: each for each in server.walk() if each.feature == "transportChannels"}
    found = []
    for chain in (each for each in server.walk() if each.type == "Chain"):
        parts: Sequence[Element] = [
            channels[name] for name in chain.get("transportChannels").split() if name in channels
        ]
        if parts and parts[-1].type in ENDS:
            found += [part.name for part in parts if part.type == "SSLInboundChannel"]
    return found
