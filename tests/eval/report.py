"""Prints every figure of the accuracy section, then holds the floors. Ends with pytest's exit code.

python tests/eval/report.py
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SHARED = ROOT.parent / "shared"
FIGURE = re.compile(r"^\.?([a-z][\w ,]*: .*\d.*)$")


def layers(title: str, plans: list[Path], scorer: Path, *options: str) -> None:
    """The F1 table of an ingest of `plans`, scored against its gold."""
    with tempfile.TemporaryDirectory() as folder:
        database = str(Path(folder) / "eval.db")
        duibiao = [sys.executable, "-m", "pipeline.cli"]
        subprocess.run(
            [*duibiao, "ingest", *map(str, plans), "--db", database], cwd=ROOT, capture_output=True, check=True
        )
        lines = subprocess.run(
            [*duibiao, "export", "--format", "jsonl", "--db", database], cwd=ROOT, capture_output=True, check=True
        ).stdout
    print(f"\n== {title}")
    sys.stdout.flush()
    subprocess.run([sys.executable, str(scorer), "-", *options], input=lines, check=True)


def main() -> int:
    """Print the figures; the exit code of the tests that hold their floors."""
    scorer = SHARED / "gold" / "score.py"
    if scorer.exists():
        plans = [p for p in sorted((SHARED / "corpus").iterdir()) if p.suffix in {".txt", ".html"}]
        layers("the nine gold plans, F1 by layer", plans, scorer, "--all")
        layers("the sample corpus, F1 by layer", [ROOT / "corpus"], scorer, "--gold", str(ROOT / "tests" / "gold"))
        print("\n== first contact with the plans of the second set (overall, before their gold was read)")
        contact = tomllib.loads((HERE / "first_contact.toml").read_text(encoding="utf-8"))
        for name, value in contact["overall"].items():
            print(f"{name:24}{value:.3f}")
        print("\n== first contact with later plans, round by round (kept figures; those plans are not here)")
        for one in contact["rounds"]:
            scores = one["scores"]
            mean = sum(scores) / len(scores)
            print(f"n={len(scores)} mean {mean:.3f} lowest {min(scores):.3f} now {one['after']:.3f}  {one['name']}")
        print("\n== cases of other projects' test suites, core cases")
        peers = subprocess.run(
            [sys.executable, str(SHARED / "peers" / "run_peer.py"), "--peers", "none",
             "--adapter", "peers_adapter:normalise", "--path", str(HERE), "--out", str(Path(tempfile.mkdtemp()) / "o")],
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        core = peers.split("core cases only")[1].split("without its own suite")[0]
        print("\n".join(line.split("|")[0].rstrip() for line in core.splitlines()[1:]))
    else:
        print("../shared is not here: the figures of real plans are left out")
    print("\n== the other sets, with their floors")
    sys.stdout.flush()
    noise = ["damage_faults.py", *(["ocr_noise.py"] if scorer.exists() else [])]
    beside = [
        subprocess.Popen([sys.executable, str(HERE / name)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for name in noise
    ]
    held = [str(HERE), str(ROOT / "tests" / "test_sample_corpus.py")]
    tests = subprocess.run(
        [sys.executable, "-m", "pytest", "-s", *held], cwd=ROOT, capture_output=True, text=True, check=False
    )
    for name, process in zip(noise, beside, strict=True):
        last = process.communicate()[0].strip().splitlines()[-1]
        print(f"{name.removesuffix('.py')}: {last}")
    traps = sum(1 for _ in (HERE / "traps.tsv").open(encoding="utf-8")) - 1
    print(f"traps: {traps} sentences, each held by a test")
    for line in tests.stdout.splitlines():
        if (figure := FIGURE.match(line.lstrip("."))) is not None:
            print(figure.group(1))
    print(tests.stdout.splitlines()[-1] if tests.stdout else tests.stderr)
    if tests.returncode:
        print(tests.stdout)
    return tests.returncode


if __name__ == "__main__":
    sys.exit(main())
