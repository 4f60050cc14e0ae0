"""Starting a training from the page: the model, the data, its settings with their ranges, and how long it may take."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.lab.models import choices
from pages.lab.models.wording import setting_words
from pages.shared import owner, state
from pages.shared.drawing import emphasis
from pages.shared.finding import first_step
from pages.shared.pickers import GIVE_SEQUENCES, Given, attributes_file, brought, sequences_file, worded
from pages.shared.wording import plain, seconds
from recsys.errors import ShelfLensError
from recsys.training import comparing, records
from recsys.training.records import Data

if TYPE_CHECKING:
    from recsys.engine import Engine
    from recsys.ranking.models import Model
    from recsys.training.choices import Setting

LARGEST_SEED: Final = 2**31 - 1
FIRST: Final = "transformer"  # the one whose learning can be watched
SOON: Final = ("epochs", "patience", "learning_rate", "iterations")  # how long it learns, before what it is like
HERE, FILE = "here", "file"
STARTED: Final = "models.started"  # how many trainings this session has started


def form(engine: Engine) -> None:
    """The form, behind a click: what there is to see comes first."""
    key = f"models.form.{st.session_state.setdefault(STARTED, 0)}"  # a new key closes it once a training has begun
    with st.expander("Train a model", icon=":material/play_circle:", key=key):
        _form(engine)


def nothing_there(engine: Engine) -> None:
    """The empty state: what to do in one sentence, with a button that does it where the shop has data for it."""
    shop = engine.shop
    if not engine.dataset_info["events"]:
        st.info(
            f"Nothing was trained on {plain(shop.title)}: nobody has done anything in it yet. Train a model on a file "
            "of sequences at the end of this page.",
            icon=":material/model_training:",
        )
        return
    first_step(
        f"**Nothing was trained on {plain(shop.title)} yet:** let a model learn from all but everybody’s last two "
        "baskets, watch it, and see how well it foretells the last but one.",
        "Train one now",
        key="models.first",
        on_click=_first,
        args=(shop.name,),
        help="It runs beside the app, and goes on when this page is closed.",
    )


def _first(shop: str) -> None:
    """Callback: the model whose learning can be watched, by its own settings."""
    from recsys.training.choices import checked

    with state.trouble_said():
        training = records.create(state.settings().trainings_dir, FIRST, Data(shop), checked(FIRST, {}, 0), 0)
        choices.start_new(training)
        state.choose(training=training.id, beside="")


@st.fragment
def _form(engine: Engine) -> None:
    """A fragment, since what is asked for depends on the model, and nothing else changes before the start."""
    from recsys.training.choices import settings_of, trainable

    models = trainable()
    order = sorted(models, key=lambda name: name != FIRST)
    labels = {name: model.label for name, model in models.items()}
    left, right = st.columns(2)
    model = str(
        left.selectbox(
            "Model", order, format_func=partial(worded, labels), key="models.form.model", filter_mode="contains"
        )
    )
    with right:
        data, given_files = _data(engine)
    left.caption(plain(_about(models[model])))
    with st.grid("auto", min_column_width=150, gap="small"):
        given = {setting.name: _input(model, setting) for setting in _ordered(settings_of(model))}
        seed = st.number_input("Seed", 0, LARGEST_SEED, 0, key="models.form.seed", help=setting_words("seed").help)
    _estimate(engine, model, data, given)
    if st.button("Start", key="models.start", type=emphasis(), icon=":material/play_arrow:"):
        _start(model, data, given_files, given, int(seed or 0))


def _about(model: Model) -> str:
    needs = f" It needs {' and '.join(sorted(model.needs))}." if model.needs else ""
    return model.about + needs


def _data(engine: Engine) -> tuple[Data, dict[str, Given]]:
    """(the shop, or nothing; the files that are given in its place)."""
    ours = engine.settings.shop
    words = {HERE: f"The app's data set: {ours.replace('_', ' ')}", FILE: "A file of sequences"}
    if not engine.dataset_info["events"]:
        del words[HERE]
        st.caption("Nobody has done anything in this shop yet: there is only a file to learn from.")
    kind = st.radio(
        "Learn from", list(words), format_func=partial(worded, words), key="models.form.data", horizontal=True
    )
    if kind == HERE:
        return Data(ours), {}
    interactions = sequences_file("models.form.interactions")
    return Data(), {"interactions": interactions, "attributes": attributes_file("models.form.attributes")}


# --- settings -----------------------------------------------------------------------------------------------


def _ordered(settings: list[Setting]) -> list[Setting]:
    return sorted(settings, key=lambda setting: SOON.index(setting.name) if setting.name in SOON else len(SOON))


def _input(model: str, setting: Setting) -> float:
    """A number input at the setting's default; an emptied one means the default."""
    words = setting_words(setting.name)
    help = f"{words.help} Allowed: {setting.allowed}. Default: {setting.default:g}.".strip()
    key = f"models.form.{model}.{setting.name}"
    if setting.whole:
        whole = st.number_input(
            words.label, int(setting.low), int(setting.high), int(setting.default), key=key, help=help
        )
        return int(setting.default if whole is None else whole)
    value = st.number_input(
        words.label,
        float(setting.low),
        float(setting.high),
        float(setting.default),
        step=_step(setting),
        format="%g",
        key=key,
        help=help,
    )
    return float(setting.default if value is None else value)


def _step(setting: Setting) -> float:
    """Half of the default's leading digit's place: .0005 for .0045, .05 for .3, 5 for 16; .1 where it is 0."""
    return 10.0 ** math.floor(math.log10(abs(setting.default))) / 2 if setting.default else 0.1


# --- the start ----------------------------------------------------------------------------------------------


def _estimate(engine: Engine, model: str, data: Data, given: dict[str, float]) -> None:
    info = engine.dataset_info
    sizes = (int(info["baskets"]), int(info["items"])) if data.dataset else None
    earlier = [training for training in choices.trainings() if not choices.built_in(training)]  # other machines
    expected = comparing.seconds_of(model, data, given, earlier, sizes)
    if expected is None:
        st.caption(
            "How long it takes is known after a first training on these data; most models that count take "
            "seconds, those with iterations or epochs minutes. It can be cancelled and resumed."
        )
    else:
        st.caption(
            f"It will take about {plain(seconds(expected))} at most, on one core, and then judge the "
            "validation. It can be cancelled and resumed."
        )


def _start(model: str, data: Data, files: dict[str, Given], given: dict[str, float], seed: int) -> None:
    from recsys.training.choices import checked, checked_data

    if not data.dataset and files["interactions"] is None:
        st.error(GIVE_SEQUENCES, icon=":material/report:")
        return
    try:  # a fragment runs outside the shell that puts errors into words
        paths, uploads = brought(files)
        whole = checked_data(replace(data, **{name: str(path) for name, path in paths.items()}))
        root, settings = state.settings().trainings_dir, checked(model, given, seed)
        training = records.create(root, model, whole, settings, seed, owner=owner.me(), files=uploads)
        choices.start_new(training)
    except ShelfLensError as error:
        st.error(plain(error.one_line()), icon=":material/report:")
        return
    st.session_state[STARTED] += 1
    state.choices().update(training=training.id, beside="")  # its controls stand above and follow when it is drawn anew
    state.act()
    st.rerun()
