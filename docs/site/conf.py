"""The documentation site; tests/gates/docs lays out its sources: pages as in the repository, and the reference."""

from __future__ import annotations

from pathlib import Path

import yaml
from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

project = "sametime.gateway"
_GALAXY = Path(__file__).parents[2] / "galaxy.yml"
html_title = f"{project} {yaml.safe_load(_GALAXY.read_text('utf-8'))['version']}"
copyright = "the sametime.gateway authors, GPL-3.0-or-later"
language = "en"

extensions = ["myst_parser", "sphinx_antsibull_ext"]
# Headings down to this level can be linked to, by the names that Git hosts give them.
myst_heading_anchors = 4
# README.md is the front page already.
exclude_patterns = ["README.md"]
nitpicky = True
default_role = "any"

highlight_language = "YAML+Jinja"
pygments_style = "ansible"
html_theme = "sphinx_ansible_theme"
html_theme_options = {"show_extranav": False, "show_rtd_ethical_ads": False, "documentation_home_url": "index.html"}
html_static_path = [str(Path(__file__).parent / "static")]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
html_use_index = False

_ANSIBLE = "https://docs.ansible.com/projects/ansible/latest/"
_LABELS = {
    "action_plugins": "plugins/action.html",
    "callback_plugins": "plugins/callback.html",
    "common_return_values": "reference_appendices/common_return_values.html",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "ansible_collections.ansible.builtin.file_lookup": "collections/ansible/builtin/file_lookup.html",
    "ansible_collections.ansible.builtin.template_lookup": "collections/ansible/builtin/template_lookup.html",
}
"""What antsibull-docs refers to in Ansible's own documentation. Its inventory would have to be downloaded."""


def _link_to_ansible(
    _app: Sphinx, _env: BuildEnvironment, node: pending_xref, text: nodes.TextElement
) -> nodes.reference | None:
    page = _LABELS.get(node["reftarget"])
    return page and nodes.reference("", "", text, internal=False, refuri=_ANSIBLE + page)


def setup(app: Sphinx) -> None:
    """Called by Sphinx."""
    app.connect("missing-reference", _link_to_ansible)
