"""Number formats of spreadsheets (ECMA-376 part 1, 18.8.30 and 18.8.31): how a cell shows the number that it holds.

A workbook stores 0.85 with the format `0%` and 45992 with the format `yyyy"年"m"月"d"日"`; a reader sees 85% and
2025年12月1日, and so must the pipeline.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache

from pipeline.parse.docx_formats import format_number

GENERAL = "General"
_LONG_DATE = 'yyyy"年"m"月"d"日"'
# The formats that a file may name by number alone. 5 to 8, 27 to 36 and 50 to 58 depend on the language of the
# program: those of simplified Chinese (ECMA-376 part 1, 18.8.30, zh-cn), and 14 and 22 as a Chinese system shows them.
BUILTIN: dict[int, str] = {
    0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00', 8: '"¥"#,##0.00;"¥"-#,##0.00', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?",
    13: "# ??/??", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"',
    30: "m-d-yy", 31: _LONG_DATE, 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0", 38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00", 41: "#,##0;-#,##0", 42: '"¥"#,##0;"¥"-#,##0',
    43: "#,##0.00;-#,##0.00", 44: '"¥"#,##0.00;"¥"-#,##0.00', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WEEKDAYS = "一二三四五六日"
_LAST_DAY = 2_958_465  # 9999-12-31, the last date that a spreadsheet knows
_EXACT_DIGITS = 15  # of a spreadsheet's numbers; what stands behind is an error of binary fractions
# The largest number has 309 digits before the point; a format of 255 characters adds twice as many at most.
_EXACT = Context(prec=2000, rounding=ROUND_HALF_UP)
_LONGEST = 255  # characters of a format code that a spreadsheet program takes

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_.|\*.|\[(?P<bracket>[^\]]*)\]|(?P<general>General|G/通用格式)'
    r"|(?P<noon>AM/PM|A/P|上午/下午)|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+(?:\.0+)?|a{3,4}|e+(?![+\-]))"
    r"|(?P<power>[eE][+\-])|(?P<digits>[0#?]+)|(?P<at>@)|(?P<other>.)",
    re.S,
)
_SECTION = re.compile(r'(?:"[^"]*"?|\\.|\[[^\]]*\]|[^;])*', re.S)
_CONDITION = re.compile(r"^(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)$")
_CURRENCY = re.compile(r"^\$([^-]*)(?:-([0-9A-Fa-f]+))?$")
_ELAPSED = re.compile(r"^([hms])\1*$", re.I)
_SYSTEM_LONG_DATE, _SYSTEM_TIME = "F800", "F400"


@dataclass(frozen=True, slots=True)
class _Section:
    """One of the up to four parts of a format: its tokens as (kind, text), the condition that it holds under."""

    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, float] | None
    chinese: bool

    def has(self, kind: str) -> bool:
        return any(k == kind for k, _ in self.tokens)


@lru_cache(maxsize=4096)
def show(value: float, code: str, from_1904: bool = False) -> str:
    """The text of a number under a format code. `from_1904` tells that days are counted from 1904-01-01.

    A number that its format hides (`;;;`) or cannot show (a date before the first) is shown plainly instead.
    """
    if len(code) > _LONGEST or not math.isfinite(value):
        return general(value)
    sections = _sections(code)
    section, shown = _choose(sections, value)
    if section.has("general") or not section.tokens:
        text = "".join(general(shown) if kind == "general" else t for kind, t in section.tokens if kind != "bracket")
    elif section.has("date") or section.has("elapsed"):
        text = _date(value, section, from_1904)
    elif section.has("digits"):
        text = _number(shown, section)
    elif section.has("at"):
        text = show_text(general(value), code)
    else:
        text = "".join(t for kind, t in section.tokens if kind == "literal")
    return text.strip() or general(value)


def show_text(text: str, code: str) -> str:
    """A text under a format code: `@"人"` adds to it, other formats leave it alone."""
    section = _sections(code)[-1] if "@" in code and len(code) <= _LONGEST else None
    if section is None or not section.has("at"):
        return text
    return "".join(text if kind == "at" else t for kind, t in section.tokens if kind in ("at", "literal"))


def general(value: float) -> str:
    """A number without a format: its exact digits, whole numbers without a point and never with an exponent."""
    if not math.isfinite(value):
        return ""
    exact = Decimal(f"{value:.{_EXACT_DIGITS}g}").normalize()
    return f"{exact:f}" if abs(exact) < 10**21 else f"{exact:E}"


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    found: list[_Section] = []
    at = 0
    while at <= len(code) and len(found) < 4:
        match = _SECTION.match(code, at)
        assert match is not None
        found.append(_section(match.group(0)))
        at = match.end() + 1
    return tuple(found)


def _section(code: str) -> _Section:
    tokens: list[tuple[str, str]] = []
    condition: tuple[str, float] | None = None
    chinese = False
    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup, match.group(match.lastgroup) if match.lastgroup else ""
        if kind in ("quoted", "escaped", "other"):
            tokens.append(("literal", text))
        elif kind == "bracket":
            if (found := _CONDITION.match(text)) is not None:
                condition = (found[1], float(found[2]))
            elif (found := _CURRENCY.match(text)) is not None:
                if (found[2] or "").upper() == _SYSTEM_LONG_DATE:
                    return _section(_LONG_DATE)
                if (found[2] or "").upper() == _SYSTEM_TIME:
                    return _section("h:mm:ss")
                tokens.append(("literal", found[1]))
            elif _ELAPSED.match(text):
                tokens.append(("elapsed", text.lower()))
            chinese |= text.upper() == "DBNUM1"
        elif kind is not None:
            tokens.append((kind, text))
    return _Section(tuple(tokens), condition, chinese)


def _choose(sections: tuple[_Section, ...], value: float) -> tuple[_Section, float]:
    """The section for a number, and the number as it is shown there: without its sign where the section states one."""
    numeric = sections[:3]
    if any(s.condition for s in numeric):
        for s in numeric:
            if s.condition is None or _holds(value, *s.condition):
                return s, abs(value) if s.condition and value < 0 and s is not numeric[0] else value
        return numeric[-1], value
    if value < 0 and len(numeric) > 1:
        return numeric[1], -value
    if value == 0 and len(numeric) > 2:
        return numeric[2], value
    return numeric[0], value


def _holds(value: float, sign: str, bound: float) -> bool:
    return {
        "<": value < bound, ">": value > bound, "=": value == bound, "<=": value <= bound, ">=": value >= bound,
        "<>": value != bound,
    }[sign]  # fmt: skip


def _number(value: float, section: _Section) -> str:
    tokens = list(section.tokens)
    if any(kind == "power" for kind, _ in tokens):
        return _scientific(value, tokens)
    slash = next((i for i, t in enumerate(tokens) if t == ("literal", "/")), None)
    if slash is not None and 0 < slash < len(tokens) - 1 and tokens[slash + 1][0] == "digits":
        return _fraction(value, len(tokens[slash + 1][1]))
    exact = _EXACT.multiply(Decimal(f"{value:.{_EXACT_DIGITS}g}"), 100 ** sum(t == ("literal", "%") for t in tokens))
    digits = [i for i, (kind, _) in enumerate(tokens) if kind == "digits"]
    point = next((i for i in range(digits[0], len(tokens)) if tokens[i] == ("literal", ".")), len(tokens))
    whole = [i for i in digits if i < point]
    places = [i for i in digits if i > point]
    commas = [i for i, t in enumerate(tokens) if t == ("literal", ",")]
    ends = {digits[-1], whole[-1]} if whole else {digits[-1]}
    exact = _EXACT.divide(exact, 1000 ** sum(_commas_behind(tokens, end) for end in ends))
    grouped = any(whole and whole[0] < i < whole[-1] for i in commas)
    wanted = sum(len(tokens[i][1]) for i in places)
    rounded = exact.copy_abs().quantize(Decimal(1).scaleb(-wanted), context=_EXACT)
    head, _, tail = f"{rounded:f}".partition(".")
    tail = _trimmed(tail, "".join(tokens[i][1] for i in places))
    shown = _spread(head.lstrip("0"), [tokens[i][1] for i in whole], grouped)
    out: list[str] = ["-" if exact < 0 and rounded else ""]
    for i, (kind, text) in enumerate(tokens):
        if i in whole:
            out.append(shown[whole.index(i)])
        elif i == point:
            out.append("." if tail or not places else "")
        elif places and i == places[0]:
            out.append(tail)
        elif kind == "literal" and i not in commas:
            out.append(text)
    text = "".join(out)
    return _chinese_digits(text) if section.chinese else text


def _commas_behind(tokens: list[tuple[str, str]], at: int) -> int:
    """How many commas follow a token at once: each scales the number down by a thousand."""
    behind = at + 1
    while behind < len(tokens) and tokens[behind] == ("literal", ","):
        behind += 1
    return behind - at - 1


def _trimmed(tail: str, places: str) -> str:
    """The decimals without the zeros that only `#` and `?` ask for."""
    while tail and tail.endswith("0") and places[len(tail) - 1] != "0":
        tail = tail[:-1]
    return tail


def _spread(head: str, slots: list[str], grouped: bool) -> list[str]:
    """The whole digits over the places of a format from the right; the leftmost place takes all that are left."""
    if grouped:
        padded = head.rjust(sum(slot.count("0") for slot in slots), "0")
        text = f"{int(padded):,}".rjust(len(padded), "0") if padded else ""
        return ["" for _ in slots[:-1]] + [text]
    found: list[str] = []
    for n, slot in enumerate(reversed(slots)):
        taken = head if n == len(slots) - 1 else head[-len(slot) :]
        head = head[: len(head) - len(taken)]
        found.append(taken.rjust(slot.count("0"), "0"))
    return found[::-1]


def _chinese_digits(text: str) -> str:
    return re.sub(r"\d+", lambda m: format_number(int(m[0]), "chineseCountingThousand"), text)


def _scientific(value: float, tokens: list[tuple[str, str]]) -> str:
    text = "".join(t for kind, t in tokens if kind in ("digits", "power") or t == ".")
    mantissa = re.split("[eE]", text)[0]
    return f"{value:.{len(mantissa.partition('.')[2])}E}"


def _fraction(value: float, digits: int) -> str:
    exact = Fraction(abs(value)).limit_denominator(10 ** min(digits, 5) - 1)
    whole, rest = divmod(exact, 1)
    parts = [str(whole)] if whole or not rest else []
    parts += [f"{rest.numerator}/{rest.denominator}"] if rest else []
    return ("-" if value < 0 and exact else "") + " ".join(parts)


def _date(value: float, section: _Section, from_1904: bool) -> str:
    if not 0 <= value <= _LAST_DAY:
        return ""
    tokens = section.tokens
    tenths = max((len(t.partition(".")[2]) for kind, t in tokens if kind == "date"), default=0)
    # Spreadsheets round to the second that they show; a day's fraction is binary and never exact.
    seconds = round(value * 86_400, tenths)
    moment = _epoch(value, from_1904) + timedelta(seconds=seconds)
    noon = section.has("noon")
    out: list[str] = []
    for i, (kind, text) in enumerate(tokens):
        if kind == "elapsed":
            per = {"h": 3600, "m": 60, "s": 1}[text[0]]
            out.append(str(int(seconds // per)).rjust(len(text), "0"))
        elif kind == "noon":
            names = text.split("/")
            out.append(names[moment.hour >= 12])
        elif kind == "date":
            out.append(_part(text, moment, noon, _is_minute(tokens, i), section.chinese))
        elif kind in ("literal", "digits"):
            out.append(text)
    return "".join(out)


def _epoch(value: float, from_1904: bool) -> datetime:
    if from_1904:
        return datetime(1904, 1, 1)
    # Day 60 is a 29 February 1900 that never was, kept for Lotus 1-2-3 (ECMA-376 part 1, 18.17.4.1).
    return datetime(1899, 12, 30) if value >= 60 else datetime(1899, 12, 31)


def _is_minute(tokens: tuple[tuple[str, str], ...], at: int) -> bool:
    """Whether an `m` stands for minutes: behind an hour or before a second."""
    times = [(i, t.lower()) for i, (kind, t) in enumerate(tokens) if kind in ("date", "elapsed")]
    place = next(n for n, (i, _) in enumerate(times) if i == at)
    before = place > 0 and times[place - 1][1].startswith("h")
    return before or (place + 1 < len(times) and times[place + 1][1].startswith("s"))


def _part(text: str, moment: datetime, noon: bool, is_minute: bool, chinese: bool) -> str:
    letter, width = text[0].lower(), len(text.partition(".")[0])
    if letter in "ye":
        number = f"{moment.year % 100:02d}" if letter == "y" and width <= 2 else str(moment.year)
        return "".join(format_number(int(d), "ideographDigital") for d in number) if chinese else number
    if letter == "a":
        return ("星期" if width == 4 else "") + _WEEKDAYS[moment.weekday()]
    if letter == "m" and not is_minute and width >= 3:
        return _MONTHS[moment.month - 1]
    if letter == "d" and width >= 3:
        return _DAYS[moment.weekday()]
    if letter == "s":
        fraction = text.partition(".")[2]
        tail = f"{moment.microsecond:06d}"[: len(fraction)]
        return f"{moment.second:0{min(width, 2)}d}" + ("." + tail if fraction else "")
    hour = (moment.hour % 12 or 12) if noon else moment.hour
    n = {"m": moment.minute if is_minute else moment.month, "d": moment.day, "h": hour}[letter]
    return format_number(n, "chineseCountingThousand") if chinese and n else f"{n:0{min(width, 2)}d}"
