"""What people and machines do to a job: awkward secrets, bad values, changes by hand, two jobs at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.site.conftest import Run, Site

pytestmark = pytest.mark.long

# One of each of what a shell, PowerShell, cmd, LDIF or a here-document could take for its own.
AWKWARD = {
    "vault_db2_instance_password": "-n 'q\"$HOME`id`\\%!:#x",
    "vault_db2_fenced_password": "EOF' $(id) \\n %s !x;",
    "vault_db2_windows_password": "P'w\"o$r`d 1%PATH%!\\ ;=",
    "vault_itds_admin_password": "-w ?'\"$x`id`\\%!:x ",
    "vault_itds_instance_password": "Own'er\"$1`x`\\ %!:",
    "vault_itds_encryption_seed": "END'EOF\"$x`id`\\ %!seed",
    "vault_ldap_bind_password": " EOF'$x\"y`id`\\%!z",
}
SERVERS = "db2_servers:ldap_servers"


def _by_hand(site: Site, host: str, command: str) -> None:
    """Somebody works on the host itself."""
    site.ansible("ansible", host, "-m", "ansible.builtin.raw", "-a", command)


@pytest.fixture(scope="module")
def installed(site: Site) -> Run:
    """The hosts of the products, installed with awkward secrets."""
    run = site.play("--diff", "-vvvv", "--limit", SERVERS, variables=AWKWARD)
    assert run.rc == 0, run.output
    return run


BAD = (
    {
        "vault_db2_instance_password": ("one\ntwo", "db2_instance_password"),
        "vault_db2_fenced_password": ("p\u00e4ss", "db2_fenced_password"),
        "vault_db2_windows_password": ("blank at the end ", "db2_windows_password"),
        "vault_itds_admin_password": ("line end\n", "itds_admin_password"),
        "vault_itds_instance_password": ("p\u00e4ss", "itds_instance_password"),
        "db2_media": ("relative/path", "db2_media: relative/path"),
        "db2_log": ("db2setup.log", "db2_log: db2setup.log"),
        "itds_port": (70000, "70000, 636, 3538, 3539 are not all ports"),
        "itds_location": ("home/ldapdb2", "itds_location: home/ldapdb2"),
        "db2_path": ("opt/IBM", "db2_path: 'opt/IBM'"),
        "db2_instance_port": (3538, "db2_instance_port: 3538 is one of the ports of the directory server"),
    },
    # These are of another type than they have to be, which is told before anything else of a role.
    {
        "db2_instance_port": ("many", "db2_instance_port"),
        "itds_autostart": ("maybe", "itds_autostart"),
        "itds_version": ("5.2", "value of itds_version must be one of: 6.0, 6.1, got: 5.2"),
    },
    {"itds_port": (636, "are not four different ports")},
)
"""What is wrong together in one run, by variable, and what is said of it."""


@pytest.mark.parametrize("values", BAD, ids=("values", "types", "ports"))
def test_refused_before_the_first_change(site: Site, values: dict[str, tuple[object, str]]) -> None:
    run = site.play("--limit", SERVERS, variables={variable: value for variable, (value, _) in values.items()})
    assert run.rc == 2, run.output
    assert run.changed() == {}
    text = " ".join(run.output.split())
    assert [said for _, said in values.values() if said not in text] == [], run.output
    secrets = [str(value) for variable, (value, _) in values.items() if "password" in variable]
    assert [secret for secret in secrets if secret in run.output] == []


def test_awkward_secrets_work_and_stay_secret(site: Site, installed: Run) -> None:
    again = site.play("--limit", SERVERS, variables=AWKWARD)
    assert again.rc == 0, again.output
    assert again.changed() == {}
    assert [name for name, secret in AWKWARD.items() if secret.strip() in installed.output + again.output] == []


@pytest.mark.usefixtures("installed")
def test_what_somebody_stopped_is_announced_and_started(site: Site) -> None:
    stop = 'su - db2inst1 -c ". sqllib/db2profile; db2stop force; db2set DB2AUTOSTART=NO"'
    for host, command in (("db2srv1", stop), ("db2srv2", "Stop-Service DB2"), ("ldapsrv1", "rmitab itdsldapdb2")):
        _by_hand(site, host, command)
    dry = site.play("--check", "--diff", "--limit", SERVERS, variables=AWKWARD)
    assert dry.rc == 0, dry.output
    assert dry.changed() == {"db2srv1": 1, "db2srv2": 1, "ldapsrv1": 1}
    repaired = site.play("--limit", SERVERS, variables=AWKWARD)
    assert repaired.changed() == dry.changed()
    assert site.play("--limit", SERVERS, variables=AWKWARD).changed() == {}


def test_two_jobs_at_the_same_time(site: Site) -> None:
    """Either may find that the other was quicker, and say so; what comes out is whole."""
    for host in ("db2srv1", "db2srv2", "ldapsrv1", "ldapsrv2"):
        site.lab.ok("reset", host)
    with ThreadPoolExecutor() as both:
        runs = list(both.map(lambda _: site.play("--limit", SERVERS), range(2)))
    assert all("killed it" not in run.output for run in runs), runs[0].output + runs[1].output
    site.play("--limit", SERVERS)
    last = site.play("--limit", SERVERS)
    assert last.rc == 0, last.output
    assert last.changed() == {}


def test_hosts_that_no_stage_knows_are_told(site: Site) -> None:
    assert "no host of the inventory is in a group" in site.ansible("ansible-playbook", "site.yml")
