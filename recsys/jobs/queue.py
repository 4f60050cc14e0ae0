"""The jobs of this machine: so many at once, the others wait in a row. There is no daemon: whoever looks moves it on.

A second process that looks at the same moment does no harm: records are changed under one lock.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout

from recsys.artifacts import storage_errors
from recsys.errors import ArtifactError, BadRequestError, ShelfLensError, StorageError
from recsys.jobs import here, leftovers, locks, processes, records, uploads
from recsys.jobs.kinds import KINDS
from recsys.jobs.records import CANCELLED, FAILED, FINISHED, RUNNING, STOPPED, WAITING, Job
from recsys.jobs.uploads import Upload
from recsys.settings import Settings

LOCK: Final = "queue.lock"
PATIENCE: Final = 10.0  # seconds; the lock is held for milliseconds
KEPT: Final = 8  # ended jobs of a kind that are remembered; older ones go when another one is started
VISITORS: Final = 10  # whose waiting jobs may fill the queue: a browser without cookies is somebody else each time
INTERRUPTED: Final = (130, 143)  # exit codes of work that was told to stop: 128 + SIGINT, 128 + SIGTERM


@dataclass(frozen=True, slots=True)
class JobQueue:
    """The jobs below some folders, of which `limit` run at once and `waiting` of one owner wait.

    Any thread of any process may ask.

    What changes records raises StorageError when they cannot be written, or stay locked for PATIENCE seconds.
    """

    root: Path  # jobs that have no other place
    others: tuple[Path, ...] = ()  # folders of records that may be at work themselves
    limit: int = 1
    waiting: int = 5

    @classmethod
    def of(cls, settings: Settings) -> JobQueue:
        """The queue of the state folder in force."""
        records = (settings.trainings_dir, settings.adaptations_dir)  # their jobs lie in folders of their own
        return cls(settings.jobs_dir, records, settings.max_jobs, settings.max_waiting)

    # --- looking ----------------------------------------------------------------------------------------------

    def listed(self, kind: str | None = None, subject: str | None = None) -> list[Job]:
        """All jobs, of one kind and about one thing where asked for, the one asked for last first; moves on the queue.

        Folders without a readable record are passed over.
        """
        self.advance()
        wanted = [j for j in self._all() if kind in (None, j.kind) and subject in (None, j.subject)]
        return sorted(wanted, key=_order, reverse=True)

    def find(self, folder: Path) -> Job | None:
        """The job of a folder as it is now; None where there is none or its record cannot be read."""
        try:
            return records.read(folder)
        except ArtifactError:
            return None

    def place(self, job: Job) -> int:
        """Its place among those that wait, from 1; 0 for one that does not."""
        waiting = [each.id for each in self._all() if each.state == WAITING]
        return waiting.index(job.id) + 1 if job.id in waiting else 0

    def _all(self) -> list[Job]:
        """In the order in which they were asked for."""
        roots = [root for root in (self.root, *self.others) if root.is_dir()]
        found = (self.find(path) for root in roots for path in root.iterdir() if not path.name.startswith("."))
        return sorted((job for job in found if job is not None), key=_order)

    # --- starting ---------------------------------------------------------------------------------------------

    def start(
        self,
        kind: str,
        arguments: Sequence[str] = (),
        *,
        label: str = "",
        subject: str = "",
        folder: Path | None = None,
        owner: str = "",
        files: Mapping[str, Upload] | None = None,
    ) -> Job:
        """Run `python -m recsys <verb of the kind> <arguments>` beside this process, once it is its turn.

        With a folder (a record's own) the work of that folder; where it is at work or waits already, that job is
        given back as it is. Each file goes into the folder, and its path to the arguments as `--<option>=PATH`.
        Raises BadRequestError for an unknown kind and where too many wait already, StorageError when the disk does not
        take it; then nothing is left of it.
        """
        if kind not in KINDS:
            raise BadRequestError(f"there is no kind of job {kind[:40]!r}", allowed=", ".join(KINDS), remedy="use one")
        known, now = KINDS[kind], time.time()
        path = folder or self.root / f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(4)}"
        words = label or known.label
        given = (
            *known.verb,
            *arguments,
            *(f"--{option}={at}" for option, at in uploads.places(path, files or {}).items()),
        )
        new = Job(path.name, path, kind, words, subject, known.module, given, now, now, owner=owner)
        with self._alone():
            before = self.find(path)
            if before is not None and before.active:
                return before
            self._check_room(owner)
            with storage_errors(path):
                path.mkdir(parents=True, exist_ok=True)
            self._bring(path, files or {}, fresh=folder is None)
            self._enqueue(new, fresh=folder is None)
            self._prune(kind)
            for root in (self.root, *self.others):
                leftovers.clean(root)
        return self.find(path) or new

    def again(self, job: Job) -> Job:
        """Put a job that has ended early back into the queue: it goes on as its kind can.

        Raises BadRequestError where too many wait already.
        """
        with self._alone():
            now = self.find(job.folder)
            if now is None or now.active:
                return now or job
            self._check_room(now.owner)
            self._enqueue(replace(now, asked=time.time()), fresh=False)
        return self.find(job.folder) or now

    def _check_room(self, owner: str) -> None:
        """Raise BadRequestError where so many jobs wait, of this owner or of all, that no further one may."""
        self._move_on()  # what could run does not wait
        owners = [job.owner for job in self._all() if job.state == WAITING]
        mine, most = owners.count(owner), self.waiting * VISITORS
        if mine >= self.waiting or len(owners) >= most:
            raise BadRequestError(
                f"{mine} of your jobs wait already" if mine >= self.waiting else f"{len(owners)} jobs wait already",
                allowed=f"at most {self.waiting} of one visitor and {most} of all (SHELFLENS_MAX_WAITING)",
                remedy="try again when one has begun, or cancel one on its page",
            )

    @staticmethod
    def _bring(path: Path, files: Mapping[str, Upload], *, fresh: bool) -> None:
        try:
            uploads.bring(path, files)
        except StorageError:
            shutil.rmtree(path if fresh else path / uploads.FOLDER, ignore_errors=True)
            raise

    def _enqueue(self, job: Job, *, fresh: bool) -> None:
        """Write it down and move on the queue; a new one that cannot be begun leaves nothing behind."""
        try:
            records.write(replace(job, state=WAITING, began=None, ended=None, pid=None, result="", error=""))
            self._move_on()
        except StorageError:
            if fresh:
                shutil.rmtree(job.folder, ignore_errors=True)
            else:
                (job.folder / records.RECORD).unlink(missing_ok=True)
            raise

    def advance(self) -> None:
        """Begin what waits, as far as there is room. What stands in the way is met again at the next look."""
        if not self.root.is_dir() or not any(job.state == WAITING for job in self._all()):
            return
        with suppress(ShelfLensError), self._alone():
            self._move_on()

    def _move_on(self) -> None:
        jobs = self._all()
        room = self.limit - sum(job.state == RUNNING for job in jobs)
        for job in [each for each in jobs if each.state == WAITING][: max(room, 0)]:
            pid, began = processes.launch(job.folder)
            try:
                # its process waits for our lock before it does anything: it finds itself in the record, or leaves
                records.write(replace(job, state=RUNNING, began=time.time(), pid=pid, process_began=began))
            except StorageError:
                processes.stop(pid)
                raise

    # --- at work: called by the process itself ------------------------------------------------------------------

    def begin(self, folder: Path, pids: Collection[int]) -> Job | None:
        """The job as the process of one of these numbers has to do it; None where it is not, or no more, its turn.

        Two numbers, since an environment's Python may be a starter whose child does the work.
        """
        with self._alone():
            job = self.find(folder)
        return job if job is not None and job.state == RUNNING and job.pid in pids else None

    def end(self, job: Job, code: int) -> None:
        """Note how its process ended, by its exit code. Raises StorageError."""
        state = FINISHED if code == 0 else STOPPED if code in INTERRUPTED else FAILED
        said = "" if code == 0 else processes.last_words(job.folder) or f"it ended with code {code}"
        with self._alone():
            records.write(replace(job, state=state, ended=time.time(), result=here.result(), error=said))
        if state == FINISHED:  # else it may be begun again
            uploads.remove(job.folder)

    # --- stopping -----------------------------------------------------------------------------------------------

    def cancel(self, folder: Path) -> None:
        """Take a job out of the queue, or stop its process and wait until it has ended; half-written files go.

        Work that nobody put into the queue (a training in a terminal) is stopped alike. What is not at work stays as
        it is.
        """
        with self._alone():
            job = self.find(folder)
            if job is not None and job.state == WAITING:
                records.write(replace(job, state=CANCELLED, ended=time.time()))
                return
        pid = locks.holder(folder) or (job.pid if job is not None and job.state == RUNNING else None)
        if pid is None:
            return
        processes.stop(pid)
        with self._alone():
            job = self.find(folder)
            if job is not None and job.state in (RUNNING, STOPPED):
                records.write(replace(job, state=CANCELLED, ended=time.time(), error=""))
            for half in folder.glob(".*.tmp"):
                shutil.rmtree(half, ignore_errors=True) if half.is_dir() else half.unlink(missing_ok=True)
        self.advance()

    def forget(self, folder: Path) -> None:
        """Remove a job that has ended, with all that it kept; of a record's own folder only the record of the job."""
        with self._alone():
            job = self.find(folder)
            if job is None or job.active:
                return
            if folder.parent == self.root:
                shutil.rmtree(folder, ignore_errors=True)
            else:
                (folder / records.RECORD).unlink(missing_ok=True)

    def _prune(self, kind: str) -> None:
        ended = [j for j in self._all() if j.kind == kind and j.folder.parent == self.root and not j.active]
        for old in ended[: max(len(ended) - KEPT, 0)]:
            shutil.rmtree(old.folder, ignore_errors=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Nobody else changes records meanwhile. Raises StorageError when the folder cannot be used."""
        with storage_errors(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.root / LOCK)
            try:
                lock.acquire(timeout=PATIENCE)
            except Timeout:
                raise StorageError(
                    f"another process has kept the jobs of {self.root} locked for {PATIENCE:.0f} s",
                    remedy="try again; if it stays so, restart the app",
                ) from None
        try:
            yield
        finally:
            lock.release()


def _order(job: Job) -> tuple[float, str]:
    return job.asked, job.id
