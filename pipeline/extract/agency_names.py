"""The full name of an agency: the region that it belongs to and its department written out, where both are certain.

市发改委 in a plan of 绍兴市 is 绍兴市发展和改革委员会; 教育局 in a plan of 平顺县 is that county's; 省教育厅 in it is the
province's. A name that the lexicon knows only as a short form of another body (教体局) keeps its written form behind
the region, since whether it is 教育体育局 or 教育和体育局 is not certain. Collective names have no full name.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.gazetteer import gazetteer
from pipeline.lexicons import Lexicons, Row
from pipeline.model import Region
from pipeline.text import fold

ARROW = "→"
LISTED = "、"
DEPARTMENT, PARTY, BODY = "department", "party", "body"
NAMED_KINDS = frozenset({DEPARTMENT, PARTY, "mass", "court", BODY})
PROVINCE, DIVISION = "省", "师"


@dataclass(frozen=True, slots=True)
class _Unit:
    """Whose agency it is: the region's name, its level, and what of the agency's name is left; `stated` where the
    name itself says so."""

    name: str
    level: str
    rest: str
    stated: bool


class AgencyNames:
    """Full names in the plans of one region; without a region only names that state their own are completed."""

    def __init__(self, lexicons: Lexicons, region: Region | None) -> None:
        cue = lexicons.cues
        self._lexicon = lexicons.get("agencies")
        self._gazetteer = gazetteer(lexicons)
        self._levels = cue("level_prefix")
        self._rank = tuple(word.removesuffix(tail) for word in self._levels for tail in cue("level_word"))
        self._state = cue("agency_state")
        self._party = cue("agency_party_head")[0]
        self._committee = cue("agency_committee")[0]
        pairs = [word.partition(ARROW) for word in cue("agency_suffix")]
        self._suffixes = [(short, full) for short, _, full in pairs]
        self._vague = cue("agency_department_word")
        self._region = region
        self._line = self._lineage(lexicons, region)

    def _lineage(self, lexicons: Lexicons, region: Region | None) -> tuple[Region, ...]:
        """The region and those above it, from the nearest."""
        if region is None:
            return ()
        rows = [r for r in lexicons.get("regions") if r.name == region.name and r.get("level") == region.level]
        row = next((r for r in rows if r.get("code") == (region.code or "")), None)
        return tuple(self._gazetteer.region(r) for r in self._gazetteer.lineage(row)) if row else (region,)

    def level_of(self, name: str) -> str:
        """The word of level before a name (市 in 市发改委), "" where there is none."""
        found = [w for w in self._levels if name.startswith(w) and len(name) - len(w) >= 2]
        return found[0] if found and self._lexicon.exact(name) is None else ""

    def full_name(self, name: str, agency_id: str | None, level: str = "") -> str | None:
        """The full name of `name` as written, None where it is not certain or the name stands for many.

        `agency_id` is the lexicon's row; `level` a word of level that an earlier name of the same list carries for
        this one (市发改、教育、人社等部门).
        """
        row = self._lexicon.by_id.get(agency_id or "")
        if row is None or row.get("kind") not in NAMED_KINDS:
            return None
        name = fold(name)
        if name.startswith(self._state):
            return name
        unit = self._unit(name, level)
        if unit is None or not unit.rest or (row.get("kind") == BODY and not unit.stated):
            return None
        rest = self._written_out(row, unit)
        return None if rest is None else unit.name + rest if not rest.startswith(self._committee) else (
            self._party + unit.name + rest
        )

    def _unit(self, name: str, level: str) -> _Unit | None:
        """The region that the head of the name means, else that of the list's level, else the plan's own."""
        place = next(iter(self._gazetteer.find(name)), None)
        if place is not None and place.start == 0 and len(name) - place.end >= 2 and not self.level_of(name):
            context = tuple(r.name for r in self._line)
            row = self._gazetteer.resolve(name[: place.end], context).row
            return _Unit(row.name, row.get("level"), name[place.end :], True) if row else None
        stated = self.level_of(name)
        rest = name.removeprefix(stated)
        if stated or level:
            found = self._at_level(stated or level)
            return _Unit(found.name, found.level, rest, True) if found else None
        return _Unit(self._line[0].name, self._line[0].level, rest, False) if self._line else None

    def _at_level(self, word: str) -> Region | None:
        """The nearest region of the plan's line that a word of level means: 市 is 沙河市 in its own plan, else the
        city above."""
        for tail in self._rank_tails:
            word = word.removesuffix(tail) or word
        return next((r for r in self._line if r.name.endswith(word)), None)
