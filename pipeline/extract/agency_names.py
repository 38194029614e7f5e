"""The full name of an agency: the region that it belongs to and its department written out, where both are certain.

市发改委 in a plan of 绍兴市 is 绍兴市发展和改革委员会; 教育局 in a plan of 平顺县 is that county's, 省教育厅 in it the
province's. A name that is no shortening of the lexicon's (教体局) keeps its written form behind the region, since
whether it is 教育体育局 or 教育和体育局 is not certain. Collective names have no full name.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.gazetteer import gazetteer
from pipeline.lexicons import Lexicons, Row
from pipeline.model import Region
from pipeline.text import fold

ARROW = "→"
LISTED = "、"
DEPARTMENT, PARTY, MASS, BODY = "department", "party", "mass", "body"
NAMED_KINDS = frozenset({DEPARTMENT, PARTY, MASS, "court", BODY})
PROVINCE = "省"
COMMITTEE_LEVELS = frozenset({PROVINCE, "市", "县"})  # 平顺县委; a division's party body is named in other ways
SHORTEST = 2
HEAD = 3  # 工会 for 总工会, 政府 for 人民政府


@dataclass(frozen=True, slots=True)
class _Unit:
    """Whose agency it is, and what of its name is left; `stated` where the name itself says whose."""

    region: Region
    rest: str
    stated: bool


class AgencyNames:
    """Full names in the plans of one region; without a region only names that state their own are completed."""

    def __init__(self, lexicons: Lexicons, region: Region | None) -> None:
        """Raises LexiconError where the agencies, the regions or their cues are missing."""
        self._lexicon = lexicons.get("agencies")
        self._stems = {stem: row for row in self._lexicon for stem in row.list("stems")}
        self._gazetteer = gazetteer(lexicons)
        self._levels = lexicons.cues("level_prefix")
        self._state = lexicons.cues("agency_state")
        self._each = lexicons.cues("agency_each")
        self._party = lexicons.cues("agency_party_head")[0]
        self._committee = lexicons.cues("agency_committee")[0]
        pairs = (word.partition(ARROW) for word in lexicons.cues("agency_suffix"))
        self._suffixes = sorted(((short, full) for short, _, full in pairs), key=lambda pair: -len(pair[0]))
        self._vague = lexicons.cues("agency_department_word")
        self._line = self._lineage(lexicons, region)

    def _lineage(self, lexicons: Lexicons, region: Region | None) -> tuple[Region, ...]:
        """The region and those above it, from the nearest."""
        if region is None:
            return ()
        rows = (r for r in lexicons.get("regions") if r.name == region.name and r.get("level") == region.level)
        row = next((r for r in rows if r.get("code") == (region.code or "")), None)
        return tuple(self._gazetteer.region(r) for r in self._gazetteer.lineage(row)) if row else (region,)

    def level_of(self, name: str) -> str:
        """The word of level before a name (市 in 市发改委), "" where there is none (市场监管局)."""
        fitting = (w for w in self._levels if name.startswith(w) and self._known(name[len(w) :]) is not None)
        return next(fitting, "")

    def carried_level(self, text: str, start: int) -> str:
        """The word of level of the first name of the list in which a name without one stands at `start`.

        In 市发改、教育、人社等部门 the first name's 市 is that of all; a list is what marks of enumeration join.
        """
        level = ""
        while start > 0 and text[start - 1] == LISTED:
            end = start = start - 1
            while start > 0 and (text[start - 1].isalnum()):
                start -= 1
            heads = (i for i in range(start, end - 1) if self._known(text[i:end]) or self.level_of(text[i:end]))
            head = next(heads, None)
            if head is None:
                return ""
            level = self.level_of(text[head:end])
            if level or head > start:
                return level
        return level

    def full_name(self, name: str, agency_id: str | None, level: str = "") -> str | None:
        """The full name of `name` as written, None where it is not certain or the name stands for many.

        `agency_id` is the lexicon's row; `level` a word of level that an earlier name of the same list carries for
        this one.
        """
        row = self._lexicon.by_id.get(agency_id or "")
        if row is None or row.get("kind") not in NAMED_KINDS or self._is_class(row):
            return None
        name = fold(name)
        if name.startswith(self._state):
            return name
        unit = self._unit(name, level)
        if unit is None or not unit.rest or (not unit.stated and not level and self._elsewhere(row)):
            return None
        rest = self._written_out(row, unit)
        if rest is None:
            return None
        party = self._party if rest.startswith(self._committee) else ""
        return party + unit.region.name + rest

    def _is_class(self, row: Row) -> bool:
        """Whether a name stands for many bodies, as the lexicon's aliases show: 行业协会, 各行业协会."""
        return any(each + row.name in row.aliases for each in self._each)

    def _elsewhere(self, row: Row) -> bool:
        """Whether a body without a word of level need not be the region's own: 街道, 中国人民银行."""
        return row.get("kind") == BODY or row.name.startswith(self._state)

    def _known(self, name: str) -> Row | None:
        found = self._lexicon.exact(name)
        return found.row if found else self._stems.get(name)

    def _unit(self, name: str, level: str) -> _Unit | None:
        """The region that the head of the name means, else that of the list's level, else the plan's own."""
        place = next(iter(self._gazetteer.find(name)), None)
        if place is not None and place.start == 0 and len(name) - place.end >= SHORTEST:
            above = tuple(region.name for region in self._line)
            row = self._gazetteer.resolve(name[: place.end], above).row
            return _Unit(self._gazetteer.region(row), name[place.end :], True) if row else None
        stated = self.level_of(name)
        if stated or level:
            region = self._at_level(stated or level)
            return _Unit(region, name.removeprefix(stated), bool(stated)) if region else None
        return _Unit(self._line[0], name, False) if self._line else None

    def _at_level(self, word: str) -> Region | None:
        """The nearest region of the plan's line that a word of level means: 市 is 沙河市 in its own plan, else the
        city above; 市级 is 市."""
        tails = (word, word[:-1]) if len(word) > 1 else (word,)
        return next((r for tail in tails for r in self._line if r.name.endswith(tail)), None)

    def _written_out(self, row: Row, unit: _Unit) -> str | None:
        """The department's name in full, with the class of body that the written name has."""
        committee = row.name if row.name.startswith(self._committee) else self._committee + row.name
        if unit.rest.startswith(self._committee):
            fits = _shortened(unit.rest.removeprefix(self._committee), row.name.removeprefix(self._committee))
            return committee if fits and unit.region.level in COMMITTEE_LEVELS else None
        for short, full in self._suffixes:
            if unit.rest.endswith(short) and len(unit.rest) >= SHORTEST:
                return self._of_class(row, unit.rest, full)
        for word in self._vague:
            if unit.rest.endswith(word):
                if not unit.stated:
                    return None
                unit = _Unit(unit.region, unit.rest.removesuffix(word), True)
                break
        certain = unit.region.level != PROVINCE or not row.name.endswith(self._suffixes_of_cities())
        bare = row.get("kind") in (DEPARTMENT, PARTY) and _shortened(unit.rest, row.name)
        return row.name if certain and bare else None

    def _suffixes_of_cities(self) -> tuple[str, ...]:
        """Classes of one letter: a province's 教育 may be 教育厅 or 教育委员会, never 教育局."""
        return tuple(full for short, full in self._suffixes if short == full and len(short) == 1)

    def _of_class(self, row: Row, rest: str, full: str) -> str | None:
        names = (row.name, *row.aliases)
        stems = (row.name.removesuffix(tail) for _, tail in self._suffixes if row.name.endswith(tail))
        stem = next(stems, row.name)
        if row.name.endswith(full) and _shortened(rest, row.name):
            return row.name
        if stem + full in names and _shortened(rest, stem + full):
            return stem + full
        return None if row.get("kind") == MASS else rest


def _shortened(short: str, name: str) -> bool:
    """Whether the letters of `short` stand in `name` in their order, the first near its head (发改委)."""
    letters = iter(name)
    return short[:1] in name[:HEAD] and all(letter in letters for letter in short)
