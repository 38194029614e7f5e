"""Targets: the numbers that a plan commits to reach or to keep, one record per number."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.extract.alignment import align
from pipeline.extract.frame import Context, Frame
from pipeline.extract.grants import GrantNamer
from pipeline.extract.judge import Judge
from pipeline.extract.noun_phrases import IndicatorNamer, Named
from pipeline.extract.quantities import Quantity
from pipeline.extract.scope import DeadlineScope
from pipeline.extract.strength import StrengthReader
from pipeline.extract.tables import TableReading
from pipeline.extract.variants import variant
from pipeline.lexicons import FUZZY_CUTOFF, Lexicons
from pipeline.model import Deadline, Evidence, Target
from pipeline.segment.clauses import Piece, Sentence
from pipeline.segment.tokenizer import Cut

MULTIPLE = "倍"
COUNTED, MONEY = frozenset({"count", "people"}), "money"
ENUMERATION, PARALLEL, OF = "、", ";", "的"
SHORTEST_NAME = 2
LONGEST_WHOLE = 24  # a longer clause says more than the name of a thing
OPENING, CLOSING = "(《“〔", ")》”〕"
# Confidence by how the thing was named. On the nine gold plans all 169 targets are right in comparator, period, kind
# and deadline; the figures stay below that by what plans cost on first contact (tests/eval/calibration.py).
CONFIDENCE = {"number-noun": 0.97, "noun-number": 0.97, "row-name": 0.95, "none": 0.6}
DEFAULT_CONFIDENCE = 0.92


@dataclass(frozen=True, slots=True)
class _Quote:
    """The clause of a number at squeezed positions; `named` is what it counts, `per` the period or body per which."""

    start: int
    end: int
    named: Named
    per: str | None


class TargetMaker:
    """Makes targets; built once for a set of lexicons."""

    def __init__(self, lexicons: Lexicons, cut: Cut) -> None:
        self._namer = IndicatorNamer(lexicons, cut)
        self._judge = Judge(lexicons)
        self._grants = GrantNamer(lexicons)
        self._strength = StrengthReader(lexicons)
        self._generic = frozenset(lexicons.cues("generic_name"))
        self._manners = lexicons.cues("aside_manner")
        self._row_marks = frozenset({ENUMERATION, *lexicons.cues("agency_joint")})
        self._carried = lexicons.pattern("per-carried")
        self._cumulated = lexicons.pattern("per-cumulated")
        self._per = lexicons.pattern("per")
        self._multiple = lexicons.pattern("multiple-of")
        self._single = lexicons.cues("per_single")
        self._each = lexicons.pattern("per-each")
        self._level_alone = lexicons.pattern("level-alone")
        self._level_head = lexicons.pattern("level-head")
        self._bracket = lexicons.pattern("bracketed-clause")
        self._head = lexicons.pattern("time-head")
        self._lexicons = lexicons
        self._units = {u.name: u for u in lexicons.get("units")}

    def make(
        self, context: Context, scope: DeadlineScope, tables: TableReading, task_at: dict[int, int | None]
    ) -> tuple[tuple[Target, ...], dict[tuple[int, int], tuple[str, int | None]]]:
        """The targets of a document in order, and for every quantity (block, squeezed start) its fate.

        `task_at` gives for each block index the task that its text belongs to. The fate is target, norm, or one of the
        judge's other words; with target and norm comes the index of the record.
        """
        found: list[Target] = []
        fates: dict[tuple[int, int], tuple[str, int | None]] = {}
        for frame in context.frames:
            for quantity in frame.quantities:
                key = (frame.block.index, quantity.start)
                fate = tables.fate(frame) or self._judge.fate(context, frame, quantity, scope)
                if fate in ("goal", "norm"):
                    deadline = tables.deadline(frame, quantity) or scope.at(frame, quantity.start)
                    target = self._target(frame, quantity, fate, deadline, task_at.get(frame.block.index), tables)
                    fates[key] = ("target" if fate == "goal" else "norm", len(found))
                    found.append(target)
                else:
                    fates[key] = (fate, None)
        return tuple(found), fates

    def _target(
        self,
        frame: Frame,
        quantity: Quantity,
        kind: str,
        deadline: Deadline | None,
        task: int | None,
        tables: TableReading,
    ) -> Target:
        quote = self._grant(frame, quantity, kind) or self._quote(frame, quantity)
        row_name = tables.row_name(frame)
        if row_name and (not quote.named.name or tables.is_target_value(frame)):
            quote = replace(quote, named=Named(row_name, "row-name"))
        start, end = frame.span(quote.start, quote.end)
        if kind == "norm" and quote.per and deadline is not None and deadline.end and deadline.start_at is not None:
            # A standing rule (每3年一次) is not due by the date at the head of its sentence.
            deadline = deadline if deadline.start_at >= start else None
        number_start, number_end = frame.span(quantity.start, quantity.end)
        row_id, score = self._indicator_id(frame, quote, quantity)
        base = self._base(quantity)
        section = frame.section.index if frame.section else None
        confidence = CONFIDENCE.get(quote.named.how, DEFAULT_CONFIDENCE)
        return Target(
            indicator=quote.named.name,
            op=quote.named.op or self._op(frame, quantity),
            value=quantity.value,
            value_max=quantity.value_max,
            unit=quantity.unit,
            per=quote.per,
            kind=kind,
            deadline=deadline,
            task=task,
            evidence=Evidence(start, end, f"target-{quote.named.how}", confidence, section),
            number_start=number_start,
            number_end=number_end,
            indicator_id=row_id,
            indicator_variant=variant(quote.named.name, row_id, self._lexicons) if row_id else "",
            indicator_score=score,
            strength=self._strength.at(frame, quantity.start),
            base_value=base[0],
            base_value_max=base[1],
            base_unit=base[2],
        )

    def _grant(self, frame: Frame, quantity: Quantity, kind: str) -> _Quote | None:
        """The quote of an amount or a share that is given, under the name of the grant; None for any other number."""
        unit, sentence = self._units.get(quantity.unit), frame.sentence_at(quantity.start)
        if kind != "norm" or sentence is None or unit is None or unit.get("dimension") not in (MONEY, "share"):
            return None
        clause = self._piece(frame, quantity)
        start = self._after_time(frame, clause.start, quantity.start)
        named, per = self._named(frame, quantity, start, clause.end)
        standard = self._grants.of_standard(frame, quantity)
        thing = named.name or self._each.sub("", per or "")
        if standard and thing and not self._grants.is_phrase(thing):
            return _Quote(start, clause.end, Named(thing + standard, "grant-standard", named.op), per)
        row = self._first_of_row(frame, quantity), self._last_of_row(frame, quantity)
        name, is_full = self._grants.name(frame, *row, sentence)
        if not name:
            return None
        thing = self._each.sub("", per) if per and per.startswith(self._single) else ""
        name = thing + name if not is_full and len(thing) >= SHORTEST_NAME else name
        others = () if is_full or thing else (named.name, self._quote(frame, quantity).named.name)
        fuller = (n for n in others if n.endswith(name) and not self._grants.is_phrase(n))
        return _Quote(start, clause.end, Named(next(fuller, name), "grant", named.op), per)

    def _op(self, frame: Frame, quantity: Quantity) -> str:
        """The operator; a comparator may stand before the period or body per which (不低于每月1800元)."""
        first = self._first_of_row(frame, quantity)
        if quantity.op == "=" and first is not quantity:
            return first.op  # 分别达到65%和55%: the comparator is said once for the row
        before = frame.text[: quantity.start]
        told = before
        for per in reversed(list(self._per.finditer(before))):
            if per.end() != len(told):
                break
            told = told[: per.start()]  # 每人每天 are two
        if quantity.op == "=" and quantity.unit == MULTIPLE and (apart := self._multiple.search(before)) is not None:
            return self._namer.op_at_end(apart.group("op")) or quantity.op
        stated = quantity.op == "=" and told != before and self._namer.op_at_end(told)
        return stated or quantity.op

    def _quote(self, frame: Frame, quantity: Quantity) -> _Quote:
        clause = self._piece(frame, quantity)
        start = self._after_time(frame, clause.start, quantity.start)
        named, per = self._named(frame, quantity, start, clause.end)
        sentence = frame.sentence_at(quantity.start)
        if sentence is not None and self._level_alone.match(named.name):
            named = self._levelled(frame, quantity, sentence, named)
        earlier = [c for c in (sentence.clauses if sentence else ()) if c.end < clause.start or c.end <= start]
        if named.name in self._generic and (whole := self._whole(frame, quantity, earlier)):
            named = replace(named, name=whole + named.name)
        while not named.name and earlier:
            previous = earlier.pop()
            told = [q for q in frame.quantities if q.start >= previous.start and q.end <= previous.end]
            if told and (per or told[-1].unit == quantity.unit or self._is_ceiling(quantity)):
                elder = self._quote(frame, told[-1])
                return _Quote(elder.start, clause.end, replace(elder.named, op=None), per or elder.per)
            if told or self._only_time(frame, previous) or frame.text.startswith(self._manners, previous.start):
                continue
            start = previous.start
            named = self._namer.name(frame.text[previous.start : previous.end], "", quantity, False)
        return _Quote(start, clause.end, named, per)

    def _is_ceiling(self, quantity: Quantity) -> bool:
        """Whether a number is the ceiling of the grant before it (给予30%的补助,最高500万元)."""
        unit = self._units.get(quantity.unit)
        return quantity.op == "<=" and unit is not None and unit.get("dimension") == MONEY

    def _levelled(self, frame: Frame, quantity: Quantity, sentence: Sentence, named: Named) -> Named:
        """A level alone (企业10家,其中省级2家) with what the number before it counts in the same unit."""
        elders = [q for q in frame.quantities if sentence.start <= q.start and q.end <= quantity.start]
        if not elders or elders[-1].unit != quantity.unit:
            return named
        thing = self._level_head.sub("", self._quote(frame, elders[-1]).named.name)
        return Named(named.name + thing, "level-of")

    def _whole(self, frame: Frame, quantity: Quantity, earlier: list[Piece]) -> str:
        """What a bare 面积, 规模 or 补助 is of: what the nearest earlier number counts, else the last clause."""
        if not earlier or (elder := self._elder(frame, quantity, earlier)):
            return elder if earlier else ""
        last = earlier[-1]
        if self._only_time(frame, last) or last.end - last.start > LONGEST_WHOLE:
            return ""
        return self._namer.name(frame.text[last.start : last.end], "", quantity, False).name

    def _elder(self, frame: Frame, quantity: Quantity, earlier: list[Piece]) -> str:
        """What the nearest number of an earlier clause counts: 创建2个空间,总面积… means the area of the 空间."""
        for clause in reversed(earlier):
            for other in frame.quantities:
                if clause.start <= other.start and other.end <= clause.end and other.unit != quantity.unit:
                    return self._named(frame, other, clause.start, clause.end)[0].name
        return ""

    def _only_time(self, frame: Frame, clause: Piece) -> bool:
        return any(t.end - t.start >= clause.end - clause.start - 1 and t.start >= clause.start for t in frame.times)

    def _named(self, frame: Frame, quantity: Quantity, start: int, end: int) -> tuple[Named, str | None]:
        first = self._first_of_row(frame, quantity)
        before = frame.text[self._behind_joined(frame, first, start) : first.outer_start]
        shared = next((q.start for q in frame.quantities if quantity.outer_end < q.start < end), None)
        last = self._last_of_row(frame, quantity)
        if last is not quantity:
            shared = None
        after = frame.text[last.outer_end : end if shared is None else shared]
        pers = [m.group(0) for m in self._per.finditer(before)]
        joined = "".join(pers)
        counted = self._units[quantity.unit].get("dimension") in COUNTED if quantity.unit in self._units else True
        per = (joined if joined in before else pers[-1]) if pers else None
        if per is None and counted:
            per = self._carried_per(frame, quantity)
        return self._namer.name(before, after, quantity, counted, shared is not None), per

    def _behind_joined(self, frame: Frame, first: Quantity, start: int) -> int:
        """Where the words of a number begin: behind the joint, if a number with a thing of its own stands before it
        (90%的乡镇和70%的村达到…)."""
        others = [q for q in frame.quantities if start <= q.start and q.outer_end < first.outer_start]
        if others:
            between = frame.text[others[-1].outer_end : first.outer_start]
            if between.startswith(OF) and between.endswith(tuple(self._row_marks)):
                return first.outer_start
        return min(start, first.outer_start)

    def _carried_per(self, frame: Frame, quantity: Quantity) -> str | None:
        """每年 at the head of an earlier clause goes on through clauses that name no time of their own."""
        sentence = frame.sentence_at(quantity.start)
        for clause in reversed(sentence.clauses if sentence else ()):
            if clause.start > quantity.start:
                continue
            if self._cumulated.search(frame.text[clause.start : quantity.start]):
                return None
            if clause.end < quantity.start and clause.mark == PARALLEL:
                return None
            if (found := self._carried.match(frame.text[clause.start : quantity.start])) is not None:
                return found.group("per")
            if any(clause.start <= t.start < clause.end for t in frame.times):
                return None
        return None

    def _first_of_row(self, frame: Frame, quantity: Quantity) -> Quantity:
        """The first of amounts that stand in a row (50万元、100万元、150万元) and so count the same thing."""
        for other in reversed([q for q in frame.quantities if q.outer_end < quantity.outer_start]):
            if frame.text[other.outer_end : quantity.outer_start] not in self._row_marks:
                break
            quantity = other
        return quantity

    def _last_of_row(self, frame: Frame, quantity: Quantity) -> Quantity:
        """The last of amounts in a row; what stands behind it is said of all of them."""
        for other in [q for q in frame.quantities if q.start > quantity.outer_end]:
            between = frame.text[quantity.outer_end : other.outer_start]
            if between not in self._row_marks or other.unit != quantity.unit:
                break
            quantity = other
        return quantity

    def _piece(self, frame: Frame, quantity: Quantity) -> Piece:
        """The clause, cut at a 、 only where both sides carry a number of their own."""
        clause = frame.clause_at(quantity.start) or Piece(0, len(frame.text))
        start, end = max(clause.start, frame.content_from), clause.end
        row = self._first_of_row(frame, quantity).start, self._last_of_row(frame, quantity).end
        for other in frame.quantities:
            if row[0] <= other.start and other.end <= row[1]:
                continue  # 50万元、20万元、10万元 say one thing together
            if clause.start <= other.start and other.end <= quantity.start:
                cut = _mark_between(frame.text, other.end, row[0])
                if cut >= 0:
                    start = cut + 1
            elif quantity.end <= other.start < clause.end:
                cut = _mark_between(frame.text, row[1], other.start)
                if cut >= 0:
                    end = min(end, cut)
        for bracket in self._bracket.finditer(frame.text, start, end):
            if bracket.start() < quantity.start and quantity.end < bracket.end():
                start, end = bracket.start() + 1, bracket.end() - 1
        if not self._says_more(frame, quantity, start, end):
            start = max(clause.start, frame.content_from)
        return Piece(start, end)

    def _says_more(self, frame: Frame, quantity: Quantity, start: int, end: int) -> bool:
        """Whether a piece cut at 、 holds words of its own besides its numbers (not so in 2000万元、5000万元)."""
        before, after = frame.text[start : quantity.outer_start], frame.text[quantity.outer_end : end]
        numbers = sum(q.outer_end - q.outer_start for q in frame.quantities if end > q.start >= quantity.outer_end)
        return len(before) + len(after) - numbers >= SHORTEST_NAME

    def _after_time(self, frame: Frame, start: int, limit: int) -> int:
        """The start of the clause behind a deadline at its head, which is no part of what is counted."""
        for time in frame.times:
            between = frame.text[start : time.start]
            if start <= time.start and time.end <= limit and (between in self._row_marks or self._head.match(between)):
                start = time.end  # 2024年、2025年分别达到…
        return start

    def _indicator_id(self, frame: Frame, quote: _Quote, quantity: Quantity) -> tuple[str | None, float]:
        """The lexicon's indicator: by its name, else by the longest term of the quote that the name is a part of.

        覆盖率 alone is what 签约服务覆盖率 says in full; a name that says more than the term is another thing. A time
        or an amount measures few things, so there a fitting term anywhere in the quote is the one (3年以上工作经历).
        """
        name, unit = quote.named.name, quantity.unit
        row_id, score = align(name, unit, self._lexicons)
        if row_id is not None:
            return row_id, score
        inside = [frame.text[t.start : t.end] for t in frame.terms if quote.start <= t.start and t.end <= quote.end]
        measured = unit in self._units and self._units[unit].get("dimension") not in (*COUNTED, "share")
        for term in sorted((t for t in inside if name in t or measured), key=len, reverse=True):
            row_id, score = align(term, unit, self._lexicons)
            if row_id is not None:
                return row_id, max(FUZZY_CUTOFF, score * min(1.0, len(name) / len(term)))
        return None, 0.0

    def _base(self, quantity: Quantity) -> tuple[float | None, float | None, str | None]:
        row = self._units.get(quantity.unit)
        if row is None or not row.get("factor"):
            return quantity.value, quantity.value_max, quantity.unit
        factor = float(row.get("factor"))
        upper = None if quantity.value_max is None else round(quantity.value_max * factor, 6)
        return round(quantity.value * factor, 6), upper, row.get("base_unit")


def _mark_between(text: str, start: int, end: int) -> int:
    """The last 、 between two numbers that is inside no bracket; -1 where there is none."""
    depth, found = 0, -1
    for at in range(start, end):
        depth += (text[at] in OPENING) - (text[at] in CLOSING)
        if text[at] == ENUMERATION and depth == 0:
            found = at
    return found
