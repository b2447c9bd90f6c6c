"""The tools that make, change, list and drop instances."""

from __future__ import annotations

import shutil
from collections.abc import Sequence

from lab.host import Host
from lab.products.itds import directory, instances
from lab.products.itds.autostart import add_autostart, remove_autostart
from lab.products.itds.database import Database
from lab.products.itds.dialog import Dialog, ToolError, log, must_be_administrator, number, parse, write_log
from lab.products.itds.instances import ADMIN, CONFIGURATION, DIRECTORY, SSL, Instance
from lab.products.itds.layout import Layout, Tool
from lab.products.itds.ldif import same_dn

SEED_LENGTH = range(12, 1017)
SALT_LENGTH = 12
SECRETS = {"idsicrt": "eg", "idsdnpw": "p"}
"""Letters of the options whose value is a secret; of any other tool it is `-w`."""
BASE_PORTS = (389, 636)
ADMIN_PORT = 3538


def guarded(name: str, tool: Tool) -> Tool:
    """`tool`, with an error turned into its message and exit code 1, and the call noted without secrets."""

    def run(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
        try:
            log(
                host,
                layout,
                f"GLPWRP123I The program '{layout.tool(name)}' is used with the following arguments "
                f"'{masked(name, arguments)}'.",
            )
            return tool(host, layout, arguments)
        except ToolError as error:
            import sys  # noqa: PLC0415 - the error path only

            log(host, layout, f"{name}: {error}")
            print(error, file=sys.stderr)
            return 1

    return run


def masked(name: str, arguments: Sequence[str]) -> str:
    """The arguments as ITDS logs them: no seed, salt or password."""
    secrets = SECRETS.get(name, "w")
    words = []
    for before, word in zip(["", *arguments], arguments, strict=False):
        if word[:1] == "-" and word[1:2] in tuple(secrets) and word[2:]:
            words.append(f"{word[:2]}*****")
        else:
            words.append("*****" if before[:1] == "-" and before[1:] in tuple(secrets) else word)
    return " ".join(words)


def required_instance(host: Host, layout: Layout, options: dict[str, str]) -> Instance:
    """The instance of `-I`, or the only one; raises `ToolError`."""
    known = instances.list_instances(host, layout)
    if "I" not in options:
        if len(known) == 1:
            return known[0]
        raise ToolError("GLPCTL001E A directory server instance was not specified.")
    for instance in known:
        if instance.name == options["I"]:
            return instance
    raise ToolError(f"GLPCTL070E The directory server instance '{options['I']}' does not exist.")


def must_be_stopped(host: Host, instance: Instance) -> None:
    if directory.is_running(host, instance):
        raise ToolError(
            f"GLPCTL034E The directory server instance '{instance.name}' is running. Stop it before the configuration "
            "is changed."
        )


def idsicrt(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """Create an instance, and the DB2 instance of `-t` when it does not exist."""
    options = parse(arguments, "Iegpsactlridb")
    must_be_administrator(host)
    dialog = Dialog(host, layout, "idsicrt", options)
    name = options.get("I", "")
    owner = _owner(host, layout, name)
    location = options.get("l", "")
    if not location and layout.windows:
        raise ToolError("GLPICR010E The -l option is required.")
    location = location or owner
    if instances.find(host, layout, name):
        raise ToolError(f"GLPICR008E The directory server instance '{name}' already exists.")
    if not host.path(location).is_dir():
        raise ToolError(f"GLPICR011E The location '{location}' does not exist.")
    ports = _ports(host, layout, options)
    seed = dialog.secret("e", "Enter the encryption seed: ", "GLPICR018E The -e option is required.")
    if len(seed) not in SEED_LENGTH or not seed.isascii() or not seed.isprintable():
        raise ToolError("GLPICR060E The encryption seed must have 12 to 1016 printable ISO-8859-1 characters.")
    if len(options.get("g", "x" * SALT_LENGTH)) != SALT_LENGTH:
        raise ToolError("GLPICR061E The encryption salt must have exactly 12 characters.")
    db2 = Database(host, layout)
    db2_instance = options.get("t", name)
    title = f"IBM Tivoli Directory Server Instance V{layout.version}"
    dialog.confirm(
        [
            f"GLPICR020I A new directory server instance '{name}' will be created.",
            f"GLPICR057I The directory server instance will be created at: '{location}'.",
            f"GLPICR013I The directory server instance's port will be set to '{ports[0]}'.",
            f"GLPICR014I The directory server instance's secure port will be set to '{ports[1]}'.",
            f"GLPICR015I The directory instance's administration server port will be set to '{ports[2]}'.",
            f"GLPICR016I The directory instance's administration server secure port will be set to '{ports[3]}'.",
            f"GLPICR019I The description will be set to: '{options.get('r', title)}'.",
            f"GLPICR021I Database instance '{db2_instance}' will be configured.",
        ]
    )
    instance = Instance(name, location, layout.version, options.get("r", title), layout)
    dialog.tell(f"GLPICR028I Creating directory server instance: '{name}'.")
    fault = host.fault("idsicrt")
    if fault == "disk-full":
        raise ToolError(
            f"GLPICR051E Failed to create directories for directory server instance: '{name}'. (No space left)"
        )
    _make_files(host, instance, ports, options.get("i", "All"))
    if fault:
        raise ToolError(f"GLPICR030E Failed to create directory server instance: '{name}'. ({fault})")
    instances.save_instances(host, layout, [*instances.list_instances(host, layout), instance])
    dialog.tell(f"GLPICR026I Registered directory server instance: : '{name}'.")
    dialog.tell(f"GLPICR041I Created configuration file for directory server instance: '{name}'.")
    add_autostart(host, instance)
    dialog.tell(
        f"GLPICR070I Added entry to /etc/inittab for the administration server for directory instance: '{name}'."
    )
    dialog.tell(f"GLPICR029I Created directory server instance: : '{name}'.")
    dialog.tell(f"GLPICR031I Adding database instance '{db2_instance}' to directory server instance: '{name}'.")
    if db2_instance.lower() not in db2.instances():
        dialog.tell(f"GLPCTL002I Creating database instance: '{db2_instance}'.")
        db2.create_instance(db2_instance)
        dialog.tell(f"GLPCTL003I Created database instance: '{db2_instance}'.")
    settings = instances.configuration(host, instance)
    settings.entry(DIRECTORY).set("ibm-slapdDbInstance", db2_instance)
    settings.save()
    dialog.tell(f"GLPICR032I Added database instance '{db2_instance}' to directory server instance: '{name}'.")
    return 0


def _owner(host: Host, layout: Layout, name: str) -> str:
    """The home of the instance's owner; raises `ToolError` unless it is fit for that."""
    if not name:
        raise ToolError("GLPICR009E The -I option is required.")
    if not (1 <= len(name) <= 8 and name[0].isalpha() and name.isalnum()):
        raise ToolError(f"GLPICR012E The directory server instance name '{name}' is not valid.")
    owner = host.account(name)
    if owner is None:
        raise ToolError(f"GLPICR007E The user '{name}' does not exist on the system.")
    group = "Administrators" if layout.windows else "idsldap"
    if name not in (host.group_members(group) or ()):
        raise ToolError(f"GLPGRP032E The user '{name}' is not a member of group '{group}'.")
    return owner.home


def _ports(host: Host, layout: Layout, options: dict[str, str]) -> tuple[int, int, int, int]:
    taken: set[int] = set()
    for other in instances.list_instances(host, layout):
        taken |= instances.configuration(host, other).ports()
    pairs = [BASE_PORTS, *(tuple(int(f"{front}{port}") for port in BASE_PORTS) for front in range(1, 65))]
    port, secure = next(pair for pair in pairs if not taken & set(pair))
    admin = next(admin for admin in range(ADMIN_PORT, 65535, 2) if not taken & {admin, admin + 1})
    ports = (
        number(options, "p", port),
        number(options, "s", secure),
        number(options, "a", admin),
        number(options, "c", admin + 1),
    )
    if len(set(ports)) != len(ports):
        raise ToolError("GLPICR064E The ports of a directory server instance must differ.")
    for port in ports:
        if port in taken:
            raise ToolError(f"GLPICR063E The port '{port}' is used by another directory server instance.")
    return ports


def _make_files(host: Host, instance: Instance, ports: tuple[int, int, int, int], addresses: str) -> None:
    for folder in ("etc", "logs", "workdir", "tmp"):
        host.path(instance.file(folder)).mkdir(parents=True, exist_ok=True)
    configuration = host.path(instance.configuration)
    configuration.write_text(instances.new_configuration(instance, ports, addresses), "utf-8")
    configuration.chmod(0o600)
    stash = host.path(instance.file("etc", "ibmslapddir.ksf"))
    stash.write_text("key stash of the lab: holds nothing\n", "utf-8")
    stash.chmod(0o600)
    write_log(host, instance.log, "log created")
    directory.give(host, instance)


def idsdnpw(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """Set the administrator's DN and password."""
    options = parse(arguments, "Iupdb")
    dialog = Dialog(host, layout, "idsdnpw", options)
    instance = required_instance(host, layout, options)
    must_be_stopped(host, instance)
    dn = options.get("u", "cn=root")
    if "=" not in dn:
        raise ToolError(f"GLPDPW002E The DN '{dn}' is not valid.")
    password = dialog.secret(
        "p", "Enter the password of the directory server administrator: ", "GLPDPW003E The -p option is required."
    )
    dialog.confirm(
        [
            "GLPDPW004I The directory server administrator DN will be set.",
            "GLPDPW005I The directory server administrator password will be set.",
        ]
    )
    settings = instances.configuration(host, instance)
    entry = settings.entry(CONFIGURATION)
    entry.set("ibm-slapdAdminDN", dn)
    entry.set("ibm-slapdAdminPW", instances.hashed(password))
    settings.save()
    dialog.tell("GLPDPW010I Directory server administrator DN was set.")
    dialog.tell("GLPDPW007I Directory server administrator password was set.")
    return 0


def idscfgdb(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """Make the DB2 database of an instance; with the password alone, change the stored one."""
    options = parse(arguments, "Iatlwdb" if layout.version == "6.0" else "Iatlwmdb")
    if options.get("m", "DMS").upper() not in ("DMS", "SMS"):
        raise ToolError(f"GLPCDB027E The value '{options['m']}' of the -m option is neither DMS nor SMS.")
    dialog = Dialog(host, layout, "idscfgdb", options)
    instance = required_instance(host, layout, options)
    must_be_stopped(host, instance)
    settings = instances.configuration(host, instance)
    backend = settings.entry(DIRECTORY)
    given = [letter for letter in "atl" if letter in options]
    if len(given) not in (0, 3) or (not given and not settings.database):
        raise ToolError(
            "GLPCDB012E The -a -t and -l options are required. The -w is only required if the -n is also specified."
        )
    if given and settings.database:
        raise ToolError(
            f"GLPCDB011E A database is already configured for the directory server instance '{instance.name}'."
        )
    owner = options.get("a", backend.get("ibm-slapdDbUserID"))
    password = dialog.secret("w", f"Enter the password of the database administrator '{owner}': ",
                             "GLPCDB016E The -w option is required.")  # fmt: skip
    if not host.check_password(owner, password):
        raise ToolError(f"GLPCDB026E The user '{owner}' or its password is not valid.")
    if not given:
        backend.set("ibm-slapdDbUserPW", instances.hashed(password))
        settings.save()
        dialog.tell("GLPCDB049I Changed the password of the database administrator.")
        return 0
    db2 = Database(host, layout)
    name, location, db2_instance = options["t"], options["l"], backend.get("ibm-slapdDbInstance")
    if not (1 <= len(name) <= 8 and name[0].isalpha() and name.isalnum()):
        raise ToolError(f"GLPCDB020E The database name '{name}' is not valid: it has 1 to 8 letters and digits.")
    if owner.lower() != db2_instance.lower():
        raise ToolError(f"GLPCDB021E The user '{owner}' is not the owner of the database instance '{db2_instance}'.")
    if not host.path(location).is_dir():
        raise ToolError(f"GLPCDB022E The location '{location}' does not exist.")
    dialog.confirm(
        [
            f"GLPCDB023I Database '{name}' will be configured.",
            f"GLPCDB024I Database '{name}' will be created at '{location}'",
        ]
    )
    dialog.tell(f"GLPCDB035I Adding database '{name}' to directory server instance: '{instance.name}'.")
    fault = host.fault("idscfgdb")
    if fault:
        raise ToolError(f"GLPCTL028E Failed to create database: '{name}'. ({fault})")
    db2.start(db2_instance)
    dialog.tell(f"GLPCTL009I Started database manager for database instance: '{db2_instance}'.")
    db2.create(db2_instance, name, location)
    dialog.tell(f"GLPCTL027I Created database: '{name}'.")
    backend.set("ibm-slapdDbName", name)
    backend.set("ibm-slapdDbAlias", name)
    backend.set("ibm-slapdDbLocation", location)
    backend.set("ibm-slapdDbUserID", owner)
    backend.set("ibm-slapdDbUserPW", instances.hashed(password))
    settings.save()
    dialog.tell(f"GLPCDB003I Added database '{name}' to directory server instance: '{instance.name}'.")
    return 0


def idsucfgdb(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """Take the database from an instance; with `-r` drop it."""
    options = parse(arguments, "Idb", "nqr")
    dialog = Dialog(host, layout, "idsucfgdb", options)
    instance = required_instance(host, layout, options)
    must_be_stopped(host, instance)
    settings = instances.configuration(host, instance)
    if not settings.database:
        raise ToolError("GLPUDB004E No database is configured.")
    dialog.confirm([f"GLPUDB006I Database '{settings.database}' will be unconfigured."])
    backend = settings.entry(DIRECTORY)
    if "r" in options:
        Database(host, layout).drop(backend.get("ibm-slapdDbInstance"), settings.database)
        directory.forget_data(host, instance)
    for name in ("DbName", "DbAlias", "DbLocation", "DbUserID", "DbUserPW"):
        backend.set(f"ibm-slapd{name}")
    settings.save()
    dialog.tell("GLPUDB009I Unconfigured the database.")
    return 0


def idscfgsuf(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """Add a suffix."""
    options = parse(arguments, "Isdb")
    dialog = Dialog(host, layout, "idscfgsuf", options)
    instance = required_instance(host, layout, options)
    must_be_stopped(host, instance)
    suffix = options.get("s", "")
    if "=" not in suffix:
        raise ToolError(f"GLPCSF003E The suffix '{suffix}' is not a valid DN.")
    settings = instances.configuration(host, instance)
    if any(same_dn(suffix, known) for known in settings.suffixes):
        raise ToolError(f"GLPCSF010E The suffix '{suffix}' exists already.")
    dialog.confirm(
        [
            f"GLPCSF007I Suffix '{suffix}' will be added to the configuration file of the directory server instance "
            f"'{instance.name}'."
        ]
    )
    dialog.tell(f"GLPCSF004I Adding suffix: '{suffix}'.")
    settings.entry(DIRECTORY).set("ibm-slapdSuffix", *settings.suffixes, suffix)
    settings.save()
    dialog.tell(f"GLPCSF005I Added suffix: '{suffix}'.")
    return 0


def idsucfgsuf(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """Remove a suffix, not its entries."""
    options = parse(arguments, "Isdb")
    dialog = Dialog(host, layout, "idsucfgsuf", options)
    instance = required_instance(host, layout, options)
    must_be_stopped(host, instance)
    settings = instances.configuration(host, instance)
    kept = [known for known in settings.suffixes if not same_dn(known, options.get("s", ""))]
    if len(kept) == len(settings.suffixes):
        raise ToolError(f"GLPUSF004E The suffix '{options.get('s', '')}' does not exist.")
    dialog.confirm([f"GLPUSF005I Suffix '{options['s']}' will be removed from the configuration file."])
    settings.entry(DIRECTORY).set("ibm-slapdSuffix", *kept)
    settings.save()
    dialog.tell(f"GLPUSF003I Removed suffix: '{options['s']}'.")
    return 0


def idssetport(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """Change ports of an instance."""
    options = parse(arguments, "Ipsacdb")
    dialog = Dialog(host, layout, "idssetport", options)
    instance = required_instance(host, layout, options)
    must_be_stopped(host, instance)
    settings = instances.configuration(host, instance)
    places = {"p": (CONFIGURATION, "ibm-slapdPort"), "s": (SSL, "ibm-slapdSecurePort"),
              "a": (ADMIN, "ibm-slapdPort"), "c": (ADMIN, "ibm-slapdSecurePort")}  # fmt: skip
    wanted = {letter: number(options, letter, 0) for letter in places if letter in options}
    if not wanted:
        raise ToolError("GLPSPT003E At least one port must be given.")
    for other in instances.list_instances(host, layout):
        if other.name != instance.name and instances.configuration(host, other).ports() & set(wanted.values()):
            raise ToolError(f"GLPSPT006E A port is used by the directory server instance '{other.name}'.")
    dialog.confirm([f"GLPSPT008I The ports of '{instance.name}' will be set."])
    for letter, port in wanted.items():
        dn, attribute = places[letter]
        settings.entry(dn).set(attribute, str(port))
    settings.save()
    dialog.tell("GLPSPT010I The ports were set.")
    return 0


def idsilist(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """List instances: names, or with `-a` all about them."""
    options = parse(arguments, "Idb", "ar")
    must_be_administrator(host)
    known = [found for found in instances.list_instances(host, layout) if options.get("I", found.name) == found.name]
    print("Directory server instance(s):\n--------------------------------------")
    for instance in known:
        if "a" not in options:
            print(instance.name)
            continue
        settings = instances.configuration(host, instance)
        print(
            f"Name: {instance.name}\nVersion: {instance.version}\nLocation: {instance.location}\n"
            f"Description: {instance.description}\nIP Addresses: All available\nPort: {settings.port}\n"
            f"Secure Port: {settings.secure_port}\nAdmin Server Port: {settings.get(ADMIN, 'ibm-slapdPort')}\n"
            f"Admin Server Secure Port: {settings.get(ADMIN, 'ibm-slapdSecurePort')}\nType: Directory Server\n"
        )
    return 0


def idsidrop(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """Drop an instance; with `-r` its database too."""
    options = parse(arguments, "Idb", "nqr")
    must_be_administrator(host)
    dialog = Dialog(host, layout, "idsidrop", options)
    instance = required_instance(host, layout, options)
    must_be_stopped(host, instance)
    dialog.confirm([f"GLPIDP011I The directory server instance '{instance.name}' will be dropped."])
    settings = instances.configuration(host, instance)
    if "r" in options and settings.database:
        Database(host, layout).drop(settings.get(DIRECTORY, "ibm-slapdDbInstance"), settings.database)
    remove_autostart(host, instance)
    shutil.rmtree(host.path(instance.folder))
    kept = [known for known in instances.list_instances(host, layout) if known.name != instance.name]
    instances.save_instances(host, layout, kept)
    dialog.tell(f"GLPIDP022I Dropped directory server instance: '{instance.name}'.")
    return 0


def idslink(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    """`idslink -i -l 64 -s fullsrv`: links to the tools in /usr/bin; as idsrmlink they are removed."""
    _links(host, layout, arguments, remove=False)
    return 0


def idsrmlink(host: Host, layout: Layout, arguments: Sequence[str]) -> int:
    _links(host, layout, arguments, remove=True)
    return 0


def _links(host: Host, layout: Layout, arguments: Sequence[str], *, remove: bool) -> None:
    options = parse(arguments, "ls", "ifgqa")
    if options.get("l", "64") not in ("32", "64") or options.get("s") not in ("base", "cltbase", "client", "fullsrv"):
        raise ToolError("GLPLNK001E -l must be 32 or 64, and -s one of base, client, fullsrv.")
    for name in ("idsldapsearch", "idsldapmodify", "idsldapadd", "idsldapdelete"):
        link = host.path(f"/usr/bin/{name}")
        if remove:
            link.unlink(missing_ok=True)
        elif not link.is_symlink():
            link.symlink_to(layout.client(name))
