"""Fingerprints: the same in any process, exact where they must be, close where they estimate."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.store.shingles import (
    CLOSE_ROWS,
    METHOD,
    PERMUTATIONS,
    bands,
    estimate,
    fingerprint,
    letters,
    likeness,
    shingles,
)

TEXT = "云溪市到2027年建成实训基地12个，双师型教师占比达到85%以上，每个县区至少建设一所标准化职业学校。" * 3
OTHER = "砚溪县水利局负责清理河道内的违章建筑，本月底前向县人民政府报告进度，逾期不办的通报批评。" * 3

CODE = """
from pipeline.store.shingles import fingerprint
f = fingerprint('云溪市到2027年建成实训基地12个以上')
print(f.digest, f.characters, f.signature.hex())
"""


def test_every_process_gives_the_same_fingerprint() -> None:
    found = set()
    for seed in ("0", "1", "4711"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        found.add(subprocess.run([sys.executable, "-c", CODE], env=env, capture_output=True, check=True).stdout)
    here = fingerprint("云溪市到2027年建成实训基地12个以上")
    assert found == {f"{here.digest} {here.characters} {here.signature.hex()}\n".encode()}
    # A new method must have a new name, since stored fingerprints are compared with new ones.
    assert (METHOD, here.digest, here.signature[:8].hex()) == (
        "5-128-1", "76bd172c068bda5df1ebdc6f5b606af5", "8fc07520042ffb0b",
    )  # fmt: skip


def test_space_width_and_marks_do_not_count() -> None:
    spaced = "云溪市 到２０２７年，\n建成“实训基地”12个。"
    plain = "云溪市到2027年建成实训基地12个"
    assert letters(spaced, [(0, len(spaced))]) == plain
    assert letters(spaced, [(0, 3), (4, 9)]) == "云溪市到2027"


@pytest.mark.parametrize("text", ["", "云", "云溪市", "云溪市石林"])
def test_short_and_empty_texts(text: str) -> None:
    found = fingerprint(text)
    assert len(found.signature) == (4 * PERMUTATIONS if text else 0)
    assert likeness(shingles(text), shingles(text)).jaccard == (1.0 if text else 0.0)
    assert likeness(shingles(text), shingles(TEXT)).jaccard == 0.0


def test_likeness_is_counted() -> None:
    one, other = shingles("甲乙丙丁戊己庚"), shingles("乙丙丁戊己庚辛")  # three shingles each, two in both
    found = likeness(one, other)
    assert (found.jaccard, found.contained) == (2 / 4, 2 / 3)
    assert likeness(one, shingles("甲乙丙丁戊己庚辛壬")).contained == 1.0


def test_unlike_texts_share_no_band_and_like_ones_do() -> None:
    one, other = fingerprint(TEXT).signature, fingerprint(OTHER).signature
    assert not any(a == b for a, b in zip(bands(one), bands(other), strict=True))
    changed = fingerprint(TEXT.replace("实训基地12个", "实训基地15个", 1)).signature
    assert sum(a == b for a, b in zip(bands(one), bands(changed), strict=True)) > 10
    assert len(bands(one, CLOSE_ROWS)) == 8


@given(st.text(alphabet="云溪市到年建成实训基地个双师型教师占比达到", min_size=60, max_size=200), st.integers(0, 50))
def test_the_estimate_is_near_the_count(text: str, cut: int) -> None:
    part = text[cut:]
    exact = likeness(shingles(text), shingles(part)).jaccard
    # Six standard errors: sqrt(1/4/128) each.
    assert abs(estimate(fingerprint(text).signature, fingerprint(part).signature) - exact) <= 6 * 0.0442
