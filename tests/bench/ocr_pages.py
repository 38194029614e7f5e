"""Character errors, cells and seconds of text recognition on rendered pages: clean, spoiled, turned, with tables.

Run: python tests/bench/ocr_pages.py [font …]. Errors are edits over characters without blanks, marks as printed.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1]), str(Path(__file__).resolve().parents[2])]

from parse import scan_helpers as scans
from rapidfuzz.distance import Levenshtein

from pipeline.lexicons import load
from pipeline.model import BlockKind, RawDocument
from pipeline.parse import ocr_engine, ocr_marks, ocr_page, pdf

TRUTH = "".join((scans.TITLE, *scans.PARAGRAPHS))
WORDS = load()
ROWS = [
    ["序号", "任务", "目标", "牵头单位", "完成时限"],
    ["1", "建设实训基地", "12个以上", "县教育局", "2025年12月"],
    ["2", "培养“双师型”教师，支持教师到企业实践", "占比不低于62.5%", "县人力资源和社会保障局", "2024年底"],
    ["", "引进高技能人才", "新增200名", "县委组织部", "2025年6月"],
    ["3", "开展职工培训", "每年3800人次", "县总工会", "每年"],
    ["4", "落实财政专项资金", "1,200万元", "县财政局", "2023年起"],
]


def variants(clean):
    middle = (scans.SIZE[0] // 2 + 200, scans.SIZE[1] // 2 - 150)
    yield "clean", clean
    yield "skew 2", scans.skew(clean, 2)
    yield "skew -2.5", scans.skew(clean, -2.5)
    yield "blur 1.2", scans.blur(clean)
    yield "noise 14", scans.noise(clean)
    yield "jpeg 40", scans.jpeg(clean)
    yield "all", scans.jpeg(scans.noise(scans.blur(scans.skew(clean, 2)), 10))
    yield "red seal", scans.jpeg(scans.seal(clean, *middle), 60)
    yield "grey seal", scans.seal(clean, *middle, colour=(110, 110, 110))
    yield "turned 90", clean.rotate(90, expand=True)
    yield "turned 180", clean.rotate(180)
    yield "turned 270", clean.rotate(270, expand=True)


def text_of(image):
    page = ocr_page._content(ocr_page.recognise(scans.array(image)), 1)
    blocks, _ = pdf.lay_out([page], None)
    return ocr_marks.as_printed(RawDocument("image", blocks), WORDS).blocks, page


def main() -> None:
    fonts = sys.argv[1:] or ["song", "serif", "hei"]
    engine = ocr_engine._engine()
    weak: list[tuple[float, bool]] = []
    for face in fonts:
        for name, image in variants(scans.page(face=face)):
            start = time.perf_counter()
            blocks, page = text_of(image)
            taken = time.perf_counter() - start
            start = time.perf_counter()
            engine(scans.array(image), use_det=True, use_cls=False, use_rec=True)
            bare = time.perf_counter() - start
            got = "".join("".join(b.text.split()) for b in blocks)
            errors = scans.distance(TRUTH, got)
            whole = [b.text for b in blocks] == [scans.TITLE, *scans.PARAGRAPHS]
            print(f"{face:8}{name:11} CER {100 * errors / len(TRUTH):6.2f} % paragraphs {whole!s:5}  {taken:.2f} s, bare {bare:.2f} s")
            if errors:
                for o in Levenshtein.opcodes(TRUTH, got):
                    if o.tag != "equal":
                        print("   ", TRUTH[max(0, o.src_start - 4) : o.src_end + 4], "→", got[max(0, o.dest_start - 4) : o.dest_end + 4])
            elif not whole:
                print("   ", [b.text[:6] + "…" + b.text[-6:] for b in blocks])
            blocks_of = {o.dest_start + i for o in Levenshtein.opcodes(TRUTH, got) if o.tag != "equal" for i in range(o.dest_end - o.dest_start)}
            sure = [c for b in blocks for line in b.lines for c in line.confidence]
            weak += [(s, i in blocks_of) for i, s in enumerate(sure)]
        for name, image in (
            ("table", scans.table(ROWS, [110, 420, 260, 240, 180], face, spans={(2, 0): 2})),
            ("tab.bad", scans.jpeg(scans.noise(scans.skew(scans.table(ROWS, [110, 420, 260, 240, 180], face, spans={(2, 0): 2}), 1.5)), 50)),
        ):
            blocks, _ = text_of(image)
            got = {(b.cell.row, b.cell.col): b.text for b in blocks if b.kind is BlockKind.CELL}
            want = {(r, c): t for r, row in enumerate(ROWS) for c, t in enumerate(row) if (r, c) != (3, 0)}
            right = sum(got.get(k) == t for k, t in want.items())
            print(f"{face:8}{name:11} cells {right}/{len(want)}", {k: (t, got.get(k)) for k, t in want.items() if got.get(k) != t})
    wrong = sorted(s for s, is_wrong in weak if is_wrong)
    right = sorted(s for s, is_wrong in weak if not is_wrong)
    print("confidence of wrong characters", wrong)
    for bar in (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
        print(bar, "wrong below", sum(s < bar for s in wrong), "of", len(wrong), "right below", sum(s < bar for s in right), "of", len(right))


main()
