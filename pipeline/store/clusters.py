"""Groups of documents that are one plan, and the member of each that counts in comparisons.

Candidates meet in buckets (bands of MinHash, 文号, bare title; each within a region), never all with all. Buckets are
gone through in sorted order and pairs joined from the most alike down, so that the groups depend on the documents
alone, not on the order in which they came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.store.editions import (
    REPRINT,
    SAME,
    SAME_TEXT,
    VERSION,
    Member,
    Relation,
    may_belong,
    newer,
    relate,
    stamp,
)
from pipeline.store.shingles import CLOSE_ROWS, Likeness, bands, estimate

_BUCKET = 64  # members of a bucket that the next is compared with; copies of one text count as one member
_FAR = 0.6  # an estimate below it stands for less than 0.8 (four standard errors): not worth reading the texts
_MIN_TITLE = 6

Compare = Callable[[Member, Member], Likeness]
Values = Callable[[Member], frozenset[tuple[float, str]]]


@dataclass(frozen=True, slots=True)
class Link:
    """A document that is not counted, the one that is, and how they belong together. `newer` is the id of the newer
    of the two, None where they are one version or nothing tells."""

    document: str
    preferred: str
    kind: str
    newer: str | None
    why: tuple[str, ...]
    likeness: float


def link(members: Iterable[Member], compare: Compare, values: Values) -> list[Link]:
    """The links of all documents, sorted by document. `compare` counts how alike two texts are."""
    by_id = {m.id: m for m in members}
    relations = _relations(by_id, compare, values)
    links: list[Link] = []
    for group in _groups(by_id, relations):
        dates = _dates(group, relations)
        best = max(group, key=lambda m: _worth(m, dates))
        for member in group:
            if member is not best:
                links.append(_link(member, best, relations, compare, values, dates))
    return sorted(links, key=lambda found: found.document)


def _buckets(members: Iterable[Member]) -> Iterator[list[Member]]:
    """Members that may be one plan, each bucket in order of id."""
    buckets: dict[tuple[object, ...], list[Member]] = {}
    close: dict[tuple[object, ...], list[Member]] = {}
    for member in sorted(members, key=lambda m: m.id):
        keys: list[tuple[object, ...]] = []
        if member.region:
            keys = [("band", member.region, i, band) for i, band in enumerate(bands(member.signature))]
            if member.doc_number:
                keys.append(("number", member.region, member.doc_number))
            if len(member.title) >= _MIN_TITLE:
                keys.append(("title", member.region, member.title))
        for key in keys:
            buckets.setdefault(key, []).append(member)
        for key in [(i, band) for i, band in enumerate(bands(member.signature, CLOSE_ROWS))] + (
            [("number", member.doc_number, member.title)] if member.doc_number and member.title else []
        ):
            close.setdefault(key, []).append(member)
    yield from (found for found in buckets.values() if len(found) > 1)
    # Across regions only those whose region nobody knows may meet others.
    yield from (found for found in close.values() if len(found) > 1 and not all(m.region for m in found))


def _relations(by_id: Mapping[str, Member], compare: Compare, values: Values) -> dict[tuple[str, str], Relation]:
    """The related pairs among those that share a bucket, by their two ids in order."""
    known: dict[tuple[str, str], Relation | None] = {}

    def look(one: Member, other: Member) -> Relation | None:
        pair = (one.id, other.id)
        if pair not in known:
            known[pair] = relate(one, other, compare(one, other), values) if _worth_reading(one, other) else None
        return known[pair]

    for bucket in _buckets(by_id.values()):
        leaders: list[Member] = []
        for member in bucket:
            copies = False
            for leader in leaders:
                found = look(leader, member)
                if found is not None and found.kind != VERSION and found.likeness >= SAME:
                    copies = True
                    break
            if not copies and len(leaders) < _BUCKET:
                leaders.append(member)
    return {pair: found for pair, found in known.items() if found is not None}


def _worth_reading(one: Member, other: Member) -> bool:
    if not may_belong(one, other):
        return False
    named = (one.doc_number and one.doc_number == other.doc_number) or (one.title and one.title == other.title)
    return bool(named) or one.digest == other.digest or estimate(one.signature, other.signature) >= _FAR


def _groups(by_id: Mapping[str, Member], relations: Mapping[tuple[str, str], Relation]) -> Iterator[list[Member]]:
    """Connected documents, the most alike joined first; no group ever holds two regions or plans of two years."""
    group_of = {ident: [member] for ident, member in by_id.items()}
    for one, other in sorted(relations, key=lambda pair: (-relations[pair].likeness, pair)):
        mine, theirs = group_of[one], group_of[other]
        if mine is not theirs and all(may_belong(a, b) for a in _extremes(mine) for b in _extremes(theirs)):
            mine += theirs
            for member in theirs:
                group_of[member.id] = mine
    seen: set[int] = set()
    for ident in sorted(by_id):
        group = group_of[ident]
        if len(group) > 1 and id(group) not in seen:
            seen.add(id(group))
            yield sorted(group, key=lambda m: m.id)


def _extremes(group: list[Member]) -> list[Member]:
    """One member for each region and set of years in a group: all that can forbid a union."""
    return list({(m.region, m.years): m for m in group}.values())


def _dates(group: list[Member], relations: Mapping[tuple[str, str], Relation]) -> dict[str, tuple[str, str, int]]:
    """The stamp of each member; one without a date of its own has the newest of those that have the same text."""
    ids = {m.id for m in group}
    leader = {ident: ident for ident in ids}

    def find(ident: str) -> str:
        while leader[ident] != ident:
            ident = leader[ident]
        return ident

    for one, other in relations:
        if one in ids and other in ids and relations[one, other].kind in (SAME_TEXT, REPRINT):
            a, b = sorted((find(one), find(other)))
            leader[b] = a
    best: dict[str, tuple[str, str, int]] = {}
    for member in group:
        best[find(member.id)] = max(best.get(find(member.id), ("", "", 0)), stamp(member))
    return {m.id: stamp(m) if stamp(m)[1] else best[find(m.id)] for m in group}


def _worth(member: Member, dates: Mapping[str, tuple[str, str, int]]) -> tuple[object, ...]:
    """The order of preference: final, newer, of better quality, more complete; the id where all that is equal."""
    grade = -ord(member.grade or "Z")
    return not member.draft, dates[member.id], grade, member.characters, member.id


def _link(
    member: Member,
    best: Member,
    relations: Mapping[tuple[str, str], Relation],
    compare: Compare,
    values: Values,
    dates: Mapping[str, tuple[str, str, int]],
) -> Link:
    one, other = sorted((member, best), key=lambda m: m.id)
    found = relations.get((one.id, other.id)) or relate(one, other, compare(one, other), values)
    if found is None:  # joined by a third that is alike to both
        found = Relation(VERSION, ("chain", "undecided"), round(compare(one, other).jaccard, 4))
    latest = newer(member, best)
    why = found.why
    if found.kind != VERSION:
        return Link(member.id, best.id, found.kind, None, (*why, *_better(member, best)), found.likeness)
    days = dates[member.id][1], dates[best.id][1]
    if latest is None and all(days) and days[0] != days[1]:
        latest = (best, "issued-later")
    if latest is not None:
        why = (*(code for code in why if code not in ("undecided", latest[1])), latest[1])
    return Link(member.id, best.id, found.kind, latest[0].id if latest else None, why, found.likeness)


def _better(member: Member, best: Member) -> tuple[str, ...]:
    """Why one of two copies is preferred."""
    if (best.grade or "Z") < (member.grade or "Z"):
        return ("better-grade",)
    return ("more-complete",) if best.characters > member.characters else ()
