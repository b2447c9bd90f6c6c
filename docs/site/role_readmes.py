"""Write the table of variables into each role's README.md, from meta/argument_specs.yml and defaults/main.yml.

It stands below the heading "Variables", between two marks; everything else of a README is written by hand. With --check
nothing is written, and READMEs that are not as they would be written are named, with exit code 1.
"""

from __future__ import annotations

import argparse
import html
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from antsibull_docs_parser.md import to_md
from antsibull_docs_parser.parser import Context, parse

ROLES = Path(__file__).resolve().parents[2] / "roles"
BEGIN = "<!-- variables: docs/site/role_readmes.py -->"
END = "<!-- end of variables -->"
NONE = "-"
LONGEST_DEFAULT = 60


def main() -> int:
    """Exit code: 0, or 1 when something is not as it has to be."""
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--check", action="store_true", help="write nothing, name what is not up to date")
    check = arguments.parse_args().check
    problems = [problem for role in sorted(ROLES.iterdir()) if role.is_dir() for problem in renew(role, check)]
    print(*problems, sep="\n", end="\n" if problems else "", file=sys.stderr)
    return 1 if problems else 0


def renew(role: Path, check: bool) -> Iterator[str]:
    """Bring the README of a role up to date; what stands in the way, or with `check` that it is not."""
    specs = yaml.safe_load((role / "meta/argument_specs.yml").read_text("utf-8"))["argument_specs"]
    defaults = yaml.safe_load((role / "defaults/main.yml").read_text("utf-8")) or {}
    options = {name: option for spec in specs.values() for name, option in (spec.get("options") or {}).items()}
    wrong = list(_contradictions(role.name, options, defaults))
    yield from wrong
    readme = role / "README.md"
    old = readme.read_text("utf-8")
    before, begin, rest = old.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        yield f"roles/{role.name}/README.md: the marks are missing: {BEGIN} and {END}"
        return
    table = "\n".join(_table(specs, options, defaults))
    new = f"{before}{BEGIN}\n{table}\n{END}{after}"
    if new != old and check:
        yield f"roles/{role.name}/README.md: not up to date; run docs/site/role_readmes.py"
    elif new != old and not wrong:
        readme.write_text(new, "utf-8")


def _contradictions(role: str, options: Mapping[str, Any], defaults: Mapping[str, Any]) -> Iterator[str]:
    for name, option in options.items():
        if "default" in option and (name not in defaults or defaults[name] != option["default"]):
            yield f"roles/{role}: the default of {name} in meta/argument_specs.yml is not that in defaults/main.yml"


def _table(specs: Mapping[str, Any], options: Mapping[str, Any], defaults: Mapping[str, Any]) -> Iterator[str]:
    points = [name for name in specs if name != "main"]
    besides = " besides `main`" if "main" in specs else ""
    also = f" Entry points{besides}: {', '.join(f'`{name}`' for name in points)}." if points else ""
    yield f"As [`defaults/main.yml`](defaults/main.yml) has them.{also}"
    yield ""
    yield "| variable | type | default | what |"
    yield "|---|---|---|---|"
    for name, option in options.items():
        default = _default(defaults[name]) if name in defaults else NONE
        yield f"| `{name}` | {_type(option)} | {default} | {_text(option)} |"


def _type(option: Mapping[str, Any]) -> str:
    kind = option.get("type", "str")
    kind = f"{kind} of {option['elements']}" if "elements" in option else kind
    return f"{kind}, **required**" if option.get("required") else kind


def _default(value: Any) -> str:
    """A literal as YAML writes it; an expression is not spelled out when it is long or of the role's own making."""
    if isinstance(value, str) and ("{{" in value or "{%" in value):
        return f"`{_cell(value)}`" if len(value) <= LONGEST_DEFAULT and "__" not in value else "computed"
    text = yaml.safe_dump(value, default_flow_style=True, width=10**6, sort_keys=False).removesuffix("...\n").strip()
    return f"`{_cell(text)}`" if len(text) <= LONGEST_DEFAULT else "see there"


def _text(option: Mapping[str, Any]) -> str:
    described = option["description"]
    paragraphs = [described] if isinstance(described, str) else list(described)
    if option.get("choices"):
        paragraphs.append("One of " + ", ".join(f"V({choice})" for choice in option["choices"]) + ".")
    paragraphs += [_part(name, part) for name, part in (option.get("options") or {}).items()]
    markdown = re.sub(r"<br>|\s+", " ", to_md(parse(paragraphs, Context()))).strip()
    return _cell(_plain(re.sub(r"<code>(.*?)</code>", lambda found: _code(found[1]), markdown)))


def _code(escaped: str) -> str:
    return "`" + re.sub(r"\\(.)", r"\1", html.unescape(escaped)) + "`"


def _plain(markdown: str) -> str:
    """The library escapes whatever could mean something anywhere; within a cell little does."""
    return re.sub(r"\\([^*`<|\[\]\\])", r"\1", markdown)


def _part(name: str, part: Mapping[str, Any]) -> str:
    described = part["description"]
    return f"V({name}) - {described if isinstance(described, str) else ' '.join(described)}"


def _cell(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", text)


if __name__ == "__main__":
    sys.exit(main())
