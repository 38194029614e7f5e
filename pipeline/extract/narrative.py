"""Which sentences of a report tell of what was done: a number there is a result, no commitment.

Government work reports review the past before they plan; their outline is often lost, so the turn is found by what the
sentences say. Other documents have no such zones: their headings tell (see `judge`).
"""

from __future__ import annotations

from pipeline.extract.frame import Context
from pipeline.lexicons import Lexicons


def past_sentences(context: Context, lexicons: Lexicons) -> frozenset[tuple[int, int]]:
    """(block index, squeezed start) of every sentence in the review part of a report; empty for other documents."""
    if context.document.metadata.doc_type not in lexicons.cues("report_document"):
        return frozenset()
    begins, turns = lexicons.pattern("narrative-past"), lexicons.pattern("narrative-plan")
    found = set()
    past = False
    for frame in context.frames:
        for sentence in frame.sentences:
            text = frame.text[sentence.start : sentence.end]
            if turns.search(text) is not None:
                past = False
            elif begins.search(text) is not None:
                past = True
            if past:
                found.add((frame.block.index, sentence.start))
    return frozenset(found)
