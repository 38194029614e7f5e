"""The work on one file: bytes to Document to Extraction, every failure turned into a reason. Runs in any process."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pipeline import lexicons
from pipeline.errors import DuibiaoError, LexiconError
from pipeline.model import Document, Extraction


@dataclass(frozen=True, slots=True)
class Job:
    """A file to be read: its place, its name, its row of the manifest, and the folder of the lexicons."""

    file: Path
    name: str
    manifest: Mapping[str, str] | None
    lexicons: Path


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file was not read: a short code, and (Chinese, English) what is wrong and what to do."""

    code: str
    what: tuple[str, str]
    advice: tuple[str, str] = ("", "")


Result = tuple[Document, Extraction] | Failure

CRASH_ADVICE = (
    "这是程序的缺陷，请把文件和这一行告诉我们",
    "this is a fault of the program: please report it with the file",
)


def work(job: Job) -> Result:
    """Parse and extract one file. Never raises but for lexicons that are broken, which concern every file."""
    # Imported here: the process that only writes needs neither readers nor spaCy.
    from pipeline.extract import extract
    from pipeline.parse import parse

    words = lexicons.load(job.lexicons)
    try:
        document = parse(job.file.read_bytes(), job.name, job.manifest, words)
        return document, extract(document, words)
    except LexiconError:
        raise
    except DuibiaoError as error:
        return Failure(error.code, _located(error, job.name), error.advice)
    except OSError as error:
        return unreadable(error)
    except Exception as error:
        return crash(error)


def _located(error: DuibiaoError, name: str) -> tuple[str, str]:
    """What is wrong with the place inside the file; the file's own name stands in the line already."""
    where = error.where.replace(name, "").strip(" :()（）") if error.where else ""
    return (f"{error.what[0]}（{where}）", f"{error.what[1]} ({where})") if where else error.what


def unreadable(error: OSError) -> Failure:
    """The failure of a file that the system does not give out."""
    detail = error.strerror or type(error).__name__
    return Failure(
        "unreadable",
        (f"系统不让读取（{detail}）", f"the system does not let it be read ({detail})"),
        ("请检查权限", "check its permissions"),
    )


def crash(error: BaseException) -> Failure:
    """The failure of a file that made the program fail: the class of the exception and the start of its text."""
    detail = f"{type(error).__name__}: {' '.join(str(error).split())[:80]}"
    return Failure("crash", (f"处理时出错 {detail}", f"the program failed on it, {detail}"), CRASH_ADVICE)


@lru_cache(maxsize=1)
def rules_version() -> str:
    """A hash over the program text that decides what is found, so that stored documents of older rules are known."""
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.blake2b(digest_size=8)
    files = [package / "text.py", package / "lexicons.py", package / "model.py", *package.glob("gazetteer*.py")]
    files.append(package / "store" / "grades.py")
    for part in ("gazetteer", "parse", "segment", "extract"):
        files += (package / part).rglob("*.py")
    for file in sorted(files):
        digest.update(file.relative_to(package).as_posix().encode())
        digest.update(file.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()
