# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The service as a program: processes, signals, orders, systemd."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

import pytest
from running import (
    NODE,
    PARTNER,
    PROXY,
    WAIT,
    bound,
    connected,
    free_port,
    header,
    listening,
    receive,
    sip_request,
    sip_response,
)

from sipnat.service import privileges

SOURCES = str(Path(__file__).parents[1] / "src")
TOKEN = "secret-of-the-test"


def settings(processes: int, partner: socket.socket, transport: str = "tcp") -> Dict[str, Any]:
    """Both transports inside, the partner's outside."""
    port, admin = free_port(), free_port("127.0.0.1")
    address, partner_port = partner.getsockname()
    return {
        "inside": {
            "networks": ["127.71.1.0/24"],
            "hosts": [{"id": 1, "name": "node", "addresses": [NODE]}, {"id": 3, "name": "proxy", "addresses": [PROXY]}],
            "upstreams": [{"host": "node", "port": free_port(NODE), "transport": "tcp"}],
        },
        "public": {"host": "nat.example.com", "address": "203.0.113.45", "ports": {"udp": 5060, "tcp": 5060}},
        "outbound": {"host": "nat.example.com", "address": "203.0.113.46"},
        "listen": [
            {"address": PROXY, "port": port, "transport": "tcp"},
            {"address": PROXY, "port": port, "transport": "udp"},
        ],
        "partners": [{"name": "partner", "address": address, "port": partner_port, "transport": transport}],
        "limits": {"rate": 0, "drain": 0.3},
        "admin": {"port": admin},
        "processes": processes,
    }


class Service:
    """A running program."""

    def __init__(self, directory: Path, config: Dict[str, Any], environment: Dict[str, str]) -> None:
        self.config = config
        self.file = directory / "sipnat.json"
        self.token = directory / "token"
        self.token.write_text(TOKEN)
        self.token.chmod(0o600)
        config["admin"]["token"] = str(self.token)
        self.log = directory / "log"
        config["log"] = {"file": str(self.log)}
        self.write()
        self.port: int = config["listen"][0]["port"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sipnat", "run", "-c", str(self.file)],
            env={**os.environ, "PYTHONPATH": SOURCES, **environment},
            stderr=subprocess.PIPE,
            text=True,
        )
        self.until(lambda: "event=started" in self.logged())

    def write(self) -> None:
        self.file.write_text(json.dumps(self.config))

    def logged(self) -> str:
        return self.log.read_text() if self.log.exists() else ""

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for something that the program does by itself."""
        end = time.monotonic() + WAIT
        while not condition():
            if time.monotonic() > end or self.process.poll() is not None:
                self.process.kill()
                raise AssertionError(self.logged() + self.process.communicate(timeout=WAIT)[1])
            time.sleep(0.01)

    def ask(self, path: str, order: bool = False) -> str:
        """The administration's answer; HTTPError for a refusal."""
        url = f"http://127.0.0.1:{self.config['admin']['port']}{path}"
        headers = {"Authorization": f"Bearer {TOKEN}"} if order else {}
        request = urllib.request.Request(url, headers=headers, method="POST" if order else "GET")
        with urllib.request.urlopen(request, timeout=WAIT) as response:
            text: str = response.read().decode()
            return text

    def workers(self) -> List[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(one) for one in children.split()]

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(WAIT)


@contextmanager
def service(directory: Path, config: Dict[str, Any], environment: Optional[Dict[str, str]] = None) -> Iterator[Service]:
    one = Service(directory, config, environment or {})
    try:
        yield one
    finally:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait(WAIT)
        if one.process.stderr is not None:
            one.process.stderr.close()


@pytest.mark.parametrize("processes", [1, 3])
def test_a_message_and_its_answer(tmp_path: Path, processes: int) -> None:
    listener = listening(PARTNER)
    with service(tmp_path, settings(processes, listener)) as proxy:
        assert len(proxy.workers()) == (0 if processes == 1 else processes)
        node = connected(NODE, proxy.port)
        node.sendall(sip_request("tcp", node, listener))
        partner, _address = listener.accept()
        partner.settimeout(WAIT)
        received = receive(partner)[0]
        assert header(received, b"Via").startswith(b"SIP/2.0/TCP nat.example.com:5060;")
        partner.sendall(sip_response(received))
        assert receive(node)[0].startswith(b"SIP/2.0 200 OK")
        assert proxy.end() == 0
    assert "event=stopped" in proxy.logged()


