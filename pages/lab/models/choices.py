"""Which trainings the page of models shows, from the address bar; and those that this server has started."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.lab.leaderboard.choices import worded
from pages.lab.models.wording import training_label
from pages.shared import state
from recsys.settings import load_settings
from recsys.training import comparing, processes, records

if TYPE_CHECKING:
    import subprocess

    from recsys.training.records import Training

NOBODY: Final = ""  # nothing to compare with


@dataclass(slots=True)
class Workshop:
    """The processes that this server has started: they are waited for here, and known before they say anything."""

    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, training: Training) -> None:
        """Begin a training or go on with it, once, however often it is asked for."""
        with self.lock:
            if not self.starting(training) and not records.at_work(training.path):
                self.processes[training.id] = processes.start(training)

    def starting(self, training: Training) -> bool:
        """Whether its process is there, the moment before it holds the training included."""
        process = self.processes.get(training.id)
        return process is not None and process.poll() is None


@st.cache_resource(show_spinner=False)
def workshop() -> Workshop:
    """The workshop that all sessions share."""
    return Workshop()


@dataclass(frozen=True, slots=True)
class Shown:
    """The training that is looked at, and the one beside it."""

    training: Training
    beside: Training | None
    notes: tuple[str, ...]  # plain sentences about what the link asked for and could not have


def trainings() -> list[Training]:
    """The trainings on disk, newest first."""
    return records.listed(load_settings().trainings_dir)


def current(training_id: str) -> Training | None:
    """The training as its record tells it now; None where somebody has removed it."""
    return next((training for training in trainings() if training.id == training_id), None)


def active(training: Training) -> bool:
    """Whether a process works on it or is about to."""
    return training.at_work or (training.can_go_on and workshop().starting(training))


def shown(found: list[Training]) -> Shown:
    """What the link asks for, else the newest training, with nothing beside it."""
    by_id = {training.id: training for training in found}
    notes: list[str] = []
    wanted, beside = str(state.choices()["training"]), str(state.choices()["beside"])
    if wanted and wanted not in by_id:
        notes.append(f"The link asks for training “{wanted[:40]}”, which is not here: the newest one is shown.")
    if beside and beside not in by_id:
        notes.append(f"The link compares with training “{beside[:40]}”, which is not here.")
    training = by_id.get(wanted, found[0])
    other = by_id.get(beside)
    return Shown(training, None if other is None or other.id == training.id else other, tuple(notes))


def pickers(found: list[Training], now: Shown, labels: dict[str, str]) -> None:
    """The training, and the one to compare it with."""
    words = told_apart({training.id: training_label(training, labels) for training in found})
    left, right = st.columns(2)
    with left:
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
    with right:
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
