# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The compiled kernel, where there is a compiler; everything else is in pyproject.toml.

An optional extension: when it cannot be built, setuptools warns and installs the package without it.
"""

from __future__ import annotations

from setuptools import Extension, setup

setup(ext_modules=[Extension("sipnat.kernel._kernel", ["src/sipnat/kernel/_kernel.c"], optional=True)])
