"""The kinds of jobs as they are: each is a verb that the command line has, and a preparation tells how far it is."""

from __future__ import annotations

import pytest

from recsys.cli import build_parser
from recsys.jobs import FINISHED, KINDS, JobQueue, progressed
from recsys.settings import Settings
from tests.jobs.conftest import ended

ARGUMENTS = {
    "train": ["--resume", "20170131-120000-0a1b2c3d"],
    "evaluate": ["next-basket", "--seed=0", "--json", "--shop=complete_journey_sample"],
    "queries": ["--set=mine", "--shop=complete_journey_sample", "--department=DAIRY", "--meaning-weight=0.5"],
    "prepare": ["--shop=complete_journey_sample"],
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_command_line_has_the_verb_of_every_kind(kind: str) -> None:
    assert build_parser().parse_args([*KINDS[kind].verb, *ARGUMENTS[kind]]).json
    assert KINDS[kind].resuming.endswith(".")


def test_a_preparation_is_a_job_that_reaches_its_end(prepared: Settings) -> None:
    jobs = JobQueue.of(prepared)
    job = ended(jobs, jobs.start("prepare", [f"--shop={prepared.shop}"], subject=prepared.shop))
    assert (job.state, job.error) == (FINISHED, "")
    so_far = progressed(job.folder, job.began)
    assert so_far is not None
    assert so_far.share == 1.0
