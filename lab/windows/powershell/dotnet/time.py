"""System.DateTime and System.TimeSpan."""

from __future__ import annotations

import datetime
import re
import time
from typing import Any

from lab.windows.powershell.conversions import to_number, to_string
from lab.windows.powershell.dotnet.core import NetObject, method, net_type, prop
from lab.windows.powershell.dotnet.exceptions import NetFailure
from lab.windows.powershell.values import Long

_PARTS = {
    "yyyy": "%Y", "yy": "%y", "MMMM": "%B", "MMM": "%b", "MM": "%m", "dddd": "%A", "ddd": "%a", "dd": "%d", "HH": "%H",
    "hh": "%I", "mm": "%M", "ss": "%S", "tt": "%p", "zzz": "%z",
}  # fmt: skip
_EPOCH_TICKS = 621355968000000000


class TimeSpan(NetObject):
    """A length of time."""

    type_name = "System.TimeSpan"

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds

    @prop("TotalSeconds")
    def get_total_seconds(self) -> float:
        return self.seconds

    @prop("TotalMinutes")
    def get_total_minutes(self) -> float:
        return self.seconds / 60

    @prop("TotalHours")
    def get_total_hours(self) -> float:
        return self.seconds / 3600

    @prop("TotalDays")
    def get_total_days(self) -> float:
        return self.seconds / 86400

    @prop("TotalMilliseconds")
    def get_total_milliseconds(self) -> float:
        return self.seconds * 1000

    @prop("Days")
    def get_days(self) -> int:
        return int(self.seconds // 86400)

    @prop("Hours")
    def get_hours(self) -> int:
        return int(self.seconds // 3600 % 24)

    @prop("Minutes")
    def get_minutes(self) -> int:
        return int(self.seconds // 60 % 60)

    @prop("Seconds")
    def get_seconds(self) -> int:
        return int(self.seconds % 60)

    def compare_to(self, other: Any) -> int:
        """Of `-lt` and its kin."""
        theirs = other.seconds if isinstance(other, TimeSpan) else float(to_number(other)) / 1e7
        return (self.seconds > theirs) - (self.seconds < theirs)

    def equals(self, other: Any) -> bool:
        """Of `-eq`."""
        return isinstance(other, TimeSpan) and other.seconds == self.seconds

    def to_string(self) -> str:
        days = f"{self.get_days()}." if self.get_days() else ""
        return f"{days}{self.get_hours():02}:{self.get_minutes():02}:{self.get_seconds():02}"


class DateTime(NetObject):
    """A moment."""

    type_name = "System.DateTime"

    def __init__(self, moment: datetime.datetime) -> None:
        self.moment = moment

    @staticmethod
    def from_timestamp(seconds: float) -> DateTime:
        """A moment by its seconds since 1970."""
        return DateTime(datetime.datetime.fromtimestamp(seconds, datetime.UTC))

    def format(self, form: str) -> str:
        """By a .NET format."""
        if form == "s":
            form = "yyyy-MM-ddTHH:mm:ss"
        elif form == "u":
            form = "yyyy-MM-dd HH:mm:ssZ"
        elif form in ("o", "O"):
            form = "yyyy-MM-ddTHH:mm:ss.fffffffZ"

        def part(found: re.Match[str]) -> str:
            token = found[0]
            if token.startswith(("'", "\\")):
                return token.strip("'\\")
            if set(token) == {"f"}:
                return f"{self.moment.microsecond:06d}0"[: len(token)]
            if token in _PARTS:
                return self.moment.strftime(_PARTS[token])
            single = {"d": self.moment.day, "M": self.moment.month, "H": self.moment.hour, "m": self.moment.minute,
                      "s": self.moment.second}  # fmt: skip
            return str(single[token]) if token in single else token

        return re.sub(r"'[^']*'|\\.|y+|M+|d+|H+|h+|m+|s+|t+|z+|f+", part, form)

    def to_string(self) -> str:
        return self.moment.strftime("%m/%d/%Y %H:%M:%S")

    @method("AddDays")
    def add_days(self, count: float) -> DateTime:
        return self._plus(count * 86400)

    @method("AddHours")
    def add_hours(self, count: float) -> DateTime:
        return self._plus(count * 3600)

    @method("AddMinutes")
    def add_minutes(self, count: float) -> DateTime:
        return self._plus(count * 60)

    @method("AddSeconds")
    def add_seconds(self, count: float) -> DateTime:
        return self._plus(count)

    @method("AddMilliseconds")
    def add_milliseconds(self, count: float) -> DateTime:
        return self._plus(count / 1000)

    @method("ToUniversalTime", "ToLocalTime")
    def same(self) -> DateTime:
        return self

    @method("Subtract")
    def subtract(self, other: Any) -> Any:
        return self.op_Subtraction(other)

    @prop("Year")
    def get_year(self) -> int:
        return self.moment.year

    @prop("Month")
    def get_month(self) -> int:
        return self.moment.month

    @prop("Day")
    def get_day(self) -> int:
        return self.moment.day

    @prop("Hour")
    def get_hour(self) -> int:
        return self.moment.hour

    @prop("Minute")
    def get_minute(self) -> int:
        return self.moment.minute

    @prop("Second")
    def get_second(self) -> int:
        return self.moment.second

    @prop("Ticks")
    def get_ticks(self) -> Long:
        return Long(int(self.moment.timestamp() * 1e7) + _EPOCH_TICKS)

    def _plus(self, seconds: float) -> DateTime:
        return DateTime(self.moment + datetime.timedelta(seconds=seconds))

    def op_Subtraction(self, other: Any) -> Any:  # noqa: N802
        """Of `-`."""
        if isinstance(other, TimeSpan):
            return self._plus(-other.seconds)
        return TimeSpan((self.moment - _moment(other)).total_seconds())

    def op_Addition(self, other: Any) -> DateTime:  # noqa: N802
        """Of `+`."""
        if not isinstance(other, TimeSpan):
            raise NetFailure(
                "System.Management.Automation.RuntimeException", "A DateTime can be added to a TimeSpan only."
            )
        return self._plus(other.seconds)

    def compare_to(self, other: Any) -> int:
        """Of `-lt` and its kin."""
        theirs = _moment(other)
        return (self.moment > theirs) - (self.moment < theirs)

    def equals(self, other: Any) -> bool:
        """Of `-eq`."""
        return self.moment == _moment(other)


def _moment(value: Any) -> datetime.datetime:
    return value.moment if isinstance(value, DateTime) else parse(to_string(value)).moment


def parse(text: str) -> DateTime:
    """A moment as text in one of the usual forms."""
    for form in ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%Y-%m-%d", "%m/%d/%Y"):
        try:
            return DateTime(datetime.datetime.strptime(text.strip().rstrip("Z"), form).replace(tzinfo=datetime.UTC))
        except ValueError:
            continue
    raise NetFailure("System.FormatException", "String was not recognized as a valid DateTime.")


@net_type("System.DateTime")
class DateTimeType:
    """Static members."""

    @prop("Now", "UtcNow")
    @staticmethod
    def now(engine: Any) -> DateTime:
        # The machine's local time is UTC in the lab.
        return DateTime.from_timestamp(engine.session.machine.now())

    @prop("Today")
    @staticmethod
    def today(engine: Any) -> DateTime:
        return DateTime(DateTimeType.now(engine).moment.replace(hour=0, minute=0, second=0, microsecond=0))

    @method("Parse")
    @staticmethod
    def parse(_: Any, text: str) -> DateTime:
        return parse(text)

    @method("$cast")
    @staticmethod
    def cast(_: Any, value: Any) -> DateTime:
        return parse(to_string(value))

    @staticmethod
    def create(_: Any, year: int, month: int, day: int, *clock: int) -> DateTime:
        hour, minute, second = [*map(int, clock), 0, 0, 0][:3]
        return DateTime(datetime.datetime(year, month, day, hour, minute, second, tzinfo=datetime.UTC))


@net_type("System.TimeSpan")
class TimeSpanType:
    """Static members."""

    @method("FromSeconds")
    @staticmethod
    def from_seconds(_: Any, seconds: float) -> TimeSpan:
        return TimeSpan(seconds)

    @method("FromMinutes")
    @staticmethod
    def from_minutes(_: Any, minutes: float) -> TimeSpan:
        return TimeSpan(minutes * 60)

    @staticmethod
    def create(_: Any, hours: int, minutes: int, seconds: int) -> TimeSpan:
        return TimeSpan(hours * 3600 + minutes * 60 + seconds)


class Stopwatch(NetObject):
    """System.Diagnostics.Stopwatch."""

    type_name = "System.Diagnostics.Stopwatch"

    def __init__(self) -> None:
        self.began = time.monotonic()

    @prop("Elapsed")
    def get_elapsed(self) -> TimeSpan:
        return TimeSpan(time.monotonic() - self.began)

    @prop("ElapsedMilliseconds")
    def get_elapsed_milliseconds(self) -> Long:
        return Long(int((time.monotonic() - self.began) * 1000))


@net_type("System.Diagnostics.Stopwatch")
class StopwatchType:
    """Static members."""

    @method("StartNew")
    @staticmethod
    def start_new(_: Any) -> Stopwatch:
        return Stopwatch()
