"""The number formats of Word lists (ECMA-376 part 1, 17.18.59 ST_NumberFormat): how a list number is written."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖"
_LEGAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
    (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


def _places(n: int, digits: str, units: tuple[str, str, str], zero: str, myriad: str, *, drop_one: bool) -> str:
    """A Chinese numeral with place words; `drop_one` writes 十一 for 一十一 at the head."""
    if n <= 0 or n >= 10**8:
        return str(n)
    if n >= 10**4:
        head = _places(n // 10**4, digits, units, zero, myriad, drop_one=drop_one)
        rest = n % 10**4
        gap = zero if 0 < rest < 1000 else ""
        return head + myriad + (gap + _places(rest, digits, units, zero, myriad, drop_one=False) if rest else "")
    text = ""
    is_gap = False
    for power, unit in ((1000, units[2]), (100, units[1]), (10, units[0]), (1, "")):
        digit = n // power % 10
        if digit == 0:
            is_gap = bool(text)
            continue
        one = "" if drop_one and power == 10 and digit == 1 and not text else digits[digit]
        text += (zero if is_gap else "") + one + unit
        is_gap = False
    return text


def _thousand(n: int) -> str:
    return _places(n, _DIGITS, ("十", "百", "千"), "零", "万", drop_one=True)


def _counting(n: int) -> str:
    """Place words below one hundred, digit by digit from there, as Word writes chineseCounting."""
    return _thousand(n) if n < 100 else "".join(_DIGITS[int(d)] for d in str(n))


def _japanese(n: int) -> str:
    text = _thousand(n).replace("零", "")
    text = text.replace("百一十", "百十").replace("千一十", "千十")
    return text[1:] if n < 10**4 and text[:2] in {"一百", "一千"} else text


def _legal(digits: str, myriad: str) -> Callable[[int], str]:
    return lambda n: _places(n, digits, ("拾", "佰", "仟"), "零", myriad, drop_one=False)


def _letters(n: int) -> str:
    """a … z, then aa, bb … (Word repeats the letter)."""
    return chr(ord("a") + (n - 1) % 26) * ((n - 1) // 26 + 1) if n > 0 else str(n)


def _roman(n: int) -> str:
    if not 0 < n < 4000:
        return str(n)
    text = ""
    for worth, letters in _ROMAN:
        text += letters * (n // worth)
        n %= worth
    return text


def _run(first: str, count: int) -> Callable[[int], str]:
    """Characters that follow one another from `first`; plain digits beyond the last."""
    return lambda n: chr(ord(first) + n - 1) if 0 < n <= count else str(n)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda n: signs[n - 1] if 0 < n <= len(signs) else str(n)


def _full_width(n: int) -> str:
    return "".join(chr(ord(d) + 0xFEE0) for d in str(n))


def _stem_branch(n: int) -> str:
    return _STEMS[(n - 1) % 10] + _BRANCHES[(n - 1) % 12] if n > 0 else str(n)


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda n: f"{n:02d}",
    "decimalHalfWidth": str,
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": _run("①", 20),
    "decimalEnclosedCircleChinese": _run("①", 10),
    "decimalEnclosedParen": _run("⑴", 20),
    "decimalEnclosedFullstop": _run("⒈", 20),
    "numberInDash": lambda n: f"- {n} -",
    "upperLetter": lambda n: _letters(n).upper(),
    "lowerLetter": _letters,
    "upperRoman": lambda n: _roman(n).upper(),
    "lowerRoman": _roman,
    "chineseCounting": _counting,
    "chineseCountingThousand": _thousand,
    "taiwaneseCounting": _counting,
    "taiwaneseCountingThousand": _thousand,
    "japaneseCounting": _japanese,
    "koreanDigital2": _counting,
    "ideographDigital": lambda n: "".join(_DIGITS[int(d)] for d in str(n)),
    "japaneseDigitalTenThousand": lambda n: "".join(_DIGITS[int(d)] for d in str(n)),
    "taiwaneseDigital": lambda n: "".join(_DIGITS[int(d)] for d in str(n)),
    "chineseLegalSimplified": _legal(_LEGAL, "万"),
    "ideographLegalTraditional": _legal(_LEGAL_TRADITIONAL, "萬"),
    "japaneseLegal": _legal(_LEGAL_TRADITIONAL, "萬"),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographZodiacTraditional": _stem_branch,
    "ideographEnclosedCircle": _run("㊀", 10),
    "none": lambda n: "",
}


def format_number(n: int, number_format: str) -> str:
    """The list number `n` (0 or more) as Word writes it in a format; decimal digits for a format not known here."""
    return _FORMATS.get(number_format, str)(n)
