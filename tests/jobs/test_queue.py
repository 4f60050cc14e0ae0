"""Work beside the app: begun, waited for, cancelled, killed and gone on with, on real processes."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from recsys.artifacts import storage_errors
from recsys.errors import BadRequestError, StorageError
from recsys.jobs import (
    CANCELLED,
    FAILED,
    FINISHED,
    KINDS,
    RUNNING,
    STOPPED,
    WAITING,
    JobQueue,
    Upload,
    locks,
    processes,
    records,
)
from tests.jobs.conftest import at_work, ended, eventually, now, times_begun

# --- from the start to the end ------------------------------------------------------------------------------------


def test_a_job_is_finished_and_says_where_its_result_is(queue: JobQueue) -> None:
    job = queue.start("tiny", ["count", "3", "0"], subject="three")
    done = ended(queue, job)
    assert (done.state, done.result, done.error) == (FINISHED, "1 2 3", "")
    assert done.began is not None
    assert done.ended is not None
    assert job.created <= done.began <= done.ended


def test_every_look_sees_the_same_jobs_the_latest_first(queue: JobQueue) -> None:
    first, second = (queue.start("tiny", ["count", "1", "0"], subject=name) for name in "ab")
    for job in (first, second):
        ended(queue, job)
    another = JobQueue(queue.root, queue.others, queue.limit)  # as a second tab has it, or the app after a restart
    assert [job.id for job in another.listed("tiny")] == [second.id, first.id]
    assert [job.id for job in another.listed("tiny", "a")] == [first.id]
    assert another.listed("train") == []


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (["fail", "the disk is full"], "the disk is full"),
        (["silent", "3"], "it ended with code 3"),
        (["raise"], "RuntimeError: the roof fell in"),
    ],
)
def test_a_job_that_fails_says_its_last_words(work: list[str], said: str, queue: JobQueue) -> None:
    job = ended(queue, queue.start("tiny", work))
    assert (job.state, job.error) == (FAILED, said)


def test_an_unknown_kind_is_refused_with_those_there_are(queue: JobQueue) -> None:
    with pytest.raises(BadRequestError, match=f"allowed: {', '.join(KINDS)}"):
        queue.start("dance")
    assert not queue.root.exists()


# --- cancelling ---------------------------------------------------------------------------------------------------


def gone(pid: int | None) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_cancelled_job_has_no_process_and_is_cancelled_once(queue: JobQueue) -> None:
    job = at_work(queue, queue.start("tiny", ["hold"]))
    assert job.state == RUNNING
    queue.cancel(job.folder)
    queue.cancel(job.folder)
    assert now(queue, job).state == CANCELLED
    assert gone(job.pid)


def test_a_job_that_does_not_listen_is_killed_and_its_half_files_go(
    queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "PATIENCE", 0.3)
    job = at_work(queue, queue.start("tiny", ["half"]))
    assert (job.folder / ".half.tmp").exists()
    queue.cancel(job.folder)
    assert now(queue, job).state == CANCELLED
    assert list(job.folder.glob(".*.tmp")) == []
    assert gone(job.pid)


def test_cancelling_a_job_before_its_process_is_up_ends_it(queue: JobQueue) -> None:
    job = queue.start("tiny", ["hold"])
    assert job.state == RUNNING  # begun, though it has said nothing yet
    queue.cancel(job.folder)
    assert now(queue, job).state == CANCELLED
    assert gone(job.pid)


def test_a_waiting_job_leaves_the_queue_and_is_never_begun(queue: JobQueue) -> None:
    first = at_work(queue, queue.start("tiny", ["hold"]))
    second = queue.start("tiny", ["hold"])
    queue.cancel(second.folder)
    queue.cancel(first.folder)
    queue.advance()
    assert now(queue, second).state == CANCELLED
    assert times_begun(second) == 0


def test_a_forgotten_job_leaves_nothing_behind_and_one_at_work_stays(queue: JobQueue) -> None:
    job = at_work(queue, queue.start("tiny", ["hold"]))
    queue.forget(job.folder)
    assert now(queue, job).state == RUNNING
    queue.cancel(job.folder)
    queue.forget(job.folder)
    assert not job.folder.exists()
    assert queue.listed() == []


# --- killed, and gone on with -------------------------------------------------------------------------------------


def test_a_killed_job_is_stopped_and_goes_on_where_it_was(queue: JobQueue) -> None:
    job = ended(queue, queue.start("tiny", ["count", "5", "3"]))
    assert (job.state, job.error) == (STOPPED, records.GONE)
    again = ended(queue, queue.again(job))
    assert (again.state, again.result) == (FINISHED, "1 2 3 4 5")  # a second counting would have begun at 1


def test_a_job_at_work_is_not_begun_a_second_time(queue: JobQueue) -> None:
    job = at_work(queue, queue.start("tiny", ["hold"]))
    assert queue.again(job) == job
    assert queue.start("tiny", ["hold"], folder=job.folder) == job
    assert times_begun(job) == 1


def test_a_process_with_the_number_of_one_that_is_gone_is_not_taken_for_it(queue: JobQueue) -> None:
    job = at_work(queue, queue.start("tiny", ["hold"]))
    assert job.pid is not None
    os.kill(job.pid, signal.SIGKILL)
    eventually(lambda: now(queue, job).state == STOPPED)
    records.write(replace(job, pid=os.getpid()))
    assert now(queue, job).state == STOPPED
    queue.cancel(job.folder)  # and we are still here


# --- the limit, and the queue -------------------------------------------------------------------------------------


def test_further_jobs_wait_in_order_and_each_end_begins_the_next(queue: JobQueue, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    first, second, third = (queue.start("tiny", ["until", str(gate)]) for _ in range(3))
    assert [now(queue, job).state for job in (first, second, third)] == [RUNNING, WAITING, WAITING]
    assert [queue.place(job) for job in (first, second, third)] == [0, 1, 2]
    gate.touch()
    for job in (first, second, third):  # nobody looks at the queue but the jobs themselves
        assert ended(queue, job).state == FINISHED
    began = [now(queue, job).began for job in (first, second, third)]
    assert began == sorted(began, key=float)


def test_two_run_at_once_where_two_may(queue: JobQueue) -> None:
    two = replace(queue, limit=2)
    jobs = [two.start("tiny", ["hold"]) for _ in range(3)]
    assert [now(queue, job).state for job in jobs] == [RUNNING, RUNNING, WAITING]


def test_so_many_of_one_owner_wait_and_no_more_and_that_is_said(queue: JobQueue) -> None:
    full = replace(queue, limit=0, waiting=2)
    first, _ = (full.start("tiny", ["hold"], owner="ann") for _ in range(2))
    with pytest.raises(BadRequestError, match=r"2 of your jobs wait already.*at most 2 of one visitor.*cancel one"):
        full.start("tiny", ["hold"], owner="ann", files={"interactions": Upload("a.txt", b"1 2")})
    assert len([path for path in full.root.iterdir() if path.is_dir()]) == 2  # nothing is left of it
    full.start("tiny", ["hold"], owner="bob")
    full.cancel(first.folder)
    assert full.start("tiny", ["hold"], owner="ann").state == WAITING
    with pytest.raises(BadRequestError, match="2 of your jobs wait"):
        full.again(first)
    assert now(full, first).state == CANCELLED


def test_who_comes_under_ever_new_names_does_not_fill_the_queue(queue: JobQueue) -> None:
    full = replace(queue, limit=0, waiting=1)
    for number in range(10):
        full.start("tiny", ["hold"], owner=f"visitor {number}")
    with pytest.raises(BadRequestError, match=r"10 jobs wait already.*10 of all"):
        full.start("tiny", ["hold"], owner="visitor 11")


def test_what_could_run_does_not_count_as_waiting(queue: JobQueue) -> None:
    replace(queue, limit=0, waiting=1).start("tiny", ["hold"])
    assert replace(queue, limit=2, waiting=1).start("tiny", ["hold"]).state == RUNNING


def test_the_next_look_begins_what_a_killed_job_left_waiting(queue: JobQueue) -> None:
    first = at_work(queue, queue.start("tiny", ["hold"]))
    second = queue.start("tiny", ["count", "1", "0"])
    assert first.pid is not None
    os.kill(first.pid, signal.SIGKILL)
    eventually(lambda: now(queue, first).state == STOPPED)
    assert now(queue, second).state == WAITING
    assert JobQueue(queue.root, (), 1).listed()[0].id == second.id  # the app after a restart
    assert ended(queue, second).state == FINISHED


LOOK = """
import sys
from recsys.jobs import JobQueue
from recsys.settings import load_settings
print("up", flush=True)
sys.stdin.readline()
JobQueue.of(load_settings()).listed()
"""


def test_lookers_at_the_same_moment_begin_a_job_once(queue: JobQueue, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    closed = replace(queue, limit=0)
    jobs = [closed.start("tiny", ["until", str(gate)]) for _ in range(2)]
    lookers = [
        subprocess.Popen([sys.executable, "-c", LOOK], stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(3)
    ]
    for looker in lookers:
        assert looker.stdout is not None
        assert looker.stdout.readline() == b"up\n"
    for looker in lookers:
        assert looker.stdin is not None
        looker.stdin.write(b"now\n")
        looker.stdin.flush()
    for looker in lookers:
        looker.communicate(timeout=60)
        assert looker.returncode == 0
    at_work(queue, jobs[0])
    assert [now(queue, job).state for job in jobs] == [RUNNING, WAITING]
    gate.touch()
    assert [ended(queue, job).state for job in jobs] == [FINISHED, FINISHED]
    assert [times_begun(job) for job in jobs] == [1, 1]


def test_a_process_whose_turn_it_is_not_leaves_the_job_alone(queue: JobQueue) -> None:
    job = replace(queue, limit=0).start("tiny", ["hold"])
    processes.launch(job.folder)  # as one whose starter was killed before it wrote that it had begun it
    eventually(lambda: (job.folder / locks.PROCESS).exists() and not locks.held(job.folder))
    assert now(queue, job).state == WAITING
    assert times_begun(job) == 0


def test_only_the_latest_of_a_kind_are_remembered(queue: JobQueue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recsys.jobs.queue.KEPT", 2)
    closed = replace(queue, limit=0)
    jobs = []
    for _ in range(4):
        jobs.append(closed.start("tiny", ["hold"]))
        closed.cancel(jobs[-1].folder)
    assert {job.id for job in closed.listed()} == {job.id for job in jobs[-3:]}  # two ended when the last was started


# --- in a record's own folder -------------------------------------------------------------------------------------


def test_a_record_keeps_its_folder_when_its_job_is_forgotten(queue: JobQueue) -> None:
    folder = queue.others[0] / "20170131-120000-0a1b2c3d"
    folder.mkdir(parents=True)
    (folder / "training.json").write_text("{}", encoding="utf-8")
    job = ended(queue, queue.start("tiny", ["count", "1", "0"], folder=folder))
    assert [each.folder for each in queue.listed()] == [folder]
    queue.forget(job.folder)
    assert queue.listed() == []
    assert (folder / "training.json").exists()


def test_work_that_nobody_put_into_the_queue_can_be_cancelled_too(queue: JobQueue, tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from recsys.jobs import locks\n"
        "with locks.only_me(Path(sys.argv[1])):\n    print('up', flush=True); time.sleep(3600)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"up\n"
    queue.cancel(tmp_path)
    assert process.wait(60) != 0
    process.stdout.close()
    assert not locks.held(tmp_path)


# --- a full disk, and garbage -------------------------------------------------------------------------------------


@pytest.mark.parametrize("fresh", [True, False])
def test_a_full_disk_is_said_and_leaves_no_job(
    fresh: bool, queue: JobQueue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        with storage_errors(path):
            raise OSError(errno.ENOSPC, "No space left on device", str(path))

    folder = None if fresh else tmp_path / "state" / "trainings" / "mine"
    with monkeypatch.context() as patched:
        patched.setattr(records, "write_whole", full)
        with pytest.raises(StorageError, match="the disk is full"):
            queue.start("tiny", ["hold"], folder=folder)
    assert queue.listed() == []
    assert [path for path in queue.root.iterdir() if path.is_dir()] == []


def test_a_disk_that_is_full_once_a_job_has_begun_ends_its_process(
    queue: JobQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []
    write, launch = records.write, processes.launch

    def launched(folder: Path) -> tuple[int, float]:
        found = launch(folder)
        begun.append(found[0])
        return found

    def full(job: records.Job) -> None:
        if job.state == RUNNING:
            raise StorageError("the disk is full")
        write(job)

    with monkeypatch.context() as patched:
        patched.setattr(processes, "launch", launched)
        patched.setattr(records, "write", full)
        with pytest.raises(StorageError):
            queue.start("tiny", ["hold"])
    assert len(begun) == 1
    assert gone(begun[0])
    assert queue.listed() == []


GARBAGE: list[dict[str, object] | str] = [
    "",
    "{",
    "[]",
    {"format": 99},
    {"state": "dancing"},
    {"arguments": [1]},
    {"arguments": None},
    {"pid": "many"},
    {"asked": None},
    {"module": 3},
    {"id": "another"},
    {"extra": 1},
]


@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage_in_a_record_is_passed_over_and_holds_up_nobody(
    garbage: dict[str, object] | str, queue: JobQueue
) -> None:
    closed = replace(queue, limit=0)
    spoilt, good = closed.start("tiny", ["hold"]), closed.start("tiny", ["count", "1", "0"])
    file = spoilt.folder / records.RECORD
    facts = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(garbage if isinstance(garbage, str) else json.dumps(facts | garbage), encoding="utf-8")
    assert [job.id for job in queue.listed()] == [good.id]
    assert queue.find(spoilt.folder) is None
    queue.cancel(spoilt.folder)
    assert ended(queue, good).state == FINISHED
