"""Worker processes with a time limit for each file: a file that hangs, or kills its process, costs that file alone.

`concurrent.futures` gives neither: one dead worker breaks its whole pool, and a running call cannot be ended.
Results come in the order of the jobs, whatever the number of workers.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from collections.abc import Callable, Generator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

from pipeline import progress
from pipeline.errors import LexiconError
from pipeline.run.work import Failure, Job, Result, crash

SECONDS = 120.0  # the slowest plan that was seen took 6 s; a file that needs twenty times that hangs
WARM_UP = 60.0  # a worker's first job also pays for loading the libraries, some seconds on a slow disk
MEMORY = 6 * 2**30  # address space of a worker in bytes; libraries reserve about 2 GB that they never touch

_ALIVE = "alive"  # what a worker says between steps of long work: the limit is on time without a step done

Work = Callable[[Job], Result]


def _serve(pipe: Connection, work: Work) -> None:
    """The life of a worker: take a job, give back its result, until the pipe closes."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # not every system has such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
    progress.listen(lambda: pipe.send(_ALIVE))
    while True:
        try:
            job = pipe.recv()
        except (EOFError, KeyboardInterrupt):
            return
        try:
            result: object = work(job)
        except LexiconError as error:
            result = error
        except BaseException as error:
            result = crash(error)
        pipe.send(result)


class _Worker:
    """One process with its pipe, and the job that it is at."""

    def __init__(self, work: Work) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, work), daemon=True)
        self.process.start()
        theirs.close()
        self.job: int | None = None
        self.deadline = 0.0
        self.warm = False

    def give(self, number: int, job: Job, seconds: float) -> None:
        self.job = number
        self.deadline = time.monotonic() + seconds + (0 if self.warm else WARM_UP)
        self.pipe.send(job)

    def end(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()


def run(work: Work, jobs: Sequence[Job], workers: int, seconds: float = SECONDS) -> Generator[Result, None, None]:
    """The results of the jobs, in their order. `work` must be importable by name. One worker means this process.

    `seconds` limits each job, or each step of it that is told by `progress`, where there is more than one worker.
    Raises LexiconError as `work` does.
    """
    if workers <= 1:
        yield from map(work, jobs)
        return
    crew = [_Worker(work) for _ in range(min(workers, len(jobs)))]
    done: dict[int, Result] = {}
    given = emitted = 0
    try:
        while emitted < len(jobs):
            for worker in crew:
                # Far ahead of the writer, results would only fill the memory.
                if worker.job is None and given < len(jobs) and given - emitted < 8 * len(crew):
                    worker.give(given, jobs[given], seconds)
                    given += 1
            crew = [_collect(worker, work, done, seconds) for worker in _ready(crew)]
            while emitted in done:
                yield done.pop(emitted)
                emitted += 1
    finally:
        for worker in crew:
            worker.end()


def _ready(crew: list[_Worker]) -> list[_Worker]:
    """The crew again, once one of them has an answer, died or ran out of time."""
    busy = [w for w in crew if w.job is not None]
    if busy:
        left = min(w.deadline for w in busy) - time.monotonic()
        wait([w.pipe for w in busy], timeout=max(0.0, left))
    return crew


def _collect(worker: _Worker, work: Work, done: dict[int, Result], seconds: float) -> _Worker:
    """Take a worker's answer if it has one; put a new worker in the place of one that died or hangs."""
    if worker.job is None:
        return worker
    if worker.pipe.poll():
        try:
            result: Any = worker.pipe.recv()
        except (EOFError, ConnectionError):
            worker.process.join()
            result = _died(worker.process.exitcode)
        if isinstance(result, LexiconError):
            raise result
        if result == _ALIVE:
            worker.deadline = max(worker.deadline, time.monotonic() + seconds)
            return worker
        done[worker.job] = result
        if worker.process.exitcode is None:
            worker.job, worker.warm = None, True
            return worker
    elif time.monotonic() < worker.deadline:
        return worker
    else:
        done[worker.job] = _hung(seconds)
    worker.end()
    return _Worker(work)


def _died(exitcode: int | None) -> Failure:
    return Failure(
        "crash",
        (f"处理时进程中断（{exitcode}）", f"its process died ({exitcode})"),
        ("文件可能已损坏，请另存后再试", "the file may be damaged: save it anew and try again"),
    )


def _hung(seconds: float) -> Failure:
    return Failure(
        "timeout",
        (f"超过 {seconds:.0f} 秒仍未读完", f"not read within {seconds:.0f} seconds"),
        ("请拆分文件，或用 --workers 1 不限时运行", "split the file, or run without limit by --workers 1"),
    )
