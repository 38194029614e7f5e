"""Renders pages as scans: clean ones as a good machine makes them, bad ones as they are found on government sites.

A bad scan is skewed, blurred, noisy, stamped with a seal in grey and saved with strong compression; its noise comes
from a seed made of the page, so the same page gives the same scan.
"""

from __future__ import annotations

import io
from typing import Any

DPI = 200
SKEW = 2.0  # degrees, one way and the other by turns
_CLEAN_QUALITY = 92
_BAD_QUALITY = 40
_BLUR = 0.9  # pixels, standard deviation
_NOISE = 14.0  # grey levels, standard deviation (as in DEPENDENCIES.md 3)
_SALT = 0.0006  # share of pixels that are black or white by chance
_SEAL_GREY, _SEAL_ALPHA = 120, 110  # of 255: a red seal copied in grey, and how much of it shows
_SEAL_SIZE = 330  # pixels: a seal of 42 mm (国发〔1999〕25号 for those of counties)


def clean(pdf: bytes) -> bytes:
    """The pages of a PDF as grey pictures of 200 dpi."""
    return _saved([page.convert("L") for page in _pictures(pdf)], _CLEAN_QUALITY)


def bad(pdf: bytes) -> bytes:
    """The pages of a PDF skewed by 2°, blurred, noisy, compressed at quality 40, with a grey seal on each."""
    return _saved([_worn(page.convert("L"), number) for number, page in enumerate(_pictures(pdf))], _BAD_QUALITY)


def _pictures(pdf: bytes) -> list[Any]:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        return [document[i].render(scale=DPI / 72).to_pil() for i in range(len(document))]
    finally:
        document.close()


def _saved(pages: list[Any], quality: int) -> bytes:
    """Pictures as a PDF with nothing else on its pages."""
    stream = io.BytesIO()
    pages[0].save(stream, "PDF", save_all=True, append_images=pages[1:], resolution=DPI, quality=quality)
    return stream.getvalue()


def _worn(page: Any, number: int) -> Any:
    import numpy
    from PIL import Image, ImageFilter

    page = _stamped(page)
    angle = SKEW if number % 2 == 0 else -SKEW
    page = page.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=255)
    page = page.filter(ImageFilter.GaussianBlur(_BLUR))
    noise = numpy.random.default_rng(1000 + number)
    grey = numpy.asarray(page, dtype=numpy.float32)
    grey = 245 - (255 - grey) * 0.9 + _NOISE * noise.standard_normal(grey.shape, dtype=numpy.float32)
    dots = noise.random(grey.shape, dtype=numpy.float32)
    grey[dots < _SALT] = 0
    grey[dots > 1 - _SALT] = 255
    return Image.fromarray(grey.clip(0, 255).astype(numpy.uint8))


def _stamped(page: Any) -> Any:
    """The page with the ring and the star of a seal, shining through, where signatures stand: low on the right."""
    import math

    from PIL import Image, ImageChops, ImageDraw

    mask = Image.new("L", page.size, 0)
    draw = ImageDraw.Draw(mask)
    x, y = page.width * 0.66, page.height * 0.66
    r = _SEAL_SIZE / 2
    draw.ellipse((x - r, y - r, x + r, y + r), outline=_SEAL_ALPHA, width=9)
    points = []
    for i in range(10):
        radius = r * (0.34 if i % 2 == 0 else 0.13)
        turn = math.pi * (i / 5 - 0.5)
        points.append((x + radius * math.cos(turn), y + radius * math.sin(turn)))
    draw.polygon(points, fill=_SEAL_ALPHA)
    sealed = Image.composite(Image.new("L", page.size, _SEAL_GREY), page, mask)
    return ImageChops.darker(page, sealed)
