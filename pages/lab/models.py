"""What is trained, on what, when and how well; training again, watching it learn, and comparing two trainings."""

from __future__ import annotations

from pages.components import (
    address_bar,
    models_choices,
    models_compare,
    models_form,
    models_in_use,
    models_table,
    models_training,
    state,
    strip,
)

engine = state.get_engine()
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
models_in_use.in_use(engine)
seen = models_table.seen()
found = models_choices.trainings()
if found:
    now, labels = models_choices.shown(found), models_choices.labels()
    strip.notes(now.notes, icon=":material/link_off:")
    models_form.form(engine, anything_there=True)
    models_choices.pickers(found, now, labels)
    models_training.panel(now, labels)
    if now.beside is not None:
        models_compare.compare(now.training, now.beside, labels)
    models_table.table(found, labels)
else:
    models_form.nothing_there()
    models_form.form(engine, anything_there=False)
models_in_use.more(engine)
models_table.watch(seen)
