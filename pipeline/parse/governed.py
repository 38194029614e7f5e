"""The area that a plan governs, from the places that its title, issuers, 文号, page and own words name.

The plan of a school or a department governs the area of its government. Places in the titles of other documents name
those documents' areas and are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.gazetteer import Gazetteer, Place
from pipeline.lexicons import Lexicons, Row
from pipeline.model import BlockKind, Document, Issue, Region
from pipeline.parse.candidates import Candidates
from pipeline.text import Squeezed

MANIFEST = "manifest"
STRONG = ("issuer", "title", "notice")
CONTEXT_CHARS = 4000  # of the text: its first pages name the province and the prefecture above a county
MOST_MENTIONS = 0.5  # a unit that covers this share of all places named is the one written about
NATION_MENTIONS = 3
# The groups of the pattern region-level → `Region.level`, as regions.tsv has it.
LEVELS = {"province": "省", "prefecture": "市", "county": "县", "zone": "开发区", "township": "乡"}


@dataclass(frozen=True, slots=True)
class Source:
    """A text that may name the area: rule, text, and where it stands in the document (None outside it)."""

    rule: str
    text: str
    start: int | None = None
    end: int | None = None


def find_region(
    sources: Sequence[Source],
    document: Document,
    gazetteer: Gazetteer,
    lexicons: Lexicons,
    year: int | None,
    notes: Candidates,
) -> Region | None:
    """The governed area, None where nothing names it for certain. `sources` stand in order of trust.

    A place that is only mentioned often is told as an issue and not taken: a school's plan names its town's parks.

    Candidates go to `notes` as `region`, contradictions and names of several places as issues.
    """
    return _Finder(sources, document, gazetteer, lexicons, year, notes).run()


class _Finder:
    def __init__(
        self,
        sources: Sequence[Source],
        document: Document,
        gazetteer: Gazetteer,
        lexicons: Lexicons,
        year: int | None,
        notes: Candidates,
    ) -> None:
        self.sources = sources
        self.gazetteer = gazetteer
        self.lexicons = lexicons
        self.year = year
        self.notes = notes
        body = "\n".join(
            Squeezed(document.text, b.start, b.end).text for b in document.blocks if b.kind is not BlockKind.FURNITURE
        )
        self.own_words = lexicons.pattern("cited-title").sub("《》", body)
        self.context = (*(s.text for s in sources), body[:CONTEXT_CHARS])
        self.other_level = lexicons.pattern("level-after-short-name")
        self.nation = next(row for row in lexicons.get("regions") if not row.get("parent"))

    def run(self) -> Region | None:
        found = [(source, row) for source in self.sources if (row := self._row(source)) is not None]
        stated = next((s for s in self.sources if s.rule == MANIFEST), None)
        if stated is not None and not any(source.rule == MANIFEST for source, _ in found):
            # The user's word overrides whatever the text seems to name.
            region = self._as_stated(stated)
            if region is not None:
                return region
        if not any(source.rule in (MANIFEST, "issuer") for source, _ in found):
            own = self._own_words()
            if own is not None:
                at = 0 if all(source.rule == "doc-number" for source, _ in found) else len(found)
                found.insert(at, own)
        for source, row in found:
            self.notes.add("region", row.name, source.rule, source.start, source.end)
        if not found:
            self.notes.issue(Issue("no-region", "nothing names the area that the plan governs", "warning"))
            return None
        if found[0][0].rule == "mentions":
            self.notes.issue(Issue("region-from-mentions", f"{found[0][1].name}?", "warning"))
            return None
        row = self._deepest(found)
        if stated is not None and found[0][0] is not stated:
            self.notes.issue(Issue("manifest-region", stated.text, "warning"))
        self.notes.choose_value("region", row.name)
        self._conflicts(row, found)
        return self.gazetteer.region(row)

    def _as_stated(self, source: Source) -> Region | None:
        """An area that no list knows (a new district, a zone), by the user's word alone: its level is that of the last
        word of its name, and it has no code. None for a name that several units carry, or that ends with no level."""
        last = self.lexicons.pattern("region-level").search(source.text)
        if last is None or self.gazetteer.resolve(source.text).candidates:
            return None
        self.notes.add("region", source.text, source.rule)
        self.notes.choose_value("region", source.text)
        self.notes.issue(Issue("region-not-listed", source.text, "info"))
        return Region(source.text, LEVELS[str(last.lastgroup)], None)

    def _row(self, source: Source) -> Row | None:
        if source.rule == "doc-number":
            rows = self.gazetteer.by_doc_number_prefix(source.text)
            return rows[0] if len(rows) == 1 else None
        row = self._named(source)
        if source.rule == MANIFEST and row is None and self.nation in self._mentioned(source.text):
            return self.nation
        if row is None and self.lexicons.pattern("organisation-national").match(source.text):
            return self.nation
        return row

    def _mentioned(self, text: str) -> list[Row]:
        return [row for place in self.gazetteer.find(text) for row in place.candidates]

    def _named(self, source: Source) -> Row | None:
        """The unit that a text names: a chain from above to below is one name; full names go before short ones."""
        places = [p for p in self.gazetteer.find(source.text) if p.candidates[0].id != self.nation.id]
        chains: list[tuple[int, int]] = []
        for place in places:
            if self._is_part_of_another(source.text, place):
                continue
            if chains and chains[-1][1] == place.start:
                chains[-1] = (chains[-1][0], place.end)
            else:
                chains.append((place.start, place.end))
        names = [source.text[a:b] for a, b in chains]
        full = {row.name for place in places for row in place.candidates}
        for name in sorted(names, key=lambda n: not any(n.endswith(f) for f in full)):
            if (row := self._resolve(name, source)) is not None:
                return row
        return None

    def _is_part_of_another(self, text: str, place: Place) -> bool:
        """A short name with the wrong level after it is part of a name that is not known (云溪区 is no 云溪县)."""
        if self.other_level.match(text, place.end) is None:
            return False
        return all(row.name != text[place.start : place.end] for row in place.candidates)

    def _resolve(self, name: str, source: Source | None) -> Row | None:
        found = self.gazetteer.resolve(name, self.context, self.year)
        if found.row is None:
            if found.candidates and source is not None:
                above = "、".join(self.gazetteer.lineage(row)[-1].name + row.name for row in found.candidates[:6])
                detail = f"{name}: {above}"
                self.notes.issue(Issue("region-ambiguous", detail, "warning", source.start, source.end))
            return None
        return found.successor or found.row if self.year is None else found.row

    def _deepest(self, found: Sequence[tuple[Source, Row]]) -> Row:
        """The most trusted unit, or one inside it that another strong source names."""
        first, row = found[0]
        if first.rule == MANIFEST:
            return row
        for source, other in found[1:]:
            inside = self._is_inside(other, row) or (row.id == self.nation.id and other.id != row.id)
            own = source.rule == "own-words" and not row.name.endswith(source.text)
            if inside and (source.rule in STRONG or own):
                row = other
        return row

    def _is_inside(self, row: Row, above: Row) -> bool:
        return row.id != above.id and above.id in {unit.id for unit in self.gazetteer.lineage(row)}

    def _conflicts(self, chosen: Row, found: Sequence[tuple[Source, Row]]) -> None:
        lead = found[0][0].rule
        for source, row in found:
            related = row.id == chosen.id or self._is_inside(row, chosen) or self._is_inside(chosen, row)
            if source.rule not in STRONG or related or self.nation.id in (row.id, chosen.id):
                continue
            code = "manifest-conflict" if lead == MANIFEST else "region-conflict"
            detail = f"region: {chosen.name} ({lead}) ≠ {row.name} ({source.rule})"
            self.notes.issue(Issue(code, detail, "warning", source.start, source.end))

    def _own_words(self) -> tuple[Source, Row] | None:
        """The place named most among those of the level that the text calls its own (我市, 全县)."""
        counts = self._counts()
        levels = Counter(m["level"] for m in self.lexicons.pattern("own-level").finditer(self.own_words))
        national = Counter(m.group(0) for m in self.lexicons.pattern("own-nation").finditer(self.own_words))
        rows = {row.id: row for row, _ in counts}
        for level, _ in levels.most_common(1):
            own = Counter({row.id: n for row, n in counts if row.name.endswith(level)}).most_common(2)
            if own and (len(own) == 1 or own[0][1] > own[1][1]):
                return Source("own-words", level), rows[own[0][0]]
        if not levels and national.total() >= NATION_MENTIONS and national.total() > sum(n for _, n in counts):
            return Source("own-words", "national"), self.nation
        return self._covering(counts)

    def _counts(self) -> list[tuple[Row, int]]:
        text = self.own_words
        places = [p for p in self.gazetteer.find(text) if not self._is_part_of_another(text, p)]
        names = Counter(text[p.start : p.end] for p in places)
        rows: dict[str, Row] = {}
        counts: Counter[str] = Counter()
        for name, n in names.items():
            row = self._resolve(name, None)
            if row is not None and row.id != self.nation.id:
                rows[row.id] = row
                counts[row.id] += n
        return [(rows[key], n) for key, n in counts.items()]

    def _covering(self, counts: Sequence[tuple[Row, int]]) -> tuple[Source, Row] | None:
        """The smallest unit in which more than half of all places named lie; named itself, and more than once."""
        named = {row.id: row for row, _ in counts}
        covered: Counter[str] = Counter()
        for row, n in counts:
            for unit in self.gazetteer.lineage(row):
                covered[unit.id] += n
        total = sum(n for _, n in counts)
        inside = [named[key] for key, n in covered.items() if key in named and n > 1 and n > MOST_MENTIONS * total]
        if not inside:
            return None
        row = max(inside, key=lambda unit: len(self.gazetteer.lineage(unit)))
        return Source("mentions", row.name), row
