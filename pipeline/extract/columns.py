"""What the columns of a table are for, read off their headings.

The whole heading is looked up among the cues `column_*`; where none is it, the patterns `column-*` look inside it.
Nothing is taken from the position of a column alone.
"""

from __future__ import annotations

from pipeline.lexicons import Lexicons

# Tried in this order: a heading such as 责任单位 is an agency before 单位 can be a unit.
CUES = (
    "column_weight",
    "column_level",
    "column_lead",
    "column_support",
    "column_responsible",
    "column_personal",
    "column_number",
    "column_task",
    "column_step",
    "column_time",
    "column_unit",
    "column_value",
    "column_requirement",
    "column_status",
)
PATTERNS = (
    "column-weight",
    "column-lead",
    "column-support",
    "column-responsible",
    "column-value",
    "column-time",
)
AGENCY_ROLES = {"column_lead": "lead", "column_responsible": "responsible", "column_support": "support"}
LONGEST_HEADING = 20  # a longer cell in the first row is text, not a heading


class ColumnReader:
    """Names the role of a column; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._cues = [(cue, frozenset(lexicons.cues(cue))) for cue in CUES]
        self._patterns = [(name.replace("-", "_"), lexicons.pattern(name)) for name in PATTERNS]
        self._first_level = frozenset(lexicons.cues("column_level_1"))

    def role(self, heading: str) -> str:
        """The role of a column by its squeezed heading, a `column_…` name; "" where the heading says none."""
        for cue, words in self._cues:
            if heading in words:
                return cue
        if len(heading) > LONGEST_HEADING:
            return ""
        return next((name for name, pattern in self._patterns if pattern.search(heading)), "")

    def is_first_level(self, heading: str) -> bool:
        """Whether the heading names the first level of an indicator system."""
        return heading in self._first_level
