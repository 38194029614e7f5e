"""The gate: the nine gold plans, exported by the command line, scored by the scorer that came with their gold."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
SCORER = SHARED / "gold" / "score.py"
FLOORS = tomllib.loads((Path(__file__).parent / "floors.toml").read_text(encoding="utf-8"))["gold"]

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SCORER.exists(), reason="the gold plans (../shared) are not here"),
]


def duibiao(*arguments: str) -> str:
    """What a command prints. Fails the test with its complaints where it ends with another code than 0."""
    command = [sys.executable, "-m", "pipeline.cli", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr or done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def reached(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    database = str(tmp_path_factory.mktemp("gate") / "gate.db")
    plans = [str(next((SHARED / "corpus").glob(f"{name}.*"))) for name in FLOORS["documents"]]
    duibiao("ingest", *plans, "--db", database)
    lines = duibiao("export", "--format", "jsonl", "--db", database)
    scored = subprocess.run(
        [sys.executable, str(SCORER), "-", "--all", "--json"], input=lines, capture_output=True, text=True, check=True
    )
    made: dict[str, dict[str, Any]] = json.loads(scored.stdout)
    return made


@pytest.mark.parametrize("layer", sorted(FLOORS["layers"]))
def test_layer_keeps_its_floor(layer: str, reached: dict[str, dict[str, Any]]) -> None:
    assert round(reached["all"][layer], 4) >= FLOORS["layers"][layer]


@pytest.mark.parametrize("name", sorted(FLOORS["documents"]))
def test_plan_keeps_its_floor(name: str, reached: dict[str, dict[str, Any]]) -> None:
    assert round(reached[name]["overall"], 4) >= FLOORS["documents"][name]
