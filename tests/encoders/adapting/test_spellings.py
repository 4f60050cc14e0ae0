"""How else a name is written: each change alone, right by construction."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.encoders.adapting import spellings
from recsys.encoders.adapting.pairs import Dealer, Products
from recsys.encoders.adapting.spellings import Spellings, mistyped

NAMES = ["Acme head set black", "headset stand", "headsets Crème 16GB", "wall lamps", "wall lamp", "T-shirt 2 l"]
KNOWN = Spellings.of(NAMES, [("nightlight", "wall lamp"), ("cans", "headset"), ("x", "one two three four")])


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize(
    ("change", "name", "expected"),
    [
        (spellings._other_order, "black headset", {"headset black"}),
        (spellings._other_order, "headset", set()),
        (spellings._without_accents, "Crème brûlée", {"Creme brulee"}),
        (spellings._as_one, "head set 16", {"headset 16"}),
        (spellings._as_one, "T-shirt xl", {"Tshirt xl"}),
        (spellings._as_one, "16 l", set()),
        (KNOWN._as_two, "headset black", {"head set black"}),
        (KNOWN._as_two, "blackbird", set()),  # "bird" is no word of the catalogue
        (KNOWN._counted, "wall lamp", {"wall lamps"}),
        (KNOWN._counted, "wall lamps", {"wall lamp"}),
        (KNOWN._counted, "stand black", set()),  # nobody writes "stands"
        (spellings._amount, "disk 16GB black", {"disk 16 GB black"}),
        (spellings._amount, "milk 2 l", {"milk 2l"}),
        (spellings._amount, "model G84 black", set()),
        (spellings._without_brand, "Acme head set", {"head set"}),
        (spellings._without_brand, "Acme lamp", set()),  # one word would be left
        (KNOWN._synonym, "white wall lamp", {"white nightlight"}),
        (KNOWN._synonym, "headset", {"cans"}),
        (KNOWN._synonym, "one two three four", set()),
    ],
)
def test_each_change_makes_what_it_says(change: spellings.Change, name: str, expected: set[str]) -> None:
    made = {" ".join(found) for seed in range(8) if (found := change(name.split(), "Acme", rng(seed))) is not None}
    assert made - {name} == expected


def test_a_variant_follows_from_the_generator_and_changes_at_most_twice() -> None:
    seen = {KNOWN.variant(name, "Acme", rng(seed)) for name in NAMES for seed in range(30)}
    assert KNOWN.variant(NAMES[0], "Acme", rng(3)) == KNOWN.variant(NAMES[0], "Acme", rng(3))
    assert {"head set black", "lamp wall"} <= seen
    assert KNOWN.variant("l", "", rng()) == "l"  # nothing can be changed


def test_a_slip_changes_one_word_and_leaves_short_ones() -> None:
    for seed in range(20):
        slipped = mistyped("whole milk 2l", rng(seed))
        assert slipped.split()[-1] == "2l"
        assert sum(a != b for a, b in zip(slipped.split(), ["whole", "milk", "2l"], strict=True)) <= 1
    assert mistyped("tea 2l", rng()) == "tea 2l"


def test_so_many_pairs_are_a_name_and_the_same_respelt() -> None:
    shop = Products(NAMES, [["said of it"]] * len(NAMES), [""] * len(NAMES), ["Acme"] * len(NAMES), KNOWN)
    step = Dealer(shop, 6, 0.0, 0.0, 0, respelt=1.0).step(0)
    assert set(step.right) == set(NAMES)
    assert step.right == step.names
    assert step.left != step.right
    assert set(Dealer(shop, 6, 0.0, 0.0, 0).step(0).right) == {"said of it"}
