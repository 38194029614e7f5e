"""Which indicator of the lexicon a name means, so that plans of different regions can be set side by side.

A name is looked up as it stands, then without the words that only say whose it is (全市, 职业学校) or that fill it
(的, 数量), then by its letters in any order, then by likeness. At every step its unit must be one that the indicator
can have: a share and a count are never one, nor a growth and a level. What is left over after a step must be without
meaning: a kind or level more (省级, 农村) is another thing unless the lexicon lists it as an alias.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from pipeline.gazetteer import gazetteer
from pipeline.lexicons import FUZZY_MARGIN, Lexicons, Row
from pipeline.text import fold, normalise

EXACT, STRIPPED, REORDERED = 100.0, 98.0, 95.0
# Of the letters in sorted order; at 90, one letter in nine may be more on one side (set on tests/eval/indicator_pairs).
CUTOFF = 90.0
SHORTEST = 2
ARROW = "→"
SHARE_DIMENSION, CHANGE_DIMENSIONS = "share", frozenset({"rate", "ratio"})
SHARE_MEASURES = frozenset({"share", "rate"})
THINGS, PEOPLE = "count", "people"
SHARE, POINTS, UP, DOWN = "share", "points", "up", "down"


@dataclass(frozen=True, slots=True)
class Signature:
    """A name brought to what it means: `family` is the kind of its unit (share, up and down for changes in per cent,
    points, or the unit's dimension), `core` its letters without owner, region, filler and tail, `parts` the same of a
    share whose whole is spelt out, with that whole."""

    family: str
    core: str
    part: str | None = None
    whole: str | None = None


def align(name: str, unit: str, lexicons: Lexicons) -> tuple[str | None, float]:
    """The id of the indicator that a name with its unit means and the score 0..100, (None, 0.0) where none fits.

    `unit` is as written (%, 个, 人次), "" where none is known. 100 is the name or an alias itself, 98 one without
    owner and filler words, 95 one with its words in another order, below that the likeness. Raises LexiconError where
    the indicators, units or cues are missing.
    """
    return _aligner(lexicons).align(name, unit)


def signature(name: str, unit: str, lexicons: Lexicons) -> Signature:
    """What a name with its unit means apart from the lexicon; two unknown names are one thing where it is equal."""
    return _aligner(lexicons).signature(name, unit)


def says_no_more(one: str, other: str, lexicons: Lexicons) -> bool:
    """Whether two cores have the same letters but for a few on one side that tell no things apart (示范, 领域)."""
    aligner = _aligner(lexicons)
    one, other = _letters(one), _letters(other)
    return fuzz.ratio(one, other) >= CUTOFF and aligner.says_no_more(one, other)


@lru_cache(maxsize=2)
def _aligner(lexicons: Lexicons) -> _Aligner:
    return _Aligner(lexicons)


class _Aligner:
    """The indicators of a set of lexicons by name, core and letters."""

    def __init__(self, lexicons: Lexicons) -> None:
        self._indicators = lexicons.get("indicators")
        self._dimensions = {fold(t): u.get("dimension") for u in lexicons.get("units") for t in (u.name, *u.aliases)}
        self._gazetteer = gazetteer(lexicons)
        heads = (*lexicons.cues("indicator_area"), *lexicons.cues("indicator_owner"))
        flow = lexicons.cues("indicator_flow")
        self._leading = (*heads, *(v for v in lexicons.cues("commit_verb") if v not in flow))
        self._tails = lexicons.cues("indicator_tail")
        self._share_tails = lexicons.cues("share_tail")
        self._filler = lexicons.cues("indicator_filler")
        self._changes = tuple(
            sorted(
                [(w, UP) for w in lexicons.cues("change_up")] + [(w, DOWN) for w in lexicons.cues("change_down")],
                key=lambda pair: -len(pair[0]),
            )
        )
        self._guard = frozenset("".join(lexicons.cues("indicator_guard")))
        pairs = (w.partition(ARROW) for w in lexicons.cues("indicator_same"))
        self._same = tuple((long, short) for long, _, short in pairs)
        self._part_of = lexicons.pattern("share-part-of-whole")
        self._within = lexicons.pattern("share-within-whole")
        self._note = lexicons.pattern("indicator-unit-note")
        self._terms: dict[str, list[Row]] = {}
        self._cores: dict[tuple[str, str], set[str]] = {}
        self._letters: dict[tuple[str, str], set[str]] = {}
        self._wholes: dict[str, set[str]] = {}
        self._index()
        self._align = lru_cache(maxsize=1 << 14)(self._find)

    def align(self, name: str, unit: str) -> tuple[str | None, float]:
        return self._align(fold(normalise(name)), fold(unit))

    def signature(self, name: str, unit: str) -> Signature:
        name, unit = fold(normalise(name)), fold(unit)
        family, stem = self._family(self._plain(name), unit)
        return self._signature(family, self._shortest(stem))

    def _find(self, name: str, unit: str) -> tuple[str | None, float]:
        if not name:
            return None, 0.0
        plain = self._plain(name)
        for variant, score in ((name, EXACT), (plain, EXACT)):
            if (row := self._named(variant, unit)) is not None:
                return row.id, score
        for variant in self._variants(plain):
            if (row := self._named(variant, unit)) is not None:
                return row.id, STRIPPED
        family, stem = self._family(plain, unit)
        for variant in self._variants(stem):
            found = self._by_core(self._signature(family, variant), unit)
            if found is not None:
                return found
        return self._by_likeness(self._signature(family, self._shortest(stem)), unit)

    def _plain(self, name: str) -> str:
        """The name without quotation marks and the unit in brackets, its long words short."""
        return self._note.sub("", name).replace("“", "").replace("”", "")

    def _named(self, name: str, unit: str) -> Row | None:
        """The row that carries the name, where the unit fits and no negative of the row stands in the name."""
        rows = self._terms.get(name, ())
        return next((row for row in rows if self._fits(row, unit) and not self._negated(row, name)), None)

    def _negated(self, row: Row, name: str) -> bool:
        return any(negative in name for negative in row.list("negatives"))

    def _fits(self, row: Row, unit: str) -> bool:
        """Whether the indicator can be counted in the unit; an unknown unit fits all but shares."""
        measure, dimension = row.get("measure"), self._dimensions.get(unit)
        if measure in SHARE_MEASURES or dimension == SHARE_DIMENSION:
            return measure in SHARE_MEASURES and (dimension == SHARE_DIMENSION or (measure == "rate" and not dimension))
        if dimension in CHANGE_DIMENSIONS:
            return False
        base = self._dimensions.get(row.get("base_unit"))
        if dimension is None or base is None or dimension == base:
            return True
        return base == PEOPLE and dimension == THINGS

    def _variants(self, name: str, placed: bool = True) -> Iterator[str]:
        """The name, then ever less of it: without the owner or verb at its head, and with `placed` the region there."""
        seen = [name]
        yield name
        while (shorter := self._without_head(seen[-1], placed)) != seen[-1]:
            seen.append(shorter)
            yield shorter

    def _without_head(self, name: str, placed: bool) -> str:
        for place in self._gazetteer.find(name) if placed else ():
            if place.start == 0 and len(name) - place.end > SHORTEST:
                return name[place.end :]
            break
        for word in self._leading if name.startswith(self._leading) else ():
            if name.startswith(word) and len(name) - len(word) > SHORTEST:
                return name[len(word) :]
        return name

    def _shortest(self, name: str) -> str:
        return list(self._variants(name))[-1]

    def _family(self, name: str, unit: str) -> tuple[str, str]:
        """The kind of the unit, for a change its direction, and the name without the word of change."""
        dimension = self._dimensions.get(unit) or ""
        if dimension in CHANGE_DIMENSIONS:
            return POINTS, name
        if dimension != SHARE_DIMENSION:
            return dimension, name
        for word, direction in self._changes:
            if name.endswith(word) and len(name) - len(word) >= SHORTEST:
                return direction, name[: -len(word)]
        return SHARE, name

    def _signature(self, family: str, stem: str) -> Signature:
        for long, short in self._same:
            stem = stem.replace(long, short)
        stem = self._without_tail(stem.lower(), self._share_tails if family == SHARE else self._tails)
        if family == SHARE and (match := self._part_of.match(stem) or self._within.match(stem)) is not None:
            whole = self._core(self._without_tail(match.group("whole"), self._tails))
            part = self._core(match.group("part"))
            return Signature(family, part + "/" + whole, part, whole)
        return Signature(family, self._core(stem))

    def _without_tail(self, name: str, tails: tuple[str, ...]) -> str:
        for tail in tails if name.endswith(tails) else ():
            if name.endswith(tail) and len(name) - len(tail) >= SHORTEST:
                return name[: -len(tail)]
        return name

    def _core(self, name: str) -> str:
        for word in self._filler:
            name = name.replace(word, "")
        return name

    def _index(self) -> None:
        for term, rows in self._indicators.terms.items():
            name = fold(normalise(term))
            self._terms.setdefault(name, []).extend(rows)
            for row in rows:
                self._index_term(name, row)

    def _index_term(self, term: str, row: Row) -> None:
        family, stem = self._family(self._plain(term), row.get("base_unit"))
        if row.get("measure") == "share" and family in (UP, DOWN):
            return  # an alias for a change of a share: only as it stands
        for variant in sorted({stem, *self._variants(stem, placed=False)}):
            found = self._signature(family, variant)
            if found.part and found.whole:
                self._wholes.setdefault(row.id, set()).add(found.whole)
                self._put(Signature(family, found.part), row)
            self._put(found, row)

    def _put(self, found: Signature, row: Row) -> None:
        if len(found.core) >= SHORTEST:
            self._cores.setdefault((found.family, found.core), set()).add(row.id)
            self._letters.setdefault((found.family, _letters(found.core)), set()).add(row.id)

    def _by_core(self, sought: Signature, unit: str) -> tuple[str, float] | None:
        keys = [(self._cores, sought.core, STRIPPED), (self._letters, _letters(sought.core), REORDERED)]
        if sought.part:
            keys += [(self._cores, sought.part, STRIPPED), (self._letters, _letters(sought.part), REORDERED)]
        for index, key, score in keys:
            for family in self._families(sought.family):
                rows = [
                    ident
                    for ident in sorted(index.get((family, key), ()))
                    if self._fits(self._indicators.by_id[ident], unit)
                    and (sought.core == key or self._whole_fits(ident, sought.whole))
                ]
                if len(rows) == 1:
                    return rows[0], score
        return None

    def _families(self, family: str) -> tuple[str, ...]:
        """People may be counted by 个, and a unit that is not known is any but a share."""
        if family == THINGS:
            return THINGS, PEOPLE
        if family == "":
            return tuple(sorted({f for f, _ in self._cores} - {SHARE, POINTS}))
        return (family,)

    def _whole_fits(self, ident: str, whole: str | None) -> bool:
        """Whether a share of this whole is the row's: the nouns at their ends agree (专任教师, 专业课教师)."""
        wholes = self._wholes.get(ident)
        return whole is None or not wholes or any(w[-SHORTEST:] == whole[-SHORTEST:] for w in wholes)

    def _by_likeness(self, sought: Signature, unit: str) -> tuple[str | None, float]:
        if len(sought.core) < 2 * SHORTEST:
            return None, 0.0
        letters = _letters(sought.core)
        keys = [k for f, k in self._letters if f == sought.family]
        near = process.extract(letters, keys, scorer=fuzz.ratio, score_cutoff=CUTOFF - FUZZY_MARGIN, limit=5)
        fitting = [
            (ident, score)
            for key, score, _ in near
            for ident in sorted(self._letters[sought.family, key])
            if self._fits(self._indicators.by_id[ident], unit) and self.says_no_more(letters, key)
        ]
        if not fitting or fitting[0][1] < CUTOFF:
            return None, 0.0
        best, score = fitting[0]
        if any(other != best and score - other_score < FUZZY_MARGIN for other, other_score in fitting[1:]):
            return None, 0.0
        return best, float(score)

    def says_no_more(self, one: str, other: str) -> bool:
        """Whether the letters by which two names differ are on one side only and none of them tells things apart."""
        more, less = Counter(one) - Counter(other), Counter(other) - Counter(one)
        return not (more and less) and self._guard.isdisjoint([*more, *less])


def _letters(core: str) -> str:
    return "".join(sorted(core))
