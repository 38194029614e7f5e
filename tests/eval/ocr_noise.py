"""Makes the faults of text recognition: a share of a text's characters gives way to look-alikes, by a seed.

The glyphs are those of `lexicons/lookalikes.tsv`; an enumeration comma is lost, as it is in practice. The markup of a
saved page is left alone. Same text, share and seed, same noise.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from pipeline.lexicons import Lexicons
from pipeline.text import fold

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


