"""Which targets are one commitment said in several places: the body, a heading, and an annex row that repeats it.

Two targets are one only where kind, value, range, unit, period and deadline agree (or one states no deadline) and they
name the same thing. A name is the same by its letters without filler and owner, or it is the shorter form of the other
(支持政策 for 产教融合支持政策, but never a level: 实训基地 is not 省级实训基地); a shorter form joins only where it can
mean one commitment alone. Two numbers of one sentence are two commitments, and so are 新增 and 撤销 of as many.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pipeline.extract.alignment import Signature, says_no_more, signature
from pipeline.lexicons import Lexicons, load
from pipeline.model import Target
from pipeline.text import normalise

SHORTEST_CORE = 2
SHORTEST_FORM = 3  # a form of two letters (企业, 专业) may mean too many things: it needs more than its letters
SENTENCE_ENDS = "。\n"
LIST_MARKS = ("、", ",")
# A bare number and its lower bound are one promise: 出台1项政策 and 出台至少一项政策.
ONE_PROMISE = frozenset({"=", ">="})


@dataclass(frozen=True, slots=True)
class _Said:
    """A target with what it means: `core` its name's letters without words of increase, `quote` its words."""

    index: int
    target: Target
    meant: Signature
    core: str
    quote: str
    cuts: bool


Relation = Callable[[_Said, _Said], bool]


def group(targets: tuple[Target, ...], text: str = "", lexicons: Lexicons | None = None) -> tuple[Target, ...]:
    """The targets with `group` numbered from 1 in order of first mention; those of one commitment share it.

    `text` is the document's, of which the targets' offsets are; without it, nothing is known of their sentences.
    Raises LexiconError where a lexicon is missing.
    """
    groups = _Grouping(text, lexicons or load()).groups(targets)
    numbers = {said.index: number for number, members in enumerate(groups, 1) for said in members}
    return tuple(replace(target, group=numbers[i]) for i, target in enumerate(targets))


def same_commitment(a: Target, b: Target, text: str = "", lexicons: Lexicons | None = None) -> bool:
    """Whether two targets of one document, looked at alone, are one commitment."""
    one, other = group((a, b), text, lexicons)
    return one.group == other.group


class _Grouping:
    """Puts the targets of one document together."""

    def __init__(self, text: str, lexicons: Lexicons) -> None:
        self._text = text
        self._lexicons = lexicons
        self._flow = lexicons.cues("indicator_flow")
        self._cuts = lexicons.cues("indicator_cut")
        self._people = frozenset(lexicons.cues("people_unit"))
        self._levels = tuple(w for w in lexicons.cues("level_prefix") if len(w) >= SHORTEST_CORE)
        verbs = ("commit_verb", "lead_word", "interior_verb")
        self._behind = (*LIST_MARKS, *(w for cue in verbs for w in lexicons.cues(cue)))

    def groups(self, targets: tuple[Target, ...]) -> list[list[_Said]]:
        """The members of each commitment, the commitments in order of first mention."""
        groups: list[list[_Said]] = []
        for said in [self._said(i, target) for i, target in enumerate(targets)]:
            fitting = self._fitting([said], groups, self._same_name)
            if fitting:
                fitting[0].append(said)
            else:
                groups.append([said])
        # The longest names stay where they are and the shorter forms look for their place among them.
        for members in sorted(groups, key=lambda g: (max(len(s.core) for s in g), g[0].index)):
            groups.remove(members)
            fitting = self._fitting(members, groups, self._same_or_longer)
            if len(fitting) == 1:
                fitting[0].extend(members)
            else:
                groups.append(members)
        ordered = [sorted(members, key=lambda s: s.index) for members in groups]
        return sorted(ordered, key=lambda members: members[0].index)

    def _fitting(self, members: list[_Said], groups: list[list[_Said]], named: Relation) -> list[list[_Said]]:
        """The groups of which every member can be one commitment with every one of `members`."""
        return [g for g in groups if all(self._agree(a, b) and named(a, b) for a in g for b in members)]

    def _said(self, index: int, target: Target) -> _Said:
        meant = signature(target.indicator, target.unit, self._lexicons)
        core = meant.core
        for word in self._flow:
            if core.startswith(word) and len(core) - len(word) >= SHORTEST_CORE:
                core = core[len(word) :]
                break
        quote = normalise(self._text[target.evidence.start : target.evidence.end])
        return _Said(index, target, meant, core, quote, any(word in quote for word in self._cuts))

    def _agree(self, one: _Said, other: _Said) -> bool:
        """Whether all but the names lets two targets be one commitment."""
        a, b = one.target, other.target
        if (a.kind, a.per) != (b.kind, b.per) or one.cuts != other.cuts:
            return False
        if a.op != b.op and not {a.op, b.op} <= ONE_PROMISE:
            return False
        return self._amounts_agree(a, b) and _dates_agree(a, b) and not self._one_sentence(a, b)

    def _amounts_agree(self, a: Target, b: Target) -> bool:
        """The same number in the same unit, in the base unit (半年, 6个月), or of people (人, 名)."""
        if a.unit == b.unit or {a.unit, b.unit} <= self._people:
            return (a.value, a.value_max) == (b.value, b.value_max)
        base = (a.base_value, a.base_value_max, a.base_unit)
        return a.base_value is not None and base == (b.base_value, b.base_value_max, b.base_unit)

    def _one_sentence(self, a: Target, b: Target) -> bool:
        if a.evidence.start == b.evidence.start:
            return True
        first, second = sorted((a, b), key=lambda t: t.number_start)
        between = self._text[first.number_end : second.number_start]
        return bool(self._text) and not any(mark in between for mark in SENTENCE_ENDS)

    def _same_name(self, one: _Said, other: _Said) -> bool:
        a, b = one.target, other.target
        if not one.core or not other.core:
            return False
        if one.core == other.core:
            return True
        if a.task is not None and a.task == b.task:
            return False
        return says_no_more(one.core, other.core, self._lexicons)

    def _same_or_longer(self, long: _Said, short: _Said) -> bool:
        return self._same_name(long, short) or self._shorter(short, long)

    def _shorter(self, short: _Said, long: _Said) -> bool:
        """Whether one name is the shorter form of the other, or the other runs on behind it into the next words."""
        a, b = short.target, long.target
        if not short.core or a.unit != b.unit:
            return False
        if long.core.endswith(short.core):
            more = long.core.removesuffix(short.core)
            known = a.task is not None and a.task == b.task
            known = known or (a.indicator_id is not None and a.indicator_id == b.indicator_id)
            meant = known or len(short.core) >= SHORTEST_FORM or b.indicator in short.quote
            return meant and not any(level in more for level in self._levels)
        behind = b.indicator.removeprefix(a.indicator)
        return len(a.indicator) >= SHORTEST_FORM and behind != b.indicator and behind.startswith(self._behind)


def _dates_agree(a: Target, b: Target) -> bool:
    """Whether two deadlines end alike (到2025年, 2025年); without an end, whether they start alike."""
    one, other = a.deadline, b.deadline
    if one is None or other is None:
        return True
    if one.end is None or other.end is None:
        return (one.start, one.end) == (other.start, other.end)
    return one.end == other.end
