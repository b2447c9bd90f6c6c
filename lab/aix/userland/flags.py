"""What AIX 5.3 knows of the POSIX tools, as reviewed data: each entry becomes a guard in front of this machine's tool.

`flags` are those that mean the same here and there (a getopts string); `unemulated` are AIX's own, which the lab
refuses with a code of its own rather than doing something else; every other flag is refused as AIX refuses it.
Sources: the flag tables of POSIX.1-2001 and AIX's Commands Reference; see `docs/evidence/aix.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Guard:
    """A guarded tool."""

    usage: str
    flags: str = ""
    unemulated: str = ""
    code: int = 1
    """Exit code of a usage error."""
    program: str = ""
    """This machine's program when its name differs, and fixed words after it."""
    count: bool = False
    """Whether `-5` means `-n 5`."""
    pattern: Literal["", "basic", "extended", "script", "awk"] = ""
    """What text to check for constructs of GNU: the regular expression, the sed script, or the awk program."""
    modes: bool = False
    """Whether an operand may look like a flag, as in `chmod -w`."""
    starts_programs: bool = False
    """Whether it starts programs, which must not see the environment of the guard."""
    body: str = ""
    """A check in sh that stands in for the reading of flags (`refuse` and `unemulated` end the guard)."""


_FIND = """\
[ $# -gt 0 ] || usage
words='' expression='' skip=0 command=''
for word do
    if [ "$skip" -gt 0 ]; then skip=$((skip - 1)); continue; fi
    if [ -n "$command" ]; then
        case $command$word in
            *';') command='' ;;
            '{}+') unemulated '-exec with +' ;;
            *) command=$word ;;
        esac
        continue
    fi
    case $word in
        -H | -L) [ -z "$words$expression" ] || usage ;;
        -atime | -ctime | -mtime | -name | -newer | -perm | -size | -type | -user | -group | -links)
            expression=1 skip=1 ;;
        -exec | -ok) expression=1 command=1 ;;
        -print | -depth | -xdev | -prune | -nouser | -nogroup | -a | -o | '(' | ')' | '!') expression=1 ;;
        -cpio | -ea | -fstype | -inum | -linkedto | -long | -ls) unemulated "$word" ;;
        -*) echo "find: 0652-017 $word is not a valid option." >&2; exit 1 ;;
        *) [ -z "$expression" ] || usage; words=1 ;;
    esac
done
[ -n "$words" ] || usage
"""

_TAR = """\
[ $# -gt 0 ] || usage
letters=${1#-}
case $letters in
    -* | '') refuse "${letters%"${letters#?}"}" ;;
    *[!ctxruvfmphw]*)
        rest=$letters
        while [ -n "$rest" ]; do
            case $rest in
                [ctxruvfmphw]*) ;;
                [bBdDEFilLNoRsSU0-9]*) unemulated "-${rest%"${rest#?}"}" ;;
                *) refuse "${rest%"${rest#?}"}" ;;
            esac
            rest=${rest#?}
        done ;;
esac
shift
next=''
for word do
    case $next$word in
        C*) next='' ;;
        -C) next=C ;;
        -*) refuse "$(letter "$word")" ;;
    esac
done
export TAR_OPTIONS=--format=ustar
set -- "$letters" "$@"
"""

_DATE = """\
case ${1-} in
    -u) format=${2-} count=$(($# - 1)) ;;
    -*) refuse "$(letter "$1")" ;;
    *) format=${1-} count=$# ;;
esac
case $format in
    +* | '') [ "$count" -le 1 ] || usage ;;
    *) unemulated 'setting the clock' ;;
esac
rest=$format
while :; do
    case $rest in *%*) ;; *) break ;; esac
    rest=${rest#*%}
    case $rest in
        [aAbBcCdDeHhIjmMnprStTuUVwWxXyYZ%]*) ;;
        *) unemulated "the field descriptor %${rest%"${rest#?}"}" ;;
    esac
    rest=${rest#?}
done
if [ -r /.lab/state/clock ]; then
    read -r ahead </.lab/state/clock
    set -- -d "@$(($(/.lab/usr/bin/date +%s) + ahead))" "$@"
fi
"""

_KILL = """\
case ${1-} in
    -l | -s) ;;
    -[0-9]* | -[A-Z]*) ;;
    -*) refuse "$(letter "$1")" ;;
    '') usage ;;
esac
"""

