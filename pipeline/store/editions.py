"""What two documents are to each other: the same text, a reprint, another version of one plan, or nothing.

Two regions never share a plan, however alike the wording is: counties copy each other, and each promise counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from pipeline.lexicons import Lexicons
from pipeline.store.shingles import Likeness
from pipeline.text import Squeezed

SAME_TEXT, REPRINT, VERSION = "same-text", "reprint", "version"
DRAFT = "征求意见稿"  # the value of `documents.status` for drafts (pipeline.parse.metadata)
# Jaccard likeness of texts. Measured: unrelated plans of the corpus 0.05 at most, a DOC and its PDF 1.0. Reckoned for
# shingles of five: 1 % of the characters misread leaves 0.91, a third of the sentences revised 0.5.
SAME = 0.9
ALIKE = 0.8  # from here on the text tells versions where no title contradicts
CERTAIN = 0.97  # from here on it tells them whatever the titles; needed where a region is unknown
# Share of the smaller text that must stand in the other where 文号 or title are the same: parts of one issue that are
# filed apart (notice and annex) share less, and so do plans of one unchanged title (unrelated ones 0.15 at most).
SHARED = 0.3
WHOLE = 0.9  # from here on the smaller is a part of the larger
_TITLE = 6  # letters of a title that can tell a plan from another: 实施方案 cannot
_SAME_TITLE = 85.0  # RapidFuzz ratio: one or two wrong characters of a usual title


@dataclass(frozen=True, slots=True)
class Member:
    """A document as far as versions go. `region` is a code or name, "" for none; `title` the bare title ("" for none)
    with the `years` in it; `grade` A to D; `site` the host or name of the site that a page is from, "" for none."""

    id: str
    region: str = ""
    title: str = ""
    years: frozenset[str] = frozenset()
    doc_number: str = ""
    issue_date: str = ""
    publish_date: str = ""
    year: str = ""
    draft: bool = False
    grade: str = ""
    site: str = ""
    characters: int = 0
    digest: str = ""
    signature: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Relation:
    """How two documents belong together: kind, reasons (codes), likeness of their texts 0..1."""

    kind: str
    why: tuple[str, ...]
    likeness: float


@dataclass(frozen=True, slots=True)
class Titles:
    """Makes bare titles: what is compared, without marks of the stage and what a notice puts around the name."""

    lexicons: Lexicons

    def bare(self, title: str | None) -> tuple[str, frozenset[str]]:
        """The letters of the plan's own name, and the years that stand in it."""
        plain = Squeezed(title or "").text
        plain = self.lexicons.pattern("version-mark").sub("", plain)
        inner = self.lexicons.pattern("version-wrap").sub("", plain)
        letters = re.sub(r"[\W_]+", "", inner) or re.sub(r"[\W_]+", "", plain)
        return letters, frozenset(self.lexicons.pattern("version-year").findall(plain))


def may_belong(one: Member, other: Member) -> bool:
    """Whether nothing forbids it: not two regions, not two years in the titles (2024年… and 2025年… are two plans)."""
    if one.region and other.region and one.region != other.region:
        return False
    return one.years <= other.years or other.years <= one.years


def relate(
    one: Member, other: Member, likeness: Likeness, values: Callable[[Member], frozenset[tuple[float, str]]]
) -> Relation | None:
    """What two documents are to each other, the same in either order; None where they are different plans.

    `values` gives the numbers that a document commits to: two texts with other numbers are not the same text.
    """
    if not may_belong(one, other):
        return None
    basis = _basis(one, other, likeness)
    if basis is None:
        return None
    like = round(likeness.jaccard, 4)
    if one.digest == other.digest:
        return Relation(_copy(one, other), (basis,), 1.0)
    newness = newer(one, other)
    if newness is not None and (newness[1] != "published-later" or likeness.jaccard < SAME):
        return Relation(VERSION, (basis, newness[1]), like)
    if likeness.jaccard >= SAME or likeness.contained >= WHOLE:
        part = () if likeness.jaccard >= SAME else ("part",)
        if values(one) == values(other) or part:
            return Relation(_copy(one, other), (basis, *part), like)
        if max(one.grade, other.grade) > "B":  # numbers that damage or recognition changed make no version
            return Relation(_copy(one, other), (basis, "values-differ"), like)
        return Relation(VERSION, (basis, "values-differ"), like)
    return Relation(VERSION, (basis, "undecided"), like)


def _basis(one: Member, other: Member, likeness: Likeness) -> str | None:
    """What says that two documents are one plan: text, number or title; None where nothing does."""
    if one.digest == other.digest or likeness.jaccard >= CERTAIN:
        return "text"
    number = bool(one.doc_number) and one.doc_number == other.doc_number
    title = len(one.title) >= _TITLE and one.title == other.title
    if not (one.region and other.region):
        return "number" if number and title and likeness.contained >= ALIKE else None
    if likeness.jaccard >= ALIKE and _titles_agree(one.title, other.title):
        return "text"
    if likeness.contained >= SHARED and (number or title):
        return "number" if number else "title"
    return None


def _titles_agree(one: str, other: str) -> bool:
    return not one or not other or one in other or other in one or fuzz.ratio(one, other) >= _SAME_TITLE


def _copy(one: Member, other: Member) -> str:
    return REPRINT if one.site and other.site and one.site != other.site else SAME_TEXT


def newer(one: Member, other: Member) -> tuple[Member, str] | None:
    """Which of two is the newer version and why; None where nothing tells."""
    first, second = sorted((one, other), key=lambda m: m.id)
    if first.draft != second.draft:
        draft, final = (first, second) if first.draft else (second, first)
        # The draft of a revision comes after the text that it is to replace.
        return (draft, "draft-of-revision") if stamp(draft)[0] > (stamp(final)[0] or "9") else (final, "final")
    (year, day, order), (other_year, other_day, other_order) = stamp(first), stamp(second)
    later = first if stamp(first) > stamp(second) else second
    if year and other_year and year != other_year:
        made = all(m.issue_date or _number(m) for m in (first, second))
        return later, "issued-later" if made else "published-later"
    if day and other_day and day != other_day:
        return later, "issued-later"
    series = {number[2] for m in (first, second) if (number := _number(m))}
    if bool(day) == bool(other_day) and order and other_order and order != other_order and len(series) == 1:
        return later, "numbered-later"
    return None


def _number(member: Member) -> tuple[str, int, str] | tuple[()]:
    """Year, order and series of a 文号 in normal form; () where there is none."""
    found = re.fullmatch(r"(.+)〔(\d{4})〕(\d+)号", member.doc_number)
    return (found[2], int(found[3]), found[1]) if found else ()


def stamp(member: Member) -> tuple[str, str, int]:
    """When a version was made, for sorting: year, day and order in its year, each empty where unknown."""
    number = _number(member)
    year = member.issue_date[:4] or (number[0] if number else "") or member.publish_date[:4]
    return year, member.issue_date, number[1] if number else 0
