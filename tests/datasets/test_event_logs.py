"""Logs of events as the world writes them: any ids, separators, columns, times and encodings."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest

from recsys.datasets.sequences import Sequences, load
from recsys.errors import DataError
from recsys.evaluation.problems import of_file
from recsys.evaluation.protocol import Protocol

EXPECTED = {"u-1": ["007", "7", "B00X"], "u-2": ["7", "007"]}


def read(folder: Path, content: str | bytes, name: str = "log.csv") -> Sequences:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return load(path)


def histories(found: Sequences) -> dict[str, list[str]]:
    own = found.interactions
    return {user: [found.item_ids[item] for item in own.of(row)] for row, user in enumerate(found.user_ids)}


ROWS = [("u-1", "7", "2026-01-02"), ("u-1", "007", "2026-01-01"), ("u-2", "7", "2026-01-05"),
        ("u-2", "007", "2026-02-01"),
        ("u-1", "B00X", "2026-01-03")]  # fmt: skip


def table(separator: str, header: tuple[str, ...], places: tuple[int, ...]) -> str:
    lines = [separator.join(header), *(separator.join(row[place] for place in places) for row in ROWS)]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (table(",", ("user", "item", "time"), (0, 1, 2)), "commas"),
        (table(";", ("Timestamp", "Product ID", "Customer"), (2, 1, 0)), 'item <- "Product ID"'),
        (table("\t", ("user_id:token", "item_id:token", "timestamp:float"), (0, 1, 2)), "tabs"),
        (table(",", ("ordered_at", "product_sku", "customer"), (2, 1, 0)), 'item <- "product_sku"'),
        (table("|", ("t_dat", "customer_id", "article_id"), (2, 0, 1)), "bars"),
        (
            "\ufeff" + table(",", ("visitorid", "event_time", "itemid"), (0, 2, 1)).replace("\n", "\r\n"),
            "byte order mark",
        ),
        (table(" ", ("reviewerID", "asin", "date"), (0, 1, 2)), "blanks"),
        (table("::", ("user", "item", "time"), (0, 1, 2)), "double colons"),
        (table("\t", ("user", "item", "time"), (0, 1, 2)).split("\n", 1)[1], "user <- column 1"),
    ],
)
def test_a_row_per_event_is_read_in_any_order_of_columns(tmp_path: Path, content: str, said: str) -> None:
    found = read(tmp_path, content)
    assert histories(found) == EXPECTED
    assert said in found.said
    assert "times are dates" in found.said


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("u1\ti1\t2\nu1\ti2\t1\nu2\ti1\t1\n", {"u1": ["i2", "i1"], "u2": ["i1"]}),  # a number orders
        ("u1,i1,view\nu1,i2,buy\nu2,i1,buy\n", {"u1": ["i1", "i2"], "u2": ["i1"]}),
        ("% bip weighted\n1 2 1 1082040961\n1 3 1 1082040960\n2 2 1 1082155839\n", {"1": ["3", "2"], "2": ["2"]}),
        ("sep=;\nuser;item\n1;2\n1;3\n2;2\n", {"1": ["2", "3"], "2": ["2"]}),
        ("anna: soup bread\nben: bread\n", {"anna": ["soup", "bread"], "ben": ["bread"]}),
        ("user_id:token\titem_id_list:token_seq\n1\ta b c\n2\tb c\n", {"1": ["a", "b", "c"], "2": ["b", "c"]}),
        ('"user","item","time"\n"a","b, c","5"\n"a","d","4"\n"b","d","1"\n', {"a": ["d", "b, c"], "b": ["d"]}),
    ],
)
def test_what_tools_of_the_field_write_is_read(tmp_path: Path, content: str, expected: dict[str, list[str]]) -> None:
    assert histories(read(tmp_path, content)) == expected


def test_names_of_columns_that_nobody_knows_do_not_become_a_user(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 1 names columns, but none that is known"):
        read(tmp_path, "alpha;beta;gamma\n7;1;2\n8;2;1\n")


def test_without_times_the_order_is_that_of_the_file(tmp_path: Path) -> None:
    found = read(tmp_path, "user,item\na,2\nb,1\na,1\nb,2\n")
    assert histories(found) == {"a": ["2", "1"], "b": ["1", "2"]}
    assert "the order is that of the file" in found.said


@pytest.mark.parametrize(
    ("times", "said"),
    [
        (("1700000200", "1700000100"), "numbers"),
        (("13/02/2026 08:10", "12/02/2026"), "the day first"),
        (("02.01.2026", "01.02.2026 10:00"), "the day first"),
        (("02/13/2026", "01/14/2026"), "the month first"),
        (("2026-01-02T10:00:00Z", "2026-01-02T10:00:00+02:00"), "dates"),  # the second is two hours earlier
    ],
)
def test_times_are_told_by_their_form(tmp_path: Path, times: tuple[str, str], said: str) -> None:
    found = read(tmp_path, f"user,item,time\na,late,{times[0]}\na,early,{times[1]}\nb,early,{times[0]}\n")
    order = ["late", "early"] if times[1] == "01.02.2026 10:00" else ["early", "late"]  # 1 February is after 2 January
    assert histories(found)["a"] == order
    assert said in found.said


def test_rows_that_lack_something_are_left_out_and_counted(tmp_path: Path) -> None:
    found = read(tmp_path, "user,item,time,event\na,1,5,view\na,,6,view\n,2,7,buy\na,2,x,buy\nb,1,8,buy\nb,3,9,view\n")
    assert histories(found) == {"a": ["1"], "b": ["1", "3"]}
    assert found.notes == (
        "2 rows without a user or an item were left out",
        "events of every kind count alike (view 2, buy 2)",
        "1 rows without a readable time were left out",
    )


def test_the_years_1_and_9999_are_times_like_others(tmp_path: Path) -> None:
    found = read(tmp_path, "user,item,time\na,late,9999-12-31\na,early,0001-01-07\na,mid,soon\nb,early,2026-01-01\n")
    assert histories(found) == {"a": ["early", "late"], "b": ["early"]}


def test_a_column_of_times_that_holds_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the column of times holds none in 3 of 3 rows"):
        read(tmp_path, "user,item,time\na,1,soon\na,2,later\nb,1,never\n")


def test_the_ids_of_a_float_column_have_no_point_and_others_are_left_alone(tmp_path: Path) -> None:
    found = read(tmp_path, "user,item\n10012345.0,1\n10012345.0,01\n10012346.0,1.0\n")
    assert histories(found) == {"10012345": ["1", "01"], "10012346": ["1.0"]}


def test_parquet_is_read_with_ids_of_any_type(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "ts": pd.to_datetime(["2026-01-02", "2026-01-01", "2026-01-01", "2026-01-03"]),
            "sku": [10012345.0, 10012346.0, None, 10012345.0],
            "customer": ["007", "007", "7", "7"],
        }
    )
    data = io.BytesIO()
    frame.to_parquet(data)
    found = read(tmp_path, data.getvalue(), "log.parquet")
    assert histories(found) == {"007": ["10012346", "10012345"], "7": ["10012345"]}
    assert found.notes == ("1 rows without a user or an item were left out",)
    assert 'user <- "customer", item <- "sku", time <- "ts"' in found.said
    with pytest.raises(DataError, match="damaged"):
        read(tmp_path, data.getvalue()[:-20], "log.parquet")


def test_a_table_without_users_is_refused_in_words(tmp_path: Path) -> None:
    data = io.BytesIO()
    pd.DataFrame({"sku": ["1"], "when": [3]}).to_parquet(data)
    with pytest.raises(DataError, match="no column that is known as user"):
        read(tmp_path, data.getvalue(), "log.parquet")


# --- test items that nobody can find --------------------------------------------------------------------------------


def protocol(*, keep_seen: bool) -> Protocol:
    return Protocol(name="sequences", variant="strict", keep_seen=keep_seen)


def problem(folder: Path, content: str, *, keep_seen: bool = False) -> str:
    path = folder / "log.txt"
    path.write_text(content, encoding="utf-8")
    return of_file(protocol(keep_seen=keep_seen), path).out_of_reach()


def test_a_last_item_bought_before_is_counted_and_said(tmp_path: Path) -> None:
    content = "1 9 10 11 9\n2 33 35 0 33\n3 22 23 24 25\n"
    said = problem(tmp_path, content)
    assert said.startswith("2 of 3 test items stand in the history of their shopper and cannot be found")
    assert "no hit rate can exceed 0.333" in said
    assert "--keep-seen" in said
    assert problem(tmp_path, content, keep_seen=True) == ""


def test_events_that_stand_twice_are_said_beside_it(tmp_path: Path) -> None:
    said = problem(tmp_path, "1 9 9 10 10\n2 33 33 35 35\n")
    assert "2 of 2 test items" in said
    assert "remove the 2 events that repeat the one before" in said  # of the histories 9 9 10 and 33 33 35


def test_where_every_test_item_is_new_nothing_is_said(tmp_path: Path) -> None:
    assert problem(tmp_path, "1 9 10 11\n2 33 35 9\n") == ""


def as_json(rows: list[dict[str, object]]) -> str:
    return "\n".join(map(json.dumps, rows)) + "\n"


def test_json_lines_are_read_as_their_table_is(tmp_path: Path) -> None:
    rows = [{"customerId": user, "sku": item, "at": {"no": 1}, "timestamp": time} for user, item, time in ROWS]
    assert histories(read(tmp_path, as_json(rows), "log.jsonl")) == EXPECTED


def test_ids_of_json_lines_keep_their_digits(tmp_path: Path) -> None:
    rows = [{"user": 1, "item": 10012345.0}, {"user": 1, "item": 123456789012345678}, {"user": 2, "item": "007"}]
    found = histories(read(tmp_path, "\n" + as_json(rows) + "\n", "log.ndjson"))
    assert found == {"1": ["10012345", "123456789012345678"], "2": ["007"]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"user": 1, "item": 2}\n{"user": 1, "item": }\n', "line 2 is not JSON"),
        ('{"name": 1, "colour": 2}\n', "no key that is known as user"),
        ('{"user": null, "item": [3]}\n', "no event with a user and an item"),
    ],
)
def test_json_lines_that_are_no_log_are_refused_in_words(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read(tmp_path, content, "log.jsonl")
