"""The recogniser: RapidOCR with the PP-OCR models that its wheel holds, on OpenVINO or else on ONNX Runtime.

Nothing is downloaded: the two models are named by their paths, and without them the part counts as missing. The
classifier for upside-down lines stays off, since it turns upright lines over (measured: character errors 0.00 → 1.36 %
on clean pages); pages are turned as a whole by `ocr_page`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import MissingPartError

Image = NDArray[np.uint8]  # height × width × 3, blue green red
Quad = NDArray[np.float64]  # 4 × 2: corners of a line from the upper left one, clockwise in the direction of reading

# Measured on clean, noisy and harsh pages with and without tables: 0.05 / 0.17 / 0.45 % character errors at 1,600 px,
# every letter of dense tables found; 1,280 loses 4 % of those, 960 a third.
DETECTOR_SIDE = 1600
CROP_SIDE = 5000  # px: RapidOCR scales images down to 2,000 by itself, which costs small print its sharpness
# Lines recognised at once. RapidOCR fills short lines up to the longest of their batch, by which they lose marks: on a
# scan three of 1,240 characters, and the mark behind the number of a heading. One by one is 8 % less work, too.
BATCH = 1
_MODELS = ("PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx")
_BACKENDS = ("openvino", "onnxruntime")  # the first is 2.5 to 3.5 times faster with the same errors
INSTALL = (
    '请安装文字识别部件：在 duibiao 的文件夹里运行 make ocr，或 pip install "duibiao[ocr]"，然后重新导入',
    'install text recognition: make ocr in the folder of duibiao, or pip install "duibiao[ocr]"; then ingest it again',
)


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of one line; for each character its middle as a share of the line's length, and its confidence."""

    text: str
    at: tuple[float, ...]
    confidence: tuple[float, ...]


@cache
def backend() -> str | None:
    """The library that runs the models, None where text recognition is not installed."""
    if find_spec("rapidocr") is None or find_spec("cv2") is None or not all(p.is_file() for p in _model_paths()):
        return None
    return next((name for name in _BACKENDS if find_spec(name) is not None), None)


def is_available() -> bool:
    """Whether pictures can be read on this computer."""
    return backend() is not None


def engine_version() -> str:
    """What decides the result beside the picture: recogniser, backend and settings. Part of the cache's key."""
    parts = [f"{name} {_version(name)}" for name in ("rapidocr", backend() or "none")]
    return " ".join([*parts, _MODELS[1], *map(str, (DETECTOR_SIDE, CROP_SIDE, BATCH))])


def detect(image: Image) -> list[Quad]:
    """The lines of text in a picture, in no certain order. Raises MissingPartError without the extra."""
    found = _engine()(image, use_det=True, use_cls=False, use_rec=False)
    return [] if found.boxes is None else [np.asarray(box, dtype=np.float64) for box in found.boxes]


def recognise(crops: list[Image]) -> list[Reading]:
    """What stands in pictures of single upright lines, in their order. Raises MissingPartError without the extra."""
    if not crops:
        return []
    engine = _engine()
    engine.update_params(return_word_box=True)
    result = engine.recognize_txt(crops)
    return [_reading(text, info) for text, info in zip(result.txts, result.word_results, strict=True)]


def _reading(text: str, info: Any) -> Reading:
    """RapidOCR gives columns of the network's output for all but blanks, and confidences for blanks too."""
    columns = iter([column for word in info.word_cols for column in word])
    chars: list[str] = []
    at: list[float] = []
    confidence: list[float] = []
    for char, sure in zip(text, info.confs, strict=False):
        if not char.isspace():
            chars.append(char)
            at.append(min((next(columns) + 0.5) / info.line_txt_len, 1.0))
            confidence.append(round(min(max(float(sure), 0.0), 1.0), 3))
        elif chars and at:
            chars.append(" ")
            at.append(at[-1])
            confidence.append(1.0)
    while chars and chars[-1] == " ":
        chars.pop(), at.pop(), confidence.pop()
    return Reading("".join(chars), tuple(at), tuple(confidence))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "0"


@cache
def _model_paths() -> tuple[Path, ...]:
    spec = find_spec("rapidocr")
    folder = Path(spec.origin).parent / "models" if spec is not None and spec.origin else Path("models")
    return tuple(folder / name for name in _MODELS)


@cache
def _engine() -> Any:
    """The engine of this process: about two seconds to start, kept from then on."""
    name = backend()
    if name is None:
        what = ("没有安装文字识别部件", "text recognition is not installed")
        raise MissingPartError(what, "", INSTALL)
    from rapidocr import EngineType, RapidOCR

    kind = EngineType(name)
    detector, recogniser = (str(path) for path in _model_paths())
    return RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_cls": False,
            "Global.max_side_len": CROP_SIDE,
            "Det.engine_type": kind,
            "Det.model_path": detector,
            "Det.limit_type": "max",
            "Det.limit_side_len": DETECTOR_SIDE,
            "Rec.engine_type": kind,
            "Rec.model_path": recogniser,
            "Rec.rec_batch_num": BATCH,
        }
    )
