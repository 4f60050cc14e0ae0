"""What is tagged, by what, and against what it is held: the labels, the prompts, the choices of the link."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared import state
from pages.shared.drawing import emphasis
from pages.shared.pickers import select, worded
from pages.shared.wording import count, cut, plain
from recsys.engine.tagging import (
    LONGEST_LABEL,
    LONGEST_TEMPLATE,
    MOST_LABELS,
    MOST_TEMPLATES,
    PICTURE,
    TEMPLATES,
    TITLE,
    TagRequest,
)
from recsys.errors import BadRequestError
from recsys.schema.capabilities import Capability

if TYPE_CHECKING:
    from recsys.engine import Engine

NOTHING: Final = "-"  # to compare with nothing, as the link says it
KEPT: Final = "tags.kept"  # shop -> what was typed on this page: it outlives the widgets, and each shop has its own
LABELS, PROMPTS, FIND = "tags.labels", "tags.prompts", "tags.find"  # widget keys
WAYS: Final = {TITLE: ":material/title: Title", PICTURE: ":material/image: Picture"}
BESIDE, TALL = 160, 246  # pixels of a text area below a select box, and of the one beside both
MOST_TYPED: Final = 2 * MOST_LABELS * LONGEST_LABEL  # characters: what is too long is told by the line, not cut


@dataclass(slots=True)
class Typed:
    """What was typed for one shop, and what was asked last."""

    of: str = ""  # whose values the labels were begun with
    labels: str = ""
    prompts: str = "\n".join(TEMPLATES)
    find: str = ""
    asked: TagRequest | None = None
    trouble: list[str] = field(default_factory=list)  # why the last press of the button did nothing


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows now."""

    by: str
    of: str  # "" where the shop says nothing to begin with
    against: str  # what tags are compared with, "" for nothing
    typed: Typed
    notes: tuple[str, ...]  # plain sentences about what the link asked for and could not have

    @property
    def request(self) -> TagRequest | None:
        """What is to be tagged; None before anybody has asked."""
        asked = self.typed.asked
        return None if asked is None else TagRequest(asked.labels, asked.templates, self.by)


def shown(engine: Engine) -> Shown:
    """What the link asks for, else the shop's categories as labels, compared with what they are the values of."""
    chosen, known, notes = state.choices(), engine.given.values, []
    by, of, against = (str(chosen[name]) for name in ("by", "labels_of", "compare_with"))
    if by not in engine.tags_by:
        notes.append(_blind(engine))
        by = TITLE
    first = next(iter(known), "")
    if of not in known:
        if of:
            notes.append(f"The link begins with the values of “{cut(of, 40)}”, which this shop does not have.")
        of = first
    if against not in ("", NOTHING, *known):
        notes.append(f"The link compares with “{cut(against, 40)}”, which this shop does not have.")
        against = ""
    against = "" if against == NOTHING else against or of
    return Shown(by, of, against, _typed(engine, of), tuple(notes))


def _blind(engine: Engine) -> str:
    """Why pictures are not looked at here."""
    if not engine.capabilities.has(Capability.PICTURES):
        return f"{Capability.PICTURES.missing} Titles are looked at."
    return "The pictures of this shop are not prepared to be compared yet. Titles are looked at."


def _typed(engine: Engine, of: str) -> Typed:
    """What was typed for this shop; the values of `of` where the labels began with another one."""
    kept: dict[str, Typed] = st.session_state.setdefault(KEPT, {})
    typed = kept.setdefault(engine.shop.name, Typed())
    if typed.of != of:
        typed.of, typed.labels = of, "\n".join(engine.given.of(of).labels())
    return typed


# --- the controls -------------------------------------------------------------------------------------------


def controls(engine: Engine, now: Shown) -> None:
    """What changes the result at once: what is looked at, and what tags are compared with."""
    known, ways = engine.given.values, engine.tags_by
    if len(ways) < 2 and not known:
        return
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        if len(ways) > 1:
            _way(ways, now)
        else:
            st.caption(f"By title. {_blind(engine).partition(' Titles')[0]}")
    with right:
        if known:
            words = {NOTHING: "nothing", **{name: cut(name.capitalize(), 60) for name in known}}
            value = now.against or NOTHING
            select("compare_with", "Compare with", [NOTHING, *known], value, words, help=COMPARED)


COMPARED: Final = (
    "What the shop itself says of its products. Upper and lower case make no difference; where it says several values, "
    "one is enough."
)


