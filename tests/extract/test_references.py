"""References: other documents named in 《》 with their numbers, once each, and never the document itself."""

from __future__ import annotations

import pytest
from extract_helpers import END_MATTER, TITLE, extracted

TASK = "一、重点任务\n（一）建设基地。"


def references(text: str) -> list[tuple[str, str | None]]:
    return [(r.title, r.doc_number) for r in extracted(TASK + text + END_MATTER)[1].references]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("落实《云溪市职业教育条例》。", [("云溪市职业教育条例", None)]),
        ("落实《云溪市产教融合办法》（云政发〔2020〕14号）。", [("云溪市产教融合办法", "云政发〔2020〕14号")]),
        ("落实《云溪市产教融合办法》(云政发[2020]14号)。", [("云溪市产教融合办法", "云政发〔2020〕14号")]),
        ("落实《云溪市产教融合办法》（云政发〔202014 ）。", [("云溪市产教融合办法", "云政发〔2020〕14号")]),
        ("落实《云溪市 产教 融合办法（试行）》。", [("云溪市产教融合办法(试行)", None)]),
        ("《云溪市落实〈若干意见〉的方案》执行。", [("云溪市落实〈若干意见〉的方案", None)]),
        ("《云溪市落实《若干意见》的方案》执行。", [("云溪市落实《若干意见》的方案", None)]),
        ("落实《甲市产教办法》和《乙市产教办法》。", [("甲市产教办法", None), ("乙市产教办法", None)]),
        # once each; a number that comes later completes the first mention
        ("落实《甲市产教办法》，细化《甲市产教办法》。", [("甲市产教办法", None)]),
        ("落实《甲市产教办法》，细化《甲市产教办法》（甲政发〔2020〕1号）。", [("甲市产教办法", "甲政发〔2020〕1号")]),
        # a number that belongs to another title
        (
            "落实《甲市产教办法》《乙市产教办法》（乙政发〔2020〕2号）。",
            [("甲市产教办法", None), ("乙市产教办法", "乙政发〔2020〕2号")],
        ),
        # no references
        (f"本《{TITLE}》自印发之日起施行。", []),
        ("落实《办法》。", []),
        ("打造“八个一”工程。", []),
        ("按照云政发〔2020〕14号文件执行。", []),
    ],
)
def test_references(text: str, found: list[tuple[str, str | None]]) -> None:
    assert references(text) == found


def test_evidence_covers_title_and_number() -> None:
    document, found = extracted(TASK + "落实《甲市产教办法》（甲政发〔2020〕1号）要求。" + END_MATTER)
    (reference,) = found.references
    quote = document.text[reference.evidence.start : reference.evidence.end]
    assert quote == "《甲市产教办法》（甲政发〔2020〕1号"


def test_actions_are_indicators_promised_without_a_number() -> None:
    document, found = extracted(TASK + "鼓励企业建设产业学院，产业学院达到3个。持续打造双师型教师队伍。" + END_MATTER)
    texts = [
        (document.text[a.evidence.start : a.evidence.end], a.strength) for a in found.actions if a.task is not None
    ]
    assert texts == [("鼓励企业建设产业学院", "encourage"), ("持续打造双师型教师队伍", "must")]
