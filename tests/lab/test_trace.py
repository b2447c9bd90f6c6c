"""`lab trace`: every command that a host starts, and a host that does not notice."""

from __future__ import annotations

from tests.lab.commands import traced
from tests.lab.conftest import Lab


def test_no_command_is_missed_however_short_its_life(lab: Lab) -> None:
    script = "n=0\nwhile [ $n -lt 100 ]; do ls /nothing/$n; n=$((n + 1)); done; su - guest -c 'id -un'"
    with traced(lab, "stgdm1") as commands:
        done = lab.ssh("stgdm1", script)
    assert (done.returncode, done.stdout) == (0, "guest\n"), done.stderr
    listed = [line.rpartition("/")[2] for line in commands if line.startswith("/.lab/usr/bin/ls /nothing/")]
    assert listed == [str(n) for n in range(100)]
    # A shell's own argument with all its lines, and what another user runs.
    assert any(line.endswith("-c " + script.replace("\n", r"\n")) for line in commands)
    assert any(line.endswith("id -un") for line in commands)


def test_a_session_that_was_there_before_is_traced_too(lab: Lab) -> None:
    """As Ansible's, which stays open between tasks: what matters is when a command starts, not who started it."""

    def wait_for(file: str) -> str:
        return f"while [ ! -f {file} ]; do sleep 0.1; done"

    lab.ok("exec", "stgdm1", "/usr/bin/sh", "-c", "rm -f /tmp/go /tmp/over")
    waits = f"sh -c '{wait_for('/tmp/go')}; ls /nothing/here; echo over >/tmp/over' </dev/null >/dev/null 2>&1 &"
    assert lab.ssh("stgdm1", waits).returncode == 0
    with traced(lab, "stgdm1") as commands:
        lab.ok("exec", "stgdm1", "/usr/bin/sh", "-c", f"echo go >/tmp/go; {wait_for('/tmp/over')}")
    assert "/.lab/usr/bin/ls /nothing/here" in commands


def test_signals_reach_what_is_traced(lab: Lab) -> None:
    script = (
        "trap 'echo caught' USR1; kill -USR1 $$; /usr/bin/sleep 60 & kill -STOP $!; kill -CONT $!; kill -KILL $!;"
        " wait $!; echo $?; kill -TERM $$"
    )
    with traced(lab, "stgdm1"):
        done = lab.ssh("stgdm1", script)
    plain = lab.ssh("stgdm1", script)
    assert (done.stdout, done.returncode) == (plain.stdout, plain.returncode)
    assert done.stdout.startswith("caught\n")


def test_a_host_is_not_traced_twice(lab: Lab) -> None:
    with traced(lab, "stgdm1"):
        refused = lab("trace", "stgdm1")
    assert refused.returncode == 1
    assert "stgdm1 cannot be traced" in refused.stderr
    assert lab.ssh("stgdm1", "echo goes on").stdout == "goes on\n"
