# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# Private to this collection: no promise is made to other users of this file.
"""The translation rules of a Linux router: in its kernel now, and on its disk for its next start."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from ansible.errors import AnsibleActionFail

from ._file import read_path, write_path
from ._nat_foreign import contradictions
from ._nat_linux_form import Form, Iptables, Nftables
from ._nat_linux_read import Seen, seen
from ._nat_read import NatError
from ._nat_rules import Inbound, Outbound, Rules, Shown, rules_of
from ._resource import Resource, State, diff
from ._target import Target

_FORMS: Mapping[str, type[Form]] = {"nftables": Nftables, "iptables": Iptables}


class NatRules(Resource):
    """The rules that the options of `nat_rules` describe, on the router `target`."""

    name = "NAT rules"

    def __init__(self, options: dict[str, Any], target: Target) -> None:
        self._options = options
        self._target = target
        self._outside: str = options["outside_interface"]
        self._platform: str = options["platform"]
        self._form = _FORMS[self._platform](self._outside, options[self._platform])
        self._rules = self._asked()
        self._seen: Seen
        self.read_rules: list[State] = []
        """The rules in the kernel at each reading; empty when there was no place for ours."""
        for file in self._form.files:
            if not re.fullmatch(r'/[^"\s]+', file):
                raise AnsibleActionFail(
                    f"{self._platform}: {file!r} is not an absolute path without blanks; write it as /etc/rules"
                )

    def _asked(self) -> Rules:
        if self._options["state"] == "absent":
            return Rules()
        try:
            rules = rules_of(self._options)
        except NatError as error:
            raise AnsibleActionFail(str(error).removeprefix("options.")) from None
        if not rules:
            raise AnsibleActionFail(
                "inbound: without a rule, and without one in outbound, there is nothing to translate; name the rules, "
                "or say state: absent to take those away that are there"
            )
        return rules

    def read(self) -> State:
        outcome = self._target.execute(
            "nat_rules_read",
            {"files": self._form.files, "outside": self._outside, "proc": "/proc", "sys": "/sys"},
        )
        self._seen = seen(outcome)
        if not self._form.is_known(self._seen):
            raise AnsibleActionFail(
                f"platform: {self._platform} needs the command {self._form.command}, which the router does not have; "
                "install it, or choose another platform"
            )
        self.read_rules.append(self._form.shown(self._seen).described())
        kept = {file: self._seen.files.get(file) for file in self._form.files} if self._options["persist"] else {}
        return {**self.read_rules[-1], "files": kept}

    def wanted(self, current: State) -> State:
        if self._rules:
            self._refuse()
        files = self._form.kept(current["files"], self._rules) if self._options["persist"] else {}
        rules = self._rules
        return {**Shown(rules, rules.versions).described(), "files": dict(files)}

    def _refuse(self) -> None:
        links = self._seen.outcome.all("link")
        if self._outside not in links:
            raise AnsibleActionFail(
                f"outside_interface: the router has no {self._outside!r}; it has {', '.join(sorted(links))}"
            )
        sip_alg = self._options["sip_alg"]
        found = contradictions(self._form.foreign(self._seen), self._rules, self._outside, sip_alg=sip_alg)
        if self._seen.rewrites_sip and not sip_alg:
            found.append(
                "net.netfilter.nf_conntrack_helper is 1: the kernel hands SIP to its helper by itself, which rewrites "
                "it; set this to 0, in /etc/sysctl.d too, or say sip_alg: true"
            )
        if found:
            raise AnsibleActionFail("what the router has already contradicts the rules: " + "; ".join(found))

    def change(self, current: State, wanted: State) -> list[str]:
        operations: list[str] = []
        if _kernel(current) != _kernel(wanted):
            flows = list(self._stale_flows()) if self._seen.outcome.get("conntrack") else []
            told = self._form.told(self._seen, self._rules)
            said = self._target.execute("nat_rules_change", {**told, "flows": flows})
            done = "give the kernel the rules" if self._rules else "take the rules away"
            operations.append(f"{self._platform}: {done}")
            operations += [f"forget connections {flow}" for flow in said.all("forgotten")]
        for file, text in wanted["files"].items():
            if text != current["files"][file]:
                self._write(file, text)
                operations.append(f"{'remove' if text is None else 'write'} {file}")
        return operations

    def _write(self, file: str, text: str | None) -> None:
        """Owner and mode of a file that is there stay as they are."""
        wanted: State = {}
        if text is not None:
            wanted = read_path(self._target, file, "") or {"type": "file", "mode": "0644"}
            folder = str(PurePosixPath(file).parent)
            if not read_path(self._target, folder, ""):
                write_path(self._target, folder, {"type": "directory", "mode": "0755"}, None)
        write_path(self._target, file, wanted, text)

    def _stale_flows(self) -> Iterator[str]:
        """Arguments of conntrack for the connections whose translation is another from now on."""
        before, after = self._form.shown(self._seen).rules, self._rules
        for rule in sorted((before.inbound ^ after.inbound) | (before.outbound ^ after.outbound), key=str):
            family = f"-f ipv{rule.public_address.version}"
            if isinstance(rule, Inbound):
                yield f"{family} -p {rule.protocol} -d {rule.public_address} --dport {rule.public_port}"
            elif isinstance(rule, Outbound):
                yield f"{family} -s {rule.private_address}"

    def findings(self, *, changed: bool) -> list[str]:
        """What keeps the rules from working although they are there, or from being there after the next start."""
        said = self._seen.outcome
        found = list(self._seen.findings(self._rules, self._outside, sip_alg=self._options["sip_alg"]))
        boot = dict(each.partition(" ")[::2] for each in said.all("boot"))
        if self._rules and self._options["persist"] and boot.get(self._form.service, "enabled") != "enabled":
            found.append(
                f"service {self._form.service} does not start with the router, so nothing loads the rules on its disk: "
                f"systemctl enable {self._form.service}"
            )
        if changed and not said.get("conntrack"):
            found.append(
                "the router has no command conntrack: connections that exist keep their old translation until they end"
            )
        return found

    def diff(self, current: State, wanted: State) -> list[dict[str, str]]:
        return [
            diff(self.name, _kernel(current), _kernel(wanted)),
            *(
                {
                    "before_header": file,
                    "after_header": file,
                    "before": current["files"][file] or "",
                    "after": wanted["files"][file] or "",
                }
                for file in wanted["files"]
            ),
        ]


def _kernel(state: State) -> State:
    """Of a state, what is in the kernel."""
    return {key: value for key, value in state.items() if key != "files"}
