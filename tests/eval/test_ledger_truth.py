"""The fates of numerals, held against a person's reading, and what the ledger leaves open."""

from __future__ import annotations

import ledger_truth
import pytest

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not ledger_truth.CORPUS.exists(), reason="the real plans (../shared/corpus) are not here"),
]
FLOOR = 0.98
MOST_OPEN = 0  # numerals of the whole corpus without a fate


def test_the_sample_is_read_as_a_person_reads_it() -> None:
    rows = ledger_truth.verdicts()
    wrong = [v for v in rows if v.found != v.wanted]
    print(f"ledger: {len(rows) - len(wrong)} of {len(rows)} fates as a person reads them")
    assert len(rows) == 300
    assert len(rows) - len(wrong) >= FLOOR * len(rows), wrong


def test_hardly_a_numeral_is_left_open() -> None:
    counts = ledger_truth.unaccounted()
    left = {name: n for name, (n, _) in counts.items() if n}
    print(f"ledger: {sum(left.values())} of {sum(n for _, n in counts.values())} numerals without a fate")
    assert sum(left.values()) <= MOST_OPEN, left
