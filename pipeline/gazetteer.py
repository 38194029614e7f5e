"""Places: where a text names them, which unit a name means, and what lies above it.

Built on `lexicons/regions.tsv` (GB/T 2260 with former names and codes). A name that several units carry is settled by
the context or left open; nothing is guessed. Text is folded here, so offsets hold in the text that was given.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from ahocorasick_rs import AhoCorasick, MatchKind

from pipeline.lexicons import Lexicons, Row
from pipeline.model import Region
from pipeline.text import fold

NATION = "100000"  # id of the whole country, which has no code in GB/T 2260
MIN_TERM = 2  # one character (浙, 冀) is a place in a 文号 only, never in running text
EDGE_TERM = 2  # a full name so short (和县, 代县) ends common phrases: it counts only where something ends before it


@dataclass(frozen=True, slots=True)
class Place:
    """A mention: half-open span of code points, and every unit that carries the name, those of today first."""

    start: int
    end: int
    candidates: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a name means. `row` is None where that is open.

    `how` is exact (the only unit of that name), alias (the only one of that short name), context (one of several,
    told apart by the context), former (a unit that is no more), ambiguous or none. `candidates` are those that were
    weighed. `successor` is today's unit where `row` is a former one and it is known.
    """

    row: Row | None
    candidates: tuple[Row, ...]
    how: str
    successor: Row | None = None


