"""Makes the faults of text recognition: a share of a text's characters gives way to look-alikes, by a seed.

The glyphs are those of `lexicons/lookalikes.tsv`; an enumeration comma is lost, as it is in practice. The markup of a
saved page is left alone. Same text, share and seed, same noise.

    python tests/eval/ocr_noise.py [SEED …]     # the overall score of the gold plans, clean and by seed
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.export import jsonl
from pipeline.extract import extract
from pipeline.lexicons import Lexicons, load
from pipeline.parse import parse
from pipeline.store import Store
from pipeline.text import fold

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
CLEAN = 0  # the seed that leaves a text as it is
SEEDS = (1, 2, 3, 4, 5)
SHARE = 0.01  # of all characters that are not white space
LOST = "、"  # thin enough for recognition to miss it
_MARKUP = re.compile(r"(?is)<(script|style|head)\b.*?</\1>|<!--.*?-->|<[^>]*>|&[#\w]{1,8};")


@dataclass(frozen=True, slots=True)
class Noise:
    """One replaced character: `at` is its offset into the clean text, `put` empty where it was lost."""

    at: int
    was: str
    put: str


def add_noise(
    text: str, seed: int, lexicons: Lexicons, share: float = SHARE, places: list[int] | None = None
) -> tuple[str, list[Noise]]:
    """The text with noise, and what was done, in order. `places` are the offsets that may be hit (all by default)."""
    table = {row.name: row.aliases for row in lexicons.get("lookalikes")}
    rng = random.Random(seed)
    places = list(range(len(text))) if places is None else places
    seen = [at for at in places if not text[at].isspace()]
    able = [at for at in seen if text[at] == LOST or fold(text[at]) in table]
    hit = sorted(rng.sample(able, min(len(able), round(share * len(seen)))))
    done = [Noise(at, text[at], "" if text[at] == LOST else rng.choice(table[fold(text[at])])) for at in hit]
    pieces, last = [], 0
    for noise in done:
        pieces += [text[last : noise.at], noise.put]
        last = noise.at + 1
    return "".join([*pieces, text[last:]]), done


def noisy_file(data: bytes, name: str, seed: int, lexicons: Lexicons, share: float = SHARE) -> bytes:
    """The bytes of a UTF-8 text or page with noise in its words; the markup of a page (`.html`) stays."""
    text = data.decode("utf-8")
    places = list(range(len(text)))
    if name.endswith((".html", ".htm")):
        closed = {at for m in _MARKUP.finditer(text) for at in range(m.start(), m.end())}
        places = [at for at in places if at not in closed]
    return add_noise(text, seed, lexicons, share, places)[0].encode("utf-8")


def gold_plans() -> list[Path]:
    """The files of `../shared/corpus` that have gold."""
    stems = {path.stem for path in (SHARED / "gold").glob("**/*.json")}
    return sorted(path for path in (SHARED / "corpus").iterdir() if path.stem in stems)


def scores(seeds: Iterable[int]) -> list[float]:
    """The overall score of all gold plans, as exported, for each seed (0: without noise)."""
    lexicons = load()
    return [_score(seed, lexicons) for seed in seeds]


def _score(seed: int, lexicons: Lexicons) -> float:
    with Store(None) as store:
        for path in gold_plans():
            data = path.read_bytes()
            data = data if seed == CLEAN else noisy_file(data, path.name, seed, lexicons)
            document = parse(data, path.name, lexicons=lexicons)
            store.save(document, extract(document, lexicons), path.name, lexicons.fingerprint, "")
        lines = "\n".join(json.dumps(document, ensure_ascii=False) for document in jsonl.documents(store))
    scored = subprocess.run(
        [sys.executable, str(SHARED / "gold" / "score.py"), "-", "--all", "--json"],
        input=lines, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(json.loads(scored.stdout)["all"]["overall"])


def main() -> int:
    """Prints the scores; 0."""
    seeds = [int(seed) for seed in sys.argv[1:]] or list(SEEDS)
    clean, *noisy = scores((CLEAN, *seeds))
    print(f"clean    {clean:.4f}")
    for seed, score in zip(seeds, noisy, strict=True):
        print(f"seed {seed:3} {score:.4f}  lost {clean - score:.4f}")
    print(f"mean lost {clean - sum(noisy) / len(noisy):.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
