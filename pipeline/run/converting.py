"""Files that LibreOffice must convert first: many in one call, before the workers read them.

A start of LibreOffice takes as long as the conversion of five files. The converted files lie in a folder of this run,
which the readers look into; what is not there, a reader converts itself, so nothing depends on this step but time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from pipeline.parse import office, soffice
from pipeline.run.work import Job

_AT_ONCE = 64 * 2**20  # bytes of files held in memory for a call


@contextmanager
def converted(jobs: Sequence[Job]) -> Iterator[int]:
    """Convert the files of the jobs that need it, if they are several; how many were. They are gone afterwards."""
    wanted = [job for job in jobs if _may_need(job)]
    if len(wanted) < 2 or soffice.program() is None:
        yield 0
        return
    with soffice.shared_folder() as folder:
        batch: list[soffice.Source] = []
        for job in wanted:
            source = _source(job)
            if source is not None:
                batch.append(source)
            if len(batch) == soffice.BATCH or sum(len(s.data) for s in batch) > _AT_ONCE:
                soffice.convert(batch, folder)
                batch.clear()
        soffice.convert(batch, folder)
        yield sum(file.is_file() for file in folder.iterdir())


def _may_need(job: Job) -> bool:
    try:
        with job.file.open("rb") as stream:
            return office.may_be(stream.read(office.HEAD))
    except OSError:  # told when the file is worked on
        return False


def _source(job: Job) -> soffice.Source | None:
    try:
        return office.source(job.file.read_bytes())
    except OSError:
        return None