@pytest.mark.parametrize("transport", ["tcp", "udp"])
def test_log_tells_why_an_upstream_is_down(tmp_path: Path, transport: str) -> None:
    config = settings(1, bound(PARTNER), "udp")
    config["inside"]["upstreams"][0]["transport"] = transport
    with service(tmp_path, config) as proxy:
        proxy.until(lambda: 'event="upstream down"' in proxy.logged())
        down = next(line for line in proxy.logged().splitlines() if 'event="upstream down"' in line)
        assert down.endswith('error="Connection refused"')


def waiting_datagrams(port: int) -> int:
    """Bytes that nobody has read yet at a UDP port."""
    lines = [line.split() for line in Path("/proc/net/udp").read_text().splitlines()[1:]]
    return sum(int(one[4].partition(":")[2], 16) for one in lines if one[1].endswith(f":{port:04X}"))


@pytest.mark.parametrize("number", [1, 600])
def test_answers_find_the_process_that_has_the_connection(tmp_path: Path, number: int) -> None:
    """Requests by TCP leave by UDP; other processes get the answers, since the one with the connection is stopped. What
    the system does not keep for it, they keep."""
    partner = bound(PARTNER)
    with service(tmp_path, settings(3, partner, "udp")) as proxy:
        node = connected(NODE, proxy.port)
        received = []
        for serial in range(number):
            node.sendall(sip_request("tcp", node, partner, str(serial)))
            received.append(partner.recvfrom(65535))
        owner = int(header(received[0][0], b"Via").partition(b"z9hG4bKnpc")[2].partition(b".")[0])
        os.kill(proxy.workers()[owner], signal.SIGSTOP)
        for request, source in received:
            partner.sendto(sip_response(request), source)
            proxy.until(lambda: not waiting_datagrams(proxy.port))
        os.kill(proxy.workers()[owner], signal.SIGCONT)
        assert {header(one, b"Call-ID") for one in receive(node, number)} == {b"%d" % one for one in range(number)}


def test_a_killed_worker_is_replaced_and_the_others_go_on(tmp_path: Path) -> None:
    partner, node = bound(PARTNER), bound(NODE)
    with service(tmp_path, settings(2, partner, "udp")) as proxy:
        before = proxy.workers()
        os.kill(before[0], signal.SIGKILL)
        node.sendto(sip_request("udp", node, partner), (PROXY, proxy.port))
        received, source = partner.recvfrom(65535)
        partner.sendto(sip_response(received), source)
        assert node.recv(65535).startswith(b"SIP/2.0 200 OK")
        proxy.until(lambda: len(proxy.workers()) == 2 and before[0] not in proxy.workers())
        proxy.until(lambda: 'event="restarted"} 1' in proxy.ask("/metrics"))
        assert before[1] in proxy.workers()


def test_workers_do_not_outlive_their_parent(tmp_path: Path) -> None:
    with service(tmp_path, settings(2, bound(PARTNER), "udp")) as proxy:
        workers = proxy.workers()
        proxy.process.kill()
        proxy.process.wait(WAIT)
        end = time.monotonic() + WAIT
        while any(
            Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes() for pid in workers
        ):
            assert time.monotonic() < end
            time.sleep(0.01)


@pytest.mark.parametrize("processes", [1, 2])
def test_reload_by_signal_and_by_order(tmp_path: Path, processes: int) -> None:
    listener = listening(PARTNER)
    with service(tmp_path, settings(processes, listener)) as proxy:
        node = connected(NODE, proxy.port)
        node.sendall(sip_request("tcp", node, listener))
        partner, _address = listener.accept()
        partner.settimeout(WAIT)
        received = receive(partner)[0]

        other = free_port()
        proxy.config["listen"].append({"address": PROXY, "port": other, "transport": "tcp"})
        proxy.write()
        proxy.process.send_signal(signal.SIGHUP)
        proxy.until(lambda: "event=reloaded" in proxy.logged())
        partner.sendall(sip_response(received))
        assert receive(node)[0].startswith(b"SIP/2.0 200 OK")
        proxy.until(lambda: answers(other))

        proxy.config["listen"].pop()
        proxy.write()
        assert json.loads(proxy.ask("/ctl/reload", order=True)) == {"done": "reload"}
        proxy.until(lambda: not answers(other))

        proxy.file.write_text("{")
        with pytest.raises(urllib.error.HTTPError, match="409"):
            proxy.ask("/ctl/reload", order=True)
        proxy.until(lambda: "sipnat_config_ok 0" in proxy.ask("/metrics"))
        assert answers(proxy.port)


