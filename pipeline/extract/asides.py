"""Numbers that a plan mentions without promising them.

Points of an evaluation scheme, what other documents, areas or times decided or reached, what is no longer to be, what
there is already, and the size of the things counted (年产值超过1亿元的企业3家). The patterns stand in
`lexicons/patterns_asides.toml`, each with examples.
"""

from __future__ import annotations

import re

from pipeline.extract.frame import Context, Frame
from pipeline.extract.quantities import Quantity
from pipeline.lexicons import Lexicons
from pipeline.segment.clauses import Piece

SCORE, SHARE, COUNT = "score", "share", "count"
COUNTED = frozenset({"count", "people"})
GIVEN = ("=", "<=")  # points are given or capped (最多扣6分); a score of at least 90 is a level to reach
MARKS = "、,;:。()"
SHORTEST_NAME = 2
OF = "的"
# How wide an area of each level is; a smaller number is wider. 兵团 ranks with the provinces (GB/T 2260 code 66).
WIDTH = {"国家": 0, "省": 1, "兵团": 1, "市": 2, "师": 2, "县": 3, "乡": 4}
AREAS = {"nation": 0, "province": 1, "city": 2}
# The level of a place that no list knows, by the last word of its name.
ENDS = {"省": 1, "市": 2, "州": 2, "盟": 2, "县": 3, "区": 3, "旗": 3}
CITY = "市"


class AsideReader:
    """Tells which numbers are asides; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons) -> None:
        pattern = lexicons.pattern
        self._told = tuple(
            (pattern(f"aside-{name}"), fate)
            for name, fate in (
                ("included", "description"),
                ("quoted", "elsewhere"),
                ("ended", "negated"),
                ("stock", "past"),
                ("administers", "description"),
                ("territory", "description"),
            )
        )
        self._points = pattern("aside-points")
        self._score_share = pattern("aside-score-share")
        self._elapsed = pattern("aside-elapsed")
        self._effect = pattern("aside-effect")
        self._forbidden = pattern("aside-forbidden")
        self._borrowed = pattern("aside-borrowed")
        self._base = pattern("aside-base")
        self._done = pattern("aside-done")
        self._focus = pattern("aside-focus")
        self._lever = pattern("aside-lever")
        self._definition = pattern("aside-definition")
        self._penalty = pattern("aside-penalty")
        self._subject = pattern("aside-subject")
        self._area = pattern("aside-area")
        self._mean = pattern("aside-mean")
        self._place = pattern("leading-place")
        self._verbs = tuple(w for w in lexicons.cues("commit_verb") if len(w) >= SHORTEST_NAME)
        self._units = {u.name: u.get("dimension") for u in lexicons.get("units")}

    def fate(self, context: Context, frame: Frame, quantity: Quantity, is_time: bool) -> str | None:
        """Why the number is an aside: weight, past, window, elsewhere, negated, baseline, description, list_count.

        None where it may be a commitment. `is_time` says that it measures time.
        """
        clause = frame.clause_at(quantity.start) or Piece(0, len(frame.text))
        told = frame.text[max(clause.start, frame.content_from) : quantity.outer_start]
        rest = frame.text[quantity.end : clause.end]
        if quantity.op in GIVEN and self._is_weight(quantity, told):
            return "weight"
        if self._penalty.match(rest):
            return "weight"
        if is_time and self._elapsed.match(rest):
            return "past"
        if is_time and self._effect.match(rest):
            return "window"
        for pattern, fate in self._told:
            if pattern.search(told):
                return fate
        if quantity.op == "=" and self._forbidden.search(told):
            return "negated"
        if _inside(self._borrowed, frame.text, clause, quantity) or self._is_wider(context, quantity, told):
            return "elsewhere"
        if _inside(self._base, frame.text, clause, quantity):
            return "baseline"
        if quantity.op == "=" and self._units.get(quantity.unit) in COUNTED and self._focus.search(told):
            return "list_count"
        if self._definition.search(told):
            return "list_count"
        if _inside(self._lever, frame.text, clause, quantity):
            return "description"
        if self._done.match(rest):
            return "past"
        if not told and not quantity.digits and self._units.get(quantity.unit) == COUNT and self._subject.match(rest):
            return "list_count"
        return "description" if self._is_size(frame, quantity, clause) else None

    def without_base(self, text: str) -> str:
        """A text without what something is added to, whose 现有 and 已有 tell nothing of the rest."""
        return self._base.sub("", text)

    def _is_weight(self, quantity: Quantity, told: str) -> bool:
        if self._units.get(quantity.unit) == SCORE:
            return self._points.search(told) is not None
        return self._units.get(quantity.unit) == SHARE and self._score_share.search(told) is not None

    def _is_wider(self, context: Context, quantity: Quantity, told: str) -> bool:
        """A share or mean of an area that is wider than the plan's own (全省平均为58% in the plan of a county)."""
        found = self._area.match(told)
        if found is None or not self._reaches_beyond(context, found.lastgroup or ""):
            return False
        return self._units.get(quantity.unit) == SHARE or self._mean.search(told) is not None

    def _reaches_beyond(self, context: Context, area: str) -> bool:
        """Whether an area is wider than the plan's own: the region found, else the place that its title begins with."""
        region = context.document.metadata.region
        place = self._place.match(context.document.metadata.title or "")
        name = region.name if region else place.group("place") if place else ""
        width = WIDTH.get(region.level, 0) if region else ENDS.get(name[-1:], 0)
        # 全市 may be the own area of a county-level city, so for a city it is never wider.
        return AREAS[area] < width and not (AREAS[area] == ENDS[CITY] and name.endswith(CITY))

    def _is_size(self, frame: Frame, quantity: Quantity, clause: Piece) -> bool:
        """Whether the number says how large the things are that another number of the clause counts."""
        before = next((q for q in frame.quantities if q.outer_end == quantity.outer_start), None)
        if before is not None and self._counts_other(before, quantity) and before.start >= clause.start:
            return quantity.op != "="
        after = next((q for q in frame.quantities if q.outer_start >= quantity.outer_end), None)
        if after is None or after.end > clause.end or not self._counts_other(after, quantity):
            return False
        between = frame.text[quantity.outer_end : after.outer_start]
        if len(between) < SHORTEST_NAME or any(m in between for m in MARKS) or any(v in between for v in self._verbs):
            return False
        return quantity.op != "=" or between.startswith(OF)

    def _counts_other(self, counting: Quantity, quantity: Quantity) -> bool:
        return self._units.get(counting.unit) in COUNTED and counting.unit != quantity.unit


def _inside(pattern: re.Pattern[str], text: str, clause: Piece, quantity: Quantity) -> bool:
    return any(
        m.start() <= quantity.start and quantity.end <= m.end()
        for m in pattern.finditer(text, clause.start, clause.end)
    )
