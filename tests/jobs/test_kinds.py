"""The kinds of jobs as they are: each is a verb that the command line has, and a preparation tells how far it is."""

from __future__ import annotations

import os
import sys

import psutil
import pytest

from recsys.cli import build_parser
from recsys.jobs import FINISHED, KINDS, JobQueue, progressed
from recsys.jobs.processes import POLITE
from recsys.settings import Settings
from tests.jobs.conftest import at_work, ended

ARGUMENTS = {
    "train": ["--resume", "20170131-120000-0a1b2c3d"],
    "evaluate": ["next-basket", "--seed=0", "--json", "--shop=complete_journey_sample"],
    "queries": ["--set=mine", "--shop=complete_journey_sample", "--department=DAIRY", "--meaning-weight=0.5"],
    "diversity": ["--shop=complete_journey_sample"],
    "cold-start": ["--shop=complete_journey_sample"],
    "stock": ["--shop=demo_store"],
    "basket": ["--shop=demo_store"],
    "ads": ["--shop=demo_store"],
    "offers": ["--shop=complete_journey_sample"],
    "learning": ["--shop=demo_store"],
    "replay": ["--shop=complete_journey_sample"],
    "off-policy": ["--shop=demo_store"],
    "experiments": ["--shop=demo_store"],
    "reinforcement": ["--shop=demo_store"],
    "adapt": ["lora", "--shop=demo_store"],
    "compress": ["--shop=demo_store"],
    "prepare": ["--shop=complete_journey_sample"],
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_line_has_the_verb_of_every_kind(kind: str) -> None:
    assert build_parser().parse_args([*KINDS[kind].verb, *ARGUMENTS[kind]]).json
    assert KINDS[kind].resuming.endswith(".")


def test_work_beside_the_app_stands_back(queue: JobQueue) -> None:
    job = at_work(queue, queue.start("tiny", ["hold"]))
    assert job.pid is not None
    threads = [job.pid, *(thread.id for thread in psutil.Process(job.pid).threads())]
    if sys.platform == "linux":
        assert {os.getpriority(os.PRIO_PROCESS, thread) for thread in threads} == {max(POLITE, os.nice(0))}
    else:
        assert psutil.Process(job.pid).nice() != psutil.Process().nice()


def test_a_preparation_is_a_job_that_reaches_its_end(prepared: Settings) -> None:
    jobs = JobQueue.of(prepared)
    job = ended(jobs, jobs.start("prepare", [f"--shop={prepared.shop}"], subject=prepared.shop))
    assert (job.state, job.error) == (FINISHED, "")
    so_far = progressed(job.folder, job.began)
    assert so_far is not None
    assert so_far.share == 1.0
