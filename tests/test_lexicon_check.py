"""The linter finds each planted fault, where it stands and once, and nothing in our own files."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.lexicon_check import MESSAGES, Finding, check
from pipeline.lexicons import Lexicons, load

OWN_FILES = {
    "agencies.tsv",
    "document_types.tsv",
    "indicators.tsv",
    "plan_periods.tsv",
    "strength.tsv",
}

SCHEMA = """
[bodies]
columns = ["id", "name", "aliases", "kind", "above", "source"]
required = ["id", "name", "source"]
lists = ["aliases"]
references = { above = "bodies" }
values = { kind = ["", "office", "school"] }

[places]
columns = ["id", "name", "aliases", "source"]
required = ["id", "name", "source"]
lists = ["aliases"]
homonyms = true

[cues]
columns = ["id", "cue", "name", "source"]
required = ["id", "cue", "name", "source"]
homonyms = true
"""
BODIES = [
    "id name aliases kind above source",
    "a 教育局 教委|教体局 office - 惯例",
    "b 财政局 财局 office a 惯例",
    "c 云溪中学 - school - 惯例",
]
PLACES = ["id name aliases source", "p 云溪县 城关镇 GB/T2260", "q 石桥县 城关镇 GB/T2260"]
CUES = ["id cue name source", "x lead 由 惯例", "y lead 请 惯例"]
PATTERNS = """
[[pattern]]
id = "led"
regex = '{{cue:lead}}{{lexicon:bodies?kind=office}}'
match = ["由 教体局牵头"]
no_match = ["由云溪中学牵头"]
"""


def tsv(lines: list[str]) -> str:
    """Rows written with blanks: `-` is an empty cell, `_` a blank inside one."""
    rows = [[("" if c == "-" else c.replace("_", " ")) for c in line.split(" ")] for line in lines]
    return "".join("\t".join(row) + "\n" for row in rows)


def folder(path: Path, **files: str | None) -> Lexicons:
    """A clean little folder with some files replaced; None leaves a file out. `__` stands for the dot of a name."""
    contents: dict[str, str | None] = {
        "schema.toml": SCHEMA,
        "bodies.tsv": tsv(BODIES),
        "places.tsv": tsv(PLACES),
        "cues.tsv": tsv(CUES),
        "patterns.toml": PATTERNS,
    }
    contents |= {name.replace("__", "."): text for name, text in files.items()}
    for name, text in contents.items():
        if text is not None:
            (path / name).write_text(text, encoding="utf-8")
    return Lexicons(path)


def faults(findings: tuple[Finding, ...]) -> list[tuple[str, int | None, str, str]]:
    return [(f.file, f.line, f.id, f.code) for f in findings]


def test_a_clean_folder_has_no_findings(tmp_path: Path) -> None:
    assert check(folder(tmp_path)) == ()


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path: Path) -> None:
    assert check(folder(tmp_path, bodies__tsv="\ufeff" + tsv(BODIES).replace("\n", "\r\n"))) == ()


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("d 民政局 - office - -", "missing-source"),
        ("d - - office - 惯例", "missing-required"),
        ("a 民政局 - office - 惯例", "duplicate-id"),
        ("bb 民政局 - office - 惯例", "not-sorted"),
        ("d 民政局 民政|民政 office - 惯例", "duplicate-alias"),
        ("d 民政局 民政局 office - 惯例", "alias-is-name"),
        ("d 民政局 教委 office - 惯例", "shared-term"),
        ("d 教育局 - office - 惯例", "shared-term"),
        ("d 财局 - office - 惯例", "shared-term"),
        ("d 民政局 - office nobody 惯例", "unknown-reference"),
        ("d 民政局 - firm - 惯例", "bad-value"),
        ("d 民政（局） - office - 惯例", "not-folded"),
        ("d 民政局 民政||民局 office - 惯例", "empty-entry"),
        ("d 民政局_ - office - 惯例", "stray-space"),
        ("d 民政局 - office -", "wrong-cells"),
        ("d 民政局 - office - 惯例 more", "wrong-cells"),
    ],
)
def test_each_planted_fault_of_a_row_is_found_alone(tmp_path: Path, row: str, code: str) -> None:
    findings = check(folder(tmp_path, bodies__tsv=tsv([*BODIES, row])))
    assert faults(findings) == [("bodies.tsv", 5, row.split(" ")[0], code)]
    assert findings[0].detail[0].startswith(MESSAGES[code][0])
    assert findings[0].detail[1].startswith(MESSAGES[code][1])


def test_a_source_may_keep_its_printed_brackets(tmp_path: Path) -> None:
    assert check(folder(tmp_path, bodies__tsv=tsv([*BODIES, "d 民政局 - office - 惯例（２０１８）"]))) == ()


def test_an_alias_that_folds_to_another_rows_is_shared(tmp_path: Path) -> None:
    rows = [*BODIES, "d 民政局 教委(办) office - 惯例", "e 科技局 教委（办） office - 惯例"]
    assert faults(check(folder(tmp_path, bodies__tsv=tsv(rows)))) == [
        ("bodies.tsv", 6, "e", "not-folded"),
        ("bodies.tsv", 6, "e", "shared-term"),
    ]


def test_homonyms_allow_one_alias_of_two_rows_but_not_twice_in_one(tmp_path: Path) -> None:
    rows = [*PLACES, "r 河湾县 城关镇|城关镇 GB/T2260"]
    assert faults(check(folder(tmp_path, places__tsv=tsv(rows)))) == [("places.tsv", 4, "r", "duplicate-alias")]


def test_several_faults_are_all_found_in_order(tmp_path: Path) -> None:
    rows = [*BODIES, "d 教育局 民政|民政 firm nobody -", "d 科技局 - office - 惯例"]
    assert faults(check(folder(tmp_path, bodies__tsv=tsv(rows)))) == [
        ("bodies.tsv", 5, "d", "bad-value"),
        ("bodies.tsv", 5, "d", "duplicate-alias"),
        ("bodies.tsv", 5, "d", "missing-source"),
        ("bodies.tsv", 5, "d", "shared-term"),
        ("bodies.tsv", 5, "d", "unknown-reference"),
        ("bodies.tsv", 6, "d", "duplicate-id"),
    ]


def test_a_header_in_another_order_is_found_and_its_rows_still_read(tmp_path: Path) -> None:
    rows = ["id aliases name kind above source", "a 教委 教育局 firm - 惯例"]
    assert faults(check(folder(tmp_path, bodies__tsv=tsv(rows), patterns__toml=""))) == [
        ("bodies.tsv", 1, "", "wrong-columns"),
        ("bodies.tsv", 2, "a", "bad-value"),
    ]


def test_files_missing_unknown_and_unreadable(tmp_path: Path) -> None:
    lexicons = folder(tmp_path, places__tsv=None, extra__tsv="id\tname\n")
    (tmp_path / "cues.tsv").write_bytes(b"id\tcue\tname\tsource\n\xff\xfe\n")
    assert faults(check(lexicons)) == [
        ("cues.tsv", None, "", "unreadable"),
        ("extra.tsv", None, "", "unknown-file"),
        ("patterns.toml", None, "led", "unknown-cue"),
        ("places.tsv", None, "", "missing-file"),
    ]


def test_without_a_schema_every_file_is_unknown(tmp_path: Path) -> None:
    found = faults(check(folder(tmp_path, schema__toml=None, patterns__toml=None)))
    assert found == [
        ("bodies.tsv", None, "", "unknown-file"),
        ("cues.tsv", None, "", "unknown-file"),
        ("patterns.toml", None, "", "missing-file"),
        ("places.tsv", None, "", "unknown-file"),
        ("schema.toml", None, "", "missing-file"),
    ]


def test_an_empty_folder_is_findings_not_an_error(tmp_path: Path) -> None:
    assert faults(check(Lexicons(tmp_path))) == [
        ("patterns.toml", None, "", "missing-file"),
        ("schema.toml", None, "", "missing-file"),
    ]


def entry(ident: str, regex: str, match: str = '["由教委"]', no_match: str = '["自由"]') -> str:
    return f"\n[[pattern]]\nid = \"{ident}\"\nregex = '{regex}'\nmatch = {match}\nno_match = {no_match}\n"


@pytest.mark.parametrize(
    ("added", "expected"),
    [
        (entry("p", "由教"), []),
        (entry("p", "由(教"), [("p", "pattern-broken")]),
        (entry("p", "请教"), [("p", "pattern-misses")]),
        (entry("p", "由"), [("p", "pattern-overreaches")]),
        (entry("p", "由教", match="[]"), [("p", "pattern-examples")]),
        (entry("p", "由教", no_match="[]"), [("p", "pattern-examples")]),
        (entry("p", "(?:由教)?", no_match="[]"), []),
        (entry("p", r"由\s教", match='["由 教委"]', no_match='["由教委"]'), []),
        (entry("p", "{{cue:role}}教"), [("p", "unknown-cue")]),
        (entry("p", "{{pattern:none}}教"), [("p", "unknown-reference")]),
        (entry("p", "由{{lexicon:none}}"), [("p", "unknown-reference")]),
        (entry("p", "由{{lexicon:bodies?kind=firm}}"), [("p", "unknown-reference")]),
        (entry("p", "由{{word:x}}"), [("p", "unknown-reference")]),
        (entry("p", "{{pattern:p}}"), [("p", "pattern-broken")]),
        (entry("led", "由教"), [("led", "duplicate-id")]),
        (entry("", "由教"), [("", "pattern-incomplete")]),
        (entry("p", ""), [("p", "pattern-incomplete")]),
    ],
)
def test_patterns(tmp_path: Path, added: str, expected: list[tuple[str, str]]) -> None:
    findings = check(folder(tmp_path, patterns__toml=PATTERNS + added))
    assert [(f.id, f.code) for f in findings] == expected


def test_patterns_in_two_files_share_one_space_of_ids(tmp_path: Path) -> None:
    assert faults(check(folder(tmp_path, patterns_more__toml=PATTERNS))) == [
        ("patterns_more.toml", None, "led", "duplicate-id")
    ]


def test_a_malformed_pattern_file_leaves_the_others_checked(tmp_path: Path) -> None:
    found = faults(check(folder(tmp_path, patterns_more__toml="[[pattern\n", cues__tsv=tsv([*CUES, "z lead 由 -"]))))
    assert found == [
        ("cues.tsv", 4, "z", "missing-source"),
        ("patterns_more.toml", None, "", "unreadable"),
    ]


def test_it_reads_the_disk_anew(tmp_path: Path) -> None:
    lexicons = folder(tmp_path)
    assert check(lexicons) == ()
    assert len(lexicons.get("bodies")) == 3
    (tmp_path / "bodies.tsv").write_text(tsv([*BODIES, "d 民政局 教委 office - 惯例"]), encoding="utf-8")
    assert [f.code for f in check(lexicons)] == ["shared-term"]


def test_our_own_files_have_no_findings() -> None:
    findings = [f for f in check(load()) if f.file in OWN_FILES]
    assert findings == []
    assert {p.name for p in load().folder.glob("*.tsv")} >= OWN_FILES
