"""A picture that words change: "like this, but in red"."""

from __future__ import annotations

from typing import Final

import numpy as np

from recsys.encoders.fusion.fusion import TOLD, Fusion
from recsys.encoders.fusion.modalities import Modalities
from recsys.schema import Floats

SURE: Final = 0.8  # the probability from which words say what a thing is to be
SEEN: Final = 0.1  # the weight from which an attribute is one that pictures show: what a thing is, and its colour


def changed(fusion: Fusion, asked: Floats, text: Floats) -> tuple[Floats, tuple[str, ...]]:
    """((128,) what is like `asked`, a query's vector, but as words say with the vector `text` (d,); what they changed.

    Of the attributes that pictures show each is the words' where these are SURE of it, else the picture's. The columns
    of `project` are orthonormal, so that its transpose brings back what the picture was taken for; how far the row was
    scaled is known from its contrastive part, whose length was the root of its weight.
    """
    project = fusion.tensors["project"]  # (values, TOLD)
    told, own = asked[:TOLD], asked[TOLD:-1]
    scale = float(np.linalg.norm(own)) / np.sqrt(fusion.own_weight)
    if scale < 1e-6:
        return asked, ()
    row = project @ (told / scale)  # (values,) probabilities, by the roots of their attributes' weights
    names = []
    words = fusion.taken_for(Modalities(text=text[None]))
    for head in fusion.heads:
        said = words[head.name][0]
        if head.weight >= SEEN and said.max() >= SURE:
            row[head.start : head.end] = np.sqrt(head.weight) * said
            names.append(head.name)
    if not names:
        return asked, ()
    found = np.concatenate([row @ project, own / scale, [0.0]])
    return np.asarray(found / np.linalg.norm(found), np.float32), tuple(names)
