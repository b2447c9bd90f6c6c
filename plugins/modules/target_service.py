# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# The code of this module is the action plugin of the same name.

from __future__ import annotations

DOCUMENTATION = r"""
module: target_service
short_description: Define, start and stop a service of a target
version_added: 0.1.0
description:
  - On AIX a service is a subsystem of the System Resource Controller, an entry of C(/etc/inittab), or both. On Windows
    it is a Windows service, on Linux a unit of systemd in C(/etc/systemd/system).
  - Starting and stopping wait until it is done, because both systems only accept the request at first.
  - A service whose definition changed while it runs is not restarted. Ask for that by O(state=restarted) in a handler.
options:
  name:
    description:
      - Name of the SRC subsystem, of the Windows service (its key, not its display name), or of the unit of systemd
        (without C(.service)).
    type: str
    required: true
  state:
    description:
      - V(present) looks after the definition only, V(started) and V(stopped) also after its running.
      - V(restarted) always stops and starts it.
      - V(absent) stops it and removes its definition.
      - An entry of C(/etc/inittab) alone can only be V(present) or V(absent). There C(init) starts the program.
    type: str
    choices: [present, started, stopped, restarted, absent]
    default: present
  enabled:
    description:
      - Whether it starts with the machine. On AIX that is an entry in C(/etc/inittab), described by O(inittab). On
        Windows it is the start mode, automatic or manual, on Linux what C(systemctl enable) does.
      - O(inittab) alone implies V(true).
    type: bool
  timeout:
    description: Seconds to wait for it to start or to stop.
    type: int
    default: 60
  src:
    description: Definition of the SRC subsystem. Without it the subsystem must exist. AIX only.
    type: dict
    suboptions:
      path:
        description: Absolute path of the program. It must stay in the foreground.
        type: str
        required: true
      args:
        description: Its arguments. Never put a secret here.
        type: str
        default: ""
      uid:
        description: Number of the user it runs as.
        type: int
        default: 0
      user:
        description: Name of that user, in place of O(src.uid). It has to exist when the definition is changed.
        type: str
        version_added: 0.4.0
      stdin:
        description: Its standard input.
        type: str
        default: /dev/console
      stdout:
        description: Its standard output.
        type: str
        default: /dev/console
      stderr:
        description: Its standard error.
        type: str
        default: /dev/console
      group:
        description: Name of the subsystem group. Left as it is without it.
        type: str
      respawn:
        description: Whether SRC starts it again when it ends by itself.
        type: bool
        default: false
      contact:
        description: How SRC talks to it, by V(signals) or by V(sockets).
        type: str
        choices: [signals, sockets]
        default: signals
      stop_signal:
        description: Number of the signal of a normal stop. Only for O(src.contact=signals).
        type: int
        default: 15
      force_signal:
        description: Number of the signal of a forced stop. Only for O(src.contact=signals).
        type: int
        default: 9
      wait_seconds:
        description: Seconds between the request to cancel and the kill.
        type: int
        default: 20
  inittab:
    description: Entry in C(/etc/inittab). AIX only.
    type: dict
    suboptions:
      id:
        description: Name of the entry, at most fourteen characters. Default is O(name).
        type: str
      runlevels:
        description: Run levels.
        type: str
        default: "2"
      action:
        description: What C(init) does.
        type: str
        choices: [boot, bootwait, "off", once, ondemand, powerfail, powerwait, respawn, sysinit, wait]
        default: once
      command:
        description: Command line. Default starts the subsystem O(name).
        type: str
      after:
        description: Entry behind which a new one is put. At the end without it.
        type: str
  windows:
    description: Definition of the Windows service. Without it the service must exist. Windows only.
    type: dict
    suboptions:
      command:
        description: Command line of the service program. Never put a secret here.
        type: str
        required: true
      display_name:
        description: Name shown to people. Default is O(name).
        type: str
      account:
        description: Account it runs as.
        type: str
        default: LocalSystem
      password:
        description: Password of the account. Set when the service is made or its account changes.
        type: str
      restart_after:
        description:
          - Seconds after which Windows starts the service again when it ended by itself. Left as it is without it.
        type: int
        version_added: 0.4.0
  systemd:
    description: The service is one of systemd. It may be empty for a unit that exists. Linux only, and needed there.
    type: dict
    version_added: 0.4.0
    suboptions:
      unit:
        description: Text of the unit file. Never put a secret here.
        type: str
extends_documentation_fragment:
  - sametime.gateway.target.any_platform
author:
  - The sametime.gateway authors (@sametime-gateway)
"""

EXAMPLES = r"""
- name: Run a program under SRC, now and after each start of the machine
  sametime.gateway.target_service:
    name: stgwnat
    state: started
    enabled: true
    src:
      path: /opt/stgw/bin/sipnat
      args: --config /etc/stgw/sipnat.yml
      respawn: true

- name: Have init keep the DB2 fault monitor running
  sametime.gateway.target_service:
    name: fmc
    inittab:
      runlevels: "2345"
      action: respawn
      command: "/opt/IBM/db2/V9.1/bin/db2fmcd #DB2 Fault Monitor Coordinator"

- name: Run a program under systemd, now and after each start of the machine
  sametime.gateway.target_service:
    name: sipnat
    state: started
    enabled: true
    systemd:
      unit: |
        [Service]
        ExecStart=/usr/bin/python3 /opt/sipnat/sipnat.pyz run -c /etc/sipnat/sipnat.json
        [Install]
        WantedBy=multi-user.target

- name: Start DB2 with Windows
  sametime.gateway.target_service:
    name: DB2
    state: started
    enabled: true
"""

RETURN = r"""
operations:
  description: What was done, in order.
  returned: success
  type: list
  elements: str
  sample: ["startsrc -s stgwnat"]
state:
  description: The service as it is now, or would be.
  returned: success
  type: dict
  sample:
    running: true
    inittab: "stgwnat:2:once:/usr/bin/startsrc -s stgwnat"
"""
