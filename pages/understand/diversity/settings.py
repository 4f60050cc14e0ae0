"""What a person sets on the page Diversity: sliders that change the shelf at once, rules, and their order."""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.shared import controls, state
from pages.shared.wording import cut, plain
from recsys.schema import Reranking
from recsys.schema.reranking import MOST_CHOSEN

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.engine.diversity import Diversity

ABOUT: Final[dict[str, Any]] = {setting.name: setting.metadata for setting in fields(Reranking)}
WAYS: Final = {"distance": "Mean distance", "mmr": "MMR", "dpp": "DPP"}
MIXES: Final = {"category": "Categories", "price": "Prices"}
ARRANGED: Final = {"relevance": "Relevance", "picked": "Picked"}
STEPS: Final = {"caps": "Caps", "exposure": "Floors", "diversity": "Diversity", "calibration": "Calibration"}
TITLE_LENGTH: Final = 60
RULES: Final = ("category_cap", "brand_cap", "tail_share", "new_share", "chosen")
FURTHER: Final = ("arranged", "candidates", "steps")
NEEDS: Final = {"category_cap": "category", "brand_cap": "brand", "tail_share": "tail", "new_share": "new"}
LACKING: Final = {
    "category": "This shop has no categories to limit.",
    "brand": "This shop does not say who makes its products.",
    "tail": "Nobody has bought anything here yet, so there is no long tail.",
    "new": "This shop does not say when its products were launched.",
}


def panel(engine: Engine, found: Diversity) -> None:
    """All settings, those that few people need folded away, and a button that takes all of it back."""
    now = state.reranking()
    with st.container(border=True):
        _slider("diversity")
        _choice("diversify", WAYS)
        _to_the_knee(found, now)
        _calibration(engine, found)
        controls.how_many()
        with st.expander("Caps and floors", icon=":material/rule:", expanded=_differs(now, RULES)):
            _rules(engine, found)
        with st.expander("Order and candidates", icon=":material/sort:", expanded=_differs(now, FURTHER)):
            _further()
        st.button(
            "By score alone",
            key="diversity.reset",
            icon=":material/restart_alt:",
            on_click=state.reset_reranking,
            disabled=now == Reranking(),
            help="All of this back to where it started",
            width="stretch",
        )


def _differs(now: Reranking, names: tuple[str, ...]) -> bool:
    return any(getattr(now, name) != getattr(Reranking(), name) for name in names)


def _slider(name: str) -> None:
    whole = isinstance(getattr(Reranking(), name), int)
    controls.setting_slider(name, ABOUT[name], state.seed_control(name), state.take_control, "%d" if whole else "%.2f")


def _choice(name: str, labels: dict[str, str]) -> None:
    controls.one_of(name, ABOUT[name]["label"], labels, help=ABOUT[name]["help"], width="stretch")


def _to_the_knee(found: Diversity, now: Reranking) -> None:
    """A button that sets the suggested strength, where there is one and it is another."""
    if found.knee is None or round(found.knee.strength, 2) == round(now.diversity, 2):
        return
    st.button(
        f"Set the suggested {found.knee.strength:.2f}",
        key="diversity.knee",
        icon=":material/my_location:",
        on_click=state.choose,
        kwargs={"diversity": found.knee.strength},
        help="The knee of the curve: from there on more diversity costs more than it did so far.",
        width="stretch",
    )


def _calibration(engine: Engine, found: Diversity) -> None:
    if found.of("calibration").before is None and not state.choices()["calibration"]:
        one = engine.shop.people.one
        missing = (
            f"nothing is known of what this {one} takes"
            if found.after.request.shopper
            else f"pick a {one} with a history"
        )
        st.caption(plain(f"Calibration is at rest: {missing}."))
        return
    _slider("calibration")
    _choice("calibrate_to", {name: label for name, label in MIXES.items() if name in engine.slates.labels} or MIXES)


def _rules(engine: Engine, found: Diversity) -> None:
    known, resting = {*engine.slates.labels, *engine.slates.groups}, []
    for name, needed in NEEDS.items():
        if needed in known or state.choices()[name]:
            _slider(name)
        else:
            resting.append(LACKING[needed])
    if resting:
        st.caption(plain(" ".join(resting)))
    _must_be_shown(engine, found)


def _must_be_shown(engine: Engine, found: Diversity) -> None:
    candidates = [str(engine.catalogue.id(int(row))) for row in found.rows]
    named = [cut(str(title), TITLE_LENGTH) for title in engine.catalogue.titles[found.rows]]
    titles = dict(zip(candidates, named, strict=True))
    st.multiselect(
        ABOUT["chosen"]["label"],
        list(dict.fromkeys([*state.choices()["chosen"], *candidates])),
        format_func=partial(_title, titles),
        key=state.seed_control("chosen"),
        on_change=state.take_control,
        args=("chosen",),
        max_selections=MOST_CHOSEN,
        placeholder="Pick among the candidates",
        help=ABOUT["chosen"]["help"],
    )


# A function of this module: under AppTest the wording of options is kept in the session, which must be serialisable.
def _title(titles: dict[str, str], item: str) -> str:
    return titles.get(item, f"{item}: not among the candidates")


def _further() -> None:
    _choice("arranged", ARRANGED)
    _slider("candidates")
    st.multiselect(
        ABOUT["steps"]["label"],
        list(STEPS),
        format_func=STEPS.__getitem__,
        key=state.seed_control("steps"),
        on_change=state.take_control,
        args=("steps",),
        placeholder="As usual",
        help=f"{ABOUT['steps']['help']} Take one out and put it back to bring it to the end.",
    )
