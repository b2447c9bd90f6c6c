# Copyright: (c) 2026, the sametime.gateway authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The command line. Exit codes: 0 good, 1 errors found, 2 wrong use or a file that cannot be read, 3 only warnings,
with ``--strict``.

What a subcommand needs is imported when it is called: `run` and `version` start fast.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Callable, Optional, Sequence, Tuple

from . import __version__
from . import config as configuration
from .model import Config

_Command = Callable[[argparse.Namespace], int]

GOOD = 0
ERRORS = 1
USAGE = 2
WARNINGS = 3


class UsageError(Exception):
    """What was asked for cannot be done as it was written; the text says why and what to do."""


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run one subcommand; the exit code."""
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a terminal may lack what a display name has
    try:
        code = int(options.run(options))
        if sys.stdout is not None:  # a closed one
            sys.stdout.flush()
        return code
    except UsageError as error:
        print(f"sipnat: {error}", file=sys.stderr)
        return USAGE
    except OSError as error:  # what is written to: commands see to their own
        if not isinstance(error, BrokenPipeError):  # head and its like have seen enough
            print(f"sipnat: standard output: {error.strerror or error}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nor shall the interpreter's end try once more
        return ERRORS
    except KeyboardInterrupt:
        return ERRORS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sipnat", description="A stateless SIP proxy behind a static symmetric NAT.")
    commands = parser.add_subparsers(metavar="COMMAND", dest="command")
    commands.required = True

    def command(name: str, function: _Command, help_text: str, config: bool = True) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=help_text, description=help_text)
        one.set_defaults(run=function)
        if config:
            one.add_argument("-c", "--config", metavar="FILE", required=True, help="configuration (JSON)")
        return one

    command("run", _run, "Forward messages until stopped.")

    check = command("check", _check, "Judge a configuration without sending anything.")
    check.add_argument("--json", action="store_true", help="findings as JSON")
    check.add_argument("--resolve", action="store_true", help="ask the name service for the public names too")
    check.add_argument("--strict", action="store_true", help="exit code 3 if there are warnings")

    explain = command("explain", _explain, "Show what becomes of one message, line by line with the rule.")
    explain.add_argument(
        "--source", metavar="ADDRESS[:PORT]", required=True, help="who sends it; this decides the side"
    )
    explain.add_argument("--transport", choices=("udp", "tcp", "tls"), help="that it comes by")
    explain.add_argument("message", metavar="MESSAGE", help="file with the message; -: standard input")

    probe = command("probe", _probe, "Test the router from outside: PAT, port translation, SIP ALG.", config=False)
    probe.add_argument("--serve", action="store_true", help="be the side that answers, at each of these end points")
    probe.add_argument("--source-port", metavar="PORT", type=_port, default=0, help="ask from this port")
    probe.add_argument("endpoints", metavar="HOST:PORT/TRANSPORT", nargs="+", help="for example 192.0.2.5:5062/tcp")

    test = command("self-test", _self_test, "Ask each upstream by OPTIONS, try TLS and the sockets.")
    test.add_argument("--timeout", metavar="SECONDS", type=_seconds, default=5.0, help="for each answer; 5")

    control = command("ctl", _control, "Tell the proxy that runs with this configuration to do something.")
    orders = "status | reload | drain [HOST] | undrain [HOST] | trace on | trace off | stop"
    control.add_argument("order", metavar="ORDER", nargs="+", help=orders)

    command("version", _version, "Show version, kernel and Python.", config=False)
    return parser


def _port(written: str) -> int:
    if not (written.isascii() and written.isdigit() and int(written) <= 65535):
        raise argparse.ArgumentTypeError(f"{written}: write a port, 0 to 65535")
    return int(written)


def _seconds(written: str) -> float:
    try:
        seconds = float(written)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{written}: write seconds, above 0 and up to 3600")
    return seconds


def load(path: str) -> Config:
    """The configuration in a file, or a `UsageError` with everything that is wrong with it."""
    try:
        return configuration.load(path)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from None
    except configuration.ConfigError as error:
        problems = "\n".join(f"  {problem}" for problem in error.problems)
        raise UsageError(f"{path} cannot be used:\n{problems}") from None


def _run(options: argparse.Namespace) -> int:
    config = load(options.config)
    from .operation.log import Log, readable  # noqa: PLC0415
    from .service import serve  # noqa: PLC0415

    try:
        log = Log(config.log)
    except OSError as error:
        raise UsageError(readable(error)) from None
    code = serve(options.config, config, log)
    if code and config.log.file is not None:
        print(f"sipnat: cannot run, {config.log.file} says why", file=sys.stderr)
    return code


def _check(options: argparse.Namespace) -> int:
    config = load(options.config)
    from .check import check, report  # noqa: PLC0415

    findings = check(config, resolve=options.resolve)
    print(json.dumps([finding._asdict() for finding in findings], indent=2) if options.json else report(findings))
    severities = {finding.severity for finding in findings}
    if "error" in severities:
        return ERRORS
    return WARNINGS if options.strict and "warning" in severities else GOOD


def _explain(options: argparse.Namespace) -> int:
    from .explain import explain  # noqa: PLC0415

    config = load(options.config)
    try:
        data = sys.stdin.buffer.read() if options.message == "-" else Path(options.message).read_bytes()
    except OSError as error:
        raise UsageError(f"{options.message}: {error.strerror or error}") from None
    address, port = _source(options.source)
    try:
        print(_shown(explain(config, data, address, port, options.transport)))
    except ValueError as error:
        raise UsageError(str(error)) from None
    return GOOD


def _shown(text: str) -> str:
    """What strangers wrote, without power over the terminal."""
    return "".join(
        character
        if character.isprintable() or character == "\n"
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def _source(written: str) -> Tuple[str, int]:
    """ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT; the port is 0 if it is left out."""
    address, port = written, "0"
    if written.startswith("[") or written.count(":") == 1:
        address, _colon, port = written.rpartition(":")
    try:
        return str(ip_address(address.strip("[]"))), _port(port)
    except (ValueError, argparse.ArgumentTypeError):
        raise UsageError(f"--source {written}: write ADDRESS or ADDRESS:PORT, as in 192.0.2.11:5060") from None


def _probe(options: argparse.Namespace) -> int:
    from . import probe  # noqa: PLC0415

    try:
        endpoints = [probe.endpoint(written) for written in options.endpoints]
    except ValueError as error:
        raise UsageError(str(error)) from None
    try:
        if options.serve:
            probe.serve(endpoints, lambda: False)
            return GOOD
        reports = [probe.probe(endpoint, options.source_port) for endpoint in endpoints]
    except ValueError as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        print(f"sipnat: {' '.join(options.endpoints)}: {error.strerror or error}", file=sys.stderr)
        return ERRORS
    for report in reports:
        print(report.text())
    return GOOD if all(report.ok for report in reports) else ERRORS


def _self_test(options: argparse.Namespace) -> int:
    from .selftest import self_test  # noqa: PLC0415

    results = self_test(load(options.config), options.timeout)
    for result in results:
        print(result.text())
    return GOOD if all(result.good for result in results) else ERRORS


def _control(options: argparse.Namespace) -> int:
    from .operation.ctl import ControlError, order  # noqa: PLC0415

    try:
        answer = order(load(options.config).admin, options.order)
    except ControlError as error:
        print(f"sipnat: {error}", file=sys.stderr)
        return ERRORS
    except ValueError as error:
        raise UsageError(str(error)) from None
    print(json.dumps(answer, indent=2))
    return GOOD


def _version(_options: argparse.Namespace) -> int:
    from . import kernel  # noqa: PLC0415

    try:
        import ssl  # noqa: PLC0415

        tls = ssl.OPENSSL_VERSION
    except ImportError:  # a Python that was built without it
        tls = "no TLS"
    python = f"{platform.python_implementation()} {platform.python_version()} on {platform.system()}"
    print(f"sipnat {__version__}, kernel {kernel.name()}, {python}, {tls}")
    return GOOD
