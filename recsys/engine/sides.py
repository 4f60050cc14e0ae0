"""The sides of a comparison: what each asks otherwise than the screen does, and how a link carries it.

A side begins with a preset, which sets real knobs, and goes on with what is its own: `diverse~shopper-12~dv-0.4`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final

from recsys.errors import BadRequestError
from recsys.schema import NEW_SHOPPER, Knobs, Request, Reranking
from recsys.schema.reranking import read_setting

FEWEST, MOST = 2, 4  # side by side
LONGEST: Final = 99  # characters of a side: a link carries 100, so that one that was cut can be told
BETWEEN, IS = "~", "-"  # both stay as they are in an address
AS_SET: Final = "as_set"
STRENGTH: Final = 0.7  # of diversity, where a side is spread out

# The settings a side may have of its own, by what a link calls them: short, as there may be many.
KNOBS: Final = {
    "sw": "shopper_weight", "mw": "meaning_weight", "lw": "looks_weight", "kw": "kind_weight", "ex": "exploration",
    "di": "discovery", "po": "popularity", "hl": "half_life_days", "fo": "fold",
}  # fmt: skip
WHOLE_SHELF: Final = {
    "dv": "diversity", "dw": "diversify", "ca": "calibration", "ct": "calibrate_to", "cc": "category_cap",
    "bc": "brand_cap", "ts": "tail_share", "ns": "new_share", "ar": "arranged", "cd": "candidates",
}  # fmt: skip
CODES: Final = {name: code for code, name in {**KNOBS, **WHOLE_SHELF}.items()}
SHOPPER, QUERY = "shopper", "q"


@dataclass(frozen=True, slots=True)
class Preset:
    """A way to rank that has a name, made of settings that the shelf has anyway."""

    name: str
    label: str
    about: str  # what it sets, in plain words
    needs: str = ""  # "query", "shopper" or "learned": without that it has nothing to go by


PRESETS: Final[tuple[Preset, ...]] = (
    Preset(AS_SET, "As it is set", "What the screen has above: shopper, query, sliders and re-ranking."),
    Preset("diverse", "Spread out", f"Re-ranked for diversity by mean distance, strength {STRENGTH}."),
    Preset("by_score", "By score alone", "Nothing is re-ranked."),
    Preset("calibrated", "Mixed as they buy", "Re-ranked so that categories are mixed as in the purchases.", "shopper"),
    Preset("taste", "Taste only", "What fits the taste: no learned order, no usuals, no popularity.", "shopper"),
    Preset("usuals", "Usuals only", "What is bought again and again: no taste, no learned order.", "shopper"),
    Preset("unlearned", "No learned order", "Taste and usuals, without the learned order.", "learned"),
    Preset("popular", "Most bought", "What most people buy; beside a query, of what answers it."),
    Preset("words", "Words only", "Matching words alone (BM25), for nobody in particular.", "query"),
    Preset("meaning", "Meaning only", "Nearness in meaning alone (cosine), for nobody in particular.", "query"),
    Preset("anybody", "Without the shopper", "The same query for nobody in particular.", "query"),
)  # fmt: skip
OF: Final = {preset.name: preset for preset in PRESETS}
NEEDED: Final = {
    "query": "there is no query",
    "shopper": "no shopper with a history is picked",
    "learned": "nothing here was learned for this request",
}


@dataclass(frozen=True, slots=True)
class Side:
    """One side. `shopper` and `query` are None where they are the screen's; the shopper "" is nobody."""

    preset: str = AS_SET
    shopper: str | None = None
    query: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)  # name of a knob or of re-ranking -> its value

    def request(self, base: Request) -> Request:
        """What this side asks, where the screen asks `base`."""
        query = base.query if self.query is None else self.query
        shopper = base.shopper if self.shopper is None else self.shopper or None
        if (query, shopper) != (base.query, base.shopper):  # what was chosen among found products was chosen there
            base = replace(base, categories=(), sizes=(), language="", verbatim=False)
        made = _preset(self.preset, replace(base, shopper=shopper, query=query))
        knobs = {name: self.settings[name] for name in KNOBS.values() if name in self.settings}
        whole = {name: self.settings[name] for name in WHOLE_SHELF.values() if name in self.settings}
        return replace(made, knobs=replace(made.knobs, **knobs), reranking=replace(made.reranking, **whole))

    def text(self) -> str:
        """The side as a link carries it; `read_side` reads it back. Raises BadRequestError where it is too long."""
        own = {SHOPPER: self.shopper, QUERY: self.query}
        said = {name: value for name, value in own.items() if value is not None}
        said |= {CODES[name]: f"{v:g}" if isinstance(v, int | float) else str(v) for name, v in self.settings.items()}
        text = BETWEEN.join([self.preset, *(f"{name}{IS}{_escaped(value)}" for name, value in said.items())])
        if len(text) > LONGEST:
            raise BadRequestError(
                f"this side would take {len(text)} characters of the link",
                allowed=f"at most {LONGEST}",
                remedy="use a shorter query of its own, or set fewer sliders apart from the screen's",
            )
        return text


