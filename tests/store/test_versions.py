"""Versions: found by text, number and title within a region, linked the same in any order, counted once."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import make
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from version_helpers import body, document

from pipeline.compare import State, ask, matrix
from pipeline.lexicons import Lexicons
from pipeline.model import Document, Extraction
from pipeline.store import Store, schema
from pipeline.store.clusters import link
from pipeline.store.editions import Member, Titles, newer
from pipeline.store.shingles import Likeness, fingerprint

Plan = tuple[Document, Extraction]
DRAFT = "征求意见稿"


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> Lexicons:
    return make.lexicons(tmp_path_factory.mktemp("words") / "lexicons")


def filled(words: Lexicons, plans: list[Plan]) -> Store:
    store = Store(None)
    store.write_lexicons(words)
    for found, extraction in plans:
        store.save(found, extraction, f"plans/{found.source}", "words", "rules")
    store.link_versions(words)
    return store


def links(words: Lexicons, *plans: Plan) -> list[dict[str, Any]]:
    """The view `copies` in short: file, kind, file that counts, newer file, reasons."""
    with filled(words, list(plans)) as store:
        rows = store.rows("SELECT path, kind, counted, newer, why FROM copies ORDER BY path")
        assert store.rows("PRAGMA foreign_key_check") == []
    for row in rows:
        row |= {k: (row[k] or "").removeprefix("plans/") for k in ("path", "counted", "newer")}
        row["why"] = json.loads(row["why"])
    return rows


def test_the_same_text_in_two_formats_is_one_plan(words: Lexicons) -> None:
    spaced = body().replace("。", "。 ").replace("2027", "２０２７")
    (row,) = links(words, document("a.txt", body()), document("b.pdf", spaced, form="pdf"))
    assert (row["kind"], row["newer"], row["why"][0]) == ("same-text", "", "text")


def test_the_same_text_on_two_sites_is_a_reprint(words: Lexicons) -> None:
    first = document("a.html", body(), form="html", url="https://yunxi.example.cn/1.html")
    second = document("b.html", body() + "\n责任编辑：某某", form="html", url="https://news.example.com/2.html")
    (row,) = links(words, first, second)
    assert (row["kind"], row["counted"]) == ("reprint", "b.html")  # the more complete
    assert "more-complete" in row["why"]


def test_the_final_text_counts_and_not_the_draft(words: Lexicons) -> None:
    draft = document("draft.txt", body(value=15), status=DRAFT, publish_date="2024-11-02")
    final = document("final.txt", body(sentences=50, value=12), issue_date="2025-02-01", doc_number="云政发〔2025〕3号")
    (row,) = links(words, draft, final)
    assert (row["path"], row["kind"], row["counted"], row["newer"]) == (
        "draft.txt",
        "version",
        "final.txt",
        "final.txt",
    )
    assert row["why"][-1] == "final"


def test_the_newer_of_two_issues_counts(words: Lexicons) -> None:
    old = document("old.txt", body(value=8), issue_date="2019-05-01", doc_number="云政发〔2019〕8号")
    new = document("new.txt", body(sentences=45), issue_date="2023-06-01", doc_number="云政发〔2023〕4号")
    (row,) = links(words, old, new)
    assert (row["path"], row["kind"], row["newer"], row["why"]) == (
        "old.txt",
        "version",
        "new.txt",
        ["title", "issued-later"],
    )


def test_one_number_holds_what_titles_and_text_do_not(words: Lexicons) -> None:
    whole = document("whole.txt", body(sentences=80), doc_number="云政发〔2025〕3号", title="云溪市产教融合行动计划")
    cut = document("cut.txt", body(sentences=30), doc_number="云政发〔2025〕3号", title="关于印发行动计划的通知书")
    (row,) = links(words, whole, cut)
    assert (row["path"], row["counted"], row["why"][0]) == ("cut.txt", "whole.txt", "number")
    assert "part" in row["why"]


def test_other_numbers_make_another_version_of_a_text_without_a_date(words: Lexicons) -> None:
    (row,) = links(words, document("a.txt", body(value=12)), document("b.txt", body(value=15)))
    assert (row["kind"], row["newer"], row["why"]) == ("version", "", ["text", "values-differ"])


def test_counties_that_copy_each_other_are_never_one_plan(words: Lexicons) -> None:
    mine = document("mine.txt", body("柏溪县"), "柏溪县", "990102")
    theirs = document("theirs.txt", body("临洛县"), "临洛县", "990103")
    word_for_word = document("same.txt", body("柏溪县"), "临洛县", "990103", title=None)
    assert links(words, mine, theirs) == []
    assert links(words, mine, word_for_word) == []
    # The same two in one region are one plan: it is the region that parts them.
    assert [row["kind"] for row in links(words, mine, document("again.txt", body("柏溪县"), "柏溪县", "990102"))] == [
        "same-text"
    ]


def test_not_even_where_title_and_number_are_the_same_too(words: Lexicons) -> None:
    same = {"title": "关于深化产教融合的实施方案", "doc_number": "县政发〔2025〕3号"}
    assert (
        links(
            words,
            document("a.txt", body(), "柏溪县", "990102", **same),
            document("b.txt", body(), "临洛县", "990103", **same),
        )
        == []
    )


def test_plans_of_two_years_are_two_plans(words: Lexicons) -> None:
    one = document("2024.txt", body(), title="云溪市2024年产教融合工作要点", issue_date="2024-03-01")
    two = document("2025.txt", body(value=13), title="云溪市2025年产教融合工作要点", issue_date="2025-03-01")
    untitled = document("copy.txt", body(value=13), title=None)
    assert links(words, one, two) == []
    (row,) = links(words, one, two, untitled)  # the copy joins the one that it is most alike to, and no more
    assert {row["path"], row["counted"]} == {"copy.txt", "2025.txt"}


def test_other_plans_of_a_region_stay(words: Lexicons) -> None:
    other = "\n".join(f"{i}.清理河道{i}公里，{w}牵头。" for i, w in enumerate(("水利局", "环保局") * 30))
    assert links(words, document("a.txt", body()), document("b.txt", other, title="云溪市河道整治行动计划")) == []
    # The same title over another text: parts of one issue that were filed apart.
    assert links(words, document("a.txt", body()), document("b.txt", other)) == []


def test_where_a_region_is_unknown_the_texts_must_be_all_but_the_same(words: Lexicons) -> None:
    known = document("a.txt", body(), issue_date="2025-02-01")
    (row,) = links(words, known, document("b.txt", body(), None, title=None))
    assert (row["path"], row["counted"]) == ("b.txt", "a.txt")
    assert links(words, known, document("c.txt", body(skip=8), None)) == []


def test_the_better_copy_counts_and_an_undated_one_is_not_old(words: Lexicons) -> None:
    dated = document(
        "scan.txt", body().replace("教师", "教\ufffd"), issue_date="2025-02-01", title="云溪市产教融合行动计划"
    )
    clean = document("clean.txt", body(), year=2025)
    (row,) = links(words, dated, clean)
    assert (row["path"], row["counted"]) == ("scan.txt", "clean.txt")
    assert "better-grade" in row["why"]


def test_same_bytes_stand_beside_the_others_in_the_view(words: Lexicons) -> None:
    found, extraction = document("a.txt", body())
    with filled(words, [(found, extraction)]) as store:
        row = {"path": "plans/twin.txt", "digest": found.digest, "outcome": "duplicate", "manifest_digest": ""}
        ident = store.value("SELECT id FROM documents")
        store.record_file(row | {"document": ident, "lexicon_fingerprint": "", "rules_version": ""})
        (twin,) = store.rows("SELECT path, kind, counted FROM copies")
    assert twin == {"path": "plans/twin.txt", "kind": "same-bytes", "counted": "plans/a.txt"}


PLANS = [
    document("draft.txt", body(value=15), status=DRAFT),
    document("final.txt", body(), issue_date="2025-02-01"),
    document("final.pdf", body().replace("，", ", "), form="pdf"),
    document("old.txt", body(sentences=40, value=9), issue_date="2019-02-01"),
    document("copy.txt", body("柏溪县"), "柏溪县", "990102"),
    document("copy2.txt", body("柏溪县").replace("实训", "实习", 4) + "附件", "柏溪县", "990102"),
    document("lost.txt", body(), None, title=None),
]


@settings(max_examples=12, deadline=None)  # the fixture is of the module: hypothesis need not make it anew
@given(order=st.permutations(range(len(PLANS))), pause=st.integers(0, len(PLANS)))
def test_order_of_files_does_not_matter(words: Lexicons, order: list[int], pause: int) -> None:
    with filled(words, PLANS) as straight, Store(None) as shuffled:
        shuffled.write_lexicons(words)
        for place, i in enumerate(order):
            shuffled.save(*PLANS[i], f"plans/{PLANS[i][0].source}", "words", "rules")
            if place == pause:  # an ingest that ended there
                shuffled.link_versions(words)
        assert shuffled.link_versions(words) in (True, False)
        for table in ("versions", "fingerprints", "documents"):
            assert straight.rows(f"SELECT * FROM {table}") == shuffled.rows(f"SELECT * FROM {table}")
        assert {r["path"] for r in straight.rows("SELECT path FROM copies")} == {
            "plans/draft.txt", "plans/final.pdf", "plans/old.txt", "plans/copy.txt", "plans/lost.txt",
        }  # fmt: skip
        assert shuffled.link_versions(words) is False


members = st.builds(
    Member, id=st.uuids().map(str), region=st.sampled_from(["", "甲", "乙"]),
    title=st.sampled_from(["", "行动计划实施方案"]),
    years=st.sampled_from([frozenset(), frozenset({"2024"}), frozenset({"2025"})]), draft=st.booleans(),
    issue_date=st.sampled_from(["", "2024-01-01", "2025-01-01"]), grade=st.sampled_from("ABCD"),
    characters=st.integers(80, 90), digest=st.sampled_from("xyz"), signature=st.sampled_from([b"a" * 512, b"b" * 512]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(members, max_size=12, unique_by=lambda m: m.id), st.randoms())
def test_no_group_has_two_regions_or_years_and_order_does_not_show(found: list[Member], random: Any) -> None:
    def compare(one: Member, other: Member) -> Likeness:
        same = 1.0 if one.digest == other.digest else 0.85 if one.signature == other.signature else 0.1
        return Likeness(same, same)

    made = link(found, compare, lambda m: frozenset())
    shuffled = list(found)
    random.shuffle(shuffled)
    assert link(shuffled, compare, lambda m: frozenset()) == made
    by_id = {m.id: m for m in found}
    groups: dict[str, list[Member]] = {}
    for one in made:
        assert one.preferred not in {x.document for x in made}
        groups.setdefault(one.preferred, [by_id[one.preferred]]).append(by_id[one.document])
    for group in groups.values():
        assert len({m.region for m in group if m.region}) <= 1
        assert all(m.years <= n.years or n.years <= m.years for m in group for n in group)
        assert group[0].draft is all(m.draft for m in group)


def test_pairs_are_not_compared_all_with_all(words: Lexicons) -> None:
    """A thousand plans that copy each other's wording, and two hundred copies of one: comparisons stay few."""
    marks = [fingerprint(body(f"{chr(0x4E00 + i)}山县", 30)) for i in range(40)]
    plans = [
        Member(f"{i:04}", region=f"{i % 1000}", digest=marks[i % 40].digest, signature=marks[i % 40].signature)
        for i in range(1000)
    ]
    copies = [Member(f"c{i:04}", "甲", digest="d", signature=marks[0].signature, characters=i) for i in range(200)]
    calls: list[tuple[str, str]] = []

    def compare(one: Member, other: Member) -> Likeness:
        calls.append((one.id, other.id))
        return Likeness(1.0, 1.0)

    made = link([*plans, *copies], compare, lambda m: frozenset())
    assert {(x.preferred, x.kind) for x in made} == {("c0199", "same-text")}
    assert len(made) == 199
    assert len(calls) < 1000


