"""Which trainings the page of models shows, from the address bar; and starting them beside the app."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.lab.models.views import ENCODERS, RECOMMENDERS, STUDIO
from pages.lab.models.wording import training_label
from pages.shared import state
from pages.shared.finding import BUILT_IN
from pages.shared.pickers import worded
from recsys.errors import ShelfLensError
from recsys.jobs import JobQueue
from recsys.training import comparing, records
from recsys.training.built_in import committed_trainings, is_built_in

if TYPE_CHECKING:
    from recsys.training.records import Training

NOBODY: Final = ""  # nothing to compare with


def jobs() -> JobQueue:
    """The work beside the app, the same for every tab and after every reload."""
    return JobQueue.of(state.settings())


def start(training: Training) -> None:
    """Begin a training or go on with it, once, however often it is asked for.

    Raises BadRequestError where too much waits already, StorageError.
    """
    if not records.at_work(training.path):
        words = f"{training.model} on {training.data.words}"
        jobs().start("train", ["--resume", training.id], label=words, folder=training.path, owner=training.owner)


def start_new(training: Training) -> None:
    """Begin one that was just made; nothing is left of it where it cannot even wait. Raises as `start` does."""
    try:
        start(training)
    except ShelfLensError:
        records.discard(training.path.parent, training.id)
        raise


def waiting(training: Training) -> int:
    """Its place in the queue, from 1; 0 where it does not wait."""
    job = jobs().find(training.path)
    return 0 if job is None else jobs().place(job)


@dataclass(frozen=True, slots=True)
class Shown:
    """The training that is looked at, and the one beside it."""

    training: Training
    beside: Training | None
    notes: tuple[str, ...]  # plain sentences about what the link asked for and could not have


def studio() -> None:
    """Which half of the page is shown."""
    words = {RECOMMENDERS: "Recommenders", ENCODERS: "Encoders"}
    st.segmented_control(
        "What is shown",
        list(words),
        format_func=partial(worded, words),
        key=state.seed_control(STUDIO),
        on_change=_studio_taken,
        label_visibility="collapsed",
    )


def _studio_taken() -> None:
    """Callback: a click on what is chosen already leaves nothing chosen, and means that it stays."""
    state.choose(**{STUDIO: st.session_state[state.control_key(STUDIO)] or state.choices()[STUDIO]})


def trainings() -> list[Training]:
    """The trainings on disk, newest first, and behind them those that came with the shop."""
    jobs().advance()
    return [*records.listed(state.settings().trainings_dir), *committed_trainings(state.open_shop())]


def built_in(training: Training) -> bool:
    """Whether it came with the shop: it has no weights, and nobody decides about it."""
    return is_built_in(training, state.settings().trainings_dir)


def current(training_id: str) -> Training | None:
    """The training as its record tells it now; None where somebody has removed it."""
    return next((training for training in trainings() if training.id == training_id), None)


def active(training: Training) -> bool:
    """Whether a process works on it or is about to."""
    job = jobs().find(training.path) if training.can_go_on else None
    return training.at_work or (job is not None and job.active)


def shown(found: list[Training]) -> Shown:
    """What the link asks for, else the newest training, else a built-in one, with nothing beside it."""
    by_id = {training.id: training for training in found}
    notes: list[str] = []
    wanted, beside = str(state.choices()["training"]), str(state.choices()["beside"])
    if wanted and wanted not in by_id:
        notes.append(f"The link asks for training “{wanted[:40]}”, which is not here: another one is shown.")
    if beside and beside not in by_id:
        notes.append(f"The link compares with training “{beside[:40]}”, which is not here.")
    training = by_id.get(wanted, found[0])
    other = by_id.get(beside)
    return Shown(training, None if other is None or other.id == training.id else other, tuple(notes))


def pickers(found: list[Training], now: Shown, labels: dict[str, str]) -> None:
    """The training, and the one to compare it with."""
    words = told_apart(
        {training.id: f"{BUILT_IN}: " * built_in(training) + training_label(training, labels) for training in found}
    )
    with st.popover("Another training, or two beside each other", icon=":material/swap_horiz:", key="models.pickers"):
        _select(
            "training",
            "Training (A)" if now.beside else "Training",
            list(words),
            now.training.id,
            words,
            "Every training, newest first.",
        )
        others = [training for training in found if training.id != now.training.id]
        others.sort(key=lambda other: not comparing.same_question(now.training, other))
        options = [NOBODY, *(training.id for training in others)]
        _select(
            "beside",
            "Compare with (B)" if now.beside else "Compare with",
            options,
            now.beside.id if now.beside else NOBODY,
            {NOBODY: "nothing", **words},
            "Another training: curves over each other, what differs in the settings, figures side by side. Those "
            "judged on the same visits come first.",
        )


def told_apart(words: dict[str, str]) -> dict[str, str]:
    """The same words, the end of its id added for a training whose words an earlier one has already."""
    taken: set[str] = set()
    for training_id in reversed(words):  # oldest first, so that nothing changes for those that are there
        if words[training_id] in taken:
            words[training_id] += f" · {training_id[-4:]}"
        taken.add(words[training_id])
    return words


def _select(name: str, label: str, options: list[str], value: str, words: dict[str, str], help: str) -> None:
    key = state.control_key(name)
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    st.selectbox(
        label,
        options,
        key=key,
        format_func=partial(worded, words),
        on_change=state.take_control,
        args=(name,),
        help=help,
        filter_mode="contains",
    )


def labels() -> dict[str, str]:
    """Model -> plain words; imported here, since only this page needs the list."""
    from recsys.training.choices import trainable

    return {name: model.label for name, model in trainable().items()}