_ENV = """\
case ${1-} in
    -i | -) ;;
    -*) refuse "$(letter "$1")" ;;
esac
"""

_SU = """\
case ${1-} in
    -) ;;
    -*) refuse "$(letter "$1")" ;;
esac
"""

_DD = """\
for word do
    case $word in
        if=* | of=* | count=* | skip=* | seek=*) ;;
        bs=*[!0-9kbw]* | ibs=*[!0-9kbw]* | obs=*[!0-9kbw]*) usage ;;
        bs=* | ibs=* | obs=*) ;;
        conv=*)
            rest=${word#conv=},
            while [ -n "$rest" ]; do
                case ${rest%%,*} in
                    ascii | ebcdic | ibm | block | unblock | lcase | ucase | swab | noerror | notrunc | sync) ;;
                    *) usage ;;
                esac
                rest=${rest#*,}
            done ;;
        *) usage ;;
    esac
done
"""

_TEST = """\
for word do
    case $word in
        '==' | '=~' | -v | -N | -G | -O | -k | -R | '<' | '>')
            echo "test: 0403-004 Specify a parameter with this command." >&2
            exit 2 ;;
    esac
done
"""

_EXPR = """\
case ${1-} in
    --*) echo 'expr: 0402-050 Syntax error.' >&2; exit 2 ;;
    match | substr | index | length) unemulated "$1" ;;
esac
"""

_NO_FLAGS = """\
case ${1-} in
    -?*) refuse "$(letter "$1")" ;;
esac
"""

_SLEEP = """\
case ${1-} in
    '' | *[!0-9]*) usage ;;
esac
[ $# -eq 1 ] || usage
"""

_WORDS_ONLY = """\
case ${1-} in
    --*) refuse - ;;
esac
"""

# What a program says `use` of, and Perl 5.8.2 brings; modules among themselves may use what this machine's have.
_PERL = """\
case ${1--} in
    -) [ $# -eq 0 ] || shift ;;
    -*) unemulated "$1" ;;
esac
# shellcheck disable=SC2016
set -- '-Mstrict;no strict;BEGIN { my %known = map { $_ => 1 } qw(strict.pm warnings.pm vars.pm constant.pm integer.pm
    bytes.pm utf8.pm Carp.pm Data/Dumper.pm Digest/MD5.pm Encode.pm Errno.pm Fcntl.pm File/Basename.pm File/Spec.pm
    IO/File.pm IO/Handle.pm IO/Select.pm IO/Socket.pm IO/Socket/INET.pm IO/Socket/UNIX.pm List/Util.pm MIME/Base64.pm
    POSIX.pm Socket.pm Symbol.pm Sys/Hostname.pm Time/HiRes.pm);
    unshift @INC, sub { return if $known{$_[1]} || caller ne "main";
    $! = 2; die "lab: $_[1]: Perl 5.8.2 lacks it, or the lab does not emulate it\\n" } }' - "$@"
"""

_OPENSSL = """\
case ${1-} in
    s_client) ;;
    '' | -*) refuse "$(letter "$1")" ;;
    *) unemulated "$1" ;;
esac
skip=1
for word do
    if [ "$skip" -gt 0 ]; then skip=$((skip - 1)); continue; fi
    case $word in
        -quiet | -showcerts) ;;
        -connect) skip=1 ;;
        *) unemulated "s_client $word" ;;
    esac
done
"""

