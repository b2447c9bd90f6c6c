"""The command line of wsadmin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

_WITH_VALUE = {
    "-c": "command", "-f": "file", "-p": "properties", "-profile": "startup", "-profileName": "profile",
    "-javaoption": "java", "-lang": "language", "-wsadmin_classpath": "classpath", "-conntype": "connection",
    "-host": "host", "-port": "port", "-user": "user", "-username": "user", "-password": "password",
    "-tracefile": "trace", "-appendtrace": "append", "-jobid": "job",
}  # fmt: skip
_BY_LOWER_CASE = {option.lower(): name for option, name in _WITH_VALUE.items()}
_SEVERAL = {"command", "properties", "startup", "java"}
_HELP = {"-h", "-help", "-?"}
_CHOICES = {
    "language": ("jacl", "jython"),
    "connection": ("SOAP", "RMI", "NONE"),
    "append": ("true", "false"),
}

USAGE = """\
WASX7001I: wsadmin is the executable for WebSphere scripting.
Syntax:

wsadmin
   [ -h(elp)  ]
   [ -?  ]
   [ -c <command> ]
   [ -p <properties_file_name>]
   [ -profile <profile_script_name>]
   [ -f <script_file_name>]
   [ -javaoption java_option]
   [ -lang  language]
   [ -wsadmin_classpath  classpath]
   [ -profileName profile]
   [ -conntype
          SOAP
             [-host host_name]
             [-port port_number]
             [-user userid]
             [-password password] |
          RMI
             [-host host_name]
             [-port port_number]
             [-user userid]
             [-password password] |
          NONE
   ]
   [ -jobid jobid_string]
   [ -tracefile trace_file]
   [ -appendtrace true/false]
   [ script parameters ]
"""


class Refused(Exception):
    """The command line is wrong; the text says how."""


@dataclass
class Options:
    """What the command line asks for; lists hold what may be given several times, in order."""

    several: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in _SEVERAL})
    single: dict[str, str] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)
    help: bool = False


def parse(words: Sequence[str]) -> Options:
    """Read a command line; raises `Refused`. The first word that is no option begins the script's own arguments; so
    does an unknown one behind `-f` or `-c`."""
    options = Options()
    index = 0
    while index < len(words):
        word = words[index]
        if word.lower() in _HELP:
            options.help = True
            return options
        name = _BY_LOWER_CASE.get(word.lower())
        if name is None:
            if word.startswith("-") and not (options.several["command"] or "file" in options.single):
                raise Refused(f"{word}: no such option")
            options.arguments = list(words[index:])
            break
        if index + 1 == len(words):
            raise Refused(f"{word}: its value is missing")
        _take(options, word, name, words[index + 1])
        index += 2
    if options.several["command"] and "file" in options.single:
        raise Refused("-c and -f exclude each other")
    return options


def _take(options: Options, word: str, name: str, value: str) -> None:
    if name in _SEVERAL:
        options.several[name].append(value)
        return
    if name in options.single:
        raise Refused(f"{word}: given twice")
    known = {choice.lower(): choice for choice in _CHOICES.get(name, ())}
    if known and value.lower() not in known:
        raise Refused(f"{word} {value}: one of {', '.join(known.values())} is wanted")
    if name == "port" and not value.isdecimal():
        raise Refused(f"{word} {value}: a number is wanted")
    options.single[name] = known.get(value.lower(), value)
