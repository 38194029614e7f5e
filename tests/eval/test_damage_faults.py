"""Seeded faults are found, and clean plans raise no alarm. The whole figure: `python tests/eval/damage_faults.py`."""

from __future__ import annotations

import damage_faults
import pytest

FAULTS = 200  # of the 1,000 of the whole figure, for speed
FLOOR = 0.95
KIND_FLOOR = 0.8  # of a kind that was seeded ten times or more
TRULY_DAMAGED = {"hetang-2025.txt", "pingshun-2025.txt"}  # their sources lost brackets and date marks


@pytest.fixture(scope="module")
def figures() -> damage_faults.Run:
    return damage_faults.run(damage_faults.plans(), FAULTS, seed_number=7)


def test_seeded_faults_are_found_at_their_place(figures: damage_faults.Run) -> None:
    seeded, found, missed = figures
    assert sum(seeded.values()) == FAULTS
    assert sum(found.values()) >= FLOOR * FAULTS, missed


def test_no_kind_of_fault_is_left_out(figures: damage_faults.Run) -> None:
    seeded, found, missed = figures
    assert len(seeded) >= 10
    weak = {k: missed[k] for k, n in seeded.items() if n >= 10 and found[k] < KIND_FLOOR * n}
    assert not weak


@pytest.mark.parametrize("name", sorted(set(damage_faults.plans()) - TRULY_DAMAGED))
def test_a_clean_plan_raises_at_most_one_alarm(name: str) -> None:
    _, issues = damage_faults.issues_of(damage_faults.plans()[name], name)
    assert len(issues) <= 1, [(i.code, i.detail) for i in issues]
