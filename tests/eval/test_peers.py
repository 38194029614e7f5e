"""Numbers, dates and regions as other projects test them, scored by the scorer that came with the cases."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PEERS = ROOT.parent / "shared" / "peers"
ADAPTER = "peers_adapter:normalise"
LISTED = tomllib.loads((HERE / "peers_disagreements.toml").read_text(encoding="utf-8"))
FLOORS: dict[str, float] = LISTED["floors"]
RIGHT = {"strict", "exact"}
LEAST_CORE, LEAST_KIND = 97.0, 95.0  # the bar of the project, below which no floor may be set

with_cases = pytest.mark.skipif(not PEERS.exists(), reason="the test cases of other projects (../shared) are not here")


def entries() -> Iterator[dict[str, str]]:
    yield from LISTED["disagreement"]
    yield from LISTED["miss"]


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """By id, each core case with its kind and the level that the scorer gives the pipeline's answer."""
    out = tmp_path_factory.mktemp("peers") / "results.jsonl"
    command = [sys.executable, str(PEERS / "run_peer.py"), "--peers", "none", "--adapter", ADAPTER]
    command += ["--path", str(HERE), "--out", str(out)]
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep)
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    cases = {c["id"]: c for c in map(json.loads, (PEERS / "peers.jsonl").read_text(encoding="utf-8").splitlines())}
    results = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    return {
        r["id"]: {"kind": r["kind"], "level": r[ADAPTER]["level"], "error": r.get("error")}
        for r in results
        if cases[r["id"]]["core"]
    }


@pytest.mark.shared
@with_cases
@pytest.mark.parametrize("kind", sorted(FLOORS))
def test_kind_keeps_its_floor(kind: str, core: dict[str, dict[str, Any]]) -> None:
    levels = [case["level"] for case in core.values() if kind in ("all", case["kind"])]
    assert 100 * sum(level in RIGHT for level in levels) / len(levels) >= FLOORS[kind]


@pytest.mark.shared
@with_cases
def test_every_kind_has_a_floor_and_no_case_breaks_the_adapter(core: dict[str, dict[str, Any]]) -> None:
    assert {case["kind"] for case in core.values()} | {"all"} == set(FLOORS)
    assert not [key for key, case in core.items() if case["error"] is not None]


@pytest.mark.shared
@with_cases
def test_every_core_case_that_fails_is_listed_with_its_reason(core: dict[str, dict[str, Any]]) -> None:
    failed = {key for key, case in core.items() if case["level"] not in RIGHT}
    assert failed == {entry["id"] for entry in entries()}


def test_floors_are_at_the_bar() -> None:
    assert FLOORS["all"] >= LEAST_CORE
    assert min(FLOORS.values()) >= LEAST_KIND


def test_every_listed_case_says_why_once() -> None:
    ids = [entry["id"] for entry in entries()]
    assert len(ids) == len(set(ids))
    assert all(len(entry["reason"]) > 30 for entry in entries())
