"""What holds for every document: quotes are the text, the same input gives the same output, and shifts shift only.

The real plans beside the project are run through as they are found, where they are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from extract_helpers import FILLER, LEXICONS, document
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import UnreadableError
from pipeline.extract import Extractor, extract
from pipeline.extract.ledger import UNACCOUNTED
from pipeline.model import Document, Evidence, Extraction
from pipeline.parse import parse
from pipeline.parse.lookalikes import reading
from pipeline.text import normalise

CORPUS = Path(__file__).resolve().parents[2] / "../shared/corpus"
shared = pytest.mark.skipif(not CORPUS.is_dir(), reason="needs the real plans in ../shared/corpus")

SENTENCES = [
    "到2025年，建成省级实训基地3个，双师型教师占比达到60%以上。",
    "力争用3年时间，培养技师1.2万人次。",
    "每年开展技能竞赛不少于2次，每人每年补助2000元。",
    "2021年，已建成基地 5 个。",
    "5月底前完成方案编制；第二季度开工建设。",
    "落实《云溪市产教融合行动方案》（云政发〔2020〕14号）要求，开展1+X证书试点。",
    "由县教育局牵头，会同县人社局、县财政局制定办法。",
    "支持企业参与办学，完善双师型教师队伍。",
    "（责任单位：县教育局、县人社局，排在第一位的为牵头单位，下同）",
    "进度安排：",
    "第三季度：竣工验收",
    "12月底前：完成总结",
]
HEADINGS = [
    "一、主要目标",
    "二、重点任务",
    "（一）建设基地。",
    "（二）培养教师。",
    "1.引进企业。",
    "三、保障措施",
    "第一阶段，启动。",
]
BODIES = st.lists(st.sampled_from(HEADINGS + SENTENCES), min_size=1, max_size=14).map("\n".join)


def evidence(value: Any) -> Iterator[Evidence]:
    """Every piece of evidence inside a record, at any depth."""
    if isinstance(value, Evidence):
        yield value
    elif is_dataclass(value):
        for part in fields(value):
            yield from evidence(getattr(value, part.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from evidence(item)


def check_records(parsed: Document, found: Extraction) -> None:
    """The invariants of every extraction."""
    text, read = parsed.text, reading(replace(parsed, issues=(*parsed.issues, *found.issues)))
    assert len(read) == len(text)
    for piece in evidence(found):
        assert 0 <= piece.start <= piece.end <= len(text)
    for target in found.targets:
        assert target.evidence.start <= target.number_start < target.number_end <= target.evidence.end
        assert target.task is None or 0 <= target.task < len(found.tasks)
        assert target.deadline is None or target.deadline.start_at is not None
    for deadline in [r.deadline for r in (*found.targets, *found.milestones, *found.actions) if r.deadline]:
        assert deadline.start_at is not None
        assert normalise(read[deadline.start_at : deadline.end_at]) == normalise(deadline.raw)
    for task in found.tasks:
        assert task.evidence.start <= task.evidence.end
        assert task.body_start <= task.body_end <= len(text)
        assert normalise(read[task.evidence.start : task.evidence.end]).startswith(task.heading)
        assert all(normalise(read[a.evidence.start : a.evidence.end]) == a.name for a in task.agencies)
    for reference in found.references:
        assert reference.title in normalise(read[reference.evidence.start : reference.evidence.end])
    for one, other in pairwise(found.numbers):
        assert one.end <= other.start, (one, other)
    for number in found.numbers:
        assert 0 <= number.start < number.end <= len(text)
        assert number.record is None or number.record[1] < len(getattr(found, number.record[0]))
    groups = [t.group for t in found.targets]
    assert sorted(set(groups)) == list(range(1, len(set(groups)) + 1))


def shifted(value: Any, at: int, by: int) -> Any:
    """A record with every offset from `at` on moved."""
    if isinstance(value, tuple):
        return tuple(shifted(item, at, by) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    names = ("start", "end", "start_at", "end_at", "number_start", "number_end", "body_start", "body_end")
    changes = {}
    for part in fields(value):
        inner = getattr(value, part.name)
        offset = part.name in names and isinstance(inner, int) and inner >= at
        changes[part.name] = inner + by if offset else shifted(inner, at, by)
    return replace(value, **changes)


@settings(max_examples=60, deadline=None)
@given(BODIES)
def test_quotes_are_the_text(body: str) -> None:
    parsed = document(body)
    check_records(parsed, extract(parsed, LEXICONS))


@settings(max_examples=40, deadline=None)
@given(BODIES)
def test_a_paragraph_before_the_body_shifts_offsets_and_nothing_else(body: str) -> None:
    lead = "近年来，我县坚持立德树人，注重内涵发展。"
    plain, longer = document(body), document(lead + "\n" + body)
    assert longer.text == plain.text.replace(FILLER, FILLER + "\n" + lead, 1)
    assert extract(longer, LEXICONS) == shifted(extract(plain, LEXICONS), plain.text.index(FILLER), len(lead) + 1)


@settings(max_examples=20, deadline=None)
@given(BODIES)
def test_the_same_document_gives_the_same_records(body: str) -> None:
    parsed = document(body)
    assert extract(parsed, LEXICONS) == extract(parsed, LEXICONS)


def test_another_extractor_gives_the_same_records() -> None:
    parsed = document("\n".join(HEADINGS + SENTENCES))
    found = extract(parsed, LEXICONS)
    assert Extractor(LEXICONS).extract(parsed) == found
    assert len(found.targets) >= 5
    assert len(found.milestones) >= 3
    assert found.references != ()
    assert found.actions != ()


def test_a_document_of_nothing_has_no_records() -> None:
    assert extract(Document("x.txt", "0" * 64, "txt", "", ()), LEXICONS) == Extraction()


# --- the real plans ----------------------------------------------------------------------------------------------

WITH_GOLD = sorted(p for p in CORPUS.glob("*.*") if p.suffix in {".txt", ".html"})
READABLE = {".txt", ".html", ".pdf", ".docx"}
WILD = sorted(p for p in (CORPUS / "wild").glob("*.*") if p.suffix in READABLE and "scan" not in p.name)
MOST_UNACCOUNTED = 0.02  # of the numerals of a plan with gold


def load_plan(path: Path) -> tuple[Document, Extraction]:
    parsed = parse(path.read_bytes(), path.name, lexicons=LEXICONS)
    return parsed, extract(parsed, LEXICONS)


@shared
@pytest.mark.shared
@pytest.mark.parametrize("path", WITH_GOLD, ids=lambda p: p.name)
def test_plans_with_gold(path: Path) -> None:
    parsed, found = load_plan(path)
    check_records(parsed, found)
    unaccounted = [n.text for n in found.numbers if n.fate == UNACCOUNTED]
    assert len(unaccounted) <= MOST_UNACCOUNTED * len(found.numbers), unaccounted


@shared
@pytest.mark.shared
@pytest.mark.parametrize("path", WILD, ids=lambda p: p.name)
def test_wild_plans(path: Path) -> None:
    try:
        parsed, found = load_plan(path)
    except UnreadableError as error:
        pytest.skip(f"set aside: {error}")
    check_records(parsed, found)
    assert found.numbers != ()
