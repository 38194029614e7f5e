"""Confidence means what it says: its expected calibration error on the gold plans stays small."""

from __future__ import annotations

import pytest
from eval import calibration, gold_plans

MOST = 0.05


def test_the_error_of_made_results_is_the_one_worked_out_by_hand() -> None:
    results = [("r", 0.95, True), ("r", 0.95, False), ("r", 0.55, True), ("r", 0.55, True)]
    # Bin 9: |0.5 - 0.95| over 2 of 4; bin 5: |1 - 0.55| over 2 of 4.
    assert calibration.expected_error(results) == pytest.approx(0.45)


@pytest.mark.shared
@pytest.mark.skipif(not gold_plans.GOLD.exists(), reason=gold_plans.ABSENT)
def test_confidence_is_calibrated_on_the_gold_plans() -> None:
    results = calibration.outcomes()
    error = calibration.expected_error(results)
    right = sum(r for _, _, r in results)
    print(f"calibration: error {error:.3f} over {len(results)} targets, {right} right")
    assert len(results) >= 150
    assert error <= MOST
