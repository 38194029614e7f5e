"""Every pattern of the lexicons finds its own examples and leaves its counter-examples alone."""

from __future__ import annotations

import re

import pytest

from pipeline.lexicons import load
from pipeline.text import Squeezed, fold

LEXICONS = load()
IDS = sorted(LEXICONS.patterns)
MATCHES = [(i, text) for i in IDS for text in LEXICONS.patterns[i]["match"]]
OTHERS = [(i, text) for i in IDS for text in LEXICONS.patterns[i]["no_match"]]


def as_run(pattern_id: str, text: str) -> str:
    """The form of a text that the pattern runs on: without white space, but for the few that look for it."""
    return fold(text) if r"\s" in LEXICONS.patterns[pattern_id]["regex"] else Squeezed(text).text


def test_there_are_patterns() -> None:
    assert len(IDS) >= 80
    assert len(MATCHES) >= 2 * len(IDS)


@pytest.mark.parametrize("pattern_id", IDS)
def test_it_compiles_and_has_examples_of_both_kinds(pattern_id: str) -> None:
    entry = LEXICONS.patterns[pattern_id]
    assert isinstance(LEXICONS.pattern(pattern_id), re.Pattern)
    assert entry["match"], "an example that it finds"
    assert "no_match" in entry, "an example that it leaves alone"


@pytest.mark.parametrize(("pattern_id", "text"), MATCHES)
def test_it_finds(pattern_id: str, text: str) -> None:
    assert LEXICONS.pattern(pattern_id).search(as_run(pattern_id, text)) is not None


@pytest.mark.parametrize(("pattern_id", "text"), OTHERS)
def test_it_leaves(pattern_id: str, text: str) -> None:
    assert LEXICONS.pattern(pattern_id).search(as_run(pattern_id, text)) is None


@pytest.mark.parametrize("pattern_id", IDS)
def test_examples_are_folded(pattern_id: str) -> None:
    """A pattern runs on folded text, so one that is itself not folded can never match what it says."""
    source = str(LEXICONS.patterns[pattern_id]["regex"])
    outside_classes = re.sub(r"\[[^\]]*\]", "", source)
    assert outside_classes == fold(outside_classes)
