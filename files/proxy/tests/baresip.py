# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""baresip, a SIP phone of somebody else's that has TLS, and its remote control.

``baresip.py COMMAND PARAMETERS EVENT`` waits for the event (``CALL_ESTABLISHED``, ``CALL_CLOSED``, ...); an empty one
is the answer to the command.
"""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path
from typing import Any, Dict, Iterator, Sequence

CONTROL = ("127.0.0.1", 4444)
_WAITS_S = 20.0


def settings(
    folder: Path,
    address: str,
    identity: str,
    certificate: str,
    key: str,
    more: Sequence[str] = (),
    outbound: str = "",
) -> None:
    """Write its settings: it listens for TLS at 5061, believes every certificate and answers every call.

    `more` are further lines of its configuration; `outbound` is a URI by which it sends all that begins something.
    """
    both = folder / "both.pem"
    both.write_text(Path(certificate).read_text() + Path(key).read_text())
    modules = next(iter(Path("/usr/lib").glob("**/baresip/modules/ctrl_tcp.so"))).parent
    lines = [
        f"sip_listen {address}:5060",
        f"sip_certificate {both}",
        f"module_path {modules}",
        "module g711.so",
        "module_app account.so",
        "module_app menu.so",
        "module_app ctrl_tcp.so",
        f"ctrl_tcp_listen {CONTROL[0]}:{CONTROL[1]}",
        *more,
    ]
    (folder / "config").write_text("\n".join(lines) + "\n")
    route = f';outbound="{outbound}"' if outbound else ""
    (folder / "accounts").write_text(f"<{identity};transport=tls>;regint=0;answermode=auto{route}\n")


def main(command: str, parameters: str, event: str) -> int:
    """Exit code 1: it refused, or the event did not come."""
    with socket.create_connection(CONTROL, timeout=_WAITS_S) as control:
        order = json.dumps({"command": command, "params": parameters, "token": "1"}).encode()
        control.sendall(b"%d:%b," % (len(order), order))
        for told in _told(control):
            print(told, flush=True)
            if told.get("response") and (not told["ok"] or not event):
                return 0 if told["ok"] else 1
            if told.get("event") and told["type"] == event:
                return 0
    return 1


def _told(control: socket.socket) -> Iterator[Dict[str, Any]]:
    """Netstrings of JSON."""
    stream = control.makefile("rb")
    while True:
        digits = b""
        while not digits.endswith(b":"):
            byte = stream.read(1)
            if not byte:
                return
            digits += byte
        yield json.loads(stream.read(int(digits[:-1])))
        stream.read(1)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
