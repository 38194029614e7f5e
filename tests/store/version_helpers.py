"""Invented plans as documents, long enough for their texts to tell versions."""

from __future__ import annotations

import hashlib

from pipeline.model import BlockKind, Deadline, Document, Evidence, Extraction, Metadata, Region, Target
from pipeline.parse.build import build
from pipeline.raw import RawBlock, RawDocument

_WORK = (
    "建设实训基地",
    "培养双师型教师",
    "组建产教联合体",
    "开设订单班",
    "推行学徒培养",
    "评选技能名匠",
    "改造老旧厂房",
)
_WHO = ("教育局", "人社局", "工信局", "财政局", "住建局")
_HOW = ("按月调度", "专人负责", "纳入考核", "列入预算", "先行试点", "挂图推进", "限期办结", "逐校评估", "公开结果")
_WHAT = ("资金", "场地", "师资", "设备", "课程", "岗位", "奖励", "平台", "标准", "名单", "用地")


def body(region: str = "云溪市", sentences: int = 60, value: int = 12, skip: int = 0) -> str:
    """A plan of so many different sentences that name the region; `skip` of them are left out at the end."""
    lines = [f"{region}产教融合行动计划", "一、重点任务"]
    for i in range(sentences - skip):
        lines.append(
            f"{i + 1}.{_WORK[i % 7]}{_WHAT[i % 11]}。{region}{_WHO[i % 5]}对{_WHAT[(i * 3) % 11]}{_HOW[i % 9]}，"
            f"{_HOW[(i * 2) % 9]}，{_WHAT[(i * 7) % 11]}不足的由{_WHO[(i + 2) % 5]}补齐。"
        )
    lines.append(f"到2027年，建成实训基地{value}个。")
    return "\n".join(lines)


def document(
    source: str,
    text: str,
    region: str | None = "云溪市",
    code: str | None = "990100",
    form: str = "txt",
    digest: str = "",
    **metadata: object,
) -> tuple[Document, Extraction]:
    """A document of the text with a line a block, and the target that its last line states."""
    raw = RawDocument(form, tuple(RawBlock(line, BlockKind.PARAGRAPH) for line in text.split("\n")))
    bytes_of = digest or hashlib.sha256(f"{source}|{form}|{text}".encode()).hexdigest()
    area = Region(region, "市", code) if region else None
    made = build(raw, source, bytes_of)
    known = {"title": "云溪市产教融合行动计划", **metadata}
    made = Document(
        made.source,
        made.digest,
        form,
        made.text,
        made.blocks,
        metadata=Metadata(region=area, **known),  # type: ignore[arg-type]
    )
    return made, Extraction(targets=_targets(text))


def _targets(text: str) -> tuple[Target, ...]:
    at = text.find("建成实训基地")
    if at < 0:
        return ()
    digits = "".join(c for c in text[at + 6 : at + 10] if c.isdigit())
    end = at + 6 + len(digits) + 1
    return (
        Target(
            "实训基地", "=", float(digits), None, "个", None, "goal", Deadline("到2027年", None, "2027-12-31"), None,
            Evidence(at, end, "test", 1.0), at + 6, end, indicator_id="training-bases", indicator_score=100.0,
        ),
    )  # fmt: skip
