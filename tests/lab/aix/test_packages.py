"""lslpp and installp on packages of the lab."""

from __future__ import annotations

import pytest

from lab.aix.userland.bff import package
from tests.lab.aix.conftest import Userland

LABEXE = """\
#!/bin/sh
# Stands in for the lab's own: notes what it was asked, fails when told to.
echo "$@" >>"{root}/tmp/configured"
[ "$1" != gskit:fails ]
"""


@pytest.fixture()
def media(aix: Userland) -> Userland:
    """A host with GSKit-like packages below /media."""
    labexe = aix.root / ".lab/bin/labexe"
    labexe.write_text(LABEXE.format(root=aix.root))
    labexe.chmod(0o755)
    (aix.root / "media").mkdir()
    (aix.root / "media/gskta.rte.bff").write_text(
        package(
            {
                "name": "gskta.rte",
                "level": "7.0.3.30",
                "description": "AIX Certificate and SSL Base ACME Runtime",
                "sizes": {"/usr/opt/ibm/gskta": 30},
                "requisites": {"xlC.rte": "6.0.0.0"},
                "files": {"/usr/opt/ibm/gskta/version": "7.0.3.30\n"},
                "programs": {"/usr/bin/gsk7cmd_64": "gskit:gsk7cmd"},
                "configure": "gskit:configure",
            }
        )
    )
    (aix.root / "media/idsldap.clt.bff").write_text(
        package(
            {
                "name": "idsldap.clt64bit61.rte",
                "level": "6.1.0.0",
                "description": "Directory Server - 64 bit Client",
                "licence": True,
                "requisites": {"gskta.rte": "7.0.3.0"},
            },
            {"name": "broken.rte", "level": "1.0.0.0", "description": "Fails", "configure": "gskit:fails"},
            {"name": "needy.rte", "level": "1.0", "description": "Needs more", "requisites": {"xlC.rte": "99.0.0.0"}},
            {"name": "huge.rte", "level": "1.0", "description": "Needs room", "sizes": {"/opt/huge": 1000}},
        )
    )
    return aix


def test_what_is_on_the_media(media: Userland) -> None:
    assert "  gskta.rte                   7.0.3.30                   I  N usr,root\n" in media.run(
        "installp", "-l", "-d", "/media"
    )
    assert "gskta:gskta.rte:" not in media.run("installp", "-L", "-d", "/media/idsldap.clt.bff")
    line = "idsldap.clt64bit61:idsldap.clt64bit61.rte:6.1.0.0::I:C:::::N:Directory Server - 64 bit Client::::0::\n"
    assert line in media.run("installp", "-L", "-d", "/media")


def test_installing(media: Userland) -> None:
    output = media.run("installp", "-acgXd", "/media", "gsk*")
    assert "gskta.rte                   7.0.3.30        USR         APPLY       SUCCESS\n" in output
    assert media.read("usr/bin/gsk7cmd_64") == "#!/.lab/bin/labexe gskit:gsk7cmd\n"
    assert media.read("usr/opt/ibm/gskta/version") == "7.0.3.30\n"
    assert media.read("tmp/configured") == "gskit:configure configure gskta.rte 7.0.3.30\n"
    assert media.run("lslpp", "-lcq", "gskta.rte") == (
        "/usr/lib/objrepos:gskta.rte:7.0.3.30::COMMITTED:I:AIX Certificate and SSL Base ACME Runtime: \n"
    )
    assert "gskta:gskta.rte:7.0.3.30: : :C: :AIX" not in media.run("lslpp", "-qLc", "gskta.rte")
    assert media.run("lslpp", "-qLc", "gskta.rte").startswith("gskta.rte:gskta.rte:7.0.3.30: : :C: :")
    assert "gskta.rte" in media.run("lslpp", "-w", "/usr/bin/gsk7cmd_64")
    again = media.run("installp", "-acgXd", "/media", "gskta.rte")
    assert "gskta.rte                 7.0.3.30        Already installed\n" in again


def test_a_licence_must_be_accepted(media: Userland) -> None:
    output = media.run("installp", "-acgd", "/media", "idsldap.clt64bit61", code=1)
    assert "License" in output
    for fileset in ("idsldap.clt64bit61.rte", "gskta.rte"):
        media.run("lslpp", "-l", fileset, code=1)
    output = media.run("installp", "-acgYd", "/media", "idsldap.clt64bit61")
    assert output.index("APPLYING software for:\n        gskta.rte") < output.index(
        "APPLYING software for:\n        idsldap.clt64bit61.rte"
    )


def test_requisites(media: Userland) -> None:
    output = media.run("installp", "-aYd", "/media", "idsldap.clt64bit61.rte", code=1)
    assert "AVAILABLE REQUISITES" in output
    assert "    gskta.rte 7.0.3.0" in output
    output = media.run("installp", "-agYd", "/media", "needy.rte", code=1)
    assert "MISSING REQUISITES" in output
    assert "    xlC.rte 99.0.0.0" in output


def test_room(media: Userland) -> None:
    assert "Not Enough Free Disk Space" in media.run("installp", "-ad", "/media", "huge.rte", code=1)
    assert "/opt:/dev/hd10opt:jfs2:::1048576:" in media.run("lsfs", "-c", "/opt")
    assert "Filesystem size changed to 2359296\n" in media.run("installp", "-aXd", "/media", "huge.rte")


def test_a_preview_does_nothing(media: Userland) -> None:
    assert "PREVIEW" in media.run("installp", "-apXd", "/media", "huge.rte")
    assert "/opt:/dev/hd10opt:jfs2:::1048576:" in media.run("lsfs", "-c", "/opt")
    media.run("lslpp", "-l", "huge.rte", code=1)


def test_a_failing_fileset_is_not_installed(media: Userland) -> None:
    output = media.run("installp", "-ad", "/media", "broken.rte", code=1)
    assert "broken.rte                  1.0.0.0         USR         APPLY       FAILED\n" in output
    media.run("lslpp", "-l", "broken.rte", code=1)


def test_removing(media: Userland) -> None:
    media.run("installp", "-agYXd", "/media", "idsldap.clt64bit61.rte")
    assert "needed by installed software" in media.run("installp", "-u", "gskta.rte", code=1)
    output = media.run("installp", "-ug", "gskta.rte")
    assert "gskta.rte                   7.0.3.30        USR         DEINSTALL   SUCCESS\n" in output
    assert "idsldap.clt64bit61.rte      6.1.0.0         USR         DEINSTALL   SUCCESS\n" in output
    assert not (media.root / "usr/bin/gsk7cmd_64").exists()
    assert "the operating system" in media.run("installp", "-u", "bos.rte", code=1)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("installp", "-ad", "/media"), "0503-438 installp:"),
        (("installp", "-ad", "/nix", "all"), "0503-012 installp:"),
        (("installp", "-ad", "/media", "nix.rte"), "+---"),
        (("installp", "-Z", "x"), "installp: Not a recognized flag: Z"),
        (("lslpp", "-l", "nix.rte"), "lslpp: 0504-132  Fileset nix.rte not installed.\n"),
        (("lslpp", "-lcq", "nix*"), "lslpp: 0504-132  Fileset nix* not installed.\n"),
    ],
)
def test_mistakes(media: Userland, words: tuple[str, ...], text: str) -> None:
    assert media.run(*words, code=1).startswith(text)
