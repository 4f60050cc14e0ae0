"""Who the shoppers are: what the shop knows of them, and the tastes that it does not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from recsys.shops.demo_store.behaviour.catalogue import EVERYONE, Catalogue
from recsys.shops.demo_store.behaviour.model import Model

LIFE_STAGES: Final = Path(__file__).parent.parent / "tables" / "life_stages.csv"
REGIONS: Final = ("north coast", "river towns", "capital", "hill country", "southern plain", "islands")
AGES: Final = ("18-24", "25-34", "35-44", "45-54", "55-64", "65 and over")
_AGE_STEPS: Final = (25, 35, 45, 55, 65)
NEVER: Final = 1_000_000  # a day that does not come
HOURS: Final = (8.0, 12.5, 17.0, 20.5)  # on the way, at lunch, after work, on the sofa
_HOUR_SHARES: Final = (0.15, 0.2, 0.2, 0.45)


@dataclass(frozen=True)
class Tastes:
    """n shoppers. Weights are logits; the first axis of `need` and `audience` is the life stage: at first, later."""

    stage: np.ndarray  # (n,) row of the table of life stages, at the start
    later: np.ndarray  # (n,) the one after the change
    changes_on: np.ndarray  # (n,) day, NEVER for most
    years: np.ndarray  # (n,) age
    region: np.ndarray  # (n,)
    factors: np.ndarray  # (n, n_factors)
    words: dict[str, np.ndarray]  # field -> (n, n_words): style, colour, pattern, material, brand
    need: np.ndarray  # (2, n, n_types)
    audience: np.ndarray  # (2, n, n_audiences)
    price: np.ndarray  # (n,)
    quality: np.ndarray  # (n,)
    novelty: np.ndarray  # (n,)
    loyalty: np.ndarray  # (n,)
    activity: np.ndarray  # (n,) visits a day
    attention: np.ndarray  # (n,) exponent of examination; smaller looks further down
    hour: np.ndarray  # (n,) of most visits
    weekend: np.ndarray  # (n,) factor on Saturdays and Sundays

    def stage_on(self, day: int) -> np.ndarray:
        """(n,) 0 before the life stage changed, 1 from then on."""
        return (self.changes_on <= day).astype(np.int8)


def life_stages() -> pd.DataFrame:
    """The table of life stages: what comes next, how common, ages, and what is needed more or less."""
    return pd.read_csv(LIFE_STAGES, keep_default_na=False)


def draw_tastes(n: int, goods: Catalogue, model: Model, rng: np.random.Generator) -> Tastes:
    """n shoppers, drawn."""
    stages = life_stages()
    stage = rng.choice(len(stages), n, p=stages["share"] / stages["share"].sum())
    low, high = stages["youngest"].to_numpy()[stage], stages["oldest"].to_numpy()[stage]
    years = rng.integers(low, high + 1)
    later, changes_on = _changes(stage, stages, model, rng)
    factors = rng.normal(size=(n, model.factors)) / np.sqrt(model.factors)
    loyalty = model.loyalty * rng.gamma(2.0, 0.5, n)
    words = _word_weights(factors, loyalty, goods, model, rng)
    both = np.stack([stage, later])
    sensitivity = stages["sensitivity"].to_numpy()[stage]
    activity = rng.gamma(2.5, 1 / 2.5, n) * stages["activity"].to_numpy()[stage]
    return Tastes(
        stage=stage, later=later, changes_on=changes_on, years=years,
        region=rng.integers(0, len(REGIONS), n), factors=factors, words=words,
        need=_needs(both, factors, stages, goods, model, rng),
        audience=_audiences(both, stages, goods, model, rng),
        price=np.maximum(model.price * rng.gamma(3.0, 1 / 3.0, n) + sensitivity, 0.05),
        quality=model.quality * rng.gamma(4.0, 0.25, n),
        novelty=model.novelty * rng.gamma(1.5, 1 / 1.5, n),
        loyalty=loyalty,
        activity=model.visits_a_day * activity,
        attention=model.attention * rng.gamma(9.0, 1 / 9.0, n),
        hour=rng.choice(HOURS, n, p=_HOUR_SHARES),
        weekend=np.exp(rng.normal(0.0, 0.35, n)),
    )  # fmt: skip


def visible(tastes: Tastes, ids: np.ndarray) -> pd.DataFrame:
    """What the shop knows: shopper_id, life_stage (at the start; nobody tells a shop of a change), age, region."""
    return pd.DataFrame({
        "shopper_id": ids,
        "life_stage": life_stages()["stage"].to_numpy(object)[tastes.stage],
        "age": np.array(AGES, object)[np.digitize(tastes.years, _AGE_STEPS)],
        "region": np.array(REGIONS, object)[tastes.region],
    })  # fmt: skip


def latent(tastes: Tastes, goods: Catalogue, ids: np.ndarray) -> pd.DataFrame:
    """What the shop does not know, a column a number: "style: retro", "need: Mug", "price_sensitivity", ..."""
    names = life_stages()["stage"].to_numpy(object)
    columns: dict[str, np.ndarray] = {
        "shopper_id": ids,
        "life_stage": names[tastes.stage],
        "life_stage_later": names[tastes.later],
        "changes_on": np.where(tastes.changes_on == NEVER, -1, tastes.changes_on),
        "price_sensitivity": tastes.price,
        "quality": tastes.quality,
        "novelty": tastes.novelty,
        "loyalty": tastes.loyalty,
        "visits_a_day": tastes.activity,
        "attention": tastes.attention,
        "hour": tastes.hour,
        "weekend": tastes.weekend,
    }
    columns |= {f"factor {k}": tastes.factors[:, k] for k in range(tastes.factors.shape[1])}
    tables = tastes.words | {"need": tastes.need[0], "audience": tastes.audience[0]}
    for field, weights in tables.items():
        words = goods.words["type" if field == "need" else field]
        columns |= {f"{field}: {word}": weights[:, column] for column, word in enumerate(words)}
    return pd.DataFrame(columns)


def _changes(
    stage: np.ndarray, stages: pd.DataFrame, model: Model, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The later life stage and the day of the change; the last stage has no next one."""
    row = {name: i for i, name in enumerate(stages["stage"])}
    following = np.array([row.get(name, i) for i, name in enumerate(stages["next"])])
    changes = (rng.random(len(stage)) < model.changing) & (following[stage] != stage)
    day = rng.integers(model.days // 9, max(model.days * 8 // 9, 2), len(stage))
    return np.where(changes, following[stage], stage), np.where(changes, day, NEVER)


def _word_weights(
    factors: np.ndarray, loyalty: np.ndarray, goods: Catalogue, model: Model, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Field -> (n, n_words): partly by the hidden factors, so that tastes go together, partly each shopper's own."""
    n, k = factors.shape
    done = {}
    scales = {"style": model.style, "colour": model.colour, "pattern": model.pattern, "material": model.material}
    for field, scale in scales.items():
        common = factors @ rng.normal(size=(k, goods.n(field)))  # (n, k) @ (k, n_words)
        done[field] = scale * (0.8 * common + 0.6 * rng.normal(size=(n, goods.n(field))))
    ranks = np.argsort(np.argsort(-done["colour"], axis=1), axis=1)
    most = goods.n("colour") - 1
    done["colour"] += np.where(ranks <= min(2, most // 3), model.loved_colour, 0.0)
    done["colour"] += np.where(ranks > most - min(2, (most + 1) // 3), model.disliked_colour, 0.0)
    reputation = rng.normal(size=goods.n("brand"))
    liking = factors @ rng.normal(size=(k, goods.n("brand"))) + reputation + rng.gumbel(size=(n, goods.n("brand")))
    many = np.asarray(rng.integers(1, 5, n))
    loved = np.argsort(np.argsort(-liking, axis=1), axis=1) < many[:, None]
    done["brand"] = model.reputation * reputation + loved * loyalty[:, None]
    return done


def _needs(
    both: np.ndarray, factors: np.ndarray, stages: pd.DataFrame, goods: Catalogue, model: Model,
    rng: np.random.Generator,
) -> np.ndarray:  # fmt: skip
    """(2, n, n_types): how common the type is, its department by shopper and life stage, the shopper's own."""
    n, k = factors.shape
    taste = model.department * factors @ rng.normal(size=(k, goods.n("department")))
    own = model.need * rng.normal(size=(n, goods.n("type")))
    own += 0.5 * np.log(np.maximum(goods.type_share, 1e-3))
    of_stage = _effects(stages, goods.words["department"])  # (n_stages, n_departments)
    return np.stack([(taste + of_stage[stage])[:, goods.type_department] + own for stage in both])


def _audiences(
    both: np.ndarray, stages: pd.DataFrame, goods: Catalogue, model: Model, rng: np.random.Generator
) -> np.ndarray:
    """(2, n, n_audiences): adults shop for one of women and men, a few for both; children depend on the stage."""
    words = goods.words["audience"]
    n = both.shape[1]
    shops_for = rng.choice(3, n, p=[0.47, 0.43, 0.1])  # women, men, both
    own = 0.3 * rng.normal(size=(n, len(words)))
    for column, word in enumerate(words):
        if word in ("women", "men"):
            own[:, column] += np.where(shops_for == (1 if word == "women" else 0), model.other_gender, 0.2)
        elif word == EVERYONE:
            own[:, column] = 0.0
    of_stage = _effects(stages, words)
    return np.stack([of_stage[stage] + own for stage in both])


def _effects(stages: pd.DataFrame, words: list[str]) -> np.ndarray:
    """(n_stages, n_words): the table's column of each word, 0 for a word that it lacks."""
    return np.stack([stages[w].to_numpy(float) if w in stages else np.zeros(len(stages)) for w in words], axis=1)
