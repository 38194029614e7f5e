"""发文字号: reading, normalising and mending the numbers by which official documents are cited.

The right form is 机关代字〔年份〕顺序号 (GB/T 9704-2012, 7.2.5: year in full in tortoise-shell brackets, no 第, no
leading zeros). Sites and converters write other brackets, put blanks in, and lose brackets or 号. What was lost is put
back only where no other reading is left: a plausible year of four digits leads and a digit of the number follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.lexicons import Lexicons, load
from pipeline.text import Squeezed, parse_number

FIRST_YEAR = 1949  # numbering by year began with the People's Republic
LAST_YEAR = 2050  # a constant, not the clock's year: the same text must be read the same on any day
_PAIRS = {"〔": "〕", "[": "]", "【": "】", "(": ")", "<": ">", "〈": "〉", "〖": "〗"}
_TORTOISE = frozenset("〔〕")  # hardly used for anything but years of 文号
_NUMBER_BRACKETS = frozenset("〔〕[]【】")  # one without its mate is damage; a lone round bracket may be anything
_LONGEST_PREFIX = 14  # 机关代字 of joint and sectoral series stay below this (国家发展改革委 series have up to 9)
_ENDS_WORD = re.compile(r"[^\w.%‰-]|$")  # what may stand after a number whose 号 was lost


@dataclass(frozen=True, slots=True)
class DocNumber:
    """A 发文字号: `value` in normal form, whether something lost was put back (`mended`), and `raw` as found."""

    value: str
    mended: bool
    raw: str


def normalise_doc_number(text: str, lexicons: Lexicons | None = None) -> DocNumber | None:
    """The one 发文字号 that the text is, but for brackets and white space around it; None where it is none.

    `raw` is the text as given. A number without 机关代字 (`〔2020〕14号`) is none.
    """
    view = Squeezed(text)
    found = find_doc_numbers(view.text, lexicons)
    if len(found) != 1:
        return None
    start, end, number = found[0]
    around = view.text[:start] + view.text[end:]
    if any(char not in _PAIRS and char not in _PAIRS.values() for char in around):
        return None
    return DocNumber(number.value, number.mended, text)


def find_doc_numbers(squeezed_text: str, lexicons: Lexicons | None = None) -> list[tuple[int, int, DocNumber]]:
    """Every 发文字号 in folded text without white space, as (start, end, number) in order, without overlap.

    Offsets are half-open into the text given. A bracket that closes what stands around the number is left out of it.
    """
    lexicons = lexicons or load()
    found = list(_by_year(squeezed_text, lexicons))
    taken = [(start, end) for start, end, _ in found]
    for start, end, number in _by_order(squeezed_text, lexicons):
        if all(end <= a or start >= b for a, b in taken):
            found.append((start, end, number))
    return sorted(found, key=lambda hit: hit[0])


def _by_year(text: str, lexicons: Lexicons) -> Iterator[tuple[int, int, DocNumber]]:
    at = 0
    pattern = lexicons.pattern("doc-number")
    while (match := pattern.search(text, at)) is not None:
        at = match.end()
        read = _read(match, text)
        if read is None:
            at = match.start("year")
            continue
        tail, mended, end = read
        start = _prefix_start(match, lexicons)
        if start is not None:
            prefix, misread = _series(text[start : match.end("prefix")], lexicons)
            yield start, end, DocNumber(prefix + tail, mended or misread, text[start:end])
            at = end


def _read(match: re.Match[str], text: str) -> tuple[str, bool, int] | None:
    """`〔year〕number号`, whether it was mended, and where it ends; None where the match is not certainly a 文号."""
    opened, closed, end = match["open"] or "", match["close"] or "", match.end()
    year, number = parse_number(match["year"]), parse_number(match["number"])
    if year is None or not FIRST_YEAR <= year <= LAST_YEAR or not number:
        return None
    whole = _PAIRS.get(opened) == closed
    if not whole and (not match["number"].isdigit() or not {opened, closed} & _NUMBER_BRACKETS):
        return None
    if not match["mark"]:
        if not {opened, closed} & _TORTOISE and not (whole and _is_enclosed(match, text)):
            return None
        if _ENDS_WORD.match(text, end) is None:
            return None
    return f"〔{year:.0f}〕{number:.0f}号", not (whole and match["mark"]), end


def _is_enclosed(match: re.Match[str], text: str) -> bool:
    """Whether brackets stand around the match: only there are round brackets without 号 surely a 文号."""
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    return after != "" and _PAIRS.get(before) == after


def _prefix_start(match: re.Match[str], lexicons: Lexicons) -> int | None:
    """Where the 机关代字 begins: after the last word that leads to it; None where what is left is too long."""
    prefix = match["prefix"]
    lead = lexicons.pattern("doc-number-lead").match(prefix)
    start = lead.end() if lead is not None else 0
    return None if len(prefix) - start > _LONGEST_PREFIX else match.start("prefix") + start


def _series(prefix: str, lexicons: Lexicons) -> tuple[str, bool]:
    """The 机关代字 with its last character as it must be, where the written one ends no series (含 for 函)."""
    typo = lexicons.pattern("doc-number-misread").search(prefix)
    if typo is None:
        return prefix, False
    return prefix[: typo.start()] + str(lexicons.patterns["doc-number-misread"]["meant"]), True


def _by_order(text: str, lexicons: Lexicons) -> Iterator[tuple[int, int, DocNumber]]:
    """Numbers of orders (…令第12号), which run on without a year. They keep the name of the body before 令."""
    for match in lexicons.pattern("doc-number-order").finditer(text):
        number = parse_number(match["number"])
        if number:
            value = f"{match['prefix']}第{number:.0f}号"
            yield match.start(), match.end(), DocNumber(value, False, match.group(0))
