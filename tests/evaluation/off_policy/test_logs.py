"""Logs that people bring are read whatever columns are called, and refused with file and line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recsys.errors import DataError
from recsys.evaluation.off_policy.logs import MOST_CELLS, read_logs, refuse_few
from tests.evaluation.off_policy.log_files import GOOD, write


def refused(folder: Path, **columns: Sequence[object]) -> str:
    """What is said of the good log with some columns replaced."""
    path = write(folder / "log.csv", {**GOOD, **columns})
    with pytest.raises(DataError) as error:
        read_logs(path)
    return str(error.value)


def test_a_good_log_is_read_as_it_is(tmp_path: Path) -> None:
    (log,), notes = read_logs(write(tmp_path / "log.csv", GOOD))
    assert log.items == ("a", "b", "a", "c")
    assert log.positions.tolist() == [1, 2, 1, 2]
    assert log.rewards.tolist() == [0, 1, 0, 0]
    assert log.propensities.tolist() == [0.5, 0.25, 0.5, 0.125]
    assert log.sessions.tolist() == [0, 1, 2, 3]
    assert log.target is None
    assert notes == []


def test_other_names_and_separators_are_known(tmp_path: Path) -> None:
    columns = {"SKU": GOOD["item_id"], "Slot": GOOD["position"], "reward": [0.5, 2, -1, 0], "pscore": [1, 1, 1, 1],
               "Session ID": ["x", "y", "x", "y"], "target_propensity": [0, 0.5, 1, 0.25]}  # fmt: skip
    (log,), _ = read_logs(write(tmp_path / "log.tsv", columns, "\t"))
    assert log.rewards.tolist() == [0.5, 2, -1, 0]
    assert log.sessions.tolist() == [0, 1, 0, 1]
    assert log.target is not None
    assert log.target.tolist() == [0, 0.5, 1, 0.25]


@pytest.mark.parametrize("twice", ["propensity_score", "position", "Item ID"])
def test_a_column_that_is_there_twice_is_refused_as_either_may_be_meant(twice: str, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(
        f"item_id,position,click,propensity_score,{twice}\na,1,0,0.5,1\nb,2,1,0.25,2\n", encoding="utf-8"
    )
    with pytest.raises(DataError, match=r"names 2 columns .* in line 1") as error:
        read_logs(tmp_path / "log.csv")
    assert "each column once" in str(error.value)


def test_context_is_numbers_or_a_column_for_each_word(tmp_path: Path) -> None:
    columns = {**GOOD, "user_feature_0": ["x", "y", "z", "x"], "context_age": [1, 2, 3, 4], "context_same": [7] * 4}
    (log,), _ = read_logs(write(tmp_path / "log.csv", columns))
    assert log.context.shape == (4, 3)  # two of three words, the third is neither; the age
    assert log.context[:, 0].tolist() == [1, 0, 0, 1]
    assert log.context[:, 2].mean() == pytest.approx(0)


@pytest.mark.parametrize("wrong", ["0", "0.0", "-0.1", "1.01", "nan", "inf", "", "often", "１", "0_1"])
def test_a_propensity_that_is_no_chance_is_refused_with_its_line(wrong: str, tmp_path: Path) -> None:
    said = refused(tmp_path, propensity_score=[0.5, wrong, 0.5, 0.5])
    assert "log.csv line 3" in said
    assert "above 0, up to 1" in said
    assert "what to do" in said


@pytest.mark.parametrize("wrong", ["", "yes", "nan", "inf", "1e300"])
def test_a_reward_that_is_no_number_is_refused_with_its_line(wrong: str, tmp_path: Path) -> None:
    assert "line 4 has a reward that is no number" in refused(tmp_path, click=[0, 1, wrong, 0])


@pytest.mark.parametrize("wrong", ["", "first", "1.5", "-1", "nan", "99999999"])
def test_a_position_that_is_none_is_refused(wrong: str, tmp_path: Path) -> None:
    assert "line 2 has a position that is none" in refused(tmp_path, position=[wrong, 2, 1, 2])


@pytest.mark.parametrize("wrong", ["1e-300", "1e-10"])
def test_a_chance_that_no_log_can_have_is_refused(wrong: str, tmp_path: Path) -> None:
    assert "log.csv line 3" in refused(tmp_path, propensity_score=[0.5, wrong, 0.5, 0.5])


def test_more_products_than_memory_holds_are_refused(tmp_path: Path) -> None:
    n = MOST_CELLS + 1
    columns = {"item_id": range(n), "click": [0] * n, "propensity_score": [0.5] * n}
    with pytest.raises(DataError, match="2,001 products"):
        read_logs(write(tmp_path / "log.csv", {name: list(values) for name, values in columns.items()}))


@pytest.mark.parametrize("sessions", [["s"] * 20, [str(row // 4) for row in range(20)]])
def test_few_sessions_say_nothing_of_spread(sessions: list[str], tmp_path: Path) -> None:
    columns = {"item_id": ["a", "b"] * 10, "click": [0, 1] * 10, "propensity_score": [0.5] * 20, "session": sessions}
    (log,), _ = read_logs(write(tmp_path / "log.csv", columns))
    with pytest.raises(DataError, match="sessions"):
        refuse_few(log)


def test_two_products_of_a_page_at_one_position_are_refused(tmp_path: Path) -> None:
    assert "first in line 4" in refused(tmp_path, page_id=["p", "p", "p", "q"])
    (log,), _ = read_logs(write(tmp_path / "log.csv", {**GOOD, "page_id": ["p", "p", "q", "q"]}))
    assert log.sessions.tolist() == [0, 0, 1, 1]


def test_a_log_without_propensities_is_refused_and_said_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", {name: values for name, values in GOOD.items() if name != "propensity_score"})
    with pytest.raises(DataError, match=r"names no column of propensity.*what to do: log the chance"):
        read_logs(path)
    with pytest.raises(DataError, match="names no column of propensity"):
        read_logs(tmp_path)  # a folder as well: it is a log, it has rewards


def test_one_bad_log_of_a_folder_refuses_all_of_it(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", GOOD)
    write(tmp_path / "b.csv", {**GOOD, "click": ["?"] * 4})
    with pytest.raises(DataError, match=r"b\.csv line 2"):
        read_logs(tmp_path)


def test_a_table_of_products_is_no_log_and_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "x" / "log.csv", GOOD)
    write(tmp_path / "x" / "items.csv", {"item_id": ["a"], "item_feature_0": [1.5]})
    logs, notes = read_logs(tmp_path)
    assert [log.name for log in logs] == ["x/log.csv"]
    assert "x/items.csv was passed over" in notes[0]


@pytest.mark.parametrize("text", ["", "\n\n", "item_id,position,click,propensity_score\n",
                                  "item_id,position,click,propensity_score\na,1,0,0.5\n"])  # fmt: skip
def test_what_is_empty_or_one_row_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError):
        read_logs(tmp_path / "log.csv")


def test_what_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_bytes(bytes(range(256)) * 20)
    for path in (tmp_path / "nothing.csv", tmp_path / "log.csv"):
        with pytest.raises(DataError):
            read_logs(path)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no log was found"):
        read_logs(tmp_path / "empty")


def test_a_line_with_more_or_fewer_cells_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "log.csv", GOOD)
    path.write_text(path.read_text(encoding="utf-8") + "d,1,0\n", encoding="utf-8")
    with pytest.raises(DataError, match="line 6 has 3 cells"):
        read_logs(path)


cells = st.one_of(st.text(max_size=8), st.floats().map(str), st.integers(-3, 3).map(str))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=st.lists(st.tuples(cells, cells, cells, cells), min_size=1, max_size=6))
def test_whatever_stands_in_a_log_it_is_read_or_refused_in_words(
    written: list[tuple[str, ...]], tmp_path: Path
) -> None:
    text = "item_id,position,click,propensity_score\n" + "".join(",".join(row) + "\n" for row in written)
    (tmp_path / "log.csv").write_bytes(text.encode("utf-8", "replace"))
    try:
        (log,), _ = read_logs(tmp_path / "log.csv")
    except DataError:  # any other error fails the test
        return
    assert ((log.propensities > 0) & (log.propensities <= 1)).all()
    assert len(log.items) == len(log.rewards) == len(log.positions) >= 2
