"""Dialogs in use: chats and subscriptions of either direction, found by the messages that come in them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Protocol

from sipmessage import Request

from lab.products.gateway.application.limits import Kind
from lab.sip.dialog import Dialog
from lab.sip.server import ServerTransaction

State = dict[str, Any]
"""A usage as JSON's types, `kind` among them."""


class Usage(ABC):
    """One dialog of a local user and a contact. `community` is the external community's id, `limit` what it counts
    to."""

    def __init__(self, dialog: Dialog, user: str, contact: str, community: int, limit: Kind) -> None:
        self.dialog, self.user, self.contact, self.community, self.limit = dialog, user, contact, community, limit

    @abstractmethod
    def serve(self, transaction: ServerTransaction) -> None:
        """Answer a request that came in the dialog."""

    @abstractmethod
    def state(self) -> State:
        """What another member needs to go on with it."""


class Replica(Protocol):
    """Where another member's copy is kept in step."""

    def put(self, key: str, state: State) -> None:
        """The usage is so now."""

    def drop(self, key: str) -> None:
        """It has ended."""

    def claim(self, key: str) -> bool:
        """Take over the usages of a lost member, if that is one of them; whether it was."""


class Usages:
    """All of them."""

    def __init__(self) -> None:
        self._all: dict[tuple[str, str], Usage] = {}
        self._confirmed: set[tuple[str, str]] = set()
        self.replica: Replica | None = None

    def add(self, usage: Usage) -> None:
        """From now on messages find it."""
        self._all[_key(usage.dialog)] = usage

    def find(self, request: Request) -> Usage | None:
        """The usage that a request came in, which may be a lost member's."""
        call_id, local_tag, remote_tag = Dialog.key_of(request)
        found = self._all.get((call_id, local_tag))
        if found is None and self.replica and self.replica.claim(f"{call_id}|{local_tag}"):
            found = self._all.get((call_id, local_tag))
        # A NOTIFY may overtake the answer to the SUBSCRIBE that tells the other side's tag.
        return found if found and found.dialog.remote_tag in ("", remote_tag) else None

    def confirm(self, usage: Usage) -> None:
        """The dialog is established, or has changed: another member is told of it. One that has ended stays so."""
        key = _key(usage.dialog)
        if self._all.get(key) is usage:
            self._confirmed.add(key)
            if self.replica:
                self.replica.put("|".join(key), usage.state())

    def retire(self, usage: Usage) -> None:
        """It is about to end: messages still find it, no other member goes on with it."""
        key = _key(usage.dialog)
        if self._all.get(key) is usage and key in self._confirmed:
            self._confirmed.remove(key)
            if self.replica:
                self.replica.drop("|".join(key))

    def remove(self, usage: Usage) -> bool:
        """Forget it; whether it was there."""
        key = _key(usage.dialog)
        if self._all.get(key) is not usage:
            return False
        self.retire(usage)
        del self._all[key]
        return True

    def confirmed(self) -> list[tuple[str, State]]:
        """Those that are established."""
        return [("|".join(key), self._all[key].state()) for key in self._confirmed]

    def __len__(self) -> int:
        return len(self._all)


def _key(dialog: Dialog) -> tuple[str, str]:
    return dialog.call_id, dialog.local_tag
