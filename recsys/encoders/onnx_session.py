"""Opening a graph that preparation wrote: one way for texts and pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import onnxruntime

from recsys.artifacts import PREPARE
from recsys.errors import ArtifactError

# Waiting threads sleep: spinning would take the processor from the other people's queries.
ASLEEP: Final = ("session.intra_op.allow_spinning", "0")
# Threads of one picture wait for each other at every layer: awake while it runs (a fifth faster), asleep after.
AWAKE_WHILE_IT_RUNS: Final = ("session.force_spinning_stop", "1")


def open_session(
    path: Path, encoder: str, threads: int, waiting: tuple[str, str] = ASLEEP
) -> onnxruntime.InferenceSession:
    """A session on the processor, `threads` of it for one batch. `encoder` is how it is called in an error.

    Raises ArtifactError when the file is missing or damaged.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4  # what goes wrong is raised, and said once
    options.add_session_config_entry(*waiting)
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no class but Exception
        raise ArtifactError(f"{path.name} of the {encoder} is missing or damaged", remedy=PREPARE) from error
