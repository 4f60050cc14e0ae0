"""Every way and option of an adaptation on one catalogue, judged beside each other: what pays and what does not.

Each trial learns from the same products by the same steps from the same seed, but for what it tries. What a trial found
is kept by itself, so that measuring goes on where it was stopped.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from recsys.artifacts import fingerprint, storage_errors, write_whole
from recsys.encoders.adapting.settings import ADALORA, FULL, LORA, Adapting
from recsys.encoders.compressing.folders import checked
from recsys.encoders.compressing.shortening import axes, first
from recsys.encoders.corpus_encoder import instructions
from recsys.encoders.weights import ModelFiles
from recsys.errors import BadRequestError
from recsys.progress import Progress
from recsys.schema import Floats, Rows
from recsys.training.encoders import judging
from recsys.training.encoders.adapting import WATCHED_PAIRS, products_of, whole_texts
from recsys.training.encoders.compressing import Ground
from recsys.training.encoders.texts import LEARNED, WATCHED, Texts, sample

BEFORE, WHOLE = "before", "whole"
FEW: Final = 3_000  # products that all but the last trial learn from
SHORT: Final = (64, 128, 256)
TURNED_ON: Final = 200  # texts of products to learn from, by which the axes are found
SAME: Final = Adapting(steps=60, minutes=600.0, pairs_per_step=24, max_tokens=32, every=20)
Values = dict[str, Floats]
Progresses = Callable[[str], Progress]


@dataclass(frozen=True, slots=True)
class Trial:
    """One adaptation to be judged; `way` "" adapts nothing."""

    name: str
    label: str
    way: str
    settings: Adapting = SAME
    products: int = FEW


TRIALS: Final[dict[str, Trial]] = {
    each.name: each
    for each in (
        Trial(BEFORE, "As it was", ""),
        Trial("lora", "LoRA", LORA),
        Trial("adalora", "AdaLoRA", ADALORA),
        Trial("full", "All weights", FULL),
        Trial("mlm", "LoRA, hidden words first", LORA, replace(SAME, mlm=60)),
        Trial("respelt", "LoRA, 15 % respelt", LORA, replace(SAME, respelt=0.15)),
        Trial("matryoshka", "LoRA, first 64 alone", LORA, replace(SAME, matryoshka=64)),
        Trial(WHOLE, "LoRA, all products", LORA, Adapting(), 1_000_000),
    )
}
RULES: Final = {
    judging.RESPELT: judging.RESPELT_RULE,
    "trials": f"each learns from the same {FEW:,} products (the last from all) of the part to learn from, by the same "
    f"steps ({SAME.steps} of {SAME.pairs_per_step} pairs, {SAME.max_tokens} tokens) and seed, but for what it tries; "
    "no query and no judgment is seen",
    "hidden words first": "60 more steps before, in which hidden words of the texts are guessed (--mlm 60)",
    "respelt": "of the pairs 15 % are a name and the same as somebody else would write it (--respelt 0.15)",
    "first 64 alone": "the loss is the mean over the first 64, 128, 256 and all numbers (Matryoshka, --matryoshka 64)",
    "all products": "all products of the part to learn from, by the defaults: 400 steps of 32 pairs, 48 tokens, ten "
    "minutes by the clock at most",
    "watched": "the same artificial queries on another tenth of the names: what the defaults were chosen by",
    "first 64, 128, 256": "vectors cut to so many numbers, of length 1 again",
    "axes 64, 128, 256": f"the same after turning to the axes of {TURNED_ON} texts that were learned from: what "
    "shortens any encoder without training",
    "processor time": "of all threads of the process while it learns, looks at what is watched included; other work "
    "ran beside, so that the clock says little",
}


def trials_of(names: Sequence[str]) -> list[Trial]:
    """The named trials, always with what they are held against. Raises BadRequestError for an unknown name."""
    if unknown := [name for name in names if name not in TRIALS]:
        raise BadRequestError(
            f"there is no trial called {unknown[0][:40]!r}", allowed=", ".join(TRIALS), remedy="name some of them"
        )
    return [each for name, each in TRIALS.items() if name in (BEFORE, LORA) or name in names]


def tried(
    model: ModelFiles, ground: Ground, names: Sequence[str], folder: Path, progress_of: Progresses
) -> dict[str, Any]:
    """Work at the trials that are not in `folder` yet; the figures of all as plain data.

    Raises BadRequestError for an unknown name, ModelError for an encoder that cannot be adapted, StorageError, and
    KeyboardInterrupt when told to stop: trials that were finished are kept.
    """
    checked(model)
    found: dict[str, tuple[Values, dict[str, Any]]] = {}
    for trial in trials_of(names):
        kept = folder / f"{_identity(trial, model, ground)}.json"
        if not kept.is_file():
            values, facts = _worked(trial, model, ground, progress_of(trial.label))
            plain = {name: [round(float(each), 6) for each in value] for name, value in values.items()}
            with storage_errors(folder):
                folder.mkdir(parents=True, exist_ok=True)
                write_whole(kept, json.dumps({"values": plain, "facts": facts}).encode())
        read = json.loads(kept.read_text(encoding="utf-8"))
        found[trial.name] = ({n: np.array(v, np.float32) for n, v in read["values"].items()}, read["facts"])
    return _report(model, ground, found)


def _identity(trial: Trial, model: ModelFiles, ground: Ground) -> str:
    learned = [ground.texts.names, ground.texts.facts, ground.texts.descriptions, ground.texts.synonyms]
    judged = sorted(ground.judgments.ratings) if ground.judgments is not None else []
    return fingerprint(trial.way, asdict(trial.settings), trial.products, model.fingerprint, learned, judged,
                       ground.rows.tolist())[:16]  # fmt: skip


def _worked(trial: Trial, model: ModelFiles, ground: Ground, progress: Progress) -> tuple[Values, dict[str, Any]]:
    """The values of one trial, query by query, and what it took."""
    from recsys.encoders.adapting.network import Network

    rows = sample(ground.texts.part(LEARNED), trial.products, 0)
    network = Network(model, trial.way or LORA, trial.settings)
    begun, wall, load = time.process_time(), time.time(), os.getloadavg()[0]
    facts: dict[str, Any] = {"learned_from": 0, "steps": 0}
    if trial.way:
        facts = _learned(network, trial, ground.texts, rows, progress)
    facts |= {
        "processor_seconds": round(time.process_time() - begun, 1),
        "wall_seconds": round(time.time() - wall, 1),
        "threads": network.threads,
        "load": round(load, 1),
    }
    return _values(network.encode_whole, ground, rows), facts


def _learned(network: Any, trial: Trial, texts: Texts, rows: Rows, progress: Progress) -> dict[str, Any]:
    from recsys.encoders.adapting.learning import learn
    from recsys.encoders.adapting.masked import Guesser, learn_masked

    settings, facts = trial.settings, {}
    if settings.mlm:
        own, watched = whole_texts(texts, LEARNED, rows=rows), whole_texts(texts, WATCHED, WATCHED_PAIRS)
        first = learn_masked(Guesser(network, settings), own, watched, settings, lambda state: None, None, progress)
        facts["masked"] = [[round(each, 4) for each in look[:2]] for look in first.figures]
    products = products_of(texts, rows)
    state = learn(network, products, texts.pairs(WATCHED, WATCHED_PAIRS), settings, lambda state: None, None, progress)
    curve = [[round(each, 4) for each in look[:2]] for look in state.figures]
    return facts | {"learned_from": len(products), "steps": state.steps, "curve": curve}


def _values(encode: Callable[..., Floats], ground: Ground, rows: Rows) -> Values:
    """Metric -> (b,) values of its queries."""
    texts = ground.texts
    own = judging.Artificial.of(encode, ground.pairs, texts.respelt(ground.pairs))
    others = texts.pairs(WATCHED, WATCHED_PAIRS)
    watched = judging.Artificial.of(encode, others, texts.respelt(others)).values()
    found = own.values() | {f"watched {name}": value for name, value in watched.items()}
    d = own.names.shape[1]
    turn = axes(encode(whole_texts(texts, LEARNED, rows=rows)[:TURNED_ON]), d)
    for k in (each for each in SHORT if each < d):
        found[f"{judging.PAIRS} first {k}"] = own.short(first(d, k))
        found[f"{judging.PAIRS} axes {k}"] = own.short(turn[:, :k])
    if ground.judgments is not None:
        ids = [ground.ids[row] for row in ground.rows.tolist()]
        table = judging.judged_values(encode, encode(ground.products), ids, ground.judgments)
        found |= {str(name): table[name].to_numpy() for name in table}
    return found


def _report(model: ModelFiles, ground: Ground, found: Mapping[str, tuple[Values, dict[str, Any]]]) -> dict[str, Any]:
    before = found[BEFORE][0]
    told = WHOLE if WHOLE in found else LORA
    figures = {
        name: {"before": judging.figure(value, None), "after": judging.figure(found[told][0][name], value)}
        for name, value in before.items()
        if name in (judging.PAIRS, judging.RESPELT, judging.NDCG, judging.POOLED)
    }
    rules = {name: rule for name, rule in judging.RULES.items() if name in before or name == "interval"}
    return {
        "before": model.name,
        "after": TRIALS[told].label,
        "products": len(ground.rows),
        "figures": figures,
        "trials": [_row(TRIALS[name], values, facts, found) for name, (values, facts) in found.items()],
        "instructions": instructions(),
        "protocol": rules | RULES,
    }


def _row(trial: Trial, values: Values, facts: dict[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """A trial beside the encoder as it was, and beside plain LoRA."""
    before, lora = found[BEFORE][0], found[LORA][0]
    others = values if trial.name not in (BEFORE, LORA) else {}
    return {
        "name": trial.name,
        "label": trial.label,
        "way": trial.way,
        "settings": asdict(trial.settings) if trial.way else {},
        **facts,
        "figures": {
            name: judging.figure(value, before[name] if trial.way else None)
            | {"hit@1": round(float(np.mean(value > 1 - 1e-6)), 4)}
            for name, value in values.items()
        },
        "over_lora": {name: judging.figure(value, lora[name]) for name, value in others.items()},
    }