def test_which_is_newer(words: Lexicons) -> None:
    def told(one: Member, other: Member) -> tuple[str, str] | None:
        assert newer(one, other) == newer(other, one)
        found = newer(one, other)
        return (found[0].id, found[1]) if found else None

    final = Member("f", issue_date="2024-05-01")
    assert told(Member("d", draft=True), final) == ("f", "final")
    assert told(Member("d", draft=True, publish_date="2026-01-01"), final) == ("d", "draft-of-revision")
    assert told(Member("l", issue_date="2024-06-01"), final) == ("l", "issued-later")
    first, second = Member("1", doc_number="云政发〔2024〕3号"), Member("2", doc_number="云政发〔2024〕12号")
    assert told(first, second) == ("2", "numbered-later")
    assert told(first, Member("3", doc_number="云教发〔2024〕12号")) is None
    assert told(Member("p", publish_date="2023-01-01"), final) == ("f", "published-later")
    assert told(Member("n"), final) is None


def test_titles_without_marks_of_the_stage(words: Lexicons) -> None:
    bare = Titles(words).bare
    plain = bare("云溪市产教融合行动计划（2024—2026年）")
    assert plain == ("云溪市产教融合行动计划20242026年", {"2024", "2026"})
    for title in (
        "云溪市产教融合行动计划（2024—2026年）（征求意见稿）", "《云溪市产教融合行动计划（2024—2026年）》（送审稿）",
        "云溪市人民政府关于印发《云溪市产教融合行动计划（2024—2026年）》的通知",
        "关于公开征求《云溪市产教融合行动计划（2024—2026年）》意见的公告",
    ):  # fmt: skip
        assert bare(title) == plain, title
    assert bare("云溪市产教融合行动计划")[0] != plain[0]
    assert bare(None) == ("", frozenset())


