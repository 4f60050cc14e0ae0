"""What a command says when it cannot do what it was asked."""

from __future__ import annotations

import pytest


def one_clear_line(capsys: pytest.CaptureFixture[str]) -> str:
    """The only line that was said, an error with its remedy; nothing stands on standard output."""
    captured = capsys.readouterr()
    assert captured.out == ""
    (line,) = captured.err.strip().splitlines()
    assert "what to do" in line
    return str(line)
