"""Have a machine of a running lab listen at TCP ports for a while, and take and close whatever connects.

`python -m tests.lab.listening MACHINE SECONDS PORT...`; a port that something else listens at is left to it.
"""

from __future__ import annotations

import os
import sys

from tests.lab.dialling import python_of

_LISTENER = """
import selectors, signal, socket
signal.alarm({seconds})
waiting = selectors.DefaultSelector()
for port in {ports}:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("", port))
    except OSError:
        continue
    listener.listen()
    waiting.register(listener, selectors.EVENT_READ)
while True:
    for key, _ in waiting.select():
        key.fileobj.accept()[0].close()
"""

if __name__ == "__main__":
    name, seconds, *ports = sys.argv[1:]
    program = _LISTENER.format(seconds=int(seconds), ports=[int(port) for port in ports])
    command = [*python_of(os.environ, name), program]
    os.execv(command[0], command)
