"""What there is to say of one part of a score, in one place.

A part is a way in which a product can be right: it holds the query's words, it was bought before, it is near the taste.
Most parts have a retriever, which finds candidates by it and scores any product by it; some only take a second look at
what the others found, and some are named by the learned order alone. `recsys.ranking.parts` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import pandas as pd

from recsys.index.shared_rows import SharedRowsIndex
from recsys.query.words import ShopWords
from recsys.retrieval.contract import Retriever
from recsys.schema import Floats, Knobs, Rows
from recsys.schema.capabilities import Capabilities, Capability
from recsys.schema.money import DOLLARS, Money
from recsys.shops.contract import People

EVERYTHING: Final = Capabilities(frozenset(Capability))


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a retriever can be made from: a shop's items and what was prepared of them."""

    items: pd.DataFrame
    index: SharedRowsIndex  # of the items' vectors
    folder: Callable[[str], Path]  # of a prepared artefact, by name; raises ArtifactError
    words: ShopWords  # by which the shop's queries are read
    there: Callable[[str], bool] = lambda name: True  # whether an artefact that a shelf can do without is made yet


class SecondLook(Protocol):
    """Scores candidates by what all of them have in common."""

    def look(self, rows: Rows, answers: Floats) -> Floats:
        """A score of each candidate, (m,): the best counts as 1 whatever the scale, 0 and below as nothing.

        `rows` (m,) are the candidates, `answers` (m,) how well each answers the query, >= 0.
        """


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one request, and how its score is shared out: to the query, to the shopper, to everybody."""

    knobs: Knobs
    query: bool = False  # there is something to search for
    words: bool = False  # some word of it occurs in a product text
    history: bool = False  # the shopper has a history
    interest: bool = False  # the shopper has an interest vector
    shortlist: bool = False  # the shopper has a learned order of what comes next
    across: bool = False  # the query is searched for across languages
    looks: bool = False  # there is a picture that products should look like
    wished: bool = False  # some product is of the size or has the label that was wished for, or comes near
    meaning: float | None = None  # the share of meaning beside words for this very query, else the knob's

    @property
    def asked(self) -> bool:
        """Whether anything is asked for, in words or by a picture."""
        return self.query or self.looks

    @property
    def nothing(self) -> bool:
        """Neither a question nor a person: what everybody likes is all there is."""
        return not self.asked and not self.history and not self.interest

    @property
    def shopper_share(self) -> float:
        """How much the shopper counts beside the query, 0..1; all where there is no query, nothing for nobody."""
        if not self.asked:
            return 1.0
        return self.knobs.shopper_weight if self.history or self.interest else 0.0

    @property
    def listed(self) -> bool:
        """Whether the learned order makes the shelf: where only the shopper counts, as if nothing had been asked.

        Beside a query it does not: what is asked for is seldom on it.
        """
        return self.shortlist and not self.nothing and self.shopper_share == 1.0

    @property
    def to_query(self) -> float:
        """The share of the score that goes to how well a product answers the query."""
        return 0.0 if not self.asked or self.listed else (1.0 - self.knobs.popularity) * (1.0 - self.shopper_share)

    @property
    def to_shopper(self) -> float:
        """The share of the score that goes to the shopper's habits and taste, the learned order aside."""
        return 0.0 if self.nothing or self.listed else (1.0 - self.knobs.popularity) * self.shopper_share

    @property
    def meaning_share(self) -> float:
        """The share of meaning beside words, 0..1; 1 where no word of the query is known."""
        if not self.words:
            return 1.0
        return self.knobs.meaning_weight if self.meaning is None else self.meaning

    @property
    def looks_share(self) -> float:
        """The share of the picture beside the query, 0..1; all where there are no words."""
        if not self.looks:
            return 0.0
        return self.knobs.looks_weight if self.query else 1.0

    @property
    def answers(self) -> float:
        """The share of words and meaning: what the query gets, without the second look."""
        return self.to_query * (1.0 - self.knobs.kind_weight) * (1.0 - self.looks_share)

    @property
    def by_looks(self) -> float:
        """The share of the picture, without the second look."""
        return self.to_query * (1.0 - self.knobs.kind_weight) * self.looks_share

    @property
    def by_meaning(self) -> float:
        """The share of vectors that answer the query."""
        return self.answers * self.meaning_share if self.query else 0.0

    @property
    def by_vectors(self) -> float:
        """The share of whatever is near in meaning or in looks."""
        return self.by_meaning + self.by_looks

    @property
    def discovery(self) -> float:
        """The share of taste beside habits, 0..1."""
        if not self.interest:
            return 0.0
        return self.knobs.discovery if self.history else 1.0


