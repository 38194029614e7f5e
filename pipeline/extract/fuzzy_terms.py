"""Look-alike glyphs that only the words of the language unmask: the second look, with the dictionary of the tokenizer.

The first look (`pipeline.parse.lookalikes`) knows the lexicons and the document's own words. Here a glyph that stands
outside every word of the dictionary is replaced where one of its look-alikes makes the line far likelier as a row of
words. What is mended is an issue `garbled-term` with its score, like that of the first look.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache

import rjieba
from rapidfuzz import process
from rapidfuzz.distance import Hamming

from pipeline.extract.columns import CUES as COLUMN_CUES
from pipeline.lexicons import Lexicons
from pipeline.model import BlockKind, Document, Issue
from pipeline.parse.lookalikes import CODE, Mend, OwnWords, as_issues, glyph_meanings, similarity
from pipeline.segment.tokenizer import WORD_FREQUENCY, Cut, cutter, user_words
from pipeline.text import Squeezed, fold

RECOGNISED = 4  # glyphs mended for certain, from which on a text is taken for a recognised one (clean plans: 2 at most)
LOOSE_GAIN = 4.0  # nats that are enough then
MIN_GAIN = 8.0  # nats by which the line must grow likelier; set on clean plans: three false ones in forty
MIN_MARGIN = 1.0  # nats between the best reading and the next
LONE_PAIR = 2.0  # nats more where only two characters make the word: chance makes those
_REACH = 6  # characters looked at on either side: the longest words have seven
_LONGEST_WORD = 8
_SHORTEST_HEADING = 4
_TOTAL = math.log(6.0e7)  # of the frequencies in the dictionary
_UNSEEN = math.log(0.5)


class WordMender:
    """Finds what the dictionary unmasks; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._meant: Mapping[str, tuple[str, ...]] = glyph_meanings(lexicons)
        self._words = rjieba.Jieba()
        self._own = frozenset(user_words(lexicons))
        self._cut: Cut = cutter(lexicons)
        self._headings = sorted({fold(word) for cue in COLUMN_CUES for word in lexicons.cues(cue)})
        self._logs: dict[str, float | None] = {}

    def find(self, text: str, words: OwnWords, gain: float = MIN_GAIN) -> list[Mend]:
        """The mends of one squeezed block, in order of position."""
        found: list[Mend] = []
        at = 0
        for token in self._cut(text):
            if len(token) == 1 or not self._is_word(token):
                places = (i for i in range(at, at + len(token)) if not words.repeats(text, i))
                found.extend(m for i in places if (m := self._mend(text, i, gain)) is not None)
            at += len(token)
        return found

    def heading(self, text: str) -> Mend | None:
        """The mend of a column's heading that one glyph parts from a known one, whatever glyph it is."""
        if len(text) < _SHORTEST_HEADING or text in self._headings:
            return None
        near = process.extract(text, self._headings, scorer=Hamming.distance, score_cutoff=1, limit=2)
        if len(near) != 1:
            return None
        meant = near[0][0]
        at = next((i for i, (a, b) in enumerate(zip(text, meant, strict=False)) if a != b), None)
        if at is None or len(meant) != len(text):
            return None
        return Mend(at, meant[at], 0, len(text), similarity(text, at, meant[at]))

    def _is_word(self, token: str) -> bool:
        return token in self._own or self._words.has_word(token)

    def _mend(self, text: str, at: int, gain: float) -> Mend | None:
        meant = self._meant.get(text[at])
        if meant is None or not _is_han(text[at]):
            return None
        low, high = _run(text, at)
        window, place = text[low:high], at - low
        readings = [r for x in meant if _is_han(x) and (r := self._reading(window, place, x)) is not None]
        if not readings:
            return None
        readings.sort(reverse=True)
        written = self._best(window)[0]
        likelihood, put, start, end = readings[0]
        margin = likelihood - readings[1][0] if len(readings) > 1 else math.inf
        term = window[start:end]
        if likelihood - written < gain + (LONE_PAIR if len(term) == 2 else 0) or margin < MIN_MARGIN:
            return None
        return Mend(at, put, low + start, low + end, similarity(term, place - start, put))

    def _reading(self, window: str, place: int, put: str) -> tuple[float, str, int, int] | None:
        """How likely the window is with the glyph put in, and the word that it then belongs to; None for no word."""
        before, after = window[place - 1 : place] if place else "", window[place + 1 : place + 2]
        if not (before or after):
            return None
        whole = window[:place] + put + window[place + 1 :]
        likelihood, cuts = self._best(whole)
        start = max(c for c in cuts if c <= place)
        end = min(c for c in cuts if c > place)
        return (likelihood, put, start, end) if end - start > 1 else None

    def _best(self, window: str) -> tuple[float, list[int]]:
        """The log likelihood of the best row of words, and where they begin (with the end)."""
        best = [0.0] + [-math.inf] * len(window)
        back = [0] * (len(window) + 1)
        for end in range(1, len(window) + 1):
            for start in range(max(0, end - _LONGEST_WORD), end):
                weight = self._log(window[start:end])
                if weight is not None and best[start] + weight > best[end]:
                    best[end], back[end] = best[start] + weight, start
        cuts, at = [len(window)], len(window)
        while at:
            at = back[at]
            cuts.append(at)
        return best[-1], cuts

    def _log(self, word: str) -> float | None:
        if word not in self._logs:
            self._logs[word] = self._weigh(word)
        return self._logs[word]

    def _weigh(self, word: str) -> float | None:
        if word in self._own:
            return math.log(WORD_FREQUENCY) - _TOTAL
        if self._words.has_word(word):
            return math.log(max(self._words.suggest_freq(word), 1)) - _TOTAL
        return _UNSEEN - _TOTAL if len(word) == 1 else None


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _run(text: str, at: int) -> tuple[int, int]:
    """The run of Han characters around a position, at most `_REACH` to either side."""
    low = high = at
    while low > max(0, at - _REACH) and _is_han(text[low - 1]):
        low -= 1
    while high < min(len(text), at + _REACH + 1) and _is_han(text[high]):
        high += 1
    return low, high


