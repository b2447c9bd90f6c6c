"""Key stores that others made, and what is made for others."""

from __future__ import annotations

import base64
import subprocess
from pathlib import Path

import pytest

from lab.products.was.keys.pkcs12 import KeyStore, imported
from plugins.plugin_utils._key_store import Unreadable, chain_in, entries_of, key_file, make_key_file, ordered
from tests.lab.authority import Authority

# Made by Java's keytool with -J-Dkeystore.pkcs12.legacy, which encrypts as IBM's Java 5 does: triple DES and RC2 of 40
# bits. Two keys and a signer.
JAVA = base64.b64decode(Path(__file__).with_name("java_key_store.p12.txt").read_bytes())
PUBLIC = "rtp_nat.ibm.com"


def test_every_certificate_of_a_key_store_of_java_is_seen() -> None:
    found = entries_of(JAVA, "WebAS1")
    assert {alias: each.subject for alias, each in found.items()} == {
        "one": "CN=one.example,O=IBM,C=US",
        "two": "CN=two.example,O=IBM,C=US",
        "authority": "CN=Authority",
    }


@pytest.mark.parametrize(("content", "password"), [(JAVA, "WebAS"), (b"", "WebAS1"), (b"0\x03\x02\x01\x03", "WebAS1")])
def test_another_password_and_other_files_are_told(content: bytes, password: str) -> None:
    with pytest.raises(Unreadable):
        entries_of(content, password)


def test_a_key_store_of_the_lab_is_seen_as_its_own_reader_sees_it() -> None:
    authority = Authority("Authority")
    store = imported(authority.key_file(PUBLIC, "one", "p"), "p")
    store.personal["two"] = imported(authority.key_file("b.example", "two", "p"), "p").personal["two"]
    store.signers["ca"] = authority.certificate
    content = store.content("another")
    assert {alias: each.subject for alias, each in entries_of(content, "another").items()} == {
        "one": f"CN={PUBLIC}",
        "two": "CN=b.example",
        "ca": "CN=Authority",
    }
    again = KeyStore.parse(content, "another")
    assert again.personal["two"].key.private_numbers() == store.personal["two"].key.private_numbers()
    assert (again.personal["two"].chain, again.signers) == ([authority.certificate], store.signers)


def test_what_is_made_is_encrypted_as_java_5_reads_it(tmp_path: Path) -> None:
    content, made = make_key_file([PUBLIC, "b.example"], {"O": "IBM", "C": "US"}, size=2048, days=10, password="s3cret")
    file = tmp_path / "made.p12"
    file.write_bytes(content)
    shown = subprocess.run(
        ["openssl", "pkcs12", "-in", file, "-passin", "pass:s3cret", "-info", "-noout"],
        capture_output=True, text=True, check=True, timeout=30,
    ).stderr  # fmt: skip
    assert shown.count("pbeWithSHA1And3-KeyTripleDES-CBC") == 2
    assert "MAC: sha1" in shown
    assert (made.subject, list(made.alternative_names)) == (f"CN={PUBLIC},O=IBM,C=US", [PUBLIC, "b.example"])
    assert key_file(content, "s3cret")[0].der == made.der


def test_a_chain_is_put_in_order_and_has_to_fit() -> None:
    authority = Authority("Authority")
    leaf = authority.issue(PUBLIC)[0]
    line = ordered(chain_in((authority.pem + leaf).decode()))
    assert [each.subject for each in line] == [f"CN={PUBLIC}", "CN=Authority"]
    with pytest.raises(Unreadable, match="not 2 certificates"):
        ordered(chain_in((leaf + authority.issue("b.example")[0]).decode()))
    with pytest.raises(Unreadable, match="but did not sign it"):
        ordered(chain_in((leaf + Authority("Authority").pem).decode()))
