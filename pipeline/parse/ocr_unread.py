"""Ink that nothing was read from: a recogniser that passes over a character is sure of its neighbours all the same.

A faint or stained figure is left out without a word (12 becomes 2 with a confidence of 1.0), but its place stays: a gap
between two characters of the line with ink in it, or a mark that no print has there. The characters beside it are made
doubtful.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from pipeline.parse.ocr_engine import Image, Reading
from pipeline.parse.ocr_layout import EM_OF_HEIGHT, is_wide

UNREAD = 0.5  # the confidence of a character beside ink that was not read: below what counts as sure
_STAINS = frozenset("_|^`\\")  # what the recogniser makes of stains and of bits of ruling lines
_GAP = 0.34  # em between two characters from which there is room for another one
_MARGIN = 0.2  # share of a gap at each of its sides that may hold the neighbours' own ink
_BAND = (0.2, 0.8)  # of the height of the line, where characters have most of their ink
_INK = 0.05  # mean darkness of a gap, of that between paper and ink: blanks have up to 0.02 with noise, a figure 0.2


def with_doubts(crop: Image, reading: Reading) -> Reading:
    """The reading of a line's picture, less sure beside ink that was not read."""
    sure = list(reading.confidence)
    for i, char in enumerate(reading.text):
        if char in _STAINS:
            _lower(sure, range(i - 1, i + 2))
    if len(sure) > 1 and crop.shape[0] < crop.shape[1]:
        for i in _unread_gaps(crop, reading):
            _lower(sure, range(i, i + 2))
    return Reading(reading.text, reading.at, tuple(sure))


def _lower(sure: list[float], places: range) -> None:
    for i in places:
        if 0 <= i < len(sure):
            sure[i] = min(sure[i], UNREAD)


def _unread_gaps(crop: Image, reading: Reading) -> Iterator[int]:
    """The index of each character behind which there is a gap with ink."""
    height, width = crop.shape[:2]
    em = EM_OF_HEIGHT * height
    sides = [(a * width, em / 2 if is_wide(c) else em / 4) for c, a in zip(reading.text, reading.at, strict=True)]
    gaps = [(low + a, high - b) for (low, a), (high, b) in pairwise(sides)]
    wide = [i for i, (low, high) in enumerate(gaps) if high - low > _GAP * em]
    if not wide:
        return
    dark = _darkness(crop)
    for i in wide:
        margin = _MARGIN * (gaps[i][1] - gaps[i][0])
        low, high = round(gaps[i][0] + margin), round(gaps[i][1] - margin)
        if high - low > 1 and float(dark[low:high].mean()) > _INK:
            yield i


def _darkness(crop: Image) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """For each column of a line how dark it is on average, from 0 (paper) to 1 (as ink)."""
    height = crop.shape[0]
    grey = crop[round(_BAND[0] * height) : max(round(_BAND[1] * height), 1)].mean(axis=2)
    ink, paper = np.percentile(crop.mean(axis=2), (2, 75))
    return np.asarray((paper - grey).mean(axis=0) / max(paper - ink, 1.0), np.float64)
