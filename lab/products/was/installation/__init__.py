"""The installers of WAS and its Update Installer, fix packs, and profiles.

Steps at which a fault may be ordered: `was:install`, `was:updi`, `was:fixpack`, `was:manageprofiles`.
"""
