"""The one way to run work beside the app: a job is a folder, a process works in it, and anybody may look.

    jobs = JobQueue.of(settings)
    job = jobs.start("prepare", ["--shop", settings.shop], label="Preparation")
    jobs.find(job.folder).state        # waiting, running, finished, failed, cancelled or stopped
    progressed(job.folder, job.began)    # what it is at, the share done, the seconds left
    jobs.cancel(job.folder)

This room knows processes, folders and progress, and nothing of what the work is about: that is a verb of the command
line, named in `kinds.py`.
"""

from recsys.jobs.kinds import ANEW, KINDS, Kind
from recsys.jobs.processes import last_words
from recsys.jobs.progress import Progressed, progressed
from recsys.jobs.queue import JobQueue
from recsys.jobs.records import CANCELLED, FAILED, FINISHED, RUNNING, STOPPED, WAITING, Job
from recsys.jobs.uploads import Upload

__all__ = [
    "ANEW",
    "CANCELLED",
    "FAILED",
    "FINISHED",
    "KINDS",
    "RUNNING",
    "STOPPED",
    "WAITING",
    "Job",
    "JobQueue",
    "Kind",
    "Progressed",
    "Upload",
    "last_words",
    "progressed",
]
