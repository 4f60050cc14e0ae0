"""Adaptations of the text encoder: begun, watched, cancelled and resumed like any training, and what each is worth."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from pages.lab.models import adaptation_trials
from pages.lab.models.choices import jobs
from pages.lab.models.wording import starting_with, state_words, when
from pages.shared import owner, state
from pages.shared.drawing import draw, emphasis
from pages.shared.facts import Fact, facts
from pages.shared.finding import sure, thousandths
from pages.shared.pickers import worded
from pages.shared.progress import time_left, waiting_words
from pages.shared.wording import cut, plain, seconds
from recsys.errors import ShelfLensError
from recsys.jobs import progressed
from recsys.training import comparing, records
from recsys.training.encoders import adapting, reports
from recsys.training.encoders.adapting import Adapting
from recsys.training.records import Data, Training

if TYPE_CHECKING:
    from recsys.engine import Engine

SAID: Final = {adapting.CHANGE, adapting.LOW, adapting.HIGH, adapting.NDCG, adapting.BEFORE}  # in the sentence
CHOSEN: Final = "models.adaptation"  # the id of the one that is shown
BEGUN: Final = (
    "adaptation_begun"  # the id of one that was begun a moment ago: a control takes no value once it is drawn
)
EVERY: Final = 1.0  # seconds between two looks at one at work
SHORTER: Final = {"0": "no", "64": "from 64 numbers up", "128": "from 128 numbers up"}


def section(engine: Engine) -> None:
    """The latest or the chosen one, and the form that begins another."""
    st.markdown("#### Adapted to this shop’s own words")
    own, others = _of_shop(_listed(), engine)
    found = [*own, *others]
    if BEGUN in st.session_state:
        st.session_state[CHOSEN] = st.session_state.pop(BEGUN)
    if not own:
        st.caption(
            "The text encoder was trained on the texts of the world. It can learn a shop’s own: which descriptions, "
            "facts and misspelt names mean the same product. No query and no purchase is needed."
        )
    if found:
        words = {each.id: f"{each.model} · {each.data.words} · {when(each.created)}" for each in found}
        ids = list(words)
        chosen = str(
            st.selectbox("Adaptation", ids, format_func=partial(worded, words), key=CHOSEN) if len(ids) > 1 else ids[0]
        )
        training = next((each for each in found if each.id == chosen), found[0])
        if _active(training):
            _live(training.id)
        else:
            _at_rest(training)
    adaptation_trials.section(reports.judged_adaptation())
    _form(engine)


def _listed() -> list[Training]:
    jobs().advance()
    return records.listed(state.settings().adaptations_dir)


def _of_shop(found: list[Training], engine: Engine) -> tuple[list[Training], list[Training]]:
    """Those of the open shop, and those of other shops and catalogues; each as they were."""
    mine = [not each.data.interactions and each.data.dataset == engine.shop.name for each in found]
    own, others = ([each for each, is_mine in zip(found, mine, strict=True) if is_mine is of] for of in (True, False))
    return own, others


def _active(training: Training) -> bool:
    job = jobs().find(training.path) if training.can_go_on else None
    return training.at_work or (job is not None and job.active)


def sentence(training: Training) -> str:
    """What a finished one is worth on the names that were kept apart, and whether that may be luck."""
    figures = training.metrics
    change, low, high = (figures[name] for name in (adapting.CHANGE, adapting.LOW, adapting.HIGH))
    verb = "better" if change > 0 else "worse" if change < 0 else "no better"
    verdict = "which may be luck" if low <= 0 <= high else "more than luck"
    return (
        f"After {seconds(training.worked)} it finds products by their own texts {verb}: nDCG@10 "
        f"{figures[adapting.NDCG]:.3f} where the encoder before had {figures[adapting.BEFORE]:.3f} "
        f"({thousandths(change)}, {sure((low, high))}), {verdict}. What it says of real queries only judged ones can "
        "tell."
    )


def _at_rest(training: Training) -> None:
    with st.container(border=True):
        st.markdown(f"**{plain(training.model)}** on {plain(training.data.words)} · {plain(state_words(training))}")
        if training.error:
            st.warning(plain(cut(training.error, 600)), icon=":material/report:")
        if training.done and training.metrics.keys() >= SAID:
            st.markdown(plain(sentence(training)))
            st.code(starting_with(adapting.encoder_name(training)), language="bash", wrap_lines=True)
        _curves(training)
        _reached(training)
        _decisions(training)
    if training.protocol:
        with st.expander("How it learned and was judged", icon=":material/rule:"):
            st.markdown("\n".join(f"- **{plain(k.capitalize())}:** {plain(v)}" for k, v in training.protocol.items()))


@st.fragment(run_every=EVERY)
def _live(training_id: str) -> None:
    training = next((each for each in _listed() if each.id == training_id), None)
    if training is None or not _active(training):
        st.rerun()
        return
    with st.container(border=True):
        st.markdown(f"**{plain(training.model)}** on {plain(training.data.words)} · at work")
        job = jobs().find(training.path)
        place = jobs().place(job) if job is not None else 0
        so_far = progressed(training.path, training.began) if training.at_work else None
        if place:
            st.progress(0.0, text=waiting_words(place))
        elif so_far is None:
            st.progress(0.0, text="It starts: reading the texts…")
        else:
            note = f": {plain(so_far.note)}" if so_far.note else ""
            words = f"{plain(so_far.label)}{note} · {so_far.share:.0%}{time_left(so_far)}"
            st.progress(so_far.share, text=words)
        if owner.may(training.owner) and st.button("Cancel", key="models.adapt.cancel", icon=":material/stop_circle:"):
            with st.spinner("It stops…"), state.trouble_said():
                owner.must(training.owner)
                jobs().cancel(training.path)
            st.rerun()
        st.caption("It runs beside the app. Cancelled, it can be resumed from its latest look.")
        _curves(training)


def _curves(training: Training) -> None:
    from recsys.plots.training import Curve, by_epoch

    _hidden_words(training)
    if not training.epochs:
        if not training.masked:
            st.caption("The curves begin with the first look at the products that are watched.")
        return
    best = comparing.best_epoch(training)
    planned = training.epochs[-1].planned if _active(training) else len(training.epochs)
    curve = Curve(training.model, comparing.curves(training), planned, best.number if best else None)
    left, right = st.columns(2, gap="medium")
    for column, name, title, y in (
        (left, "loss", "Loss by look", "mean loss of a pair; nats, lower is better"),
        (right, "ndcg", "Products that are watched", "nDCG@10; 0 to 1, higher is better"),
    ):
        figure = by_epoch([curve], name, title, y, mark_best=name == "ndcg")
        figure.update_xaxes(title_text="look (every few steps)")
        if name == "ndcg":  # a line that stays at 1 is drawn at the top, not halfway to 2
            figure.update_yaxes(minallowed=-0.05, maxallowed=1.05)
        with column:
            draw(figure, f"models.adapt.{name}", f"{title}, one point for each look.")
    st.caption(
        "Loss: how hard a product’s own text is to tell from the others of its step. nDCG@10: how high names that "
        "nothing is learned from find their own texts; the star marks the weights that are kept."
    )


def _hidden_words(training: Training) -> None:
    """The first stage, where there was one: how well hidden words are guessed."""
    from recsys.plots.training import Curve, by_epoch

    if not training.masked:
        return
    curve = Curve(training.model, comparing.masked_curves(training), len(training.masked))
    title = "First stage: hidden words"
    figure = by_epoch([curve], "others", title, "mean loss of a hidden word; nats, lower is better")
    figure.update_xaxes(title_text="look (every few steps)")
    draw(figure, "models.adapt.masked", f"{title}, one point for each look.")
    st.caption(
        "How hard words are to guess that were hidden in the texts of products that nothing is learned from. The "
        "encoder goes into the second stage as it was at the lowest point."
    )


def _reached(training: Training) -> None:
    best = comparing.best_epoch(training)
    known = [
        Fact("Looks", str(len(training.epochs))),
        Fact("Time", seconds(training.worked) if training.worked else "–"),
    ]
    if best is not None and best.ndcg is not None:
        known.append(Fact("Best watched nDCG", f"{best.ndcg:.3f}", "Of the names that are looked at while learning"))
    facts(known)


# --- decisions ------------------------------------------------------------------------------------------------


def _decisions(training: Training) -> None:
    if not owner.may(training.owner):
        st.caption(owner.NOT_YOURS)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if training.can_go_on:
            st.button(
                "Resume", key="models.adapt.resume", type=emphasis(), icon=":material/play_arrow:",
                on_click=_resumed, args=(training.id,),
            )  # fmt: skip
        with st.popover("Discard", icon=":material/delete:", type="tertiary", key="models.adapt.discard"):
            st.write("Its figures and checkpoints are deleted for everybody; an encoder that was kept stays.")
            st.button(
                "Yes, discard it", key="models.adapt.yes", type=emphasis(), on_click=_discarded, args=(training.id,)
            )


def _start(training: Training) -> None:
    if not records.at_work(training.path):
        words = f"{training.model} on {training.data.words}"
        jobs().start("adapt", ["--resume", training.id], label=words, folder=training.path, owner=training.owner)


def _mine(training_id: str) -> Training:
    training = records.find(state.settings().adaptations_dir, training_id)
    owner.must(training.owner)
    return training


def _resumed(training_id: str) -> None:
    with state.trouble_said():
        _start(_mine(training_id))
        state.act()


def _discarded(training_id: str) -> None:
    with state.trouble_said():
        records.discard(state.settings().adaptations_dir, _mine(training_id).id)
        state.act()


def _form(engine: Engine) -> None:
    """What is asked before one begins: how, how long at most, and how many steps."""
    usual = Adapting()
    with st.expander("Adapt the encoder to this shop", icon=":material/play_circle:"):
        way = str(
            st.selectbox("How", list(adapting.WAYS), format_func=partial(worded, adapting.WAYS), key="models.adapt.way")
        )
        left, right = st.columns(2)
        minutes = left.number_input(
            "Minutes at most", 1.0, 600.0, usual.minutes, key="models.adapt.minutes",
            help="At work; it ends with the best it has by then. What ten minutes reach is said above.",
        )  # fmt: skip
        steps = right.number_input(
            "Steps at most", 2, 100_000, usual.steps, key="models.adapt.steps",
            help=f"Corrections, {usual.pairs_per_step} pairs of texts each.",
        )  # fmt: skip
        options = _options(usual)
        if st.button("Start", key="models.adapt.start", type=emphasis(), icon=":material/play_arrow:"):
            asked = {"minutes": float(minutes or usual.minutes), "steps": int(steps or usual.steps), **options}
            _begun(engine, way, asked)


def _options(usual: Adapting) -> dict[str, Any]:
    """What else may be asked for, as settings by name."""
    hidden, spelt, short = st.columns(3)
    mlm = hidden.number_input(
        "Hidden words, steps", 0, 100_000, usual.mlm, key="models.adapt.mlm",
        help="A first stage before the pairs: some words of each text are hidden and guessed from the others. It takes "
        "half of the minutes at most; 0 leaves it out.",
    )  # fmt: skip
    respelt = spelt.number_input(
        "Other spellings, %", 0, 85, round(100 * usual.respelt), key="models.adapt.respelt",
        help="Of 100 pairs so many are a name and the same as somebody else would write it: words in other order, "
        "joined or apart, without the brand, a synonym. Slips of the keyboard have their own 15.",
    )  # fmt: skip
    shortest = short.selectbox(
        "Shorter vectors", list(SHORTER), format_func=partial(worded, SHORTER), key="models.adapt.matryoshka",
        help="The first numbers of each vector learn to do alone (Matryoshka), so that an index can keep fewer.",
    )  # fmt: skip
    return {"mlm": int(mlm or 0), "respelt": (respelt or 0) / 100, "matryoshka": int(shortest)}


def _begun(engine: Engine, way: str, asked: dict[str, Any]) -> None:
    """Begin one, and have it shown, whichever was shown before."""
    settings = state.settings()
    try:
        chosen = Adapting(**asked)
        training = adapting.create(
            settings.adaptations_dir, way, Data(engine.shop.name), settings.encoder, chosen, owner=owner.me()
        )
        try:
            _start(training)
        except ShelfLensError:
            records.discard(settings.adaptations_dir, training.id)
            raise
    except ShelfLensError as error:
        st.error(plain(error.one_line()), icon=":material/report:")
        return
    st.session_state[BEGUN] = training.id
    state.act()
    st.rerun()
