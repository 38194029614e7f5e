"""Seeds faults into clean plans, each kind at random places where it fits, and says which of them are found.

    python tests/eval/damage_faults.py          # 1,000 faults, figures by kind, false alarms by plan

A fault counts as found where an issue whose code begins with damaged, lost or garbled touches its place (a lost cell:
its row or the next). Plans that come with damage of their own keep it; what is told of it before a fault is seeded
is no finding.
"""

from __future__ import annotations

import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipeline.extract import extract
from pipeline.model import Document, Issue
from pipeline.parse import parse
from pipeline.parse.txt import decode
from pipeline.text import fold

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
CODES = ("damaged", "lost", "garbled")
_DATES = frozenset({"past-deadline", "date-marks", "month", "day"})  # a past date needs the other to contradict
PER_COPY = 8  # faults in one copy of a plan
APART = 60  # characters between two faults, so that none hides another
NEAR = 4  # characters that an issue may stand beside its fault
NEAR_CELL = 90  # a row that lost a cell is told as a row

_HAN = "[\u4e00-\u9fff]"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is put in place of `text[start:end]`, by the kind of the fault."""

    kind: str
    start: int
    end: int
    put: str


Maker = Callable[[re.Match[str], random.Random], tuple[int, int, str]]


def _whole(put: Callable[[str, random.Random], str]) -> Maker:
    return lambda m, rng: (m.start("x"), m.end("x"), put(m["x"], rng))


def _impossible(written: str, rng: random.Random) -> str:
    return str(rng.randint(13, 19))


def _swap(text: str, rng: random.Random) -> str:
    return _RADICAL_OF[text]


_RADICAL_OF = {
    fold(chr(code)): chr(code)
    for code in (*range(0x2F00, 0x2FD6), *range(0x2E81, 0x2EF4))
    if re.fullmatch("[\u4e00-\u9fa5]", fold(chr(code)))
}

# Kind, where it fits (the group x is what is replaced), and what is put there.
_NOTHING = _whole(lambda t, r: "")
_BUILT = "不少于|不低于|新增|新建|建成|建设|培育|创建|认定|打造|培养|培训|引进|开发|共建|达到|超过"
_REACHED = "达到|达|不低于|提高到|提升到|保持在|稳定在|超过"
_IMPOSSIBLE = ("2月30日", "6月31日", "9月35日")
KINDS: tuple[tuple[str, str, Maker], ...] = (
    ("doc-number-bracket", r"[字发办函]〔(?:19|20)\d\d(?P<x>〕)\d+号", _NOTHING),
    ("doc-number-digits", r"[字发办函]〔(?P<x>20\d\d〕\d+号)", _whole(lambda t, r: t[:2] + t[4:])),
    (
        "date-marks",
        r"(?m)^[ \t\u3000]*20\d\d(?P<x>年\d{1,2}月\d{1,2}日)[ \t\u3000]*$",
        _whole(lambda t, r: re.sub(r"\D", "", t)),
    ),
    ("lost-character", rf"{_HAN}(?P<x>{_HAN}{{1,3}}){_HAN}", _whole(lambda t, r: "\ufffd" * len(t))),
    ("radical", "(?P<x>[" + "".join(sorted(_RADICAL_OF)) + "])", _whole(_swap)),
    ("doubled", rf"(?<!{_HAN})(?P<x>{_HAN}{{4,8}})(?!{_HAN})", _whole(lambda t, r: "".join(c + c for c in t))),
    ("month", r"20\d\d年(?P<x>\d{1,2})月", _whole(_impossible)),
    ("day", r"(?<!\d)(?P<x>\d{1,2}月\d{1,2}日)", _whole(lambda t, r: r.choice(_IMPOSSIBLE))),
    (
        "year-digits",
        r"(?P<x>20[12]\d)年(?=[底末,，]|\d{1,2}月|前)",
        _whole(lambda t, r: r.choice(["0" + t[2:], t[:2] + t[3:], "0403"])),
    ),
    ("past-deadline", r"[到至](?P<x>20[23]\d)年(?=[底末,，])", _whole(lambda t, r: "2011")),
    ("percent-number", r"(?:达到|不低于|提高到|超过)(?P<x>\d+(?:\.\d+)?)%", _NOTHING),
    ("amount", rf"(?:{_BUILT})(?P<x>\d+)(?=个|家|名|所|人次|万元)", _NOTHING),
    (
        "unit",
        rf"(?:率|比例|占比|比重){_HAN}{{0,6}}?(?:{_REACHED})\d+(?:\.\d+)?(?P<x>%)(?=以上|左右|[,;。、，；)）])",
        _NOTHING,
    ),
    ("bracket", r"(?<=\S)(?P<x>[》）”〕])", _NOTHING),
    ("cell", r"(?m)(?P<x>^\t[^\t\n]{2,60}\n)(?=\t)", _NOTHING),
    ("agency-code", r"(?P<x>函)(?=〔20\d\d〕\d+号)", _whole(lambda t, r: "含")),
)


def faults_in(text: str, rng: random.Random, kinds: set[str] | None = None) -> list[Fault]:
    """Every fault that fits somewhere, in random order."""
    found = [
        Fault(kind, *maker(match, rng))
        for kind, pattern, maker in KINDS
        if kinds is None or kind in kinds
        for match in re.finditer(pattern, text)
    ]
    rng.shuffle(found)
    return found


def seed(text: str, chosen: list[Fault]) -> tuple[str, list[tuple[Fault, int, int]]]:
    """The text with the faults, and for each the half-open span of its place in the new text."""
    pieces, places, last, at = [], [], 0, 0
    for fault in sorted(chosen, key=lambda f: f.start):
        pieces += [text[last : fault.start], fault.put]
        at += fault.start - last
        places.append((fault, at, at + len(fault.put)))
        at += len(fault.put)
        last = fault.end
    return "".join([*pieces, text[last:]]), places


def issues_of(text: str, name: str) -> tuple[Document, list[Issue]]:
    """The document of a plain text and every issue of damage with a place."""
    document = parse(text.encode(), name)
    found = (*document.issues, *extract(document).issues)
    return document, [i for i in found if i.code.startswith(CODES) and i.start is not None]


def _ink(text: str) -> list[int]:
    """For each character how many that are not white space stand before it; one more at the end."""
    counts, seen = [], 0
    for char in text:
        counts.append(seen)
        seen += not char.isspace()
    return [*counts, seen]


def is_found(place: tuple[Fault, int, int], source: list[int], issues: list[tuple[int, int]]) -> bool:
    """Whether an issue (in counts of ink) touches the place (in offsets of the faulty source)."""
    fault, start, end = place
    near = NEAR_CELL if fault.kind == "cell" else NEAR
    low, high = source[start] - near, source[end] + near
    return any(a <= high and low <= b for a, b in issues)


Run = tuple[Counter[str], Counter[str], dict[str, list[str]]]


def run(plans: dict[str, str], count: int, seed_number: int) -> Run:
    """Seeds `count` faults, even over the kinds as far as places allow: seeded and found by kind, what was missed."""
    rng = random.Random(seed_number)
    seeded: Counter[str] = Counter()
    found: Counter[str] = Counter()
    missed: dict[str, list[str]] = defaultdict(list)
    before: dict[str, set[tuple[str, str]]] = {}
    names = sorted(plans)
    turn = 0
    while sum(seeded.values()) < count:
        name = names[turn % len(names)]
        turn += 1
        text = plans[name]
        chosen: list[Fault] = []
        for fault in sorted(faults_in(text, rng), key=lambda f: seeded[f.kind]):
            if fault.kind in _DATES and any(f.kind in _DATES and f.kind != fault.kind for f in chosen):
                continue
            same = sum(f.kind == fault.kind for f in chosen)
            if same < 2 and all(abs(fault.start - f.start) > APART for f in chosen):
                chosen.append(fault)
            if len(chosen) == min(PER_COPY, count - sum(seeded.values())):
                break
        faulty, places = seed(text, chosen)
        if name not in before:
            before[name] = {(i.code, i.detail) for i in issues_of(text, name)[1]}
        document, issues = issues_of(faulty, name)
        issues = [i for i in issues if (i.code, i.detail) not in before[name]]
        ink, source = _ink(document.text), _ink(faulty)
        spans = [(ink[i.start or 0], ink[i.end or 0]) for i in issues]
        for place in places:
            fault, start, end = place
            seeded[fault.kind] += 1
            if is_found(place, source, spans):
                found[fault.kind] += 1
            else:
                missed[fault.kind].append(f"{name}: {faulty[max(0, start - 15) : end + 15]!r}")
    return seeded, found, missed


def plans(folders: tuple[Path, ...] = (ROOT / "corpus", SHARED / "corpus")) -> dict[str, str]:
    """The plain-text plans by name: the samples of the project and, where they are, the gold plans."""
    return {p.name: decode(p.read_bytes(), p.name)[0] for folder in folders for p in sorted(folder.glob("*.txt"))}


def main() -> int:
    """Prints the figures; 0."""
    clean = plans()
    for name, text in clean.items():
        print(f"{name}: {len(issues_of(text, name)[1])} alarms before seeding")
    seeded, found, missed = run(clean, int(sys.argv[1]) if len(sys.argv) > 1 else 1000, 20240601)
    for kind, count in sorted(seeded.items()):
        print(f"{kind:20} {found[kind]:4} of {count:4}  {found[kind] / count:.3f}")
    right, every = sum(found.values()), sum(seeded.values())
    print(f"{'all':20} {right:4} of {every:4}  {right / every:.3f}")
    if "--misses" in sys.argv:
        for kind, lines in missed.items():
            for line in lines[:12]:
                print(kind, line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
