"""The record of work that goes on: changed step by step, closed however it ends."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from recsys.errors import ShelfLensError
from recsys.training import records
from recsys.training.records import Training


class RecordedCourse:
    """Writes down how a training goes; seconds of an earlier attempt count along."""

    def __init__(self, training: Training) -> None:
        self.training = training
        self._earlier, self._since = training.worked, time.time()

    def begin(self) -> None:
        """Note that it runs."""
        self._change(state=records.RUNNING, began=self._since, ended=None, error="")

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """What is done within is noted as begun and, where it ends early, as stopped or failed; errors go on."""
        try:
            self.begin()
            yield
        except KeyboardInterrupt:
            self.end(records.STOPPED, "")
            raise
        except Exception as error:
            known = error.one_line() if isinstance(error, ShelfLensError) else f"{type(error).__name__}: {error}"
            self.end(records.FAILED, known[:600])
            raise

    def end(self, state: str, error: str) -> None:
        """Note why it ended early. Where even that cannot be written the lock still tells that nobody works on it."""
        try:
            self._change(state=state, error=error, worked=self._worked(), ended=time.time())
        except ShelfLensError:
            return

    def _worked(self) -> float:
        return self._earlier + time.time() - self._since

    def _change(self, **facts: object) -> None:
        # known here before it is written: told to stop within the writing, `end` writes it again
        self.training = replace(self.training, **facts)  # type: ignore[arg-type]
        records.write(self.training)