def answers(port: int) -> bool:
    """Whether the proxy answers OPTIONS at a port."""
    try:
        with connected(NODE, port) as node:
            node.sendall(
                f"OPTIONS sip:{PROXY}:{port};transport=tcp SIP/2.0\r\n"
                f"Via: SIP/2.0/TCP {NODE}:5060;branch=z9hG4bK1\r\nMax-Forwards: 0\r\nFrom: <sip:a@{NODE}>;tag=1\r\n"
                f"To: <sip:{PROXY}>\r\nCall-ID: 1\r\nCSeq: 1 OPTIONS\r\nContent-Length: 0\r\n\r\n".encode()
            )
            return receive(node)[0].startswith(b"SIP/2.0 200")
    except ConnectionError:
        return False


@pytest.mark.parametrize("processes", [1, 2])
def test_drain_and_status(tmp_path: Path, processes: int) -> None:
    with service(tmp_path, settings(processes, bound(PARTNER), "udp")) as proxy:
        assert json.loads(proxy.ask("/ctl/status", order=True))["draining"] is False
        assert answers(proxy.port)
        proxy.ask("/ctl/drain", order=True)
        with pytest.raises(urllib.error.HTTPError, match="503"):
            proxy.ask("/health")
        proxy.until(lambda: not any(answers(proxy.port) for _ in range(4)))
        proxy.ask("/ctl/undrain", order=True)
        proxy.until(lambda: all(answers(proxy.port) for _ in range(4)))


@pytest.mark.parametrize("processes", [1, 2])
def test_stop_by_order(tmp_path: Path, processes: int) -> None:
    with service(tmp_path, settings(processes, bound(PARTNER), "udp")) as proxy:
        proxy.ask("/ctl/stop", order=True)
        assert proxy.process.wait(WAIT) == 0


def test_a_second_signal_ends_at_once(tmp_path: Path) -> None:
    config = settings(1, bound(PARTNER), "udp")
    config["limits"]["drain"] = 600
    with service(tmp_path, config) as proxy:
        proxy.process.send_signal(signal.SIGTERM)
        proxy.until(lambda: "event=stopping" in proxy.logged())
        assert proxy.end() == 0


def test_systemd_is_told(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(WAIT)
        environment = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "200000"}
        with service(tmp_path, settings(1, bound(PARTNER), "udp"), environment) as proxy:
            told = {manager.recv(100) for _ in range(3)}
            assert told == {b"READY=1", b"WATCHDOG=1"}
            proxy.process.send_signal(signal.SIGHUP)
            while not manager.recv(100).startswith(b"RELOADING=1\nMONOTONIC_USEC="):
                pass
            while manager.recv(100) != b"READY=1":
                pass
            proxy.process.send_signal(signal.SIGTERM)
            while manager.recv(100) != b"STOPPING=1":
                pass


def test_a_port_that_is_taken_ends_the_start(tmp_path: Path) -> None:
    taken = listening(PROXY)
    config = settings(1, bound(PARTNER), "udp")
    config["listen"][0]["port"] = taken.getsockname()[1]
    with pytest.raises(AssertionError, match=f"cannot listen at tcp {PROXY} port"), service(tmp_path, config):
        pass


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other accounts can look into, unlike pytest's."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("processes", [1, 2])
def test_privileges_are_dropped_for_good(open_folder: Path, processes: int) -> None:
    config = settings(processes, bound(PARTNER), "udp")
    config["user"] = "nobody"
    owned_by_nobody(open_folder / "log")
    with service(open_folder, config) as proxy:
        for pid in [proxy.process.pid, *proxy.workers()]:
            found = Path(f"/proc/{pid}/status").read_text()
            ids = [line.split()[1:] for line in found.splitlines() if line.startswith(("Uid:", "Gid:"))]
            assert all(len(set(one)) == 1 and one[0] != "0" for one in ids)
            groups = next(line.split()[1:] for line in found.splitlines() if line.startswith("Groups:"))
            assert "0" not in groups
        assert answers(proxy.port)
        proxy.process.send_signal(signal.SIGHUP)
        proxy.until(lambda: "event=reloaded" in proxy.logged())
        assert "level=error" not in proxy.logged()


