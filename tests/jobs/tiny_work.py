"""Work that takes no time, or as long as a test wants: `python -m tests.jobs.tiny_work <what> <arguments>`."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

from recsys.jobs import here
from recsys.progress import silent


def begun() -> None:
    """Leave a line that says so: how often work was begun is counted by them."""
    folder = here.folder()
    assert folder is not None
    with (folder / "begun.txt").open("a", encoding="utf-8") as file:
        file.write("begun\n")


def hold(*, deaf: bool = False) -> None:
    """Work until told to stop, or killed."""
    if deaf:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    begun()
    while True:
        time.sleep(60)


def until(gate: str) -> None:
    """Work until a file is there."""
    begun()
    while not Path(gate).exists():
        time.sleep(0.02)


def count(steps: str, stop_at: str) -> None:
    """Count up in a file; at one number die without a word, the first time. What was counted is not counted again."""
    folder = here.folder()
    assert folder is not None
    told, file = here.following(lambda label: silent)("Counting"), folder / "counted.txt"
    done = len(file.read_text(encoding="utf-8").split()) if file.exists() else 0
    for number in range(done + 1, int(steps) + 1):
        with file.open("a", encoding="utf-8") as out:
            out.write(f"{number}\n")
        told(number, int(steps), f"at {number}")
        if number == int(stop_at) and done == 0:
            signal.raise_signal(signal.SIGKILL)
    here.finish_with(file.read_text(encoding="utf-8").replace("\n", " ").strip())


def fail(words: str) -> None:
    """Complain on several lines and end with 1."""
    print(f"Traceback\n  File\nerror: {words}", file=sys.stderr)
    sys.exit(1)


def main(what: str, *arguments: str) -> None:
    """Do one of these things; files that were brought are not looked at."""
    arguments = tuple(each for each in arguments if not each.startswith("--"))
    if what == "hold":
        hold()
    elif what == "deaf":
        hold(deaf=True)
    elif what == "half":
        folder = here.folder()
        assert folder is not None
        (folder / ".half.tmp").write_text("half", encoding="utf-8")
        hold(deaf=True)
    elif what == "until":
        until(*arguments)
    elif what == "count":
        count(*arguments)
    elif what == "fail":
        fail(*arguments)
    elif what == "silent":
        sys.exit(int(arguments[0]))
    elif what == "raise":
        raise RuntimeError("the roof fell in")


main(*sys.argv[1:])
