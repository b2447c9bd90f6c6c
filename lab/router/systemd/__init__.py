"""A stand-in for systemd on the lab's Linux machine.

Units in `/etc/systemd/system` run as real processes, each below a small manager of its own. `enable`, `disable` and
`is-enabled` are those of this machine's systemctl, which needs no systemd for them.
"""
