"""What IBM's Java 5 of 32 bits makes of its options: it refuses to start with wrong ones, and logs its collections."""

from __future__ import annotations

import re
import shlex
from typing import Literal

from lab.products.was.servers.server_index import Jvm

# Options of -X that take what follows their name; Java 5 knows more, which nobody needs here.
_PREFIXES = (
    "-Xms", "-Xmx", "-Xmn", "-Xmo", "-Xss", "-Xgc:", "-Xtgc:", "-Xdump:", "-Xverbosegclog:", "-Xbootclasspath",
    "-Xjit:", "-Xshareclasses", "-Xloratio", "-Xmaxf", "-Xminf", "-Xrunjdwp", "-XX:",
)  # fmt: skip
_WORDS = (
    "-Xcompactexplicitgc", "-Xdisableexplicitgc", "-Xnoclassgc", "-Xrs", "-Xint", "-Xquickstart", "-Xdebug",
    "-Xnoagent",
)  # fmt: skip
_POLICIES = ("optthruput", "optavgpause", "gencon", "subpool")
_POLICY = "-Xgcpolicy:"
# What remains of 4 GB for the heap.
_LARGEST_MB = {"aix": 3072, "windows": 1792}
VERBOSE_HEADER = '<?xml version="1.0" ?>\n\n<verbosegc version="200710_10">\n\n'


def refusal(platform: Literal["aix", "windows"], jvm: Jvm) -> str | None:
    """Why Java does not start, as it says on standard error; None when it does."""
    words = [*_split(jvm.environment), *_split(jvm.arguments)]
    unknown = next((word for word in words if word.startswith("-X") and not _known(word)), None)
    if unknown:
        return _said(f"JVMJ9VM007E Command-line option unrecognised: {unknown}")
    largest = jvm.maximum_heap or 256
    nursery = max((int(found[1]) for word in words if (found := re.fullmatch(r"-Xmn(\d+)m", word))), default=0)
    if largest > _LARGEST_MB[platform]:
        return _said("JVMJ9GC019E -Xmx too large for heap")
    if jvm.initial_heap > largest:
        return _said("JVMJ9GC027E -Xms too large for -Xmx")
    return _said("JVMJ9GC028E -Xmn too large for -Xmx") if nursery >= largest else None


def _said(text: str) -> str:
    return f"{text}\nCould not create the Java virtual machine.\n"


def _known(word: str) -> bool:
    if word.startswith(_POLICY):
        return word.removeprefix(_POLICY) in _POLICIES
    return word in _WORDS or word.startswith(_PREFIXES)


def _split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()
