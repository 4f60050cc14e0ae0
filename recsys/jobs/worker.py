"""The process of one job, `python -m recsys.jobs.worker FOLDER`: it does the work, notes the end, begins the next."""

from __future__ import annotations

import os
import runpy
import sys
import traceback
from pathlib import Path

from recsys.errors import ShelfLensError
from recsys.jobs import here, locks, processes
from recsys.jobs.queue import INTERRUPTED, JobQueue
from recsys.jobs.records import Job
from recsys.settings import load_settings


def work(folder: Path, queue: JobQueue) -> int:
    """Do the job of a folder; its exit code. Raises ShelfLensError when the record cannot be read or written."""
    with locks.only_me(folder):
        job = queue.begin(folder, (os.getpid(), os.getppid()))
        if job is None:  # cancelled before it began
            return 0
        with here.stoppable():
            code = _run(job)
        queue.end(job, code)
    if code not in INTERRUPTED:  # who told it to stop sees to the others; after a Ctrl-C nothing new begins
        queue.advance()
    return code


def _run(job: Job) -> int:
    """Run the module as `python -m` would, in this process: what it says goes where it would go."""
    sys.argv = [job.module, *job.arguments]
    here.enter(job.folder, job.owner)
    try:
        runpy.run_module(job.module, run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as ended:
        code = _code(ended.code)
    except KeyboardInterrupt:
        code = INTERRUPTED[0]
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stderr.flush()
    return code


def _code(given: object) -> int:
    if given is None or isinstance(given, int):
        return int(given or 0)
    sys.stderr.write(f"{given}\n")
    return 1


def main() -> int:
    """The exit code of the work; 1 after one line on standard error where it could not even be begun."""
    processes.stand_back()
    try:
        return work(Path(sys.argv[1]), JobQueue.of(load_settings()))
    except ShelfLensError as error:
        sys.stderr.write(f"error: {error.one_line()}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
