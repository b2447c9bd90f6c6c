# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The certificate of `was_ssl`: made here, asked for by WebSphere, or brought in a file; what has to be done for it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail

from ._key_store import KEY_FILE_ALIAS, Known, Unreadable, chain_in, key_file, make_key_file, ordered, request_names
from ._was_items import Command, words
from ._was_ssl_stores import Store

SECURITY = "/Cell:/Security:/"


@dataclass(frozen=True)
class Outlook:
    """What there will be: the certificate (None while a request waits for it), who vouches for it, and how."""

    certificate: Known | None
    anchor: Known | None
    commands: Sequence[Command]


class Wanted:
    """The option `certificate`. `request` is the text of the file of the request, empty without one."""

    def __init__(self, options: Mapping[str, Any], store: Store, request: str, restarts: Sequence[str]) -> None:
        self._options = options
        self._store = store
        self._request = request
        self._restarts = restarts
        self._now = dt.datetime.now(dt.UTC)

    def outlook(self) -> Outlook:
        """Raises AnsibleActionFail with option, value and cure."""
        return {"self_signed": self._own, "request": self._asked, "pkcs12": self._brought}[self._options["source"]]()

    # -- ways ----------------------------------------------------------------------------------------------------------
    def _own(self) -> Outlook:
        found = self._found()
        if found and not self._wrong(found) and found.days_left(self._now) >= self._options["renew_days"]:
            return Outlook(found, found if found.self_signed else None, [])
        password = secrets.token_hex(24)
        options = self._options
        content, made = make_key_file(
            self._names(), options["subject"], size=options["key_size"], days=options["valid_days"], password=password
        )
        return Outlook(made, made, [*self._removal(), self._import(content, password, KEY_FILE_ALIAS, made)])

    def _brought(self) -> Outlook:
        place, path = "certificate.pkcs12", self._options["pkcs12"]
        try:
            content = Path(path).read_bytes()
            certificate, chain = key_file(content, self._options["pkcs12_password"])
            line = ordered([certificate, *chain])
        except OSError as error:
            raise AnsibleActionFail(f"{place}: {path}: {error.strerror}; give a file of the controller") from None
        except Unreadable as error:
            raise AnsibleActionFail(
                f"{place}, pkcs12_password: {path} cannot be used: {error}; correct either"
            ) from None
        self._require_good(place, certificate)
        _require_root(place, line)
        found = self._found()
        if found and found.der == certificate.der:
            return Outlook(found, line[-1], [])
        if not certificate.alias:
            raise AnsibleActionFail(f"{place}: the key in {path} has no name; export it again with one (-name)")
        command = self._import(content, self._options["pkcs12_password"], certificate.alias, certificate)
        return Outlook(certificate, line[-1], [*self._removal(), command])

    def _asked(self) -> Outlook:
        found = self._found()
        if self._options["signed"]:
            return self._received(found)
        if found and not found.self_signed:
            self._require_good("certificate.alias", found)
            return Outlook(found, None, [])
        if self._request:
            asked = request_names(self._request)
            if asked != [self._options["common_name"]]:
                raise AnsibleActionFail(
                    f"certificate.request_file: the request in {self._options['request_file']} is for"
                    f" {', '.join(asked) or 'nobody'}, not {self._options['common_name']}; remove it and the request in"
                    " WebSphere, or correct common_name"
                )
            return Outlook(None, None, [])
        return Outlook(None, None, [self._ask()])

    def _received(self, found: Known | None) -> Outlook:
        place = "certificate.signed"
        try:
            line = ordered(chain_in(self._options["signed"]))
        except Unreadable as error:
            raise AnsibleActionFail(f"{place}: it holds no chain of certificates: {error}; give PEM") from None
        self._require_good(place, line[0])
        _require_root(place, line)
        if found and found.der == line[0].der:
            return Outlook(found, line[-1], [])
        alias = self._options["alias"]
        commands = [
            add_signer(self._store, f"{alias}-signer{number}", each, self._restarts)
            for number, each in enumerate(line[1:], 1)
            if self._store.alias_of(each) is None
        ]
        name = f"{alias}.arm"
        arguments = words(
            *self._in_store(), ("certificateAlias", alias), ("certificateFilePath", f"@{{{name}}}"),
            ("base64Encoded", True),
        )  # fmt: skip
        commands.append(self._command("receiveCertificate", line[0], arguments, {name: line[0].pem}))
        return Outlook(line[0], line[-1], commands)

    # -- judging -------------------------------------------------------------------------------------------------------
    def _names(self) -> list[str]:
        return list(dict.fromkeys([self._options["common_name"], *self._options["alternative_names"]]))

    def _found(self) -> Known | None:
        return self._store.entries.get(self._options["alias"])

    def _wrong(self, certificate: Known) -> str:
        """What is wrong with the names of a certificate, in words; nothing when they are good."""
        wanted, common = self._options["common_name"], list(certificate.common_names)
        if common != [wanted]:
            return f"its common name is {', '.join(common) or 'missing'}"
        missing = [name for name in self._names() if name not in certificate.alternative_names]
        if missing and (self._options["require_alternative_name"] or certificate.alternative_names):
            return f"{', '.join(missing)} is missing among its alternative names"
        return ""

    def _require_good(self, place: str, certificate: Known) -> None:
        wrong, wanted = self._wrong(certificate), self._options["common_name"]
        if wrong:
            raise AnsibleActionFail(
                f"{place}: {certificate.subject}: {wrong}, but partners dial {wanted}, the public name of the NAT plan,"
                " and compare it; have the certificate issued for that name"
            )
        if not certificate.begins <= self._now < certificate.ends:
            raise AnsibleActionFail(
                f"{place}: {certificate.subject} is valid from {certificate.begins:%Y-%m-%d} to"
                f" {certificate.ends:%Y-%m-%d} only; give one that is valid now"
            )

    # -- commands ------------------------------------------------------------------------------------------------------
    def _in_store(self) -> tuple[tuple[str, str], tuple[str, str]]:
        return ("keyStoreName", self._store.name), ("keyStoreScope", self._store.scope)

    def _removal(self) -> list[Command]:
        found = self._found()
        if found is None:
            return []
        arguments = words(*self._in_store(), ("certificateAlias", self._options["alias"]))
        return [self._command("deleteCertificate", found, arguments, {})]

    def _import(self, content: bytes, password: str, alias: str, certificate: Known) -> Command:
        name = f"{self._options['alias']}.p12"
        arguments = words(
            *self._in_store(), ("keyFilePath", f"@{{{name}}}"), ("keyFilePassword", password),
            ("keyFileType", "PKCS12"), ("certificateAliasFromKeyFile", alias),
            ("certificateAlias", self._options["alias"]),
        )  # fmt: skip
        return self._command("importCertificate", certificate, arguments, {name: content.decode("latin-1")})

    def _ask(self) -> Command:
        options, subject = self._options, self._options["subject"]
        arguments = words(
            *self._in_store(), ("certificateAlias", options["alias"]), ("certificateVersion", 3),
            ("certificateSize", options["key_size"]), ("certificateCommonName", options["common_name"]),
            ("certificateOrganization", subject.get("O")), ("certificateOrganizationalUnit", subject.get("OU")),
            ("certificateLocality", subject.get("L")), ("certificateState", subject.get("ST")),
            ("certificateCountry", subject.get("C")),
            ("certificateRequestFilePath", options["request_file"].replace("\\", "/")),
        )  # fmt: skip
        label = f"{self._store.name} {options['alias']}: CN={options['common_name']} in {options['request_file']}"
        return Command("createCertificateRequest", label, SECURITY, arguments, when=True)

    def _command(self, name: str, certificate: Known, arguments: str, files: Mapping[str, str]) -> Command:
        label = f"{self._store.name} {self._options['alias']}: {told(certificate)}"
        return Command(
            name, label, SECURITY, arguments, when=True, restarts=self._restarts, files=files, where="certificate"
        )