def owned_by_nobody(file: Path) -> None:
    """Make a file that the account to become may write."""
    file.touch()
    shutil.chown(file, "nobody")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user")
def test_start_is_refused_where_a_reload_could_not_be(open_folder: Path) -> None:
    config = settings(1, bound(PARTNER), "udp")
    config["user"] = "nobody"
    (open_folder / "log").touch()
    with pytest.raises(AssertionError, match=r"nobody cannot write .*/log, which a reload"), service(
        open_folder, config
    ):
        pass
    (open_folder / "log").unlink()
    owned_by_nobody(open_folder / "log")
    open_folder.chmod(0o700)  # nor the configuration, then
    with pytest.raises(AssertionError, match=r"nobody cannot read .*/sipnat.json"), service(open_folder, config):
        pass


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user")
def test_accounts_that_cannot_be_taken_are_named() -> None:
    with pytest.raises(ValueError, match="user: no-such-user: there is no such account"):
        privileges.drop("no-such-user", None)
    with pytest.raises(ValueError, match="group: no-such-group: there is no such group"):
        privileges.drop("nobody", "no-such-group")
    program = "import os; from sipnat.service import privileges; os.setuid(65534); privileges.drop('root', None)"
    done = subprocess.run(
        [sys.executable, "-c", program], env={"PYTHONPATH": SOURCES}, capture_output=True, text=True, check=False
    )
    assert "user: root: this account cannot become it: start as root" in done.stderr


def repeated(data: bytes, sender: socket.socket, where: Tuple[str, int], receiver: socket.socket) -> Tuple[bytes, Any]:
    """Send until it arrives: workers follow the parent's reload a moment later. Copies sent earlier may still come."""
    call_id = header(data, b"Call-ID")
    receiver.settimeout(0.2)
    for _ in range(50):
        sender.sendto(data, where)
        with contextlib.suppress(socket.timeout):
            while True:
                received, source = receiver.recvfrom(65535)
                if header(received, b"Call-ID") == call_id:
                    return received, source
    raise AssertionError("does not arrive")


def listens(pid: int) -> bool:
    """Whether a worker has all that it opens: its handler of SIGTERM is the last."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt:"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


def test_a_worker_without_descriptors_for_a_reload_goes_on(tmp_path: Path) -> None:
    """The system does not give it the sockets: it keeps those that it has."""
    partner, node = bound(PARTNER), bound(NODE)
    with service(tmp_path, settings(2, partner, "udp")) as proxy:
        # The handler that a worker has from its parent is gone once it shows figures.
        proxy.until(lambda: "sipnat_processes 3" in proxy.ask("/metrics"))
        proxy.until(lambda: all(map(listens, proxy.workers())))
        for pid in proxy.workers():
            used = {int(one.name) for one in Path(f"/proc/{pid}/fd").iterdir()}
            lowest = next(number for number in range(1000) if number not in used)
            hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)[1]
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (lowest, hard))
        proxy.process.send_signal(signal.SIGHUP)
        proxy.until(lambda: proxy.logged().count("not all listeners arrived") == 2)
        for serial in range(20):
            node.sendto(sip_request("udp", node, partner, str(serial)), (PROXY, proxy.port))
            assert header(partner.recv(65535), b"Call-ID") == b"%d" % serial


def test_reload_gives_workers_the_sockets_of_new_peers(tmp_path: Path) -> None:
    partner, other, node = bound(PARTNER), bound(PARTNER), bound(NODE)
    with service(tmp_path, settings(2, partner, "udp")) as proxy:
        proxy.config["partners"][0]["port"] = other.getsockname()[1]
        proxy.config["listen"].append({"address": PROXY, "port": free_port(), "transport": "udp"})
        proxy.write()
        proxy.process.send_signal(signal.SIGHUP)
        proxy.until(lambda: "event=reloaded" in proxy.logged())
        for listener in proxy.config["listen"][1:]:
            where = (PROXY, listener["port"])
            for number in range(10):  # to either worker
                request = sip_request("udp", node, other, f"{listener['port']}-{number}")
                received, source = repeated(request, node, where, other)
                other.sendto(sip_response(received), source)
                response, source = node.recvfrom(65535)
                assert response.startswith(b"SIP/2.0 200 OK")
                assert source == where
        assert "level=error" not in proxy.logged()
