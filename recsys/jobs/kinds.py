"""The kinds of work that may run beside the app: the verb of the command line each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job: `python -m <module> <verb> <arguments>`, run within the folder's own process.

    The verb must end in good order on SIGTERM (exit code 130 or 143): then the job counts as stopped and not as failed.
    """

    name: str
    label: str
    verb: tuple[str, ...]
    resuming: str  # what happens to one that was interrupted and is started again, in plain words
    module: str = "recsys"


ANEW: Final = "It starts again from the beginning."

_ALL: Final = (
    Kind("train", "Training", ("train", "--json"), "It goes on from its latest finished epoch."),
    Kind("evaluate", "Evaluation", ("evaluate",), ANEW),
    Kind("queries", "Query set", ("evaluate", "queries", "--json"), "It goes on with the queries not yet asked."),
    Kind("diversity", "Measuring diversity", ("evaluate", "diversity", "--json"), ANEW),
    Kind("basket", "Measuring baskets", ("evaluate", "basket", "--json"), ANEW),
    Kind("cold-start", "Measuring a cold start", ("evaluate", "cold-start", "--json"), ANEW),
    Kind("ads", "Measuring sponsored places", ("evaluate", "ads", "--json"), ANEW),
    Kind("stock", "Measuring demand", ("evaluate", "stock", "--json"), ANEW),
    Kind("learning", "Measuring learning", ("evaluate", "learning", "--json"), ANEW),
    Kind("replay", "Going through the last month", ("evaluate", "learning", "--replay", "--json"), ANEW),
    Kind("off-policy", "Measuring estimates from logs", ("evaluate", "off-policy", "--json"), ANEW),
    Kind("experiments", "Measuring tests", ("evaluate", "experiments", "--json"), ANEW),
    Kind("offers", "Measuring offers", ("evaluate", "offers", "--json"), ANEW),
    Kind(
        "reinforcement",
        "Measuring planning",
        ("evaluate", "reinforcement", "--json"),
        "It goes on with the seeds not yet done.",
    ),
    Kind("adapt", "Adaptation", ("adapt", "--json"), "It goes on from its latest look at the watched products."),
    Kind("compress", "Measuring smaller encoders", ("compress", "--json"), ANEW),
    Kind("prepare", "Preparation", ("prepare", "--json"), "It goes on where it stopped; finished steps are kept."),
)
KINDS: Final[dict[str, Kind]] = {kind.name: kind for kind in _ALL}
