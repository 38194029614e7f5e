"""Work on a file without parsing: what a file says decides how it ends. Importable by spawned workers."""

from __future__ import annotations

import os
import time
from dataclasses import replace

import make

from pipeline.errors import LexiconError, UnreadableError
from pipeline.model import Extraction
from pipeline.run.work import Failure, Job, Result, crash


def work(job: Job) -> Result:
    """Files hold the name of a plan of `make`, or what shall go wrong."""
    data = job.file.read_bytes()
    said = data.decode().split()
    match said[0]:
        case "raise":
            return crash(ValueError("of no use"))
        case "refuse":
            error = UnreadableError(("文件是空的", "the file is empty"), job.name, ("请重新下载", "download it again"))
            return Failure(error.code, error.what, error.advice)
        case "die":
            os._exit(7)
        case "hang":
            time.sleep(600)
        case "unpicklable":
            return lambda: None  # type: ignore[return-value]
        case "lexicon":
            raise LexiconError(("词表有误", "a lexicon is broken"), "units.tsv")
    document, extraction = getattr(make, said[0])(job.name)
    title = (job.manifest or {}).get("title", document.metadata.title)
    import hashlib

    document = replace(
        document, digest=hashlib.sha256(data).hexdigest(), metadata=replace(document.metadata, title=title)
    )
    return document, extraction if "bare" not in said else Extraction()
