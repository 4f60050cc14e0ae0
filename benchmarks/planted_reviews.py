"""Whether faults that are planted in real reviews are found: stars turned round, copies, bursts.

    python -m benchmarks.planted_reviews FILE          # results/planted_reviews.json
    python -m benchmarks.planted_reviews FILE --quick  # a first look, nothing is kept

Truth by construction: of SAMPLE reviews of the file, TURNED of five stars get one and as many of one get five; COPIED
get two copies with a word left out, for other products, within ten days; BURSTS products get twelve reviews of others
within three days. Days are drawn evenly over two years, as the file need not have any. What is found besides the
planted is counted as wrong, though files hold faults of their own: the precision is a lower bound.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.report import RESULTS
from recsys.scenarios.reviews import judging, reading, transfer
from recsys.scenarios.reviews.analysing import analysed

SAMPLE: Final = 5_000
QUICK: Final = 1_500
TURNED: Final = 60
COPIED: Final = 30
BURSTS, OF_A_BURST = 10, 12
DAYS: Final = 730


def measured(path: Path, sample: int) -> dict[str, Any]:
    """Recall and precision of each kind of fault."""
    chance = np.random.default_rng(1)
    file = reading.of_path(path)
    order = chance.permutation(len(file.texts))
    rows, spare = order[:sample].tolist(), order[sample:].tolist()
    texts, stars = [file.texts[row] for row in rows], file.stars[rows].tolist()
    items, days = [file.items[row] for row in rows], chance.integers(0, DAYS, sample).tolist()
    turned = _turned(stars, chance)
    copied = set[int]()
    long = [row for row in range(sample) if len(texts[row].split()) >= 12]
    for row in chance.choice(long, COPIED, replace=False).tolist():
        copied.add(row)
        for _ in range(2):
            words = texts[row].split()
            del words[int(chance.integers(len(words)))]
            copied.add(len(texts))
            texts.append(" ".join(words))
            stars.append(stars[row])
            items.append(items[int(chance.integers(sample))])
            days.append(days[row] + int(chance.integers(10)))
    burst = set[int]()
    names, often = np.unique(items[:sample], return_counts=True)
    for name in chance.choice(names[often >= 10], BURSTS, replace=False).tolist():
        start = int(chance.integers(DAYS))
        for _ in range(OF_A_BURST):
            other = spare.pop()
            burst.add(len(texts))
            texts.append(file.texts[other])
            stars.append(float(file.stars[other]))
            items.append(name)
            days.append(start + int(chance.integers(3)))
    times = np.datetime64("2024-01-01", "ns") + np.array(days) * np.timedelta64(1, "D")
    read, own = judging.judged(texts, np.array(stars), items, times, transfer.learned())
    found = analysed(read)
    against = {each.row: each.stars for each in found.contradictions}
    most = {row for row, star in against.items() if star in (1, 5)}
    return {
        "reviews": len(texts),
        "own_head": own,
        "stars_turned": {
            **_told(set(against), turned),
            "precision_of_1_and_5_stars": round(len(most & turned) / max(len(most), 1), 3),
            "recall_5_turned_to_1": _share(against, turned, stars, 1.0),
            "recall_1_turned_to_5": _share(against, turned, stars, 5.0),
        },
        "copies": _told({row for group in found.copies for row in group.rows}, copied),
        "bursts": _told({row for group in found.bursts for row in group.rows}, burst),
    }


def _turned(stars: list[float], chance: np.random.Generator) -> set[int]:
    ends = {end: [row for row, star in enumerate(stars) if star == end] for end in (1.0, 5.0)}
    count = min(TURNED, *(len(some) // 3 for some in ends.values()))
    found = set[int]()
    for end, some in ends.items():
        for row in chance.choice(some, count, replace=False).tolist():
            stars[row] = 6.0 - end
            found.add(row)
    return found


def _told(found: set[int], planted: set[int]) -> dict[str, float]:
    right = len(found & planted)
    return {
        "planted": len(planted),
        "found": len(found),
        "recall": round(right / len(planted), 3),
        "precision": round(right / max(len(found), 1), 3),
    }


def _share(found: dict[int, float], planted: set[int], stars: list[float], end: float) -> float:
    of_it = [row for row in planted if stars[row] == end]
    return round(sum(row in found for row in of_it) / max(len(of_it), 1), 3)


def main() -> None:
    """Measure, print, and keep unless it was quick."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    report = {
        "command": f"python -m benchmarks.planted_reviews {asked.file.name}",
        **measured(asked.file, QUICK if asked.quick else SAMPLE),
    }
    text = json.dumps(report, indent=1)
    print(text)
    if not asked.quick:
        (RESULTS / "planted_reviews.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
