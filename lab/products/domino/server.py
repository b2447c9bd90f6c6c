"""The server: its start, its tasks, its end. It holds the ports of NRPC and HTTP and starts other products' tasks."""

from __future__ import annotations

import signal
import socket
import stat
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress

from lab import namespaces
from lab.host import Host
from lab.products.domino import installation as product
from lab.products.domino import layout, setup
from lab.products.domino.layout import Installation

OK, FAILED = 0, 1
CONSOLE = "console.log"
QUIT_S = 30.0
_CLIENT_S = 10.0
_LONGEST_REQUEST = 4096
_PAGE = b"HTTP/1.1 200 OK\r\nServer: Lotus-Domino\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def server(host: Host, arguments: Sequence[str]) -> int:
    """`server`: stays until it is told to quit; `-silent PROFILE` sets it up, `-q` tells a running one to quit."""
    found = layout.installed(host)
    wrong = _refusal(host, found)
    if found is None or wrong:
        print(wrong or "Domino is not installed completely.", file=sys.stderr)
        return FAILED
    match list(arguments):
        case ["-silent", path]:
            return setup.run(host, found, path)
        case ["-q"]:
            return _quit(host, found)
        case [] if found.windows:
            print("lab: the server runs as its service here")
            return FAILED
        case []:
            return _serve(host, found)
    print(f"lab: server {' '.join(arguments)} is not played out: it needs a display, or is unknown", file=sys.stderr)
    return FAILED


def nservice(host: Host, arguments: Sequence[str]) -> int:
    """The program behind the Windows service: `nservice.exe "=<notes.ini>"`."""
    found = layout.installed(host)
    if found is None or [word.lower() for word in arguments] != [f"={found.notes_ini}".lower()]:
        return FAILED
    return _serve(host, found)


def _refusal(host: Host, found: Installation | None) -> str:
    if found is None or found.windows:
        return ""
    if host.user.administrator:
        return "The Domino server must not be run by root."
    if host.user.name != found.user:
        return f"The data folder {found.data} belongs to {found.user}, not to {host.user.name}."
    if host.path("notes.ini") != host.path(found.notes_ini):
        return "notes.ini was not found: the server must be started in its data folder."
    return ""


# -- the life of the server --------------------------------------------------------------------------------------------
def _serve(host: Host, found: Installation) -> int:
    wrong = _start_problem(host, found)
    if wrong:
        _say(host, found, wrong)
        print(wrong, file=sys.stderr)
        return FAILED
    if not found.windows:
        namespaces.set_title(layout.running_title(found))
    over = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: over.set())
    tasks = layout.server_tasks(host, found)
    children: list[int] = []
    try:
        listeners = [(socket.create_server(("", layout.NRPC_PORT)), b"")]
        if "http" in tasks:
            listeners.append((socket.create_server(("", layout.HTTP_PORT)), _PAGE))
    except OSError as error:
        _say(host, found, f"A port could not be opened: {error.strerror}")
        return FAILED
    for listener, answer in listeners:
        threading.Thread(target=_accept, args=(listener, answer), daemon=True).start()
    _say(host, found, "Domino Server started")
    host.report_running()
    children = [pid for task in tasks if task in layout.ADDINS and (pid := _start_addin(host, found, task))]
    # An event alone would not let Python run the handler of a signal.
    while not over.wait(0.2):
        pass
    for pid in children:
        host.kill(pid)
    for listener, _ in listeners:
        listener.close()
    _say(host, found, "Domino Server shut down")
    return OK


def _start_problem(host: Host, found: Installation) -> str:
    if not layout.is_set_up(host):
        return "The server is not set up; the set-up program needs a display."
    if layout.processes(host, found) and not found.windows:
        return "The server is running already."
    if not found.windows and not product.ports_available(host):
        return "Your system is not configured with I/O Completion Ports."
    if not found.windows and "http" in layout.server_tasks(host, found) and not _may_bind(host, found):
        return f"HTTP Server: bindsock has lost its set-user-ID; port {layout.HTTP_PORT} cannot be opened."
    if fault := host.fault("domino:start"):
        return f"PANIC: the server could not be started ({fault})"
    return ""


def _may_bind(host: Host, found: Installation) -> bool:
    """Whether the helper that opens ports below 1024 still belongs to root and has its power."""
    file = host.path(f"{found.program_dir}/bindsock")
    if not file.exists():
        return False
    known = file.stat()
    return known.st_uid == 0 and bool(known.st_mode & stat.S_ISUID)


def _start_addin(host: Host, found: Installation, task: str) -> int | None:
    program = found.task(task)
    if not host.path(program).exists():
        _say(host, found, f"Error attempting to load or run {task}: file does not exist")
        return None
    _say(host, found, f"{task}: started")
    return host.spawn(layout.ADDINS[task], [], title=f'"{program}"' if found.windows else program)


def _accept(listener: socket.socket, answer: bytes) -> None:
    """What comes is read and, by the HTTP task, answered; NRPC itself is not spoken."""
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_answer, args=(connection, answer), daemon=True).start()


def _answer(connection: socket.socket, answer: bytes) -> None:
    with connection, suppress(OSError):
        connection.settimeout(_CLIENT_S)
        if connection.recv(_LONGEST_REQUEST) and answer:
            connection.sendall(answer)


def _quit(host: Host, found: Installation) -> int:
    running = layout.processes(host, found)
    if not running:
        print("The server is not running.")
        return FAILED
    for pid in running:
        host.kill(pid)
    deadline = time.monotonic() + QUIT_S
    while layout.processes(host, found) and time.monotonic() < deadline:
        time.sleep(0.05)
    return OK


def _say(host: Host, found: Installation, words: str) -> None:
    with suppress(OSError), host.path(found.data_file(CONSOLE)).open("a", encoding="utf-8") as console:
        console.write(f"{time.strftime('%m/%d/%Y %I:%M:%S %p')}  {words}\n")
