"""Mojibake: text that was decoded by the wrong table and saved so, turned back where the bytes are still there.

Three mistakes are common in Chinese files: UTF-8 read as GBK (every three bytes became one and a half characters),
GBK read as Latin-1 or Windows-1252, and UTF-8 read as Latin-1. Each maps bytes to characters one to one, so the bytes
can be had back from the characters and be decoded as they should have been; a mend is taken only where the outcome
reads like Chinese and what stood there did not. The first is often half lost, since a byte left over at the end of a
run had no partner: what is left is mended, and each lost character becomes U+FFFD.

A line is the unit. Offsets are code points into the mended text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from pipeline.raw import RawDocument, RawIssue

CODE = "garbled-encoding"
UTF8_AS_GBK, GBK_AS_LATIN, UTF8_AS_LATIN = "UTF-8 read as GBK", "GBK read as Latin-1", "UTF-8 read as Latin-1"
_ROUNDS = 3  # a page that was spoilt twice or three times is mended as often
# In this order, since GBK makes Han characters of nearly any bytes, UTF-8 only of its own.
_LATIN_CHAINS = tuple((UTF8_AS_LATIN,) * n for n in (1, 2, 3)) + tuple(
    (UTF8_AS_LATIN,) * n + (GBK_AS_LATIN,) for n in (2, 1, 0)
)
_SHOWN = 120  # characters of the original that an issue quotes; by its chain the rest can be had back from the text
_LOST = "\ufffd"
_MARK = b"\xff"  # stands for a byte that was lost: 0xFF is in no UTF-8 and begins no GBK character
_MIN_HIGH = 4  # characters outside ASCII from which a line can be judged by itself
_COMMON_SHARE = 0.85  # of the Han characters of a Chinese line are of GB 2312's first level; plans have 0.995 and more
_RARE_SHARE = 0.2  # the others are told from mojibake by it: of that 0.1 to 0.15 are of the first level (measured)
_READABLE = 0.9  # of the characters outside ASCII are in use, in a line that is accepted
_LOST_SHARE = 0.34  # of the characters outside ASCII may be lost where a line is half mended
_MIN_GOOD = 5  # and so many must be whole
_UNMENDED_HAN, _UNMENDED_RARE = 12, 0.5  # a block that is told as garbled though nothing mends it
_WINDOWS = bytes(range(0x80, 0xA0)).decode("cp1252", errors="ignore")  # what Windows-1252 has for control characters
_LATIN = re.compile(f"[\x00-\xff{_WINDOWS}{_LOST}]{{4,}}")
_LETTER = re.compile(
    "[\u00a1-\u00a6\u00a8-\u00af\u00b2-\u00b6\u00b8-\u00d6\u00d8-\u00ff]"
)  # no · § ° ± ×, which plans have
_PIECES = re.compile("([\\s\x00-\x7f，。；：、（）《》“”]+)")
_LOST_RUN = re.compile(f"{_LOST}+\\??")
_LINE = re.compile(r"[^\n]*\n?")


@dataclass(frozen=True, slots=True)
class Repair:
    """A line that was turned back: its half-open span in the mended text, the original, which mistake was undone
    (the last one first, where there were several), and how many characters of it were lost for good."""

    start: int
    end: int
    original: str
    chain: str
    lost: int

    def issue(self, block: int | None = None) -> RawIssue:
        """The issue that tells it: info where every byte was there, a warning where some were lost."""
        told = f"{self.chain}: {_excerpt(self.original)}"
        if self.lost:
            return RawIssue(CODE, f"{told} ({self.lost} characters lost)", block, "warning")
        return RawIssue(CODE, told, block, "info")


@dataclass(frozen=True, slots=True)
class Mended:
    """The text turned back as far as possible, and what was done to it, in order."""

    text: str
    repairs: tuple[Repair, ...] = ()


def mend(text: str) -> Mended:
    """Turn back what is mojibake in a text, line by line; a text without any comes back as it is.

    Lines too short to be judged alone are turned back where they fit the mistake that several others show.
    """
    if text.isascii():
        return Mended(text)
    lines = [line for line in _LINE.findall(text) if line]
    found = [_mend_line(line) for line in lines]
    chains = Counter(chain for _, chain, _ in found if chain)
    if chains:
        usual, times = max(chains.items(), key=lambda c: (c[1], c[0]))
        if times >= 3 or 2 * times >= sum(not line.isascii() for line in lines):
            found = [f if f[1] else _mend_short(line, usual) for line, f in zip(lines, found, strict=True)]
    else:
        return Mended(text)
    repairs, at = [], 0
    for line, (put, chain, lost) in zip(lines, found, strict=True):
        if chain:
            repairs.append(Repair(at, at + len(put.rstrip("\n")), line.rstrip("\n"), chain, lost))
        at += len(put)
    return Mended("".join(put for put, _, _ in found), tuple(repairs))


def mend_blocks(raw: RawDocument) -> RawDocument:
    """The reader's blocks with mojibake turned back, an issue for each, and for each that stays garbled."""
    blocks, issues = list(raw.blocks), list(raw.issues)
    for i, block in enumerate(blocks):
        mended = mend(block.text)
        issues += [repair.issue(i) for repair in mended.repairs]
        blocks[i] = replace(block, text=mended.text) if mended.repairs else block
        han, common = _han(mended.text)
        if han >= _UNMENDED_HAN and han - common > _UNMENDED_RARE * han:
            issues.append(RawIssue(CODE, f"unreadable: {mended.text[:_SHOWN]}", i, "warning"))
    return raw if len(issues) == len(raw.issues) else replace(raw, blocks=tuple(blocks), issues=tuple(issues))