ABOUT_WAYS: Final = (
    "What of each product is looked at. Pictures and labels are compared in the space of the search by picture, which "
    "was learned from what this shop says of its products: that they agree on the same shows how well it has learned. "
    "Titles are read without any training."
)


def _way(ways: tuple[str, ...], now: Shown) -> None:
    key = state.control_key("by")
    if st.session_state.get(key) != now.by:
        st.session_state[key] = now.by
    st.segmented_control(
        "By",
        list(ways),
        format_func=partial(worded, WAYS),
        key=key,
        required=True,
        on_change=state.take_control,
        args=("by",),
        help=ABOUT_WAYS,
    )


def form(engine: Engine, now: Shown) -> None:
    """The labels, the prompts, and the button."""
    typed, asked = now.typed, now.typed.asked
    with st.expander("Labels and prompts", icon=":material/label:", expanded=asked is None or bool(typed.trouble)):
        left, right = st.columns(2)
        with left:
            known = engine.given.values
            if known:
                words = {name: _begins(engine, name, number) for name, number in known.items()}
                select("labels_of", "Start from", list(known), now.of, words, help="Puts its values into the labels.")
            about = f"At most {MOST_LABELS}, of {LONGEST_LABEL} characters."
            _area(LABELS, "Labels, one a line", typed.labels, about, BESIDE if known else TALL)
        with right:
            _area(PROMPTS, "Prompts, one a line; {} is the label", typed.prompts, ABOUT_PROMPTS, TALL)
        st.button("Tag all products", key="tags.run", type=emphasis(), icon=":material/play_arrow:",
                  on_click=_ask, args=(engine.shop.name,))  # fmt: skip
        for line in typed.trouble:
            st.warning(plain(line), icon=":material/report:")
    if asked is not None and not typed.trouble and _changed(typed):
        st.caption(":material/edit: The labels or prompts were changed: press “Tag all products” to see what they do.")


ABOUT_PROMPTS: Final = (
    "A label is the mean of what it means in all prompts, so that one that happens to suit it badly matters little. "
    f"At most {MOST_TEMPLATES}, of {LONGEST_TEMPLATE} characters."
)


def _begins(engine: Engine, name: str, values: int) -> str:
    most = f"the {engine.shop.number(MOST_LABELS)} most common of " if values > MOST_LABELS else ""
    return f"{cut(name.capitalize(), 60)} · {most}{count(values, 'value', shop=engine.shop)}"


def _area(key: str, label: str, value: str, help: str, height: int) -> None:
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    example = "dress\nshoes\nlamp" if key == LABELS else "a photo of a {}"
    st.text_area(label, key=key, height=height, max_chars=MOST_TYPED, help=help, placeholder=example,
                 on_change=_keep)  # fmt: skip


def _here() -> Typed:
    """What was typed for the open shop."""
    kept: dict[str, Typed] = st.session_state[KEPT]
    return kept[state.open_shop().name]


def _keep() -> None:
    """Callback: what is typed outlives the widgets, which go with their page."""
    typed = _here()
    typed.labels, typed.prompts = str(st.session_state[LABELS] or ""), str(st.session_state[PROMPTS] or "")
    typed.trouble = []
    state.act()


def _read(typed: Typed) -> TagRequest:
    return TagRequest.read(typed.labels.splitlines(), typed.prompts.splitlines())


def _ask(shop: str) -> None:
    """Callback of the button: ask for what is typed, or say what is wrong with it."""
    _keep()
    typed = _here()
    try:
        typed.asked = _read(typed)
    except BadRequestError as error:
        line = error.one_line()
        typed.trouble = [line[:1].upper() + line[1:]]


def _changed(typed: Typed) -> bool:
    """Whether what is typed is something else than what is shown."""
    try:
        return _read(typed) != typed.asked
    except BadRequestError:
        return True


def cancel() -> None:
    """Callback: nothing is asked for any more. What was read of the titles is kept."""
    _here().asked = None
    state.act()


def keep_find() -> None:
    """Callback of the field that narrows the table."""
    _here().find = str(st.session_state[FIND] or "")
    state.act()


def seed_find(typed: Typed) -> str:
    """The key of that field, which holds what was typed there before another page was opened."""
    if st.session_state.get(FIND) != typed.find:
        st.session_state[FIND] = typed.find
    return FIND
