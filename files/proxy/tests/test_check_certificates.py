# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""R7: what a partner would refuse in our certificate is found before the partner sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional

import pytest
from certificates import Authority
from configs import SCENARIO, changed, loaded

from sipnat.check import Finding, certificates

PUBLIC = "rtp_nat.ibm.com"


def issue(folder: Path, name: str, host: str, days: float = 365, passphrase: Optional[str] = None) -> Dict[str, str]:
    """A certificate as a profile names it."""
    certificate, key = Authority(folder).issue(host, file=name, days=days, passphrase=passphrase)
    return {"certificate": certificate, "key": key}


def findings(profile: Dict[str, Any], leg: str = "both") -> List[Finding]:
    data = changed(SCENARIO, "tls", {"default": profile})
    data = changed(data, "listen.1", {"address": "9.42.111.5", "port": 5061, "transport": "tls", "leg": leg})
    return list(certificates.findings(loaded(data)))


def test_a_good_certificate(tmp_path: Path) -> None:
    assert findings(issue(tmp_path, "good", PUBLIC)) == []


@pytest.mark.parametrize(
    ("host", "days", "severity", "found"),
    [
        ("other.ibm.com", 365, "error", "rtp_nat.ibm.com"),
        (PUBLIC, -0.5, "error", "certificate has expired"),
        (PUBLIC, 29.9, "warning", "ends in 29 days"),
        (PUBLIC, 0.2, "warning", "ends in 0 days"),
    ],
)
def test_a_certificate_that_partners_refuse(tmp_path: Path, host: str, days: float, severity: str, found: str) -> None:
    (one,) = findings(issue(tmp_path, "bad", host, days))
    assert (one.rule, one.severity) == ("R7", severity)
    assert found in one.found


def test_a_listener_for_the_inside_alone_may_have_another_name(tmp_path: Path) -> None:
    assert findings(issue(tmp_path, "inner", "proxy.home.example"), leg="inside") == []


def test_a_key_of_another_certificate(tmp_path: Path) -> None:
    profile = issue(tmp_path, "good", PUBLIC)
    (found,) = findings({**profile, "key": issue(tmp_path, "other", PUBLIC)["key"]})
    assert found.severity == "error" and "the key does not match" in found.found


def test_a_key_with_a_passphrase_is_refused_and_not_asked_for(tmp_path: Path) -> None:
    (found,) = findings(issue(tmp_path, "locked", PUBLIC, passphrase="secret"))
    assert found.severity == "error" and found.cure.startswith("name a certificate and the key")


def test_files_that_are_not_there(tmp_path: Path) -> None:
    missing = {"certificate": str(tmp_path / "a.pem"), "key": str(tmp_path / "a.key")}
    found = findings({**missing, "authorities": str(tmp_path / "b.pem")})
    assert [(one.rule, one.severity) for one in found] == [("R7", "error")] * 3
    assert all("No such file" in one.found for one in found)


def test_files_that_hold_something_else(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing", "utf-8")
    found = findings({**issue(tmp_path, "good", PUBLIC), "authorities": str(tmp_path / "empty.pem")})
    assert ["authorities" in one.found for one in found] == [True]


def test_ciphers_that_do_not_exist(tmp_path: Path) -> None:
    (found,) = findings({**issue(tmp_path, "good", PUBLIC), "ciphers": "NO-SUCH-CIPHER"})
    assert "chooses no cipher" in found.found


def test_a_legacy_profile_is_tried_as_it_will_be_used(tmp_path: Path) -> None:
    assert findings({**issue(tmp_path, "good", PUBLIC), "legacy": True, "minimum": "1.0"}) == []


def test_secrets_that_others_can_read(tmp_path: Path) -> None:
    profile = issue(tmp_path, "good", PUBLIC)
    Path(profile["key"]).chmod(0o644)
    (found,) = findings(profile)
    assert (found.severity, found.cure) == ("warning", f"chmod 600 {profile['key']}")
    token = tmp_path / "token"
    token.write_text("secret", "utf-8")
    token.chmod(0o604)
    (found,) = token_findings(token)
    assert (found.severity, found.cure) == ("warning", f"chmod 600 {token}")
    assert "0604" in found.found


def token_findings(token: Path) -> List[Finding]:
    return list(certificates.findings(loaded(changed(SCENARIO, "admin.token", str(token)))))


def test_a_token_is_made_at_the_first_start_where_it_can_be(tmp_path: Path) -> None:
    assert token_findings(tmp_path / "token") == []
    (found,) = token_findings(tmp_path / "nowhere" / "token")
    assert found.severity == "error" and "the folder" in found.found


def test_a_token_file_that_holds_none(tmp_path: Path) -> None:
    (tmp_path / "token").touch(0o600)
    (found,) = token_findings(tmp_path / "token")
    assert found.severity == "error" and "holds no token" in found.found
