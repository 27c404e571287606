"""A reader of calendar files of our own, straight from RFC 5545: it knows no zone but the one written in the file."""

import calendar
import datetime as dt
import re
from dataclasses import dataclass, field

_CONTENT = re.compile(r'(?P<name>[A-Z-]+)(?P<parameters>(?:;[A-Z-]+=(?:"[^"]*"|[^";:,]*))*):(?P<value>.*)', re.DOTALL)
_PARAMETER = re.compile(r';([A-Z-]+)=(?:"([^"]*)"|([^";:,]*))')
_ESCAPED = re.compile(r"\\([\\;,nN])")
_CARETS = {"^n": "\n", "^'": '"', "^^": "^"}


@dataclass(frozen=True)
class Line:
    """One content line, unfolded. `value` as it stands in the file; `text` without its escapes."""

    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value)


@dataclass
class Component:
    """BEGIN to END."""

    kind: str
    lines: list[Line] = field(default_factory=list)
    inside: list["Component"] = field(default_factory=list)

    def all(self, name: str) -> list[Line]:
        return [line for line in self.lines if line.name == name]

    def the(self, name: str) -> Line:
        (line,) = self.all(name)
        return line

    def within(self, kind: str) -> list["Component"]:
        return [part for part in self.inside if part.kind == kind]

    def instant(self, name: str, zones: list["Component"]) -> dt.datetime:
        """The moment, UTC: "…Z", or a wall clock that one of these VTIMEZONEs explains."""
        line = self.the(name)
        if line.value.endswith("Z"):
            return dt.datetime.strptime(line.value, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
        (zone,) = [zone for zone in zones if zone.the("TZID").value == line.parameters["TZID"]]
        return instant_in(zone, _local(line.value))


def read_calendar(content: bytes) -> Component:
    """The VCALENDAR. Raises ValueError where a line is not CRLF-ended, too long, or no content line."""
    if not content.endswith(b"\r\n"):
        msg = "the last line has no end"
        raise ValueError(msg)
    physical = content.removesuffix(b"\r\n").split(b"\r\n")
    if any(len(line) > 75 or b"\n" in line or b"\r" in line for line in physical):
        msg = "a line is longer than 75 octets, or ends otherwise than in CRLF"
        raise ValueError(msg)
    for octets in physical:
        octets.decode()  # a fold never parts the octets of one letter
    open_ones = [Component("")]
    for unfolded in re.split(r"\r\n(?![ \t])", content.removesuffix(b"\r\n").decode()):
        line = _line(re.sub(r"\r\n[ \t]", "", unfolded))
        if line.name == "BEGIN":
            open_ones.append(Component(line.value))
        elif line.name == "END":
            done = open_ones.pop()
            if done.kind != line.value:
                msg = f"END:{line.value} ends {done.kind}"
                raise ValueError(msg)
            open_ones[-1].inside.append(done)
        else:
            open_ones[-1].lines.append(line)
    ((root,),) = (one.inside for one in open_ones)
    return root


def instant_in(zone: Component, local: dt.datetime) -> dt.datetime:
    """A wall clock by a VTIMEZONE's rules: the first where it comes twice, by the old offset where it is left out."""
    onset, part = max(((_onset_before(part, local), part) for part in zone.inside), key=lambda found: found[0])
    before, after = (_offset(part.the(name).value) for name in ("TZOFFSETFROM", "TZOFFSETTO"))
    in_the_gap = local - onset < after - before
    return (local - (before if in_the_gap else after)).replace(tzinfo=dt.UTC)


def _line(text: str) -> Line:
    found = _CONTENT.fullmatch(text)
    if found is None:
        msg = f"no content line: {text!r}"
        raise ValueError(msg)
    parameters = {name: _uncaret(quoted or plain) for name, quoted, plain in _PARAMETER.findall(found["parameters"])}
    return Line(found["name"], parameters, found["value"])


def _uncaret(text: str) -> str:
    """RFC 6868."""
    return re.sub(r"\^[n'^]", lambda found: _CARETS[found[0]], text)


def _onset_before(part: Component, local: dt.datetime) -> dt.datetime:
    """The last time this STANDARD or DAYLIGHT set in, up to a wall clock: the nth weekday of a month, yearly."""
    first = _local(part.the("DTSTART").value)
    rule = dict(piece.split("=") for piece in part.the("RRULE").value.split(";"))
    if rule.keys() != {"FREQ", "BYMONTH", "BYDAY"} or (rule["FREQ"], rule["BYDAY"]) != ("YEARLY", "-1SU"):
        msg = f"a rule this reader does not know: {rule}"
        raise ValueError(msg)
    onsets = [_last_sunday(year, int(rule["BYMONTH"]), first.time()) for year in (local.year - 1, local.year)]
    return max(onset for onset in onsets if first <= onset <= local)


def _last_sunday(year: int, month: int, at: dt.time) -> dt.datetime:
    last = dt.date(year, month, calendar.monthrange(year, month)[1])
    return dt.datetime.combine(last - dt.timedelta(days=(last.weekday() + 1) % 7), at)


def _offset(text: str) -> dt.timedelta:
    return int(f"{text[0]}1") * dt.timedelta(hours=int(text[1:3]), minutes=int(text[3:5]))


def _local(text: str) -> dt.datetime:
    return dt.datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - a wall clock
