"""References: the other documents that a plan names in 《》, with their 文号."""

from __future__ import annotations

from rapidfuzz import fuzz

from pipeline.extract.frame import Context
from pipeline.lexicons import Lexicons
from pipeline.model import Evidence, Issue, Reference
from pipeline.parse.doc_numbers import DocNumber, find_doc_numbers
from pipeline.text import normalise

NUMBER_WITHIN = 3  # between 》 and the number stand at most a bracket and a blank or two
SHORTEST_TITLE = 5  # 《办法》, 《意见》 point back to a title given in full before
SELF = 92.0  # a mention of the document itself differs by 关于 or its brackets
SELF_IN_NOTICE = 70.0  # the notice that forwards it may shorten or lengthen its title


def references(context: Context, lexicons: Lexicons) -> tuple[tuple[Reference, ...], tuple[Issue, ...]]:
    """The references in order of first mention, each once, and an issue for each 文号 that had to be mended.

    A later mention with a number completes an earlier one without.
    """
    pattern = lexicons.pattern("reference-title")
    own = normalise(context.document.metadata.title or "")
    found: dict[str, Reference] = {}
    issues: list[Issue] = []
    for frame in context.frames:
        for match in pattern.finditer(frame.text):
            title = normalise(match.group(0)[1:-1])
            if len(title) < SHORTEST_TITLE or _is_self(title, own, frame.part):
                continue
            start, end = frame.span(match.start(), match.end())
            stated = _number_after(frame.text, match.end())
            number = None
            if stated is not None:
                number = stated[2].value
                number_start, end = frame.span(stated[0], stated[1])
                if stated[2].mended:
                    issues.append(Issue("damaged-doc-number", stated[2].raw, "info", number_start, end, number))
            known = found.get(title)
            if known is None or (known.doc_number is None and number is not None):
                section = frame.section.index if frame.section else None
                evidence = Evidence(start, end, "reference-title", 1.0 if known is None else 0.95, section)
                found[title] = Reference(title, number, known.evidence if known else evidence)
    return tuple(found.values()), tuple(issues)


def _is_self(title: str, own: str, part: str) -> bool:
    return bool(own) and fuzz.ratio(title, own) >= (SELF_IN_NOTICE if part == "notice" else SELF)


def _number_after(text: str, at: int) -> tuple[int, int, DocNumber] | None:
    window = text[at : at + 40]
    for start, end, number in find_doc_numbers(window):
        if start <= NUMBER_WITHIN:
            return at + start, at + end, number
        break
    return None
