"""Seals over the text: taken off the picture, so that the text below them can be read.

A seal is a compact patch of one colour, about as wide as high and of the size of one. Red ones are told by their
colour; grey ones, as copies have them, by being neither paper nor ink over whole strokes. The red head of an official
document is red too, but a flat row of characters, and stays. Inside the patch the seal's ink is made paper: black text
below it is as dark as before in the red light of the picture, or darker than the grey.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.parse.ocr_engine import Image

Mask = NDArray[np.bool_]
Box = tuple[int, int, int, int]  # left, top, right, bottom in pixels, half-open

# Millimetres. Seals of governments are 40 to 50 wide (State Council, Guofa 1999 No. 25), of departments 38 to 42, oval
# ones 30 to 45; the largest characters of a red head are 22 by 15 (customary for GB/T 9704).
_LEAST, _LARGEST = 24.0, 75.0
_ROUND = 1.7  # how many times wider than high, or higher than wide, a seal may be
_ROW = 32.0  # seals of several bodies touch: a patch that high is a row of seals, however wide
_GAP = 2.5  # millimetres between parts of one seal
_STROKE = 0.4  # millimetres: grey that thin is the soft edge of black strokes
_REDDER = 45  # of 255, by which red exceeds green and blue: measured on printed and stamped ink, JPEG quality 40 too
_BLACK, _PAPER = 80, 150  # red light up to which a pixel is black text, and from which it is paper or the seal's ink
_GREY = (85, 205)  # of 255: ink of seals on grey copies
_GREY_SPREAD = 25  # by which it varies
_STRAIGHT = 0.6  # of the shorter side: what is straight in a ring of 42 by 1 millimetres is 0.3 long
_APART = 5.0  # millimetres between two lines of a table
_FEWEST = 0.03  # share of a seal's square that is of its colour at the least (a thin ring has 0.05)
_MOST = 0.6  # and at the most: a filled square is a picture


def red_mask(image: Image) -> Mask:
    """Which pixels of a picture (blue green red) are red."""
    blue, green, red = (image[..., i].astype(np.int16) for i in range(3))
    mask: Mask = (red - np.maximum(blue, green)) > _REDDER
    return mask


def grey_mask(image: Image, dots_per_mm: float) -> Mask:
    """Which pixels belong to strokes that are neither black nor white, and as wide as those of a seal."""
    import cv2

    grey = image.max(axis=2)
    mask = ((grey >= _GREY[0]) & (grey <= _GREY[1])).astype(np.uint8)
    size = max(2, round(_STROKE * dots_per_mm))
    opened: Mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((size, size), np.uint8)) > 0
    return opened


def remove_seals(image: Image, dots_per_mm: float) -> tuple[Image, int]:
    """The picture without its seals (the same object where there is none), and how many there were."""
    red = red_mask(image)
    red_boxes = seal_boxes(red, dots_per_mm)
    grey = grey_mask(image, dots_per_mm)
    grey_boxes = [
        box
        for box in seal_boxes(grey & ~red, dots_per_mm)
        if not any(_meet(box, r) for r in red_boxes) and not _is_ruled(grey, box, dots_per_mm)
    ]
    if not red_boxes and not grey_boxes:
        return image, 0
    cleaned = image.copy()
    for box in red_boxes:
        _take_off_red(cleaned, red, box)
    for box in grey_boxes:
        _take_off_grey(cleaned, grey, box)
    return cleaned, len(red_boxes) + len(grey_boxes)


def seal_boxes(mask: Mask, dots_per_mm: float) -> list[Box]:
    """The patches of a mask that are of the shape of a seal."""
    import cv2

    if not mask.any():
        return []
    reach = max(1, round(_GAP * dots_per_mm))
    joined = cv2.dilate(mask.astype(np.uint8), np.ones((reach, reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    found = []
    for i in range(1, count):
        left, top, width, height, _ = (int(v) for v in stats[i])
        short, long = sorted(((width - reach) / dots_per_mm, (height - reach) / dots_per_mm))
        is_one = short >= _LEAST and long <= min(_LARGEST, _ROUND * short)
        if not is_one and not _ROW <= short <= _LARGEST:
            continue
        here = slice(top, top + height), slice(left, left + width)
        share = (mask[here] & (labels[here] == i)).sum() / (width * height)
        if _FEWEST <= share <= _MOST:
            found.append((left, top, left + width, top + height))
    return sorted(found)


def _is_ruled(mask: Mask, box: Box, dots_per_mm: float) -> bool:
    """Whether a patch has straight lines over most of its shorter side: the thin lines of a table, blurred to grey."""
    import cv2

    patch = mask[box[1] : box[3], box[0] : box[2]].astype(np.uint8)
    least = round(_STRAIGHT * min(patch.shape))
    found = cv2.HoughLinesP(patch, 1, np.pi / 720, least // 2, minLineLength=least, maxLineGap=round(dots_per_mm))
    ends = np.zeros((0, 4)) if found is None else np.asarray(found, np.float64).reshape(-1, 4)
    middles = [((a + c) / 2, (b + d) / 2) for a, b, c, d in ends]
    apart = _APART * dots_per_mm
    return any(max(abs(x - middles[0][0]), abs(y - middles[0][1])) > apart for x, y in middles[1:])


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _take_off_red(image: Image, mask: Mask, box: Box) -> None:
    """Grey in place of red: the red light, with the seal's ink raised to paper."""
    import cv2

    here = slice(box[1], box[3]), slice(box[0], box[2])
    light = image[here][..., 2].astype(np.float64)
    grey = np.clip(light + (255 - _PAPER) * (light - _BLACK) / (_PAPER - _BLACK), light, 255).astype(np.uint8)
    # The seal's neighbourhood alone changes: the soft edges of its ink are within two pixels of the mask.
    near = cv2.dilate(mask[here].astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    image[here][near] = grey[near][:, None]


def _take_off_grey(image: Image, mask: Mask, box: Box) -> None:
    """Paper from a little below the seal's grey upwards, and what is darker spread from black to paper."""
    here = slice(box[1], box[3]), slice(box[0], box[2])
    level = float(np.median(image[here][mask[here]])) - _GREY_SPREAD
    image[here] = np.clip(image[here] * (255.0 / level), 0, 255).astype(np.uint8)
