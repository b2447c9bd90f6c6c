"""The directory behind an instance: a slapd of this machine, with its data in the instance's folder.

It listens on the instance's port, knows its administrator and suffixes from `ibmslapd.conf`, hashes passwords as ITDS
does, and shows ITDS's own attributes in its root DSE. Each suffix has a database file of its own.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from lab.host import Host
from lab.products.itds import instances
from lab.products.itds.instances import CONFIGURATION, SSL, SYSTEM_SUFFIXES, Configuration, Instance
from lab.products.itds.ldif import Entry, normal_dn, render

DATABASE_BYTES = 64 * 1024 * 1024
SCHEMA = Path(__file__).with_name("directory.schema")


def machine_files() -> Path:
    """The folder of this machine's programs, as a host sees it."""
    confined = Path("/.lab/usr")
    return confined if confined.is_dir() else Path("/usr")


def files(host: Host, instance: Instance) -> Path:
    """The folder of the databases and of slapd's configuration."""
    return host.path(instance.file("data"))


def _write_configuration(host: Host, instance: Instance, settings: Configuration, *, configuration_only: bool) -> Path:
    folder = files(host, instance)
    folder.mkdir(exist_ok=True)
    administrator = settings.get(CONFIGURATION, "ibm-slapdAdminDN")
    state = "TRUE" if configuration_only else "FALSE"
    (folder / "rootdse.ldif").write_text(
        f"dn:\nibmdirectoryversion: {instance.version}\nibm-slapdisconfigurationmode: {state}\n"
        f"ibm-slapdServerId: {settings.get(CONFIGURATION, 'ibm-slapdServerId')}\n",
        "utf-8",
    )
    lines = [
        f"modulepath {machine_files()}/lib/ldap",
        "moduleload back_mdb",
        "moduleload ppolicy",
        f"include {SCHEMA}",
        f'rootDSE "{folder}/rootdse.ldif"',
        f'pidfile "{folder}/slapd.pid"',
        "allow bind_v2",
        "password-hash {SSHA}",
        f"sizelimit {settings.get(CONFIGURATION, 'ibm-slapdSizeLimit')}",
        "threads 2",
        *_tls(host, folder, settings),
        # slapd checks a rootdn's password only in the database that holds the rootdn, so it gets one of its own.
        "database ldif",
        *_database(folder, "administrator", administrator, administrator),
        f'rootpw "{settings.get(CONFIGURATION, "ibm-slapdAdminPW")}"',
    ]
    if not configuration_only:
        for suffix in settings.suffixes:
            if suffix.lower() in SYSTEM_SUFFIXES:
                continue
            lines += [
                "database mdb",
                *_database(folder, normal_dn(suffix), suffix, administrator),
                f"maxsize {DATABASE_BYTES}",
                "index objectClass,uid,mail,cn eq",
                "access to attrs=userPassword by anonymous auth by * none",
                "access to * by * read",
                "overlay ppolicy",
                "ppolicy_hash_cleartext",
            ]
    lines.append("database monitor")
    file = folder / "slapd.conf"
    file.write_text("\n".join([*lines, ""]), "utf-8")
    file.chmod(0o600)
    return file


def _tls(host: Host, folder: Path, settings: Configuration) -> list[str]:
    """The key and the certificates of the key database, as files for slapd; raises `GskitError`."""
    if not settings.secure:
        return []
    from lab.products.itds import gskit  # noqa: PLC0415 - cryptography takes long to import

    ssl = settings.entry(SSL)
    database = host.path(ssl.get("ibm-slapdSslKeyDatabase"))
    key, certificates = gskit.as_pem(database, ssl.get("ibm-slapdSslCertificate"))
    key_file, certificate_file = folder / "tls.key", folder / "tls.pem"
    key_file.touch(0o600)
    key_file.write_bytes(key)
    certificate_file.write_bytes(certificates)
    return [f'TLSCertificateFile "{certificate_file}"', f'TLSCertificateKeyFile "{key_file}"']


def _urls(settings: Configuration) -> str:
    secure = f" ldaps://:{settings.secure_port}/" if settings.secure else ""
    return f"ldap://:{settings.port}/{secure}"


def _database(folder: Path, name: str, suffix: str, administrator: str) -> list[str]:
    # A suffix has characters that no file name may have on Windows.
    place = folder / "".join(character if character.isalnum() else "_" for character in name)
    place.mkdir(exist_ok=True)
    return [f'suffix "{suffix}"', f'rootdn "{administrator}"', f'directory "{place}"']


def slapd_command(host: Host, instance: Instance, *, configuration_only: bool) -> list[str]:
    """Write slapd's configuration from the instance's; the command that runs it in the foreground."""
    settings = instances.configuration(host, instance)
    file = _write_configuration(host, instance, settings, configuration_only=configuration_only)
    give(host, instance)
    # The first word is what a list of processes shows.
    command = [title(instance), "-f", str(file), "-h", _urls(settings), "-d", "0"]
    if host.platform == "aix":
        # It takes the port as root and then becomes the instance's owner, as ibmslapd does.
        command += ["-u", instance.name, "-g", "idsldap"]
    return command


def title(instance: Instance) -> str:
    return f"{instance.layout.tool('ibmslapd')} -I {instance.name}"


def execute(command: list[str]) -> None:
    """Become slapd."""
    os.execv(machine_files() / "sbin/slapd", command)


def processes(host: Host, instance: Instance, program: str = "ibmslapd") -> list[int]:
    """The ids of the processes of a server of the instance."""
    wanted = f"{program} -I {instance.name}"
    found = []
    for pid, command in host.processes().items():
        plain = command.replace('"', "").replace(".exe", "")
        # The command that stops the server has the same words in front.
        if f"{wanted} " in f"{plain} " and " -k" not in plain and pid != os.getpid():
            found.append(pid)
    return found


def is_running(host: Host, instance: Instance) -> bool:
    return answers(instances.configuration(host, instance).port)


def answers(port: int) -> bool:
    """Whether something takes connections on that port of this host."""
    with socket.socket() as client:
        client.settimeout(2)
        return client.connect_ex(("127.0.0.1", port)) == 0


def wait_for(port: int, *, open_: bool, seconds: float) -> bool:
    """Wait until the port is open, or closed; whether it came to that."""
    deadline = time.monotonic() + seconds
    while answers(port) is not open_:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def load(host: Host, instance: Instance, entries: list[Entry]) -> int:
    """Add entries to the stopped directory, each below its suffix; how many were added."""
    settings = instances.configuration(host, instance)
    file = _write_configuration(host, instance, settings, configuration_only=False)
    good = 0
    for entry in entries:
        entry.set("userPassword", *(instances.hashed(value) for value in entry.all("userPassword")))
        suffix = next((one for one in settings.suffixes if normal_dn(entry.dn).endswith(normal_dn(one))), None)
        if suffix is None:
            continue
        command = [str(machine_files() / "sbin/slapadd"), "-f", str(file), "-b", suffix]
        done = subprocess.run(command, input=render([entry]), text=True, capture_output=True, check=False)
        good += done.returncode == 0
    give(host, instance)
    return good


def forget_data(host: Host, instance: Instance) -> None:
    """Remove all entries."""
    shutil.rmtree(files(host, instance), ignore_errors=True)


def give(host: Host, instance: Instance) -> None:
    """Let the instance's folder belong to its owner."""
    if host.platform == "windows":
        return
    folder = host.path(instance.folder)
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, instance.name, "idsldap")
