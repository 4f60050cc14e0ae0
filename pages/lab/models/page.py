"""What is trained, on what, when and how well; training again, comparing two; and text encoders."""

from __future__ import annotations

from pages.lab.models import choices as models_choices
from pages.lab.models import compare as models_compare
from pages.lab.models import encoders as models_encoders
from pages.lab.models import form as models_form
from pages.lab.models import in_use as models_in_use
from pages.lab.models import storage as models_storage
from pages.lab.models import table as models_table
from pages.lab.models import training as models_training
from pages.lab.models.views import ENCODERS, STUDIO
from pages.shared import address_bar, shops, state, strip

engine = state.get_engine()
strip.notes(address_bar.address_notes(), icon=":material/link_off:")
seen = models_table.seen()
models_choices.studio()
if state.choices()[STUDIO] == ENCODERS:
    models_encoders.section(engine)
    models_in_use.in_use(engine)
    models_in_use.more(engine)
else:
    found = models_choices.trainings()
    if found:
        now, labels = models_choices.shown(found), models_choices.labels()
        strip.notes(now.notes, icon=":material/link_off:")
        models_training.top(now, found, labels)
        models_choices.pickers(found, now, labels)
        models_training.panel(now, labels)
        if now.beside is not None:
            models_compare.compare(now.training, now.beside, labels)
        models_table.table(found, labels)
    else:
        models_form.nothing_there(engine)
    models_in_use.in_use(engine)
    shops.the_rest(engine)
    models_form.form(engine)
    models_storage.storage()
    models_in_use.more(engine)
    models_table.watch(seen)
