"""`ask`: which regions commit to a term, how much, by when, led by whom, in what words, and what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from pipeline.compare.gather import Corpus, Findings, gather
from pipeline.compare.selection import OtherVersion
from pipeline.compare.terms import Resolution, resolve
from pipeline.compare.values import deadline_text, value_text
from pipeline.store import Store


@dataclass(frozen=True, slots=True)
class Piece:
    """A place that proves a commitment: record id, half-open span in code points, page (1-based), clause, quote."""

    record: str
    start: int
    end: int
    page: int | None
    clause: str
    quote: str


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A commitment with what a reader asks for. `value` and `deadline` are texts, "" for none; `count` is the number
    of places (of a target) or of clauses (of a promise without a number) that the document has."""

    region: str | None
    region_code: str | None
    level: str | None
    document: str
    file: str
    title: str | None
    kind: str
    indicator: str | None
    value: str
    number: float | None
    unit: str | None
    deadline: str
    strength: str | None
    lead: str | None
    responsible: str | None
    support: str | None
    quote: str
    clause: str
    page: int | None
    commitment: str
    evidence: tuple[Piece, ...]
    count: int
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something with the term that is no commitment: `reason` is weight, norm or number (with its `fate`)."""

    region: str | None
    file: str
    reason: str
    fate: str | None
    value: str
    quote: str
    clause: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Mention:
    """A document that has the term outside any task only: how often, and the first sentence."""

    region: str | None
    file: str
    count: int
    quote: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one term. `silent` counts the documents that do not have it at all, `low_grade` those that were
    left out for their quality; `others` are versions that say something on it and are not counted again."""

    resolution: Resolution
    quantified: tuple[AnswerRow, ...]
    without_number: tuple[AnswerRow, ...]
    left_out: tuple[LeftOut, ...]
    mentions: tuple[Mention, ...]
    silent: int
    others: tuple[OtherVersion, ...] = ()
    low_grade: int = 0


def ask(store: Store, term: str, min_grade: str | None = None) -> Answer:
    """Who promises the term. Rows come by region code, then the highest value; each commitment once.

    A document that promises it without a number gives its best clause, and only where it has no number on it too.
    Of several versions of a plan one counts; documents below `min_grade` do not. Raises UsageError for no grade.
    """
    resolution = resolve(store, term)
    quantified: list[AnswerRow] = []
    without: list[AnswerRow] = []
    left_out: list[LeftOut] = []
    mentions: list[Mention] = []
    silent = 0
    corpus = Corpus(store, min_grade)
    for found in gather(corpus, resolution):
        document = found.document
        rows = [answer_row(found.document, row) for row in found.targets]
        quantified += sorted(rows, key=lambda row: (row.indicator or "", -(row.number or 0)))
        if found.promises and not found.targets:
            without.append(answer_row(document, found.promises[0], len(found.promises)))
        left = _left_out(found)
        left_out += left
        if found.background and not (found.targets or found.promises or left):
            first = found.background[0].sentence
            mentions.append(Mention(document["region_name"], document["source"], len(found.background), first))
        if not (found.targets or found.promises or left or found.background):
            silent += 1
    low_grade = len(corpus.selection.low_grade)
    return Answer(
        resolution, tuple(quantified), tuple(without), tuple(left_out), tuple(mentions), silent,
        tuple(_others(corpus, resolution)), low_grade,
    )  # fmt: skip


def _others(corpus: Corpus, resolution: Resolution) -> Iterator[OtherVersion]:
    """The versions that are not counted and promise the term, with the values that they give."""
    aside = corpus.selection.others
    for found, (_, other) in zip(gather(corpus, resolution, [row for row, _ in aside]), aside, strict=True):
        if found.targets or found.promises:
            yield replace(other, values=tuple(dict.fromkeys(value_text(row) for row in found.targets)))


def answer_row(document: dict[str, Any], row: dict[str, Any], count: int | None = None) -> AnswerRow:
    """The row of an answer for a commitment (a row of the view, with its `pieces`)."""
    pieces = tuple(Piece(p["id"], p["start"], p["end"], p["page"], p["clause"], p["quote"]) for p in row["pieces"])
    return AnswerRow(
        region=document["region_name"], region_code=document["region_code"], level=document["region_level"],
        document=document["id"], file=document["source"], title=document["title"], kind=row["kind"],
        indicator=row["indicator"], value=value_text(row), number=row.get("value"), unit=row.get("unit"),
        deadline=deadline_text(row), strength=row["strength"], lead=row["lead"], responsible=row["responsible"],
        support=row["support"], quote=row["quote"], clause=row["clause"], page=row["page"], commitment=row["id"],
        evidence=pieces, count=len(pieces) if count is None else count, grade=document["grade"],
    )  # fmt: skip


def _left_out(found: Findings) -> list[LeftOut]:
    region, file = found.document["region_name"], found.document["source"]
    rows: list[LeftOut] = []

    def leave(row: dict[str, Any], reason: str, value: str) -> None:
        place = row.get("clause", ""), row["start"], row["end"]
        rows.append(LeftOut(region, file, reason, row.get("fate"), value, row["quote"], *place))

    for norm in found.norms:
        leave(norm, "norm", value_text(norm))
    for weight in found.weights:
        leave(weight, "weight", "" if weight["weight"] is None else f"{weight['weight']:g}%")
    for number in found.numbers:
        leave(number, "number", number["text"])
    return rows