GUARDS: dict[str, Guard] = {
    "[": Guard("Usage: [ Expression ]", code=2, body=_TEST),
    "awk": Guard(
        "Usage: awk [-F Character][-v Variable=Value][-f File|Commands][Variable=Value|File ...]",
        "F:v:f:",
        code=2,
        program="mawk",
        pattern="awk",
    ),
    "basename": Guard("Usage: basename String [Suffix]", body=_NO_FLAGS),
    "cat": Guard("Usage: cat [-benrqstuvS] [-|File ...]", "benuvt", "rqsS", code=2),
    "chgrp": Guard("Usage: chgrp [-f] [-h] [-R [-H|-L|-P]] Group {File ...|Directory ...}", "fhRHLP"),
    "chmod": Guard(
        "Usage: chmod [-R] [-h] [-f] {u|g|o|a ...} {+|-|=} {r|w|x|X|s|t ...} File ...", "fR", "h", modes=True
    ),
    "chown": Guard("Usage: chown [-f] [-h] [-R [-H|-L|-P]] Owner[:Group] {File ...|Directory ...}", "fhRHLP"),
    "cksum": Guard("Usage: cksum [File ...]"),
    "cmp": Guard("Usage: cmp [-l|-s] File1 File2", "ls", code=2),
    "comm": Guard("Usage: comm [-[1][2][3]] File1 File2", "123"),
    "cp": Guard("Usage: cp [-fhipHILPU][-d|-e] [-r|-R] [-E{force|ignore|warn}] [--] src target", "fiprRHLP", "hIUdeE"),
    "cut": Guard("Usage: cut {-b <list> [-n] | -c <list> | -f <list> [-d <char>] [-s]} file ...", "b:c:f:d:ns", code=2),
    "date": Guard('Usage: date [-n] [-u] [mmddHHMM[[cc]yy]] [+"Field Descriptors"]', body=_DATE),
    "dd": Guard(
        "Usage: dd [if=InputFile] [of=OutputFile] [cbs=Number] [fskip=Number] [skip=Number] [seek=Number]\n"
        "          [count=Number]\n"
        "          [span=yes|no] [bs=Number] [ibs=Number] [obs=Number] [files=Number] [conv=Parameter[, ...]]",
        code=2,
        body=_DD,
    ),
    "diff": Guard(
        "Usage: diff [-b] [-i] [-t] [-w] [-c|-C Lines|-e|-f|-h|-n] File1 File2", "bitwcC:er", "fhnlsSD", code=2
    ),
    "dirname": Guard("Usage: dirname Path", body=_NO_FLAGS),
    "du": Guard("Usage: du [-aklmrsx] [Name ...]", "aksx", "lmrgHL"),
    "echo": Guard("Usage: echo [String ...]", body=":\n"),
    "egrep": Guard(
        "Usage: egrep [-r|-R] [-H|-L] [-c|-l|-q] [-bhinsvwxy] [-p[parasep]] -e Pattern | -f File [File ...]",
        "clqinsvxhwye:f:",
        "brRHLup",
        code=2,
        program="grep -E",
        pattern="extended",
    ),
    "env": Guard("Usage: env [-i] [Name=Value]... [Command [Argument ...]]", starts_programs=True, body=_ENV),
    "expr": Guard("Usage: expr Expression", code=2, body=_EXPR),
    "false": Guard("Usage: false", body=_NO_FLAGS),
    "fgrep": Guard(
        "Usage: fgrep [-r|-R] [-H|-L] [-c|-l|-q] [-bhinsvwxy] -e Pattern | -f File [File ...]",
        "clqinsvxhwye:f:",
        "brRHLup",
        code=2,
        program="grep -F",
    ),
    "find": Guard("Usage: find [-H | -L] Path-list [Expression-list]", starts_programs=True, body=_FIND),
    "grep": Guard(
        "Usage: grep [-r] [-R] [-H] [-L] [-E|-F] [-c|-l|-q] [-insvxbhwyu] [-p[parasep]] -e pattern_list...\n"
        "        [-f pattern_file...] [file...]",
        "EFclqinsvxhwye:f:",
        "brRHLup",
        code=2,
        pattern="basic",
    ),
    "head": Guard("Usage: head [-Count | -c Number | -n Number] [File ...]", "c:n:", count=True),
    "iconv": Guard("Usage: iconv [-cs] [-f FromCode] [-t ToCode] [File ...]", "cf:t:", "sl"),
    "id": Guard("Usage: id [-G [-n] | -g [-n [-r] | -r] | -u [-n [-r] | -r]] [User]", "Ggnru", "l", code=2),
    "join": Guard(
        "Usage: join [-a Number | -v Number] [-1 Field] [-2 Field] [-e Text] [-o List] [-t Char] File1 File2",
        "a:v:1:2:e:o:t:",
        "j",
    ),
    "kill": Guard("Usage: kill [-s Sigspec | -Sigspec] pid ... | kill -l [Status]", code=2, body=_KILL),
    "ln": Guard("Usage: ln [-f | -n] [-s] src [target]", "fs", "n"),
    "ls": Guard(
        "Usage: ls [-1ACFHLNRSabcdefgiklmnopqrstuxEUX] [File...]", "1ACFHLRacdfgilmnopqrtux", "NSbekEUXs", code=2
    ),
    "mkdir": Guard("Usage: mkdir [-e] [-m Mode] [-p] Directory ...", "m:p", "e"),
    "mv": Guard("Usage: mv [-i | -f] [-I] [-d | -e] [-E{force|ignore|warn}] [--] src target", "fi", "IdeE"),
    "nice": Guard("Usage: nice [-n Increment] Command [Argument ...]", "n:", starts_programs=True),
    "nl": Guard(
        "Usage: nl [-b Type] [-v Number] [-w Width] [-s Separator] [-i Number] [-n Format] [File]",
        "b:v:w:s:i:n:",
        "dfhlp",
    ),
    "nohup": Guard("Usage: nohup Command [Argument ...]", starts_programs=True, body=_NO_FLAGS),
    "od": Guard(
        "Usage: od [-v] [-A AddressBase] [-N Count] [-j Skip] [-t TypeString ...] [File ...]",
        "vbcdoxA:N:j:t:",
        "aCDefFhHiIlLOpPsSwX",
    ),
    "openssl": Guard("Usage: openssl Command [Options]", body=_OPENSSL),
    "paste": Guard("Usage: paste [-s] [-d List] File ...", "sd:"),
    "perl": Guard("Usage: perl [-] [Argument ...]", body=_PERL),
    "printf": Guard("Usage: printf Format [Argument ...]", body=_WORDS_ONLY),
    "pwd": Guard("Usage: pwd [-L | -P]", "LP"),
    "rm": Guard("Usage: rm [-fireR] [--] File ...", "firR", "e", code=2),
    "rmdir": Guard("Usage: rmdir [-p] Directory ...", "p"),
    "sed": Guard(
        "Usage: sed [-n] [-u] Script [File ...]\n       sed [-n] [-u] [-e Script] ... [-f Script_file] ... [File ...]",
        "ne:f:",
        "u",
        code=2,
        program="sed --posix",
        pattern="script",
    ),
    "sleep": Guard("Usage: sleep Seconds", code=2, body=_SLEEP),
    "sort": Guard(
        "Usage: sort [-Abcdfimnru] [-T Directory] [-t Character] [-o File] [-y[Kilobytes]] [-z Recordsize]\n"
        "            [-k KeyDefinition]...\n"
        "            [[+Position1][-Position2]]... [File ...]",
        "bcdfimnruk:o:t:T:",
        "Ayz",
        code=2,
    ),
    "split": Guard("Usage: split [-l Line_count] [-a Suffix_length] [-b n[k|m]] [File [Prefix]]", "l:a:b:"),
    "stty": Guard("Usage: stty [-a] [-g] [Options]", "ag"),
    "su": Guard("Usage: su [-] [Name [Argument ...]]", starts_programs=True, body=_SU),
    "sum": Guard("Usage: sum [-i] [-r] [File ...]", "r", "io"),
    "sync": Guard("Usage: sync", body=_NO_FLAGS),
    "tail": Guard(
        "Usage: tail [-f] [-b Number | -c Number | -k Number | -m Number | -n Number] [File]",
        "fc:n:",
        "bkmr",
        count=True,
    ),
    "tar": Guard("Usage: tar {c|r|t|u|x} [BdDEFhilmNopRsUvwb:f:L:S:X:] [-C Directory] [File ...]", body=_TAR),
    "tee": Guard("Usage: tee [-a] [-i] [File ...]", "ai"),
    "test": Guard("Usage: test Expression", code=2, body=_TEST),
    "touch": Guard(
        "Usage: touch [-a] [-c] [-m] [-f] [-r RefFile] [Time | -t Time] {File ... | Directory ...}", "acmfr:t:", code=2
    ),
    "tr": Guard("Usage: tr [-c | -cds | -cs | -C | -ds | -s] [-A] String1 String2", "cCds", "A"),
    "true": Guard("Usage: true", body=_NO_FLAGS),
    "tty": Guard("Usage: tty [-s]", "s", code=2),
    "uniq": Guard("Usage: uniq [-c | -d | -u] [-f Fields] [-s Characters] [Infile [Outfile]]", "cduf:s:"),
    "xargs": Guard(
        "Usage: xargs [-p] [-t] [-e[EOFString]] [-E EOFString] [-i[ReplaceString]] [-I ReplaceString] [-l[Number]]\n"
        "             [-L Number] [-n Number [-x]] [-s Size] [Command [Argument ...]]",
        "ptE:I:L:n:xs:",
        "eil",
        starts_programs=True,
    ),
}
"""By name; `nawk` is `awk`."""
GUARDS["nawk"] = GUARDS["awk"]
