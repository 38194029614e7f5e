"""Actions: indicators of the lexicon that a plan promises without a number, clause by clause."""

from __future__ import annotations

from pipeline.extract.frame import Context, Frame, Term
from pipeline.extract.ledger import Fates
from pipeline.extract.scope import DeadlineScope
from pipeline.extract.strength import StrengthReader
from pipeline.extract.tables import TableReading
from pipeline.lexicons import Lexicons
from pipeline.model import Action, Evidence, Target
from pipeline.segment.clauses import Piece

TOLD = frozenset({"past", "elsewhere", "negated", "weight"})
CONFIDENCE = 0.85
HEADING_CONFIDENCE = 0.75


class ActionMaker:
    """Makes the actions of one document."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._indicators = lexicons.get("indicators")
        self._strength = StrengthReader(lexicons)
        self._elsewhere = lexicons.cues("past_heading") + lexicons.cues("rhetoric_heading")

    def make(
        self,
        context: Context,
        scope: DeadlineScope,
        tables: TableReading,
        task_at: dict[int, int | None],
        targets: tuple[Target, ...],
        fates: Fates,
    ) -> tuple[Action, ...]:
        """One action for each term in a clause without a target, outside notices, reviews, rhetoric and schemes.

        A clause with a number of the past, of others or of a scheme (`fates`) promises nothing either.
        """
        covered = sorted((t.evidence.start, t.evidence.end) for t in targets)
        found: list[Action] = []
        seen: set[tuple[int, str]] = set()
        for frame in context.frames:
            if self._outside(context, frame, tables):
                continue
            for term in frame.terms:
                clause = frame.clause_at(term.start) or Piece(0, len(frame.text))
                start, end = frame.span(max(clause.start, frame.content_from), max(clause.end, term.end))
                key = (start, term.row_id)
                if key in seen or _is_told(frame, clause, fates) or any(a < end and start < b for a, b in covered):
                    continue
                seen.add(key)
                found.append(self._action(frame, term, start, end, scope, task_at))
        return tuple(found)

    def _outside(self, context: Context, frame: Frame, tables: TableReading) -> bool:
        if frame.part == "notice" or tables.fate(frame) is not None or context.is_title(frame):
            return True
        if frame.block.cell is not None and tables.kind(frame.block.cell.table) == "scheme":
            return True
        return any(a.heading.endswith(self._elsewhere) for a in context.ancestors(frame.section))

    def _action(
        self, frame: Frame, term: Term, start: int, end: int, scope: DeadlineScope, task_at: dict[int, int | None]
    ) -> Action:
        section = frame.section.index if frame.section else None
        heading = frame.section is not None and end <= frame.section.heading_end
        return Action(
            term.row_id,
            self._indicators.by_id[term.row_id].name,
            self._strength.at(frame, term.end),
            scope.at(frame, term.start),
            task_at.get(frame.block.index),
            Evidence(start, end, "action-term", HEADING_CONFIDENCE if heading else CONFIDENCE, section),
            term.score,
        )


def _is_told(frame: Frame, clause: Piece, fates: Fates) -> bool:
    return any(
        clause.start <= q.start < clause.end and fates.get((frame.block.index, q.start), ("", None))[0] in TOLD
        for q in frame.quantities
    )