def summary(repairs: tuple[Repair, ...]) -> Iterator[RawIssue]:
    """One issue for each mistake, for readers that cannot say where in their blocks a line went."""
    for chain in dict.fromkeys(r.chain for r in repairs):
        of_chain = [r for r in repairs if r.chain == chain]
        lost = sum(r.lost for r in of_chain)
        told = Repair(0, 0, of_chain[0].original, chain, lost).issue()
        yield replace(told, detail=f"{len(of_chain)} × {told.detail}")


def _excerpt(original: str) -> str:
    """The start of what was garbled, without the markup before it."""
    first = next((i for i, c in enumerate(original) if not c.isascii() and not c.isspace()), 0)
    return original[first : first + _SHOWN].strip()


_Found = tuple[str, str, int]  # the line as it should be, the mistake ("" for none), characters lost


def _mend_line(line: str) -> _Found:
    chains: list[str] = []
    lost = 0
    for _ in range(_ROUNDS):
        put, chain, gone = _one_round(line)
        if not chain:
            break
        line, lost = put, lost + gone
        chains.append(chain)
    return line, " + ".join(chains), lost


def _one_round(line: str) -> _Found:
    nothing = line, "", 0
    if line.isascii():
        return nothing
    if _LETTER.search(line) and (found := _from_latin(line))[1]:
        return found
    han, common = _han(line)
    if han < 2 or (han - common <= _RARE_SHARE * han and "€" not in line):
        return nothing
    put, lost = _from_gbk(line)
    if put and _reads(put, line, lost):
        return put, UTF8_AS_GBK, lost
    changed = False
    pieces = _PIECES.split(line)
    for i, piece in enumerate(pieces):
        put, lost = _from_gbk(piece) if len(piece) >= _MIN_HIGH else ("", 0)
        if put and not lost and _reads(put, piece, lost):
            pieces[i], changed = put, True
    return ("".join(pieces), UTF8_AS_GBK, 0) if changed else nothing


def _mend_short(line: str, chain: str) -> _Found:
    """A line that is no proof by itself, turned back by the mistake that the lines around it show."""
    put, lost = line, 0
    for step in chain.split(" + "):
        if put.isascii():
            break
        put, gone = _from_gbk(put) if step == UTF8_AS_GBK else _by_latin(put, step)
        lost += gone
    high = [c for c in put if not c.isascii() and c != _LOST]
    used = sum(map(_is_used, high))
    # With every byte there, a name of rare characters may be half of a line.
    good = bool(high) and (used == len(high) >= lost if lost else 2 * used >= len(high)) and put != line
    return (put, chain, lost) if good else (line, "", 0)


