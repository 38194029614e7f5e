"""Lines of `show`: records of one sentence can be told apart."""

from __future__ import annotations

from pipeline.export.terminal import _record_line


def test_an_action_names_its_indicator_before_the_sentence() -> None:
    quote = "建设实训中心和企业课堂"
    rows = [{"indicator": name, "strength": "must", "quote": quote} for name in ("实训中心", "企业课堂")]
    lines = [_record_line("actions", row, "zh").plain for row in rows]  # type: ignore[arg-type]
    assert lines == [f"[举措] {name} · 必须 · “{quote}”" for name in ("实训中心", "企业课堂")]


def test_a_milestone_has_no_indicator() -> None:
    assert _record_line("milestones", {"quote": "完成验收"}, "zh").plain.endswith("“完成验收”")