def add_signer(store: Store, alias: str, certificate: Known, restarts: Sequence[str], where: str = "") -> Command:
    """The command that makes a key store trust a certificate."""
    name = f"{store.name}-{alias}.arm"
    arguments = words(
        ("keyStoreName", store.name), ("keyStoreScope", store.scope), ("certificateAlias", alias),
        ("certificateFilePath", f"@{{{name}}}"), ("base64Encoded", True),
    )  # fmt: skip
    label = f"{store.name} {alias}: {told(certificate)}"
    files = {name: certificate.pem}
    return Command(
        "addSignerCertificate", label, SECURITY, arguments, when=True, restarts=restarts, files=files, where=where
    )


def remove_signer(store: Store, alias: str, restarts: Sequence[str], where: str = "") -> Command:
    """The command that makes a key store no longer trust what it has under a name."""
    arguments = words(("keyStoreName", store.name), ("keyStoreScope", store.scope), ("certificateAlias", alias))
    label = f"{store.name} {alias}: {told(store.entries[alias])}"
    return Command("deleteSignerCertificate", label, SECURITY, arguments, when=True, restarts=restarts, where=where)


def told(certificate: Known) -> str:
    """A certificate in few words."""
    by = "itself" if certificate.self_signed else certificate.issuer
    return f"{certificate.subject}, signed by {by}, until {certificate.ends:%Y-%m-%d}"


def _require_root(place: str, line: Sequence[Known]) -> None:
    """Fail unless a chain ends with who signed himself: partners who trust him could not follow it to there."""
    if not line[-1].self_signed:
        raise AnsibleActionFail(
            f"{place}: the certificate of {line[-1].issuer} is missing, which signed {line[-1].subject};"
            " give the chain up to its root"
        )