class Gazetteer:
    """Finds and resolves place names. One instance serves any number of texts."""

    def __init__(self, lexicons: Lexicons) -> None:
        """Raises LexiconError where `regions.tsv` or the patterns of `patterns_regions.toml` are missing."""
        self._regions = lexicons.get("regions")
        self._lookalike = lexicons.pattern("region-lookalike")
        self._generic = lexicons.pattern("region-generic")
        self._terms = {
            term: tuple(sorted(rows, key=lambda row: bool(row.get("valid_to"))))
            for term, rows in self._regions.terms.items()
        }
        self._short = {row.name for row in self._regions if len(row.name) == EDGE_TERM and row.get("parent")}
        self._keys = [term for term in self._terms if len(term) >= MIN_TERM]
        self._automaton = AhoCorasick(self._keys, matchkind=MatchKind.LeftmostLongest)
        self._mentioned = lru_cache(maxsize=512)(self._ids_mentioned)

    def find(self, text: str) -> list[Place]:
        """All mentions, in order, longest first, without overlap; `fold(text[start:end])` is a known name.

        Names that are common nouns as well (城区, 郊区) count only straight after another place, full names of two
        characters (和县) after a place, a mark, a blank or at the start.
        """
        folded = fold(text)
        lookalikes = [match.span() for match in self._lookalike.finditer(folded)]
        ends = [end for _, end in lookalikes]
        places: list[Place] = []
        for _, start, found_end in self._automaton.find_matches_as_indexes(folded):
            end = _without_lookalike(start, found_end, lookalikes, ends)
            name = folded[start:end]
            if end - start < MIN_TERM or name not in self._terms:
                continue
            after_place = bool(places) and places[-1].end == start
            if not after_place and self._is_doubtful(name, folded, start):
                continue
            places.append(Place(start, end, self._terms[name]))
        return places

    def resolve(self, name: str, context: Sequence[str] = (), year: int | None = None) -> Resolution:
        """The unit that a name means.

        `name` is one name, short or full, or a chain from above (河北省沙河市). `context` are strings that may name
        the units above it: page head, title, issuer, 文号's province; a string that names only the place itself
        decides nothing. `year` prefers the units that existed then (both years of a change count).
        """
        key = fold(name).replace(" ", "")
        rows = self._terms.get(key)
        if rows is None:
            return self._resolve_chain(key, context, year)
        if year is not None:
            rows = tuple(row for row in rows if _existed(row, year)) or rows
        pool = self._latest_of_each(rows)
        above = frozenset[str]().union(*(self._mentioned(string) for string in context))
        tiers = _tiers(pool, key)
        if above:
            for tier in tiers:
                chosen = self._best_supported(tier, above)
                if chosen is not None:
                    return self._chosen(chosen, pool, key, several=len(tier) > 1)
        if len(tiers[0]) == 1:
            return self._chosen(tiers[0][0], pool, key, several=False)
        return Resolution(None, pool, "ambiguous")

    def lineage(self, row: Row) -> tuple[Row, ...]:
        """The unit and those above it up to the province (or 兵团); the state alone for itself."""
        line = [row]
        while (parent := self._regions.by_id.get(line[-1].get("parent"))) is not None and parent.get("parent"):
            line.append(parent)
        return tuple(line)

    def region(self, row: Row) -> Region:
        """The unit as the model writes it: full name, level, code of six digits or None."""
        return Region(row.name, row.get("level"), row.get("code") or None)

    def successor(self, row: Row) -> Row | None:
        """Today's unit after a former one, through every change; None for a unit of today or where it is not known."""
        last = [row, *self._later(row)][-1]
        return None if last is row or last.get("valid_to") else last

    def by_doc_number_prefix(self, prefix: str) -> tuple[Row, ...]:
        """Who may have issued a 文号 that begins so (浙, 浙政办发, 国发): one row is certain, several are candidates.

        The state or province of that abbreviation comes first, then prefectures whose name begins with the same
        character, since they use it as well (苏: 江苏省 or 苏州市). Empty where no province or state is meant.
        Counties reuse the characters too, so a place named elsewhere in the document outweighs this.
        """
        head = fold(prefix).strip()[:1]
        top = [row for row in self._terms.get(head, ()) if row.get("parent") in {"", NATION}]
        if not top:
            return ()
        return (*top, *(row for row in self._prefectures if row.name.startswith(head)))

    @cached_property
    def _prefectures(self) -> tuple[Row, ...]:
        """Of today: GB/T 2260 gives them codes that end in 00, their provinces such as end in 0000."""
        coded = (row for row in self._regions if row.get("code") and not row.get("valid_to"))
        return tuple(row for row in coded if row.get("code").endswith("00") and not row.get("code").endswith("0000"))

    def _is_doubtful(self, name: str, text: str, start: int) -> bool:
        """Whether a name that follows no place may be a common noun or the end of a phrase."""
        in_phrase = start > 0 and text[start - 1].isalnum()
        return self._generic.search(name) is not None or (in_phrase and name in self._short)

    def _later(self, row: Row) -> Iterator[Row]:
        seen = {row.id}
        while (after := self._regions.by_id.get(row.get("successor"))) is not None and after.id not in seen:
            seen.add(after.id)
            yield after
            row = after

    def _latest_of_each(self, rows: Iterable[Row]) -> tuple[Row, ...]:
        """Without rows that gave way to another one of the name: a change of code or rank is no other unit.

        Where the history has a gap, the last of a name under one parent of today stands for the unit.
        """
        rows = tuple(rows)
        ids = {row.id for row in rows}
        latest: dict[tuple[str, str], Row] = {}
        for row in rows:
            if any(after.id in ids for after in self._later(row)):
                continue
            parent = self._regions.by_id.get(row.get("parent"), row)
            home = (row.name, [parent, *self._later(parent)][-1].id)
            known = latest.get(home)
            if known is None or (known.get("valid_to") and row.get("valid_to") > known.get("valid_to")):
                latest[home] = row
        return tuple(latest.values())

    def _ids_mentioned(self, text: str) -> frozenset[str]:
        return frozenset(row.id for place in self.find(text) for row in place.candidates)

    def _best_supported(self, tier: Sequence[Row], above: frozenset[str]) -> Row | None:
        """The one row of which the context names most of the units above; None where none or several do."""
        scored = [(self._support(row, above), row) for row in tier]
        best = max(score for score, _ in scored)
        leaders = [row for score, row in scored if score == best]
        return leaders[0] if best and len(leaders) == 1 else None

    def _support(self, row: Row, above: frozenset[str]) -> int:
        lines = self.lineage(row)[1:]
        return sum(1 for unit in lines if unit.id in above or any(after.id in above for after in self._later(unit)))

    def _chosen(self, row: Row, pool: tuple[Row, ...], key: str, several: bool) -> Resolution:
        if row.get("valid_to"):
            return Resolution(row, pool, "former", self.successor(row))
        if several:
            return Resolution(row, pool, "context")
        return Resolution(row, pool, "exact" if fold(row.name) == key else "alias")

    def _resolve_chain(self, key: str, context: Sequence[str], year: int | None) -> Resolution:
        """A name with its parents before it: the places must cover it, and each must lie in the one before."""
        places = self.find(key)
        joined = all(one.end == two.start for one, two in pairwise(places))
        if len(places) < 2 or not joined or places[0].start > 0 or places[-1].end < len(key):
            return Resolution(None, (), "none")
        last = places[-1]
        found = self.resolve(key[last.start : last.end], (key[: last.start], *context), year)
        above = frozenset(row.id for row in places[-2].candidates)
        if found.row is not None and not self._support(found.row, above):
            return Resolution(None, found.candidates, "none")
        return found


@lru_cache(maxsize=4)
def gazetteer(lexicons: Lexicons) -> Gazetteer:
    """The gazetteer of a set of lexicons, built once in a process. Raises LexiconError like `Gazetteer`."""
    return Gazetteer(lexicons)


def _existed(row: Row, year: int) -> bool:
    start, end = row.get("valid_from"), row.get("valid_to")
    return (not start or int(start) <= year) and (not end or year <= int(end))


def _tiers(rows: Iterable[Row], key: str) -> list[tuple[Row, ...]]:
    """Rows by how near the name is: today's name, today's short name, former name, former short name."""
    tiers: dict[tuple[bool, bool], list[Row]] = {}
    for row in rows:
        tiers.setdefault((bool(row.get("valid_to")), fold(row.name) != key), []).append(row)
    return [tuple(tiers[rank]) for rank in sorted(tiers)]


def _without_lookalike(start: int, end: int, spans: Sequence[tuple[int, int]], ends: Sequence[int]) -> int:
    """The end of the mention `start`..`end` before a lookalike that reaches beyond it; `start` where none is left."""
    at = bisect_left(ends, start + 1)
    while at < len(spans) and spans[at][0] < end:
        if spans[at][1] > end:
            return max(start, spans[at][0])
        if spans[at][0] < start:
            return start
        at += 1
    return end
