"""Guards: small dash scripts that let pass to this machine's tools only what AIX 5.3 knows as well.

Scripts and not Python, because a task starts dozens of them: a guard takes about 2 ms.
"""

from __future__ import annotations

import shlex

from lab.aix.userland.flags import Guard

_GNU_BASIC = ("\\|", "\\+", "\\?", "\\w", "\\W", "\\s", "\\S", "\\b", "\\B", "\\<", "\\>", "\\`", "\\'")
_GNU_EXTENDED = tuple(sequence for sequence in _GNU_BASIC if sequence[1] not in "|+?")
_GNU_SCRIPT = (*_GNU_BASIC, "\\t")
_GNU_AWK = ("systime(", "strftime(", "mktime(")
_FORBIDDEN = {"basic": _GNU_BASIC, "extended": _GNU_EXTENDED, "script": _GNU_SCRIPT, "awk": _GNU_AWK}

_HEAD = """\
#!{interpreter}
# Lets pass what AIX 5.3 knows as well, then runs this machine's {name}.
usage() {{
    printf '%s\\n' {usage} >&2
    exit {code}
}}
refuse() {{
    printf '%s\\n' {name}": Not a recognized flag: $1" >&2
    usage
}}
unemulated() {{
    printf '%s\\n' {name}": lab: $1 is not emulated" >&2
    exit 99
}}
letter() {{
    letter_of=${{1#-}}
    printf '%s\\n' "${{letter_of%"${{letter_of#?}}"}}"
}}
"""
_COUNT = """\
case ${1-} in
    -[0-9]*) count=${1#-}; shift; set -- -n "$count" "$@" ;;
esac
"""
_MODES = """\
case ${1-} in
    -[rwxXst]*) set -- -- "$@" ;;
esac
"""
_GETOPTS = """\
while getopts ':{flags}' flag; do
    case $flag in
        ':')
            case $OPTARG in {letters_unemulated}) unemulated "the flag -$OPTARG" ;; esac
            printf '%s\\n' {name}": A flag requires a parameter: $OPTARG" >&2
            usage ;;
        '?')
            case $OPTARG in {letters_unemulated}) unemulated "the flag -$OPTARG" ;; esac
            refuse "$OPTARG" ;;
{cases}        *) ;;
    esac
done
"""
_PATTERN = """\
[ -n "$given" ] || eval "text=\\${{$OPTIND-}}"
case $kind:$text in
    {forbidden})
        printf '%s\\n' {name}": lab: $text: only GNU and its kin know this" >&2
        exit 99 ;;
esac
"""
_SCRIPT = """\
case $text in
    *[\\;\\{][a-zA-Z=]'}'*)
        echo "sed: 0602-404 Function $text cannot be parsed." >&2
        exit 2 ;;
    s/*)
        replacement=${text#s/*/}
        case ${replacement%%/*} in
            *'\\n'*) unemulated 'GNU: \\n in a replacement' ;;
        esac ;;
esac
"""
_AWK = """\
case $text in
    *[\\].\\)]'{'[0-9]*) unemulated 'an interval expression' ;; # this machine's awk would take it for a text
esac
"""
_SWITCHES = {
    "basic": '        e) text="$text$OPTARG" given=1 ;;\n        f) given=1 ;;\n        E | F) kind=$flag ;;\n',
    "extended": '        e) text="$text$OPTARG" given=1 ;;\n        f) given=1 ;;\n',
    "script": '        e) text="$text$OPTARG" given=1 ;;\n        f) given=1 ;;\n',
    "awk": "        f) given=1 ;;\n",
}


def guard_text(name: str, guard: Guard, tools: str) -> str:
    """The script for a tool; `tools` is the folder of this machine's tools (`/.lab/usr/bin` on a host)."""
    text = _HEAD.format(
        interpreter=f"{tools}/dash", name=shlex.quote(name), usage=shlex.quote(guard.usage), code=guard.code
    )
    if guard.body:
        text += guard.body
    else:
        text += _COUNT if guard.count else ""
        text += _MODES if guard.modes else ""
        text += "text='' given='' kind=''\n" if guard.pattern else ""
        text += _GETOPTS.format(
            flags=guard.flags,
            name=shlex.quote(name),
            letters_unemulated=f"[{guard.unemulated}]" if guard.unemulated else "''",
            cases=_SWITCHES.get(guard.pattern, ""),
        )
    if guard.pattern:
        text += _pattern_check(name, guard.pattern)
    # AIX has GNU's texts in no language; the C locale also gives AIX's formats of dates.
    text += "" if guard.starts_programs else "export POSIXLY_CORRECT=1 LC_ALL=C\n"
    program, *words = (guard.program or name).split()
    return text + " ".join(["exec", shlex.quote(f"{tools}/{program}"), *words, '"$@"']) + "\n"


def _pattern_check(name: str, kind: str) -> str:
    def any_of(sequences: tuple[str, ...], before: str) -> str:
        return " | ".join(f"{before}*{shlex.quote(sequence)}*" for sequence in sequences)

    forbidden = any_of(_FORBIDDEN[kind], ":")
    if kind == "basic":  # grep: -F takes texts, -E the other kind of expressions
        forbidden = f"{forbidden} | {any_of(_GNU_EXTENDED, 'E:')}"
    check = _PATTERN.format(forbidden=forbidden, name=shlex.quote(name))
    return check + {"script": _SCRIPT, "awk": _AWK}.get(kind, "")