@dataclass(frozen=True, slots=True)
class Voice:
    """The words in which a shop's reasons are said: what its people are called, and what is known of what they did."""

    people: People = field(default_factory=People)
    has: Capabilities = EVERYTHING
    money: Money = DOLLARS  # which says how numbers are written here, too
    nobody: bool = False  # nobody has been here yet

    def number(self, count: float) -> str:
        """A count as the people of the shop write it: "67,599", "67.599"."""
        return self.money.number(count)

    @property
    def bought(self) -> str:
        """What people did with a product: "bought" where the events are purchases."""
        return "bought" if self.has.has(Capability.PURCHASES) else "chosen"

    @property
    def buy(self) -> str:
        """What people do: "buy" where the events are purchases."""
        return "buy" if self.has.has(Capability.PURCHASES) else "choose"

    @property
    def favourites(self) -> str:
        """What is shown where nothing is known: "the products most members buy"."""
        return "the first of the catalogue" if self.nobody else f"the products most {self.people.many} {self.buy}"

    @property
    def dated(self) -> bool:
        """Whether it is known when things were done, and not only in which order."""
        return self.has.has(Capability.DATES)

    def say(self, template: str) -> str:
        """The template with {one}, {many}, {bought}, {Bought}, {buy} and {favourites} in this shop's words."""
        one, many, bought = self.people.one, self.people.many, self.bought
        return template.format(
            one=one, many=many, bought=bought, Bought=bought.capitalize(), buy=self.buy, favourites=self.favourites
        )


@dataclass(frozen=True, slots=True)
class Grounds:
    """What is behind one product's score: figures, names, and the words to say it in."""

    facts: Mapping[str, float] = field(default_factory=dict)  # "times", "days_ago", "cosine_query", "buyers" ...
    # "matched", "shelf", "like", "feedback"; "own" when itself picked
    names: Mapping[str, str] = field(default_factory=dict)
    voice: Voice = Voice()

    def fact(self, name: str) -> float:
        """The figure of that name, 0 where there is none."""
        return float(self.facts.get(name, 0.0))

    @property
    def taken_before(self) -> bool:
        """Whether this shopper has this very product in their history."""
        return self.fact("times") > 0


def nothing_to_say(grounds: Grounds) -> str:
    """No phrase at all."""
    return ""


def no_share(known: Known) -> float:
    """No share of the score: what other stages add alone."""
    return 0.0


def as_it_is(scores: Floats) -> Floats:
    """The raw scores themselves."""
    return scores


@dataclass(frozen=True, slots=True)
class Part:
    """One named part of a score. All but name, label and colour may be left out by a part that only others add to.

    A candidate's part is `weight` times its raw score brought to 0..1 among the candidates of the request.
    """

    name: str  # short machine name, "words"
    label: str  # of the part in charts and tables, "Matching words"
    colour: str  # "#2F7FD1", readable on white and on near-black, and like no other part's
    phrase: Callable[[Grounds], str] = nothing_to_say
    """Why a product is there, as it reads inside a sentence; "" where there is nothing to say of it."""
    spoken: Callable[[Grounds], str] = nothing_to_say
    """The same as a person would say it to the shopper, without a figure that only an analyst reads: "you bought it 5
    times"."""

    weight: Callable[[Known], float] = no_share
    """Its share of the score of one request, 0..1. The shares of all parts are brought to a sum of at most 1."""

    # how its candidates are found
    retriever: Callable[[Prepared], Retriever | None] | None = None  # makes it; gives None where a shop has none
    stage: str = ""  # what it does, "Words (BM25)"; {many}, {bought} and the like are put into the shop's words
    pool: int = 300  # candidates, at least: enough for a full shelf after folding, few enough to score at once
    finds: Callable[[Known], bool] = lambda known: True  # whether to ask for candidates where it has a share
    detail: Callable[[Known], str] = lambda known: ""  # what to say beside its stage

    # how its raw scores are put on the common scale
    damped: Callable[[Floats], Floats] = as_it_is  # before scaling
    from_last_found: bool = False  # 0 is the score of the last candidate found, and not of nothing at all
    fact: str = ""  # the name under which the raw score stands among a product's facts; "" for nowhere

    # what it speaks of
    answers: bool = False  # how well a product answers the query
    habit: bool = False  # what the shopper does by habit
    own: bool = False  # of this very product and no look-alike: bought before, of the size wished for
    follows_feedback: bool = False  # scored again with the interest vector that feedback moved
    beyond_shortlist: bool = False  # also orders what is not on the shopper's shortlist, below it
    second_look: Callable[[Prepared], SecondLook] | None = None  # scores what the answering parts found
