"""Users, groups and passwords."""

from __future__ import annotations

import pytest

from lab.aix.userland import command, passwords
from tests.lab.aix.conftest import Userland


@pytest.fixture()
def db2(aix: Userland) -> Userland:
    """A host with an instance owner."""
    aix.run("mkgroup", "id=999", "db2iadm1")
    aix.run(
        "mkuser", "id=1004", "pgrp=db2iadm1", "groups=db2iadm1,staff", "home=/home/db2inst1", "fsize=-1", "db2inst1"
    )
    return aix


def test_a_group_is_made_once(aix: Userland) -> None:
    aix.run("mkgroup", "id=999", "users=root", "db2iadm1")
    assert "db2iadm1:!:999:root\n" in aix.read("etc/group")
    assert aix.run("mkgroup", "id=1000", "db2iadm1", code=17).startswith("3004-694 ")
    assert "ID is not unique" in aix.run("mkgroup", "id=999", "other", code=22)
    assert "Name is too long" in aix.run("mkgroup", "verylonggroup", code=22)


def test_lsgroup_formats(db2: Userland) -> None:
    assert db2.run("lsgroup", "-c", "-a", "id", "users", "db2iadm1") == "#name:id:users\ndb2iadm1:999:db2inst1\n"
    assert db2.run("lsgroup", "-f", "db2iadm1") == (
        "db2iadm1:\n\tid=999\n\tadmin=false\n\tusers=db2inst1\n\tregistry=files\n\n"
    )
    assert db2.run("lsgroup", "nix", code=2) == '3004-686 Group "nix" does not exist.\n'


def test_a_user_gets_home_groups_and_limits(db2: Userland) -> None:
    assert "db2inst1:*:1004:999::/home/db2inst1:/usr/bin/ksh\n" in db2.read("etc/passwd")
    assert (db2.root / "home/db2inst1/.profile").is_file()
    assert db2.run("lsuser", "-c", "-a", "id", "pgrp", "groups", "home", "fsize", "db2inst1") == (
        "#name:id:pgrp:groups:home:fsize\ndb2inst1:1004:db2iadm1:db2iadm1,staff:/home/db2inst1:-1\n"
    )
    assert db2.run("lsuser", "-a", "id", "shell", "db2inst1") == "db2inst1 id=1004 shell=/usr/bin/ksh\n"
    assert db2.run("lsuser", "nix", code=2) == '3004-687 User "nix" does not exist.\n'


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (("mkuser", "db2instance1"), 22, "Name is too long"),
        (("mkuser", "db2inst1"), 17, "Account exists"),
        (("mkuser", "id=1004", "other"), 22, "ID is not unique"),
        (("mkuser", "pgrp=nix", "other"), 2, '3004-686 Group "nix" does not exist.'),
        (("mkuser", "shell=/bin/bash", "other"), 22, "Value is invalid"),
        (("mkuser", "colour=red", "other"), 22, "Attribute is not known"),
        (("mkuser", "home=here", "other"), 22, "Value is invalid"),
        (("mkuser", "id=99999999999", "other"), 22, "Value is invalid"),
        (("mkgroup", "id=99999999999", "other"), 22, "Value is invalid"),
        (("rmuser", "root"), 99, "rmuser: lab:"),
        (("pwdadm", "-f", "LOCKED", "db2inst1"), 22, "Usage: pwdadm"),
        (("chuser", "nofiles=many", "db2inst1"), 22, "Value is invalid"),
        (("chuser", "id=7", "nix"), 2, '3004-687 User "nix" does not exist.'),
        (("lsuser", "-x", "root"), 22, "lsuser: Not a recognized flag: x\nUsage: lsuser"),
        (("lsuser", "-a", "colour", "root"), 22, '3004-697 Attribute "colour"'),
        (("rmgroup", "db2iadm1"), 16, "primary group"),
        (("rmgroup", "nix"), 2, "3004-686"),
    ],
)
def test_mistakes(db2: Userland, words: tuple[str, ...], code: int, text: str) -> None:
    assert text in db2.run(*words, code=code)
    assert "other" not in db2.read("etc/passwd")


def test_chuser_changes_only_what_it_is_told(db2: Userland) -> None:
    db2.run("chuser", "home=/db2", "nofiles=-1", "groups=db2iadm1", "gecos=DB2 owner", "db2inst1")
    line = db2.run("lsuser", "-a", "id", "home", "nofiles", "fsize", "groups", "gecos", "db2inst1")
    assert line == "db2inst1 id=1004 home=/db2 nofiles=-1 fsize=-1 groups=db2iadm1 gecos=DB2 owner\n"


def test_members(db2: Userland) -> None:
    db2.run("mkgroup", "idsldap")
    db2.run("chgrpmem", "-m", "+", "root,db2inst1", "idsldap")
    assert "idsldap:!:1000:root,db2inst1\n" in db2.read("etc/group")
    db2.run("chgrpmem", "-m", "-", "root", "idsldap")
    assert "idsldap:!:1000:db2inst1\n" in db2.read("etc/group")
    assert "3004-687" in db2.run("chgrpmem", "-m", "+", "nix", "idsldap", code=2)


def test_a_password_is_hashed_and_checked(db2: Userland, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_root", str(db2.root))
    assert not passwords.check_password("db2inst1", "*")
    db2.run("chpasswd", stdin="db2inst1:s3cret:word\n")
    stored = db2.read("etc/security/passwd")
    assert "s3cret" not in stored
    assert "db2inst1:\n\tpassword = {ssha256}06$" in stored
    assert "\tflags = ADMCHG\n" in stored
    assert "db2inst1:!:1004:" in db2.read("etc/passwd")
    assert passwords.check_password("db2inst1", "s3cret:word")
    assert not passwords.check_password("db2inst1", "s3cret")
    assert not passwords.check_password("nix", "s3cret")
    db2.run("pwdadm", "-c", "db2inst1")
    assert "ADMCHG" not in db2.run("pwdadm", "-q", "db2inst1")
    db2.run("chpasswd", "-c", stdin="db2inst1:other\n")
    assert "ADMCHG" not in db2.read("etc/security/passwd")


def test_security_stanzas(db2: Userland) -> None:
    db2.run("chsec", "-f", "/etc/security/user", "-s", "db2inst1", "-a", "maxage=0", "-a", "rlogin=false")
    assert db2.run("lssec", "-c", "-f", "/etc/security/user", "-s", "db2inst1", "-a", "maxage", "rlogin") == (
        "#name:maxage:rlogin\ndb2inst1:0:false\n"
    )
    assert '\tSYSTEM = "compat"\n' in db2.read("etc/security/user")
    assert "3004-700" in db2.run("chsec", "-f", "/etc/passwd", "-s", "x", "-a", "a=b", code=22)


def test_rmuser_leaves_the_home(db2: Userland) -> None:
    db2.run("rmuser", "-p", "db2inst1")
    assert "db2inst1" not in db2.read("etc/passwd") + db2.read("etc/group") + db2.read("etc/security/passwd")
    assert (db2.root / "home/db2inst1").is_dir()
    assert "3004-687" in db2.run("rmuser", "db2inst1", code=2)
