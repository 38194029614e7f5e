"""Numerals that are no amounts: names, phones, codes, ordinals, references, list numbers.

What each mask matches, with examples and counter-examples, is in `lexicons/patterns_masks.toml`.
"""

from __future__ import annotations

from spacy.tokens import Doc

from pipeline.extract.frame import Frame, Mask, context_of
from pipeline.lexicons import Lexicons
from pipeline.parse.doc_numbers import find_doc_numbers

REFERENCE, DOC_NUMBER, LIST_NUMBER = "reference", "doc_number", "list_number"


class MaskPipe:
    """spaCy component: fills `Frame.masks`."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._patterns = [
            (lexicons.pattern(pattern_id), str(entry["fate"]))
            for pattern_id, entry in lexicons.patterns.items()
            if pattern_id.startswith("mask-")
        ]
        self._title = lexicons.pattern("reference-title")

    def __call__(self, doc: Doc) -> Doc:
        """Mark every frame of the document."""
        for frame in context_of(doc).frames:
            self._mark(frame)
        return doc

    def _mark(self, frame: Frame) -> None:
        text = frame.text
        masks = frame.masks
        if frame.content_from:
            masks.append(Mask(0, frame.content_from, LIST_NUMBER))
        masks.extend(Mask(m.start(), m.end(), REFERENCE) for m in self._title.finditer(text))
        masks.extend(Mask(start, end, DOC_NUMBER) for start, end, _ in find_doc_numbers(text))
        for pattern, fate in self._patterns:
            for match in pattern.finditer(text):
                if match.end() > match.start() and not frame.masked(match.start(), match.end()):
                    masks.append(Mask(match.start(), match.end(), fate))
        masks.sort(key=lambda m: m.start)
