# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The program of the SIP NAT proxy, for the role that installs it."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from ansible import constants
from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ..plugin_utils._sipnat_zipapp import build, version


class LookupModule(LookupBase):  # type: ignore[misc]  # ansible-core is not typed
    def run(self, terms: list[Any], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[dict[str, str]]:
        """One item; raises when terms are given or the source is not there."""
        if terms:
            raise AnsibleLookupError(f"nat_proxy_program: takes no terms, not {terms[0]!r}")
        self.set_options(var_options=variables, direct=kwargs)
        try:
            said, program = version(), build()
        except (OSError, ValueError) as error:
            raise AnsibleLookupError(f"nat_proxy_program: the source of sipnat cannot be used: {error}") from error
        # AIX has no better checksum than this and MD5; it tells two programs apart, it protects nothing.
        sha1 = hashlib.sha1(program, usedforsecurity=False).hexdigest()
        file = Path(constants.DEFAULT_LOCAL_TMP) / f"sipnat-{sha1}.pyz"
        if not file.exists():
            # Hosts are worked on at the same time, and each may be the first.
            with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as stream:
                stream.write(program)
            Path(stream.name).replace(file)
        return [{"path": str(file), "sha1": sha1, "version": said}]
