"""Numbers that the reader of the file is not sure of: never a target like the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.model import Document, Issue, Target

LOW_CONFIDENCE = "low-confidence"  # the issue that parsing raises for characters recognised without certainty
DOUBTFUL_NUMBER = "doubtful-number"
CEILING = 0.4  # below the confidence of every rule, so that such a target is the first that anybody checks


def doubt(targets: Sequence[Target], document: Document) -> tuple[tuple[Target, ...], tuple[Issue, ...]]:
    """The targets, those whose number lies in a doubtful place with a confidence of at most CEILING, and an issue
    `doubtful-number` (warning, with the number's span) for each of those."""
    places = [
        (issue.start, issue.end)
        for issue in document.issues
        if issue.code == LOW_CONFIDENCE and issue.start is not None and issue.end is not None
    ]
    if not places:
        return tuple(targets), ()
    found: list[Target] = []
    issues: list[Issue] = []
    for target in targets:
        if any(start < target.number_end and target.number_start < end for start, end in places):
            evidence = replace(target.evidence, confidence=min(target.evidence.confidence, CEILING))
            target = replace(target, evidence=evidence)
            detail = f"{document.text[target.number_start : target.number_end]}: recognised with low confidence"
            issues.append(Issue(DOUBTFUL_NUMBER, detail, "warning", target.number_start, target.number_end))
        found.append(target)
    return tuple(found), tuple(issues)
