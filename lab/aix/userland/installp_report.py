"""The layout of installp's output: banners, sections and summaries."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

RULE = "-" * 79
BANNER = "+" + "-" * 77 + "+"


def column(text: str, width: int) -> str:
    """A first column; a name too long for it gets a line of its own, as AIX does."""
    return text.ljust(width) if len(text) < width else f"{text}\n{'':<{width}}"


def section(title: str, text: str, names: Iterable[str]) -> str:
    """A named part of a section, with the filesets it is about."""
    return f"  {title}\n  {'-' * len(title)}\n  {text}\n\n" + "".join(f"    {name}\n" for name in names)


def banner(title: str) -> None:
    """Start a phase."""
    print(f"{BANNER}\n{title:^79}".rstrip() + f"\n{BANNER}")


def summary(rows: list[tuple[str, str, str, bool]]) -> None:
    """The table at the end: fileset, level, event, whether it succeeded."""
    print(
        f"Installation Summary\n--------------------\n{'Name':<28}{'Level':<16}Part        Event       Result\n{RULE}"
    )
    for name, level, event, done in rows:
        print(f"{column(name, 28)}{level:<16}USR         {event:<12}{'SUCCESS' if done else 'FAILED'}")
    print()
