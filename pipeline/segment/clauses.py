"""Sentences and clauses of a squeezed paragraph.

Punctuation inside brackets and quotation marks does not cut (“千名技师进校园，千名教师下企业” is one piece), nor does a
comma between groups of three digits. Sentence marks are those of GB/T 15834-2011.
"""

from __future__ import annotations

from dataclasses import dataclass

_OPEN = {"(": ")", "《": "》", "“": "”", "〔": "〕", "[": "]", "「": "」", "【": "】"}
_SENTENCE = frozenset("。!?")
_CLAUSE = frozenset(",;:。!?")
_LONGEST_BRACKET = 120  # an unclosed bracket must not swallow the rest of a damaged text


@dataclass(frozen=True, slots=True)
class Piece:
    """A half-open interval of squeezed positions, without the mark that ends it; `mark` is that mark or ""."""

    start: int
    end: int
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Sentence(Piece):
    """A sentence with its clauses, which cover it but for the marks between them."""

    clauses: tuple[Piece, ...] = ()


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a squeezed text in order; empty pieces are left out."""
    cuts = _cuts(text)
    found: list[Sentence] = []
    clauses: list[Piece] = []
    sentence_start = clause_start = 0
    for at in [*cuts, len(text)]:
        mark = text[at] if at < len(text) else ""
        if at > clause_start:
            clauses.append(Piece(clause_start, at, mark))
        clause_start = at + 1
        if mark in _SENTENCE or not mark:
            if clauses:
                found.append(Sentence(sentence_start, clauses[-1].end, mark, tuple(clauses)))
            clauses = []
            sentence_start = at + 1
    return tuple(found)


def _cuts(text: str) -> list[int]:
    cuts = []
    closes: list[tuple[str, int]] = []
    for i, char in enumerate(text):
        if closes and i - closes[-1][1] > _LONGEST_BRACKET:
            closes.pop()
        if closes and char == closes[-1][0]:
            closes.pop()
        elif char in _OPEN and text.find(_OPEN[char], i, i + _LONGEST_BRACKET) >= 0:
            closes.append((_OPEN[char], i))
        elif char in _CLAUSE and not closes and not _inside_number(text, i):
            cuts.append(i)
    return cuts


def _inside_number(text: str, i: int) -> bool:
    if text[i] not in ",:" or not (0 < i < len(text) - 1) or not (text[i - 1].isdigit() and text[i + 1].isdigit()):
        return False
    if text[i] == ":":
        return True
    group = text[i + 1 : i + 4]
    return len(group) == 3 and group.isdigit() and not text[i + 4 : i + 5].isdigit()
