"""One training: its progress while it is at work, its curves, what it reached, and what a person decides about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.lab.models import choices
from pages.lab.models.finding import sentence
from pages.lab.models.wording import (
    FIGURES,
    ICONS,
    figure_words,
    setting_value,
    setting_words,
    short_label,
    state_words,
    training_label,
    when,
)
from pages.shared import owner, state
from pages.shared.drawing import draw, emphasis
from pages.shared.facts import Fact, facts
from pages.shared.finding import finding
from pages.shared.progress import time_left, waiting_words
from pages.shared.wording import cut, plain, seconds
from recsys.errors import ShelfLensError
from recsys.jobs import last_words, progressed
from recsys.training import comparing, records

if TYPE_CHECKING:
    from recsys.plots.training import Curve
    from recsys.training.records import Training

EVERY: Final = 1.0  # seconds between two looks at a training at work
REACHED: Final = ("ndcg@10", "recall@10", "hit@10", "watched ndcg", "loss", "seconds", "bytes")


def top(now: choices.Shown, found: list[Training], labels: dict[str, str]) -> None:
    """The finding in one sentence, and where it comes from."""
    training = now.training
    made = f"Came with the shop: {seconds(training.worked)} on {training.data.words}, {when(training.created)}. "
    finding(
        sentence(training, found, labels),
        built_in=f"{made}Trainings of your own come first." if choices.built_in(training) else "",
    )


def panel(now: choices.Shown, labels: dict[str, str]) -> None:
    """The training that is looked at: live while it is at work, at rest afterwards."""
    if choices.active(now.training):
        _live(now.training.id, now.beside.id if now.beside else "", labels)
        return
    training = now.training
    with st.container(border=True):
        _heading(training, labels)
        _ending(training)
        curves(training, now.beside, labels)
        if now.beside is None:
            _reached(training)
        if not choices.built_in(training):
            _decisions(training, labels)
    _rules(training)


@st.fragment(run_every=EVERY)
def _live(training_id: str, beside_id: str, labels: dict[str, str]) -> None:
    """Progress, curves and the button that cancels; the page is drawn anew when the work has ended."""
    training = choices.current(training_id)
    if training is None or not choices.active(training):
        if training is not None and training.done:
            state.say("The training is finished. Keep it or discard it.", ":material/flag:")
        st.rerun()
        return
    with st.container(border=True):
        _heading(training, labels)
        _progress(training)
        with st.container(horizontal=True, vertical_alignment="center"):
            if owner.may(training.owner) and st.button("Cancel", key="models.cancel", icon=":material/stop_circle:"):
                _cancel(training)
                st.rerun()
            st.caption(
                "It runs beside the app, and goes on when this page is closed. Cancelled, it can be resumed "
                "from its latest finished epoch."
            )
        curves(training, choices.current(beside_id) if beside_id else None, labels)


def _heading(training: Training, labels: dict[str, str]) -> None:
    name = plain(labels.get(training.model, training.model))
    icon = ICONS[records.RUNNING if choices.active(training) else training.state]
    st.markdown(f"#### {name}")
    words = "at work" if choices.active(training) else state_words(training)
    words = "waiting for its turn" if choices.waiting(training) else words
    if choices.built_in(training):
        words = "built in, without its weights"
    words += ": keep it or discard it" * (training.state == records.FINISHED and not choices.built_in(training))
    begun = f" · begun {plain(when(training.began))}" if training.began else ""
    st.markdown(f"{icon} **{plain(words)}** · on {plain(training.data.words)}{begun}")


def _progress(training: Training) -> None:
    if place := choices.waiting(training):
        st.progress(0.0, text=waiting_words(place))
        return
    so_far = progressed(training.path, training.began) if training.at_work else None
    if so_far is None:
        st.progress(0.0, text="It starts: reading the data…")
        return
    left = time_left(so_far)
    early = " at most" if left and "patience" in training.settings and so_far.label == "Learning" else ""
    note = f": {plain(so_far.note)}" if so_far.note else ""
    st.progress(so_far.share, text=f"{plain(so_far.label)}{note} · {so_far.share:.0%}{left}{early}")


def _ending(training: Training) -> None:
    """Why it ended early, in one line each."""
    said = training.error or (last_words(training.path) if training.state == records.STOPPED else "")
    if training.state == records.FAILED:
        st.error(f"It failed: {plain(cut(said, 600))}", icon=":material/report:")
    elif said and not training.began:
        st.error(f"It could not begin: {plain(cut(said, 600))}", icon=":material/report:")
    elif training.error:
        st.warning(f"It ended early: {plain(training.error)}. Resume it to go on.", icon=":material/power_off:")
    planned = int(training.settings.get("epochs", 0))
    if training.done and len(training.epochs) < planned:
        st.caption(
            f"Ended after {len(training.epochs)} of {planned} epochs: the watched shoppers were foretold no "
            f"better for {training.settings['patience']} epochs in a row."
        )


# --- decisions ----------------------------------------------------------------------------------------------


def _decisions(training: Training, labels: dict[str, str]) -> None:
    if not owner.may(training.owner):
        st.caption(owner.NOT_YOURS)
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if training.can_go_on:
            begun = bool(training.epochs)
            word = (
                f"Resume after epoch {len(training.epochs)}" if begun else "Begin" if not training.began else "Resume"
            )
            st.button(
                word,
                key="models.resume",
                type=emphasis(),
                icon=":material/play_arrow:",
                on_click=_resume,
                args=(training.id,),
            )
        if training.state == records.FINISHED:
            st.button(
                "Keep it",
                key="models.keep",
                type=emphasis(),
                icon=":material/bookmark_add:",
                on_click=_keep,
                args=(training.id,),
            )
        with st.popover("Discard", icon=":material/delete:", type="tertiary"):
            st.write(
                f"{plain(training_label(training, labels))}: its model, figures and checkpoints are deleted for "
                "everybody."
            )
            st.button("Yes, discard it", key="models.discard", type=emphasis(), on_click=_discard, args=(training.id,))


def _cancel(training: Training) -> None:
    with state.trouble_said():
        owner.must(training.owner)
        choices.jobs().cancel(training.path)


def _mine(training_id: str) -> Training:
    """The training, where it belongs to who is here. Raises BadRequestError where not."""
    training = records.find(state.settings().trainings_dir, training_id)
    owner.must(training.owner)
    return training


def _resume(training_id: str) -> None:
    with state.trouble_said():
        choices.start(_mine(training_id))
    state.choose(training=training_id)


def _keep(training_id: str) -> None:
    with state.trouble_said():
        records.keep(state.settings().trainings_dir, _mine(training_id).id)
        state.say("The training is kept.", ":material/bookmark_added:")


def _discard(training_id: str) -> None:
    said = "The training was discarded."
    try:
        records.discard(state.settings().trainings_dir, _mine(training_id).id)
    except ShelfLensError as error:  # somebody else was faster, or has resumed it
        said = plain(error.one_line())
    state.choose(training="", beside="")
    state.say(said, ":material/delete:")


# --- what it reached ----------------------------------------------------------------------------------------


def _reached(training: Training) -> None:
    found = comparing.figures(training)
    lacking = ("bytes",) if choices.built_in(training) else ()  # of a record alone, its size says nothing
    named = [name for name in REACHED if found[name] is not None and name not in lacking]
    facts([Fact(FIGURES[name].label, figure_words(name, found[name]), FIGURES[name].help) for name in named])


def curves(training: Training, beside: Training | None, labels: dict[str, str]) -> None:
    """Loss and nDCG@10 by epoch, of one training or of two over each other."""
    from recsys.plots.training import by_epoch

    both = {"A": training, "B": beside} if beside else {"": training}
    lines = [_curve(each, short_label(each, labels, letter)) for letter, each in both.items() if each.epochs]
    if not lines:
        learning = any("epochs" in each.settings for each in both.values())
        st.caption(
            "The curves begin with the first finished epoch."
            if learning
            else "It counts or solves; there are no epochs and so no curves."
        )
        return
    left, right = st.columns(2, gap="medium")
    with left:
        draw(
            by_epoch(lines, "loss", "Loss by epoch", "mean loss of a position; nats, lower is better"),
            "models.loss",
            "The loss after each epoch; lower is better.",
        )
    with right:
        draw(
            by_epoch(
                lines,
                "ndcg",
                "Validation nDCG@10 (watched shoppers)",
                "nDCG@10; 0 to 1, higher is better",
                mark_best=True,
            ),
            "models.ndcg",
            "nDCG@10 after each epoch; a star marks the epoch that is kept.",
        )
    st.caption(
        "Loss: the surprise at the purchases it learns from. nDCG@10: how high the next basket of shoppers, "
        "kept back from learning, stands in its list; the star marks the epoch that is kept."
    )


def _curve(training: Training, name: str) -> Curve:
    from recsys.plots.training import Curve

    best, made = comparing.best_epoch(training), len(training.epochs)
    planned = int(training.settings.get("epochs", made)) if choices.active(training) else made
    return Curve(name, comparing.curves(training), planned, best.number if best else None)


def _rules(training: Training) -> None:
    with st.expander("Settings, rules and command", icon=":material/rule:"):
        given = [
            f"{plain(setting_words(name).label)} **{plain(setting_value(value))}**"
            for name, value in {**training.settings, "seed": training.seed}.items()
        ]
        st.markdown("**Settings:** " + " · ".join(given))
        st.markdown(
            "\n".join(f"- **{name.capitalize()}:** {plain(words)}" for name, words in training.protocol.items())
        )
        st.code(training.command, language="bash", wrap_lines=True)