def _from_gbk(line: str) -> tuple[str, int]:
    """The UTF-8 whose bytes were read as GBK, and how many characters are lost; "" where it was none."""
    try:
        data = b"".join(_gbk_bytes(c) for c in line)
    except UnicodeEncodeError:
        return "", 0
    return _utf8(data)


@cache
def _gbk_bytes(char: str) -> bytes:
    # Windows and browsers give a lone 0x80 as the euro sign (WHATWG Encoding, gb18030 decoder, step 7).
    return b"\x80" if char == "€" else _MARK if char == _LOST else char.encode("gb18030")


def _utf8(data: bytes) -> tuple[str, int]:
    try:
        return data.decode("utf-8"), 0
    except UnicodeDecodeError:
        text, lost = _LOST_RUN.subn(_LOST, data.decode("utf-8", errors="replace"))
        return text, lost


def _from_latin(line: str) -> _Found:
    chains: list[str] = []
    lost = 0

    def turn(match: re.Match[str]) -> str:
        nonlocal lost
        if len(_LETTER.findall(match[0])) < 3:
            return match[0]
        once, gone = _by_latin(match[0], UTF8_AS_LATIN)
        again = not gone and len(_LETTER.findall(once)) >= 3  # spoilt several times, whatever GBK makes of it
        for steps in _LATIN_CHAINS:
            if again and steps[0] != UTF8_AS_LATIN:
                break
            put, gone = _unwound(match[0], steps)
            if put and _reads(put, match[0], gone):
                chains.append(" + ".join(steps))
                lost += gone
                return put
        return match[0]

    put = _LATIN.sub(turn, line)
    return (put, chains[0], lost) if chains else (line, "", 0)


def _unwound(text: str, steps: tuple[str, ...]) -> tuple[str, int]:
    """The text with mistakes turned back one after the other, and what was lost; "" where it was not spoilt so."""
    lost = 0
    for step in steps:
        text, gone = _by_latin(text, step)
        lost += gone
    return text, lost


def _by_latin(text: str, chain: str) -> tuple[str, int]:
    try:
        data = b"".join(_latin_byte(c) for c in text)
    except UnicodeEncodeError:
        return "", 0
    if chain == UTF8_AS_LATIN:
        return _utf8(data)
    try:
        return data.decode("gb18030"), 0
    except UnicodeDecodeError:
        return "", 0


@cache
def _latin_byte(char: str) -> bytes:
    return bytes((ord(char),)) if ord(char) < 256 else _MARK if char == _LOST else char.encode("cp1252")


def _reads(put: str, original: str, lost: int) -> bool:
    """Whether the mended line reads like Chinese, and better than the original did."""
    high = [c for c in put if not c.isascii() and c != _LOST]
    if len(high) < (_MIN_GOOD if lost else _MIN_HIGH) or lost > _LOST_SHARE * (len(high) + lost):
        return False
    han, common = _han(put)
    if han < 2 or common < _COMMON_SHARE * han or sum(map(_is_used, high)) < _READABLE * len(high):
        return False
    before_han, before_common = _han(original)
    return common * before_han > before_common * han or not before_han


@cache
def _levels() -> tuple[frozenset[str], frozenset[str]]:
    """The characters of GB 2312: the first level of Han (3,755 in daily use), and all."""
    # By GBK, since Python's gb2312 reads the dash A1AA as U+2015; its own characters are kept where gb2312 has them.
    rows = {
        row: [
            pair.decode("gbk")
            for cell in range(0xA1, 0xFF)
            if (pair := bytes((row, cell))).decode("gb2312", errors="ignore")
        ]
        for row in range(0xA1, 0xF8)
    }
    first = frozenset(c for row in range(0xB0, 0xD8) for c in rows[row])
    return first, frozenset(c for cells in rows.values() for c in cells)


def _han(text: str) -> tuple[int, int]:
    """How many Han characters a text has, private-use ones counted in, and how many of them are in daily use."""
    first, _ = _levels()
    han = sum("\u3400" <= c <= "\u9fff" or "\ue000" <= c <= "\uf8ff" for c in text)
    return han, sum(c in first for c in text)


def _is_used(char: str) -> bool:
    return (
        char in _levels()[1]
        or char == "\xa0"
        or "\u3000" <= char <= "\u303f"
        or "\uff00" <= char <= "\uffef"
        or char == "\ufeff"
    )
