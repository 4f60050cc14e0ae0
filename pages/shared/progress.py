"""How far work beside the app has come, as every page says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.shared.wording import plain, seconds
from recsys.jobs import WAITING, JobQueue, progressed

if TYPE_CHECKING:
    from recsys.jobs import Job, Progressed


def progress_words(queue: JobQueue, job: Job, starting: str) -> tuple[float, str]:
    """(share done, what the bar says): its place in the queue, what it is at and how long that will take.

    `starting` is said before the work has told anything of itself.
    """
    if job.state == WAITING:
        return 0.0, waiting_words(queue.place(job))
    so_far = progressed(job.folder, job.began)
    if so_far is None:
        return 0.0, starting
    return so_far.share, f"{so_far.share:.0%} · {plain(so_far.label)}: {plain(so_far.note)}{time_left(so_far)}"


def waiting_words(place: int) -> str:
    """What is said of work that has not begun, `place` from 1."""
    return f"It waits for other work to end: number {place} in the queue."


def time_left(so_far: Progressed) -> str:
    """How long it will take still, "" where nobody knows: " · about 3 min left"."""
    return "" if so_far.seconds_left is None else f" · about {seconds(so_far.seconds_left)} left"
