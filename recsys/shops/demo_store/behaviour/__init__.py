"""How the people of the demo store behave: a simulation whose truth is known.

    from recsys.shops.demo_store.behaviour import simulate
    behaviour = simulate(products, n_shoppers=1_000, seed=7)

The way of a day, one file a step; the formulas stand at the head of each:

    catalogue  tastes  friends  offers    who and what there is
    utility                               what each product is worth to each shopper, all else equal
    pages  queries                        who comes, and what a page is opened for
    policy                                what the store shows, and the chance with which it did
    moment                                what a product is worth now
    choices                               examined, viewed, marked, put into the basket, bought
    afterwards                            sent back, reviewed, shown to friends
    record  truth                         the tables that the shop loads; the truth that it does not

All that was chosen stands in `model.Model`.
"""

from recsys.shops.demo_store.behaviour.model import Model
from recsys.shops.demo_store.behaviour.simulate import Behaviour, simulate
from recsys.shops.demo_store.behaviour.truth import Truth

__all__ = ["Behaviour", "Model", "Truth", "simulate"]