def test_comparisons_take_the_version_that_counts_and_tell_the_others(words: Lexicons) -> None:
    plans = [
        document("draft.txt", body(value=15), status=DRAFT, issue_date="2024-11-01"),
        document("final.txt", body(value=12), issue_date="2025-02-01"),
        document("copy.pdf", body(value=12), form="pdf"),
        document("there.txt", body("柏溪县", value=7), "柏溪县", "990102", title="柏溪县产教融合行动计划"),
    ]
    with filled(words, plans) as store:
        answer = ask(store, "实训基地")
        assert [(r.region, r.value) for r in answer.quantified] == [("云溪市", "12个"), ("柏溪县", "7个")]
        told = {o.file: (o.counted, o.kind, o.values) for o in answer.others}
        assert told["draft.txt"][1:] == ("version", ("15个",))
        assert len(told) == 2
        shown = matrix(store, ["实训基地"])
        assert [(line.label, line.cells[0].value, len(line.files)) for line in shown.lines] == [
            ("云溪市", "12个", 1), ("柏溪县", "7个", 1),
        ]  # fmt: skip
        assert {o.file for o in shown.others} == set(told)


def test_a_grade_can_be_asked_for(words: Lexicons) -> None:
    bad = document("bad.txt", body("柏溪县").replace("教师", "\ufffd\ufffd"), "柏溪县", "990102", year=2025)
    good = document("good.txt", body(), year=2025)
    with filled(words, [good, bad]) as store:
        assert store.rows("SELECT source, grade FROM documents ORDER BY source") == [
            {"source": "bad.txt", "grade": "C"}, {"source": "good.txt", "grade": "A"},
        ]  # fmt: skip
        answer = ask(store, "实训基地", "B")
        assert ([r.file for r in answer.quantified], answer.low_grade) == (["good.txt"], 1)
        assert [r.grade for r in ask(store, "实训基地").quantified] == ["A", "C"]
        cells = {line.label: line.cells[0] for line in matrix(store, ["实训基地"], min_grade="B").lines}
        assert (cells["柏溪县"].state, cells["柏溪县"].reason) == (State.NO_DOCUMENT, "low grade")
        assert "bad.txt (C)" in cells["柏溪县"].detail


