"""Character errors, cells and seconds of text recognition on rendered pages: clean, spoiled, turned, with tables.

PYTHONPATH=.:tests/parse python tests/bench/ocr_pages.py [font …]. Errors are edits over characters without blanks,
marks of full and half width told apart.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from typing import Any

import scan_helpers as scans
from rapidfuzz.distance import Levenshtein

from pipeline.lexicons import load
from pipeline.model import BlockKind
from pipeline.parse import ocr_engine, ocr_marks, ocr_page, pdf_layout
from pipeline.raw import RawBlock, RawDocument

TRUTH = "".join((scans.TITLE, *scans.PARAGRAPHS))
ROWS = [
    ["序号", "任务", "目标", "牵头单位", "完成时限"],
    ["1", "建设实训基地", "12个以上", "县教育局", "2025年12月"],
    ["2", "培养“双师型”教师，支持教师到企业实践", "占比不低于62.5%", "县人力资源和社会保障局", "2024年底"],
    ["", "引进高技能人才", "新增200名", "县委组织部", "2025年6月"],
    ["3", "开展职工培训", "每年3800人次", "县总工会", "每年"],
    ["4", "落实财政专项资金", "1,200万元", "县财政局", "2023年起"],
]
Confidences = list[tuple[float, bool]]  # with whether the character is wrong


def variants(clean: Any) -> Iterator[tuple[str, Any]]:
    middle = (scans.SIZE[0] // 2 + 200, scans.SIZE[1] // 2 - 150)
    yield "clean", clean
    yield "skew 2", scans.skew(clean, 2)
    yield "skew -2.5", scans.skew(clean, -2.5)
    yield "blur 1.2", scans.blur(clean)
    yield "noise 14", scans.noise(clean)
    yield "jpeg 40", scans.jpeg(clean)
    yield "all four", scans.jpeg(scans.noise(scans.blur(scans.skew(clean, 2)), 10))
    yield "red seal", scans.jpeg(scans.seal(clean, *middle), 60)
    yield "grey seal", scans.seal(clean, *middle, colour=(110, 110, 110))
    yield "turned 90", clean.rotate(90, expand=True)
    yield "turned 180", clean.rotate(180)
    yield "turned 270", clean.rotate(270, expand=True)


def blocks_of(image: Any) -> list[RawBlock]:
    page = ocr_page._content(ocr_page.recognise(scans.array(image)), 1)
    blocks, _ = pdf_layout.lay_out([page], None)
    return list(ocr_marks.as_printed(RawDocument("image", blocks), load()).blocks)


def measure_page(face: str, name: str, image: Any) -> Confidences:
    start = time.perf_counter()
    blocks = blocks_of(image)
    taken = time.perf_counter() - start
    start = time.perf_counter()
    ocr_engine._engine()(scans.array(image), use_det=True, use_cls=False, use_rec=True)
    bare = time.perf_counter() - start
    got = "".join("".join(b.text.split()) for b in blocks)
    changes = [o for o in Levenshtein.opcodes(TRUTH, got) if o.tag != "equal"]
    error = 100 * scans.distance(TRUTH, got) / len(TRUTH)
    whole = [b.text for b in blocks] == [scans.TITLE, *scans.PARAGRAPHS]
    print(f"{face:8}{name:11} CER {error:5.2f} %  paragraphs {whole!s:5}  {taken:5.2f} s, engine alone {bare:5.2f} s")
    for o in changes:
        before, after = TRUTH[max(0, o.src_start - 4) : o.src_end + 4], got[max(0, o.dest_start - 4) : o.dest_end + 4]
        print("   ", before, "→", after)
    wrong = {i for o in changes for i in range(o.dest_start, o.dest_end)}
    sure = [c for b in blocks for line in b.lines for c in line.confidence]
    return [(c, i in wrong) for i, c in enumerate(sure)]


def measure_table(face: str) -> None:
    clean = scans.table(ROWS, [110, 420, 260, 240, 180], face, spans={(2, 0): 2})
    bad = scans.jpeg(scans.noise(scans.skew(clean, 1.5)), 50)
    want = {(r, c): t for r, row in enumerate(ROWS) for c, t in enumerate(row) if (r, c) != (3, 0)}
    for name, image in (("table", clean), ("bad table", bad)):
        got = {(b.cell.row, b.cell.col): b.text for b in blocks_of(image) if b.kind is BlockKind.CELL and b.cell}
        missed = {place: (text, got.get(place)) for place, text in want.items() if got.get(place) != text}
        print(f"{face:8}{name:11} cells {len(want) - len(missed)}/{len(want)}", missed or "")


def main() -> None:
    sure: Confidences = []
    for face in sys.argv[1:] or ["song", "serif", "sans", "hei"]:
        for name, image in variants(scans.page(face=face)):
            sure += measure_page(face, name, image)
        measure_table(face)
    wrong = [c for c, is_wrong in sure if is_wrong]
    right = [c for c, is_wrong in sure if not is_wrong]
    for bar in (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
        below = sum(c < bar for c in wrong), sum(c < bar for c in right)
        print(f"below {bar}: {below[0]} of {len(wrong)} wrong, {below[1]} of {len(right)} right characters")


if __name__ == "__main__":
    main()
