"""Pictures of pages for tests: text set with a Chinese font, and what scanners and cameras do to it.

Needs Pillow (it comes with the OCR extra) and one of the fonts named here; what cannot be made skips with the reason.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest

DPI = 200
MM = DPI / 25.4
SIZE = (1654, 2339)  # A4
LEFT, TOP, RIGHT = round(28 * MM), round(37 * MM), round(182 * MM)  # GB/T 9704-2012, 5.2
EM = 44  # 16 point
PITCH = 80  # 22 lines a page

FONTS = {
    "song": ("/usr/share/fonts/truetype/arphic/uming.ttc", 0),
    "serif": ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", 2),
    "sans": ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    "hei": ("/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc", 0),
    "fangsong": ("C:/Windows/Fonts/simfang.ttf", 0),
    "pingfang": ("/System/Library/Fonts/STHeiti Light.ttc", 0),
}
TITLE = "云溪县深化产教融合三年行动计划"
PARAGRAPHS = (
    "为深化产教融合、校企合作，全面提升职业教育服务地方经济发展的能力，根据《云溪县国民经济和社会发展第十四个五年规划"
    "纲要》（云府发〔2021〕17号），结合我县实际，制定本计划。",
    "一、主要目标",
    "到2025年，全县建成实训基地12个以上，“双师型”教师占专业课教师的比例不低于62.5%，年培训企业职工3800人次；"
    "毕业生本地就业率由41%提高到55%以上，规模以上企业参与办学的比例达到30%。",
    "二、重点任务",
    "（一）优化专业布局。围绕装备制造、现代农业、健康养老等产业，每年新增或调整专业3—5个，停办就业率连续两年低于60%的"
    "专业。责任单位：县教育局、县发展和改革局。",
    "（二）完善经费投入。县财政每年安排专项资金1,200万元；对认定的产教融合型企业，按当年实际投入的30%抵免教育费附加，"
    "最高不超过80万元。",
)


def font(name: str | None = None, size: int = EM) -> Any:
    """A Chinese font; the first that is there where no name is given. Skips where there is none."""
    image_font = pytest.importorskip("PIL.ImageFont", reason="needs Pillow, which comes with the OCR extra")
    for path, index in [FONTS[name]] if name else FONTS.values():
        if Path(path).is_file():
            return image_font.truetype(path, size, index=index)
    pytest.skip("needs a Chinese font such as Noto CJK or WenQuanYi")


def blank(size: tuple[int, int] = SIZE) -> Any:
    from PIL import Image

    return Image.new("RGB", size, "white")


def wrap(text: str, em: int = EM, width: int = RIGHT - LEFT, indent: int = 2) -> list[tuple[int, str]]:
    """Lines with their indent in pixels: Chinese set solid, digits half as wide, no mark at the head of a line."""
    lines: list[tuple[int, str]] = []
    line, used = "", indent * em
    tokens = _tokens(text)
    for i, token in enumerate(tokens):
        size = sum(advance(c, em) for c in token)
        following = tokens[i + 1] if i + 1 < len(tokens) else ""
        hangs = em if following in "，。、；：）》”" and following else 0
        if used + size + hangs > width and line and token not in "，。、；：）》”":
            lines.append((indent * em if not lines else 0, line))
            line, used = "", 0
        line, used = line + token, used + size
    lines.append((indent * em if not lines else 0, line))
    return lines


def advance(char: str, em: int) -> float:
    """How far a character takes the line: wider than half for the sign of percent, which is so in most fonts."""
    return em if ord(char) > 127 else em * (0.95 if char == "%" else 0.56)


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    for char in text:
        if tokens and (_joins(tokens[-1][-1], char) or tokens[-1] in "（《“〔"):
            tokens[-1] += char
        else:
            tokens.append(char)
    return tokens


def _joins(before: str, char: str) -> bool:
    return before in "0123456789.," and char in "0123456789.,%"


def draw_line(image: Any, x: int, y: int, text: str, face: Any, em: int = EM, colour: Any = 0) -> None:
    """A line with its upper edge at y, every Chinese character in a square of its own."""
    from PIL import ImageDraw

    draw = ImageDraw.Draw(image)
    at: float = x
    for char in text:
        draw.text((at, y), char, font=face, fill=(colour,) * 3 if isinstance(colour, int) else colour)
        at += advance(char, em)


def page(
    paragraphs: tuple[str, ...] = PARAGRAPHS, title: str = TITLE, face: str | None = None, number: int | None = None
) -> Any:
    """A page of an official document: a title in the middle, indented paragraphs, the page's number at its foot."""
    image = blank()
    normal, y = font(face), TOP
    if title:
        size = 61
        draw_line(image, (SIZE[0] - size * len(title)) // 2, y, title, font(face, size), size)
        y += 2 * PITCH
    for text in paragraphs:
        for indent, line in wrap(text):
            draw_line(image, LEFT + indent, y, line, normal)
            y += PITCH
    if number is not None:
        draw_line(image, LEFT, SIZE[1] - 220, f"— {number} —", normal)
    return image


def table(
    rows: list[list[str]],
    widths: list[int],
    face: str | None = None,
    em: int = 33,
    spans: dict[tuple[int, int], int] | None = None,
    image: Any = None,
    top: int = TOP,
) -> Any:
    """A ruled table: `widths` in pixels, `spans` the rows that a cell covers downward."""
    from PIL import ImageDraw

    image = image or blank()
    spans = spans or {}
    draw, normal = ImageDraw.Draw(image), font(face, em)
    xs = [LEFT]
    for width in widths:
        xs.append(xs[-1] + width)
    y = top
    covered = {(r + i, c) for (r, c), n in spans.items() for i in range(1, n)}
    starts: list[int] = []
    for row in rows:
        starts.append(y)
        wrapped = [wrap(t, em, w - 24, 0) for t, w in zip(row, widths, strict=True)]
        for c, lines in enumerate(wrapped):
            for i, (_, line) in enumerate(lines):
                if (len(starts) - 1, c) not in covered:
                    draw_line(image, xs[c] + 12, y + 14 + i * 48, line, normal, em)
        y += max(len(lines) for lines in wrapped) * 48 + 24
    ends = [*starts[1:], y]
    for r, (low, high) in enumerate(zip(starts, ends, strict=True)):
        for c in range(len(widths)):
            if (r, c) not in covered:
                n = spans.get((r, c), 1)
                draw.rectangle((xs[c], low, xs[c + 1], ends[r + n - 1]), outline=0, width=3)
        del high
    return image


def array(image: Any) -> np.ndarray[Any, Any]:
    """Pixels as the recogniser takes them: blue green red."""
    return np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])