def test_a_database_made_before_gets_grades_fingerprints_and_links(words: Lexicons, tmp_path: Path) -> None:
    path = tmp_path / "plans.db"
    with filled(words, []) as empty:
        assert empty.rows("SELECT * FROM versions") == []
    with Store(path) as store:
        store.write_lexicons(words)
        for found, extraction in PLANS:
            store.save(found, extraction, f"plans/{found.source}", "words", "rules")
        store.link_versions(words)
        expected = {t: store.rows(f"SELECT * FROM {t}") for t in ("versions", "fingerprints", "documents")}
    old = sqlite3.connect(path)  # what the schema was before
    old.executescript(
        "DROP VIEW copies; DROP TABLE versions; DROP TABLE fingerprints; DELETE FROM migrations WHERE number = 5;"
        "ALTER TABLE documents DROP COLUMN grade; ALTER TABLE documents DROP COLUMN grade_reasons;"
    )
    old.close()
    with Store(path) as store:
        assert store.link_versions(words) is True
        assert expected == {t: store.rows(f"SELECT * FROM {t}") for t in expected}


def test_migrations_may_skip_a_number() -> None:
    numbers = [number for number, _, _ in schema.MIGRATIONS]
    assert numbers == sorted(set(numbers))
    assert 5 in numbers


def test_links_name_only_what_exists(words: Lexicons) -> None:
    with filled(words, PLANS) as store:
        gone = store.value("SELECT preferred FROM versions LIMIT 1")
        store.drop_document(gone)
        assert store.rows("PRAGMA foreign_key_check") == []
        assert store.rows("SELECT * FROM versions WHERE preferred = ?", [gone]) == []
        store.link_versions(words)
        assert store.value("SELECT count(*) FROM versions") > 0