def read_side(text: str) -> tuple[Side, list[str]]:
    """(the side, one plain sentence per thing that could not be used): what is unreadable is as the screen has it."""
    first, *rest = text[: LONGEST + 1].split(BETWEEN)
    notes = []
    if len(text) > LONGEST:
        notes.append(f"it is longer than {LONGEST} characters: what comes after was left out")
    if first not in OF:
        notes.append(f"{first[:30]!r} is no way to rank that this version knows; the screen's is used")
        first = AS_SET
    side, own = Side(first), dict[str, Any]()
    for entry in rest:
        name, _, value = entry.partition(IS)
        if name == SHOPPER:
            side = replace(side, shopper=_unescaped(value))
        elif name == QUERY:
            side = replace(side, query=_unescaped(value))
        elif name in KNOBS or name in WHOLE_SHELF:
            try:
                own |= _setting(name, _unescaped(value))
            except BadRequestError as error:
                notes.append(f"{error.seen}: the screen's is used")
        else:
            notes.append(f"{entry[:30]!r} is nothing that this version knows; it was left out")
    return replace(side, settings=own), notes


def idle(side: Side, request: Request, *, learned: bool, history: bool) -> str:
    """Why a side's preset has nothing to go by in the request it makes, in a few words; "" where it may.

    `learned`: the shop has a learned order; `history`: something is known of what this shopper takes.
    """
    needs = OF[side.preset].needs
    asked = bool(request.query.strip())
    known = history and request.shopper not in (None, NEW_SHOPPER)
    there = {"query": asked, "shopper": known, "learned": learned and known and not asked, "": True}
    return "" if there[needs] else NEEDED[needs]


def _preset(name: str, base: Request) -> Request:
    alone = replace(base, reranking=Reranking(), sort="")
    knobs = base.knobs
    whole = replace(base, sort="")
    if name == "diverse":
        return replace(whole, reranking=replace(base.reranking, diversity=STRENGTH, diversify="distance"))
    if name == "by_score":
        return alone
    if name == "calibrated":
        return replace(whole, reranking=replace(base.reranking, calibration=STRENGTH))
    if name == "taste":
        knobs = replace(knobs, shopper_weight=1.0, exploration=1.0, discovery=1.0, popularity=0.0)
        return replace(alone, knobs=knobs, live=True)
    if name == "usuals":
        return replace(alone, knobs=replace(knobs, shopper_weight=1.0, discovery=0.0, popularity=0.0), live=True)
    if name == "unlearned":
        return replace(alone, live=True)
    if name == "popular":
        return replace(alone, sort="popular") if base.query.strip() else replace(alone, shopper=None)
    if name in ("words", "meaning"):
        weight = 0.0 if name == "words" else 1.0
        knobs = replace(knobs, shopper_weight=0.0, kind_weight=0.0, popularity=0.0, meaning_weight=weight)
        return replace(alone, knobs=knobs, shopper=None)
    return replace(base, shopper=None) if name == "anybody" else base


def _setting(code: str, text: str) -> dict[str, Any]:
    """The setting that a link means, by its name. Raises BadRequestError for a value that is none."""
    name = KNOBS.get(code) or WHOLE_SHELF[code]
    value: Any
    if code in WHOLE_SHELF:
        value = read_setting(name, text)
        Reranking(**{name: value})
        return {name: value}
    about = next(each for each in fields(Knobs) if each.name == name)
    value = text[:40] if "choices" in about.metadata else _number(text)
    Knobs(**{name: value})
    return {name: value}


def _number(text: str) -> float:
    """The number that a text means; what is none is not finite, which no knob takes."""
    try:
        return float(text[:40])
    except ValueError:
        return math.nan


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace(BETWEEN, "%7E")


def _unescaped(text: str) -> str:
    return text.replace("%7E", BETWEEN).replace("%25", "%")
