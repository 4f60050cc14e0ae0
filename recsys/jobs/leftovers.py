"""What killed processes left in the folders of jobs: removed when the next job is asked for, under the queue's lock."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

from recsys.artifacts import remove_leftovers, untouched
from recsys.errors import ArtifactError
from recsys.jobs import locks, processes, records, uploads
from recsys.jobs.records import FINISHED

# how folders of jobs and of trainings are called: nothing else in the folder is touched
_OURS: Final = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9a-f]{8}")
_OWN_RECORDS: Final = ("training.json",)  # of records that may be at work themselves


def clean(root: Path) -> None:
    """Remove half-written files, folders that never got a record, and files brought for work that has finished.

    Nothing that a process holds, and nothing that was written to within the last hour, is touched.
    """
    if not root.is_dir():
        return
    remove_leftovers(root)
    for folder in root.iterdir():
        if not _OURS.fullmatch(folder.name) or not folder.is_dir() or locks.held(folder):
            continue
        if _without_record(folder):
            if untouched(folder):
                shutil.rmtree(folder, ignore_errors=True)
            continue
        remove_leftovers(folder)
        if _finished(folder):
            uploads.remove(folder)


def _without_record(folder: Path) -> bool:
    return not any((folder / name).exists() for name in (records.RECORD, *_OWN_RECORDS))


def _finished(folder: Path) -> bool:
    """Whether its job has finished and will not be begun again. A record that cannot be read says nothing."""
    try:
        job = records.read(folder)
    except ArtifactError:
        return False
    return job is not None and job.state == FINISHED and not processes.alive(job.pid, job.process_began)