def garbled_terms(document: Document, text: str, lexicons: Lexicons) -> Iterator[Issue]:
    """An issue for each glyph that the dictionary unmasks in `text`, the reading of the document so far."""
    views = [
        Squeezed(text, b.start, b.end) for b in document.blocks if b.kind is not BlockKind.FURNITURE and b.end > b.start
    ]
    mender, words = word_mender(lexicons), OwnWords([view.text for view in views])

    def look(gain: float) -> list[tuple[Squeezed, Mend]]:
        found = [(view, m) for view in views for m in mender.find(view.text, words, gain)]
        return [(view, m) for view, m in found if not _is_spaced(text, view, m)]

    found = look(MIN_GAIN)
    if len(found) + sum(i.code == CODE for i in document.issues) >= RECOGNISED:
        found = look(LOOSE_GAIN)
        cells = {b.start for b in document.blocks if b.kind is BlockKind.CELL}
        heads = [(view, mender.heading(view.text)) for view in views if len(view) and view.offsets[0] in cells]
        taken = {view.span(m.at, m.at + 1) for view, m in found}
        found += [(v, m) for v, m in heads if m is not None and v.span(m.at, m.at + 1) not in taken]
    for view, mend in found:
        yield from as_issues(view, [mend])


def _is_spaced(text: str, view: Squeezed, found: Mend) -> bool:
    """Whether blanks stand inside the term: spaced names (two characters and a gap) make words by chance."""
    start, end = view.span(found.term_start, found.term_end)
    return any(c.isspace() and c != "\n" for c in text[start:end])


@lru_cache(maxsize=2)
def word_mender(lexicons: Lexicons) -> WordMender:
    """The mender of a set of lexicons, shared within the process."""
    return WordMender(lexicons)
