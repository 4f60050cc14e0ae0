"""How many processes `make test` runs side by side: one a processor, as memory allows; 0 means this one alone."""

import os
import sys
from pathlib import Path

MOST = 4  # one worker alone has the browser: beyond four the others wait for it
EACH = 6 * 2**30  # bytes a worker may take while it goes through every page
CONTAINER = Path("/sys/fs/cgroup")  # where Linux says what a container may use


def processors(container: Path = CONTAINER) -> int:
    """The processors this process may use, counted down to what the container's quota allows."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quota = _words(container / "cpu.max")
    if len(quota) == 2 and quota[0].isdigit() and quota[1].isdigit() and int(quota[1]) > 0:
        count = min(count, max(1, int(quota[0]) // int(quota[1])))
    return count


def memory(container: Path = CONTAINER, meminfo: Path = Path("/proc/meminfo")) -> int:
    """The bytes that are free for tests; 0 where the system does not say."""
    lines = [line.split() for line in _text(meminfo).splitlines()]
    free = [int(line[1]) * 1024 for line in lines if line[:1] == ["MemAvailable:"] and line[1].isdigit()]
    if not free:
        return 0
    limit, used = _words(container / "memory.max"), _words(container / "memory.current")
    if limit and used and limit[0].isdigit() and used[0].isdigit():
        free.append(max(0, int(limit[0]) - max(0, int(used[0]) - _given_back(container))))
    return min(free)


def _given_back(container: Path) -> int:
    """Bytes of files that were read and lie in memory until somebody needs the room: they count as used."""
    words = _words(container / "memory.stat")
    stat = dict(zip(words[::2], words[1::2], strict=False))
    cached = stat.get("inactive_file", "0")
    return int(cached) if cached.isdigit() else 0


def workers(processors: int, memory: int) -> int:
    """Workers for so many processors and bytes: never more than memory holds, and none beside this process for one."""
    count = min(processors, memory // EACH, MOST)
    return count if count > 1 else 0


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


def _words(file: Path) -> list[str]:
    return _text(file).split()


if __name__ == "__main__":
    sys.stdout.write(f"{workers(processors(), memory())}\n")
