"""Look-alike glyphs of recognised text: found by context, mended one to one in the reading, never in the text.

`Document.text` stays as it came. Each mend is an issue `garbled-term` with its span, what should stand there and a
score (0..100, RapidFuzz: how much of the term was legible); `reading` is the text with these mends applied, of the
same length, and it is what the outline, the metadata and the extraction read.

A glyph is mended only where it belongs to no known word as written, and a look-alike of it (`lookalikes.tsv`) makes
one: a term of the lexicons, or words that the document itself writes so again and again. A clean text offers neither.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from ahocorasick_rs import AhoCorasick
from rapidfuzz import fuzz

from pipeline.lexicons import Lexicons
from pipeline.model import BlockKind, Document, Issue
from pipeline.text import Squeezed

CODE = "garbled-term"
TERM_SOURCES = ("cues", "agencies", "indicators", "units", "document_types", "metadata_labels", "plan_periods")
GLYPH = "glyph-"
_SHORTEST = 4  # a shorter term characters is too easily made by chance
_LONGEST = 12
_OWN = ((3, 1), (2, 2))  # characters on either side, and how often the document must write the run elsewhere
_DIGIT = "0123456789"
_PHRASE = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{3,20}(?![\u4e00-\u9fff])")
_PHRASE_TIMES = 2
_PAIR_AGAIN, _RUN_AGAIN = 3, 2  # times from which two or three characters as written are no slip


@dataclass(frozen=True, slots=True)
class Mend:
    """One glyph to be read as another: `at` in squeezed positions, the term it completes and the score."""

    at: int
    put: str
    term_start: int
    term_end: int
    score: float


def reading(document: Document) -> str:
    """The text with every recorded mend of a look-alike applied; as long as `document.text`, offsets hold in both."""
    mends = [i for i in document.issues if i.code == CODE and i.mend is not None and i.start is not None]
    if not mends:
        return document.text
    chars = list(document.text)
    for issue in mends:
        if issue.start is not None and issue.mend is not None:
            chars[issue.start : issue.start + len(issue.mend)] = issue.mend
    return "".join(chars)


def mend(document: Document, lexicons: Lexicons) -> Document:
    """The document with an issue `garbled-term` for each look-alike glyph that its context unmasks."""
    views = [
        Squeezed(document.text, b.start, b.end)
        for b in document.blocks
        if b.end > b.start and b.kind is not BlockKind.FURNITURE
    ]
    mender = _mender(lexicons)
    words = OwnWords([view.text for view in views])
    issues = [issue for view in views for issue in as_issues(view, mender.find(view.text, words))]
    return replace(document, issues=(*document.issues, *issues)) if issues else document


def as_issues(view: Squeezed, mends: list[Mend]) -> Iterator[Issue]:
    """The issue `garbled-term` of each mend of a view: span of the glyph, written and meant term with the score."""
    put = {m.at: m.put for m in mends}
    for found in mends:
        start, end = view.span(found.at, found.at + 1)
        written = view.text[found.term_start : found.term_end]
        meant = "".join(put.get(i, c) for i, c in enumerate(written, found.term_start))
        yield Issue(CODE, f"{written} → {meant} ({found.score:.0f})", "info", start, end, found.put)


class OwnWords:
    """How often the document writes a run of two or three characters, or any run up to seven."""

    def __init__(self, texts: list[str]) -> None:
        self._whole = "\n".join(texts)
        self._short: Counter[str] = Counter()
        self._phrases = Counter(phrase for text in texts for phrase in _PHRASE.findall(text))
        again = [phrase for phrase, times in self._phrases.items() if times >= _PHRASE_TIMES]
        self._gapped = {(phrase[:i], phrase[i + 1 :]) for phrase in again for i in range(len(phrase))}
        for text in texts:
            for size in (2, 3):
                self._short.update(text[i : i + size] for i in range(len(text) - size + 1))

    def count(self, run: str) -> int:
        """How often a run of two characters or more is written."""
        return self._short[run] if len(run) in (2, 3) else self._whole.count(run)

    def phrases(self, text: str) -> Iterator[tuple[int, str]]:
        """Start and text of the phrases (Han characters between marks) that the document writes only here."""
        for match in _PHRASE.finditer(text):
            if self._phrases[match[0]] == 1:
                yield match.start(), match[0]

    def may_complete(self, phrase: str, at: int) -> bool:
        """Whether a phrase that the document writes again differs from this one at that place alone."""
        return (phrase[:at], phrase[at + 1 :]) in self._gapped

    def knows_phrase(self, phrase: str) -> bool:
        """Whether the document writes a phrase between marks more than once."""
        return self._phrases[phrase] >= _PHRASE_TIMES

    def repeats(self, text: str, at: int) -> bool:
        """Whether what stands around a position is written so again: that is no slip of recognition."""
        short, size = self._short, len(text)
        for i in range(max(0, at - 1), min(at + 1, size - 1)):
            if short[text[i : i + 2]] >= _PAIR_AGAIN:
                return True
        return any(short[text[i : i + 3]] >= _RUN_AGAIN for i in range(max(0, at - 2), min(at + 1, size - 2)))


class LookAlikes:
    """Finds the glyphs of a squeezed text that stand for others; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._meant: Mapping[str, tuple[str, ...]] = glyph_meanings(lexicons)
        self._terms = frozenset(_terms(lexicons))
        self._known = AhoCorasick(sorted(self._terms | set(_short_terms(lexicons))))
        self._pairs = frozenset(t[i : i + 2] for t in self._terms for i in range(len(t) - 1))
        self._patterns = [
            (lexicons.pattern(name), str(entry.get("meant", "")))
            for name, entry in lexicons.patterns.items()
            if name.startswith(GLYPH)
        ]

    def find(self, text: str, words: OwnWords) -> list[Mend]:
        """The mends of one block in order, one a character."""
        found = {m.at: m for m in self._by_phrase(text, words)} | {m.at: m for m in self._by_shape(text)}
        covered = self._covered(text)
        for at, char in enumerate(text):
            if covered[at] or at in found or char not in self._meant or char in _DIGIT or words.repeats(text, at):
                continue
            if (best := self._by_term(text, at, words)) is not None:
                found[at] = best
        return [found[at] for at in sorted(found)]

    def _by_shape(self, text: str) -> Iterator[Mend]:
        """Glyphs where only a digit, a mark or one certain word can stand."""
        for pattern, word in self._patterns:
            for match in pattern.finditer(text):
                start, end = match.span(match.lastgroup or 0)
                left, right = max(0, match.start() - 1), min(len(text), match.end() + 2)
                for at in range(start, end):
                    meant = self._shaped(text[at], word, end - start)
                    if meant:
                        yield Mend(at, meant, left, right, similarity(text[left:right], at - left, meant))

    def _by_phrase(self, text: str, words: OwnWords) -> Iterator[Mend]:
        """Glyphs that alone part a phrase from one that the document writes again and again: names above all."""
        for start, phrase in words.phrases(text):
            for i, glyph in enumerate(phrase):
                if not words.may_complete(phrase, i):
                    continue
                for meant in self._meant.get(glyph, ()):
                    if words.knows_phrase(phrase[:i] + meant + phrase[i + 1 :]):
                        score = similarity(phrase, i, meant)
                        yield Mend(start + i, meant, start, start + len(phrase), score)

    def _shaped(self, glyph: str, word: str, size: int) -> str:
        """What a glyph stands for in a pattern: its word, else a digit, else (alone) a mark; "" for nothing."""
        meant = self._meant.get(glyph, ())
        if word:
            return word if word in meant else ""
        if glyph in _DIGIT or (glyph == "." and size > 1):
            return ""
        return next((c for c in meant if c in _DIGIT), meant[0] if meant and size == 1 else "")

    def _covered(self, text: str) -> bytearray:
        """Which characters belong to a known term as they are written."""
        covered = bytearray(len(text))
        for _, start, end in self._known.find_matches_as_indexes(text, overlapping=True):
            covered[start:end] = b"\1" * (end - start)
        return covered

    def _by_term(self, text: str, at: int, words: OwnWords) -> Mend | None:
        best: Mend | None = None
        for meant in self._meant[text[at]]:
            span = self._term_with(text, at, meant) or self._own_with(text, at, meant, words)
            if span is not None and (best is None or span[1] - span[0] > best.term_end - best.term_start):
                score = similarity(text[span[0] : span[1]], at - span[0], meant)
                best = Mend(at, meant, span[0], span[1], score)
        return best

    def _term_with(self, text: str, at: int, meant: str) -> tuple[int, int] | None:
        """The longest term of the lexicons that the character would complete."""
        before, after = text[at - 1 : at] + meant, meant + text[at + 1 : at + 2]
        if before not in self._pairs and after not in self._pairs:
            return None
        whole = text[:at] + meant + text[at + 1 :]
        for size in range(min(_LONGEST, len(text)), _SHORTEST - 1, -1):
            for start in range(max(0, at - size + 1), min(at, len(text) - size) + 1):
                if whole[start : start + size] in self._terms:
                    return start, start + size
        return None

    def _own_with(self, text: str, at: int, meant: str, words: OwnWords) -> tuple[int, int] | None:
        """The run around the character that the document writes elsewhere with what is meant in its middle."""
        pairs = (text[max(0, at - 1) : at] + meant, meant + text[at + 1 : at + 2])
        if not all(words.count(pair) for pair in pairs if len(pair) == 2):
            return None
        for reach, times in _OWN:
            low, high = max(0, at - reach), min(len(text), at + reach + 1)
            run = text[low:at] + meant + text[at + 1 : high]
            inside = high - low == 2 * reach + 1
            if (inside or (high - low > reach + 1 and len(text) > high - low)) and words.count(run) >= times:
                return low, high
        return None


