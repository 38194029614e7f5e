"""Recognised text: what look-alike glyphs may cost, and that a clean text is read as if there were no table of them.

The whole figure: `python tests/eval/ocr_noise.py`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import ocr_noise
import pytest

from pipeline.extract import extract, extractor
from pipeline.lexicons import load
from pipeline.parse import lookalikes, parse
from pipeline.parse.txt import decode

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
LEXICONS = load()
SEEDS = (1, 2, 3)
MOST_LOST = 0.04
MENDED = 0.4  # of the noise in the project's own samples; the rest stands where no context tells
WRONG = 0.1  # of the mends

CLEAN = sorted(
    path
    for folder in (ROOT / "corpus", SHARED / "corpus")
    for path in folder.glob("*")
    if path.suffix in (".txt", ".html", ".docx")
)


def test_noise_is_seeded_and_hits_the_share_asked_for() -> None:
    text = "到2025年，建设产教融合实训基地10个，由市教育局、市人社局牵头。" * 40
    noisy, done = ocr_noise.add_noise(text, 5, LEXICONS)
    assert (noisy, done) == ocr_noise.add_noise(text, 5, LEXICONS)
    assert len(done) == round(0.01 * len(text))
    assert noisy != ocr_noise.add_noise(text, 6, LEXICONS)[0]
    assert all(n.put == "" if n.was == "、" else n.put != n.was for n in done)


def test_markup_of_a_page_is_left_alone() -> None:
    page = "<html><body class='zhengwen'><p>" + "职业教育产教融合单位" * 60 + "</p></body></html>"
    noisy = ocr_noise.noisy_file(page.encode(), "page.html", 3, LEXICONS).decode()
    assert noisy.startswith("<html><body class='zhengwen'><p>")
    assert noisy.endswith("</p></body></html>")
    assert noisy != page


@pytest.mark.parametrize("path", sorted((ROOT / "corpus").glob("*.txt")), ids=lambda p: p.name)
def test_noise_is_told_and_its_mends_are_right(path: Path) -> None:
    text, _ = decode(path.read_bytes(), path.name)
    noisy, done = ocr_noise.add_noise(text, 11, LEXICONS, share=0.02)
    document = parse(noisy.encode(), path.name)
    told = [i for i in (*document.issues, *extract(document).issues) if i.code == lookalikes.CODE]
    pairs = {(n.put, ocr_noise.fold(n.was)) for n in done}
    right = [i for i in told if (document.text[i.start : i.end], i.mend) in pairs]
    assert len(right) >= MENDED * len(done)
    assert len(told) - len(right) <= WRONG * len(told) + 1


@pytest.mark.parametrize("path", CLEAN, ids=lambda p: p.name)
def test_a_clean_text_is_read_as_without_the_table(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_table = parse(path.read_bytes(), path.name)
    extracted = extract(with_table)
    monkeypatch.setattr(lookalikes, "mend", lambda document, lexicons: document)
    monkeypatch.setattr("pipeline.extract.garbled_terms", lambda *_: ())
    without = parse(path.read_bytes(), path.name)
    assert with_table == without
    assert extracted == extractor(LEXICONS).extract(replace(without))


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "gold" / "score.py").exists(), reason="the gold plans (../shared) are not here")
def test_noise_costs_little() -> None:
    clean, *noisy = ocr_noise.scores((0, *SEEDS))
    lost = [clean - score for score in noisy]
    assert sum(lost) / len(lost) <= MOST_LOST, lost
