"""How strongly a commitment is worded: must, aim or encourage, by the nearest word of the lexicon before it."""

from __future__ import annotations

from pipeline.extract.frame import Frame
from pipeline.lexicons import Lexicons
from pipeline.text import fold

DEFAULT = "must"  # a plain statement in a plan (建设3个基地) binds as one with 要


class StrengthReader:
    """Reads strength; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._words = [
            (fold(term), row.get("strength")) for row in lexicons.get("strength") for term in (row.name, *row.aliases)
        ]

    def at(self, frame: Frame, position: int) -> str:
        """The strength that holds at a squeezed position: the last word of its sentence before it decides."""
        sentence = frame.sentence_at(position) or frame.sentence_at(position - 1)  # a term may end its sentence
        start = sentence.start if sentence else 0
        before = frame.text[start:position]
        best = (-1, 0, DEFAULT)
        for word, strength in self._words:
            at = before.rfind(word)
            if at >= 0:
                best = max(best, (at, len(word), strength))
        return best[2]