def picture(pixels: Any) -> Any:
    """An image of red green blue pixels."""
    from PIL import Image

    return Image.fromarray(pixels)


def encode(image: Any, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, dpi=(DPI, DPI), **options)
    return out.getvalue()


def jpeg(image: Any, quality: int = 40) -> Any:
    from PIL import Image

    return Image.open(io.BytesIO(encode(image, "JPEG", quality=quality))).convert("RGB")


def skew(image: Any, degrees: float) -> Any:
    """Turned so that lines fall to the right by so many degrees."""
    from PIL import Image

    return image.rotate(-degrees, resample=Image.Resampling.BICUBIC, fillcolor="white")


def blur(image: Any, radius: float = 1.2) -> Any:
    from PIL import ImageFilter

    return image.filter(ImageFilter.GaussianBlur(radius))


def noise(image: Any, deviation: float = 14.0, seed: int = 1) -> Any:
    from PIL import Image

    pixels = np.asarray(image).astype(np.float64)
    pixels += np.random.default_rng(seed).normal(0, deviation, pixels.shape[:2])[:, :, None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def seal(image: Any, x: int, y: int, colour: tuple[int, int, int] = (225, 35, 40), opacity: float = 0.8) -> Any:
    """A round seal of 42 mm with a star and characters round it, its ink laid over the text as ink is."""
    import math

    from PIL import Image, ImageChops, ImageDraw

    ink = blank(image.size)
    draw, radius = ImageDraw.Draw(ink), round(21 * MM)
    pale = tuple(round(255 - (255 - c) * opacity) for c in colour)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=pale, width=9)
    star = []
    for i in range(10):
        r, a = (radius * 0.32 if i % 2 == 0 else radius * 0.13), math.pi * (i / 5 - 0.5)
        star.append((x + r * math.cos(a), y + r * math.sin(a)))
    draw.polygon(star, fill=pale)
    for i, char in enumerate("云溪县人民政府"):
        a = math.pi * (i - 3) / 4.6
        tile = Image.new("RGB", (60, 60), "white")
        ImageDraw.Draw(tile).text((8, 4), char, font=font(None, 44), fill=pale)
        tile = tile.rotate(-math.degrees(a), fillcolor="white")
        r = radius * 0.76
        ink.paste(tile, (round(x + r * math.sin(a)) - 30, round(y - r * math.cos(a)) - 30))
    return ImageChops.multiply(image, ink)


def distance(a: str, b: str) -> int:
    """Edit distance."""
    from rapidfuzz.distance import Levenshtein

    return int(Levenshtein.distance(a, b))