def similarity(written: str, at: int, put: str) -> float:
    """How much of a term is legible with the glyph at `at` wrong, 0..100."""
    return float(fuzz.ratio(written, written[:at] + put + written[at + 1 :]))


def glyph_meanings(lexicons: Lexicons) -> Mapping[str, tuple[str, ...]]:
    """For each glyph the characters that it may stand for."""
    found: dict[str, list[str]] = {}
    for row in lexicons.get("lookalikes"):
        for glyph in row.aliases:
            found.setdefault(glyph, []).append(row.name)
    return {glyph: tuple(meant) for glyph, meant in found.items()}


def _every_term(lexicons: Lexicons) -> Iterator[str]:
    for name in TERM_SOURCES:
        lexicon = lexicons.get(name)
        yield from lexicon.terms
        if name == "agencies":
            yield from (stem for row in lexicon for stem in row.list("stems"))


def _terms(lexicons: Lexicons) -> Iterator[str]:
    return (t for t in _every_term(lexicons) if _SHORTEST <= len(t) <= _LONGEST and t.isalpha())


def _short_terms(lexicons: Lexicons) -> Iterator[str]:
    return (t for t in _every_term(lexicons) if len(t) == _SHORTEST - 1 and t.isalpha())


@lru_cache(maxsize=2)
def _mender(lexicons: Lexicons) -> LookAlikes:
    return LookAlikes(lexicons)
