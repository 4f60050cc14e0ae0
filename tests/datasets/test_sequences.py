"""The reader of sequence files takes what is right and says, of what is wrong, where and what to do."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import json
import lzma
import struct
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recsys.datasets import event_logs, sequences
from recsys.datasets.sequences import Sequences, load
from recsys.errors import DataError
from recsys.files.bounds import ATTRIBUTES, INTERACTIONS

Write = Callable[..., Path]
GOOD = "7 12 5 90\n3 5 12\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def to_file(content: str | bytes, name: str = "shop.txt") -> Path:
        path = tmp_path / name
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(data)
        return path

    return to_file


def refused(path: Path, attributes: Path | None = None) -> DataError:
    """The error that the file raises; it always says which file and what to do."""
    with pytest.raises(DataError) as caught:
        load(path, attributes)
    assert str(attributes or path) in caught.value.seen
    assert caught.value.remedy
    return caught.value


def complaint(path: Path) -> DataError | None:
    try:
        load(path)
    except DataError as error:
        return error
    return None


def histories(found: Sequences) -> dict[str, list[str]]:
    """{user id: item ids}, as the file has them."""
    own = found.interactions
    return {user: [found.item_ids[item] for item in own.of(row)] for row, user in enumerate(found.user_ids)}


def test_users_and_items_keep_their_numbers_and_their_order(write: Write) -> None:
    found = load(write(GOOD))
    assert histories(found) == {"7": ["12", "5", "90"], "3": ["5", "12"]}
    assert found.item_ids == ("5", "12", "90")
    assert found.interactions.items.tolist() == [1, 0, 2, 0, 1]
    assert not found.interactions.dated
    assert found.attributes is None


def test_a_compressed_file_says_the_same_as_a_plain_one(write: Write) -> None:
    plain, packed = load(write(GOOD)), load(write(gzip.compress(GOOD.encode()), "shop.txt.gz"))
    assert histories(plain) == histories(packed)
    assert plain.name == packed.name == "shop"


def test_the_fingerprint_is_that_of_the_file(write: Write) -> None:
    assert load(write(GOOD)).sha256 == hashlib.sha256(GOOD.encode()).hexdigest()


@pytest.mark.parametrize(
    "content",
    [
        "7 1 2\r\n3 2 1\r\n",
        "7 1 2\n\n  \n3 2 1",
        "7  1   2 \n 3 2 1\n",
        "7\t1\t2\n3\t2\t1\n",
        "7\t1 2\n3\t2 1\n",
        "7,1,2\n3,2,1\n",
        "7;1;2\r3;2;1\r",
        "user_id items\n7 1 2\n3 2 1\n",
        "user,items\n7,1 2\n3,2 1\n",
        "\ufeff7 1 2\n3 2 1",
    ],
)
def test_line_ends_blank_lines_and_extra_spaces_do_not_matter(write: Write, content: str) -> None:
    assert histories(load(write(content))) == {"7": ["1", "2"], "3": ["2", "1"]}


def test_an_item_taken_twice_stands_twice(write: Write) -> None:
    assert histories(load(write("1 4 4 5\n2 5\n"))) == {"1": ["4", "4", "5"], "2": ["5"]}


@pytest.mark.parametrize("content", ["", "\n\n", "   \r\n"])
def test_an_empty_file_is_refused(write: Write, content: str) -> None:
    assert "is empty" in refused(write(content)).seen


def test_an_empty_compressed_file_is_refused(write: Write) -> None:
    assert "is empty" in refused(write(b"", "shop.txt.gz")).seen
    assert "is empty" in refused(write(gzip.compress(b""), "shop.txt.gz")).seen


def test_one_user_alone_is_refused(write: Write) -> None:
    error = refused(write("1 2 3 4\n"))
    assert "has one user only" in error.seen
    assert error.allowed == "at least 2 users"


def test_one_item_alone_is_refused(write: Write) -> None:
    assert "has one item only" in refused(write("1 5 5\n2 5\n")).seen


@pytest.mark.parametrize("token", ["x", "1.5", "-3", "1e3", "B00ABC", "٣", "0x1", "9" * 19, "00012", "käse"])
def test_any_id_is_text_letter_by_letter(write: Write, token: str) -> None:
    assert histories(load(write(f"1 2 3\n2 {token} 3\n"))) == {"1": ["2", "3"], "2": [token, "3"]}


def test_an_error_shows_nothing_of_the_content(write: Write) -> None:
    assert "secret" not in refused(write("secret a b\nsecret c\n")).one_line().replace(str(write("")), "")


def test_a_user_without_items_is_refused_with_its_line(write: Write) -> None:
    assert "line 2: the user has no items" in refused(write("1 2 3\n2\n")).seen


def test_a_user_on_two_lines_is_refused_with_both(write: Write) -> None:
    error = refused(write("5 2 3\n\n6 3\n5 4\n"))
    assert "line 4: its user stands on line 1 already" in error.seen
    assert error.remedy == "join the two lines"


@pytest.mark.parametrize("blank", ["\x0b", "\x0c", "\x1f", "\x85", "\xa0", "\u3000"])
def test_a_line_of_unusual_blanks_is_blank_or_refused_with_its_line(write: Write, blank: str) -> None:
    error = complaint(write(f"1 2 3\n{blank}\n2 3\n"))
    assert error is None or "line 2" in error.seen


def test_the_number_of_a_line_counts_blank_lines(write: Write) -> None:
    assert "line 4" in refused(write("1 2 3\n\n\n2\n")).seen


def test_a_truncated_file_is_refused(write: Write) -> None:
    whole = gzip.compress("".join(f"{user} {user} {user + 1}\n" for user in range(2_000)).encode())
    assert "ends too early" in refused(write(whole[: len(whole) // 2], "shop.txt.gz")).seen
    assert "ends too early" in refused(write(whole[:-3], "shop.txt.gz")).seen


@pytest.mark.parametrize("claimed", [10 * 10**9 % 2**32, 2**32 - 1, 0])
def test_what_the_trailer_claims_of_the_size_is_not_believed(write: Write, claimed: int) -> None:
    whole = gzip.compress(GOOD.encode())
    error = refused(write(whole[:-4] + struct.pack("<I", claimed), "shop.txt.gz"))  # the last four bytes: size mod 2^32
    assert "damaged" in error.seen


def test_a_flipped_bit_is_noticed(write: Write) -> None:
    whole = bytearray(gzip.compress(GOOD.encode()))
    whole[-6] ^= 1  # in the checksum
    assert "damaged" in refused(write(bytes(whole), "shop.txt.gz")).seen


def test_plain_text_that_calls_itself_gzip_is_refused(write: Write) -> None:
    assert "is not gzip" in refused(write(GOOD, "shop.txt.gz")).seen


@pytest.mark.parametrize("packed", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_file_is_told_by_what_it_is_and_not_by_its_name(
    write: Write, packed: Callable[[bytes], bytes]
) -> None:
    assert histories(load(write(packed(GOOD.encode())))) == histories(load(write(GOOD)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1"])
def test_the_encoding_is_told_and_said(write: Write, encoding: str) -> None:
    found = load(write("José café thé\nAna thé café\n".encode(encoding)))
    assert histories(found) == {"José": ["café", "thé"], "Ana": ["thé", "café"]}
    assert {"latin-1": "Latin-1", "utf-8-sig": "UTF-8"}.get(encoding, encoding.upper()) in found.said


@pytest.mark.parametrize("content", [b"\0" * 5_000, bytes(range(256)) * 20, b"1 2 3\n2 \0 3\n"])
def test_what_is_no_text_is_refused(write: Write, content: bytes) -> None:
    assert "is no text" in refused(write(content)).seen


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert "there is no file" in refused(tmp_path / "none.txt").seen


@pytest.mark.parametrize("name", ["shop.txt", "shop.txt.gz"])
def test_a_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert "cannot be read" in refused(tmp_path / name).seen


def test_a_line_without_end_is_not_read_to_its_end(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequences, "INTERACTIONS", replace(INTERACTIONS, line_chars=100))
    assert "line 2 is longer than 100" in refused(write("1 2 3\n2 " + "3 " * 60 + "\n")).seen


def test_more_events_than_fit_are_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_logs, "MAX_EVENTS", 4)
    assert "more than 4 events" in refused(write(GOOD)).seen  # 3 and 2
    monkeypatch.setattr(event_logs, "MAX_EVENTS", 5)
    assert len(load(write(GOOD)).interactions.items) == 5


def test_attributes_stand_in_the_rows_of_their_items(write: Write) -> None:
    table = write(json.dumps({"90": [4, "red"], "5": [4], "777": [9]}), "attributes.json")
    found = load(write(GOOD), table).attributes
    assert found is not None
    assert found.toarray().tolist() == [[1, 0], [0, 0], [1, 1]]  # items 5, 12, 90; attributes 4 and red


def test_an_attribute_named_twice_counts_once(write: Write) -> None:
    found = load(write(GOOD), write('{"5": [4, 4, "4"]}', "attributes.json")).attributes
    assert found is not None
    assert found.toarray().tolist() == [[1], [0], [0]]


def test_attributes_may_be_compressed(write: Write) -> None:
    found = load(write(GOOD), write(gzip.compress(b'{"5": [4]}'), "attributes.json.gz")).attributes
    assert found is not None
    assert found.sum() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "not JSON"),
        ('{"5": [4]', "not JSON"),
        ("[[" * 100_000, "not JSON"),
        ("[1, 2]", "holds a list"),
        ("[" * 992 + "]" * 992, "attributes.json"),
        ('{"5": 4}', "entry 1 has no list of attributes"),
        ('{"5": [[4]]}', "entry 1 has no list of attributes"),
        ('{"5": [null]}', "entry 1 has no list of attributes"),
        ('{"777": [4]}', "no attribute of any item"),
        ('{"five": [4]}', "no attribute of any item"),
        ('{"5": []}', "no attribute of any item"),
        ("{}", "no attribute of any item"),
        (b"\0{}", "is no text"),
    ],
)
def test_attributes_that_cannot_be_used_are_refused(write: Write, content: str | bytes, words: str) -> None:
    assert words in refused(write(GOOD), write(content, "attributes.json")).seen


def test_attributes_that_are_not_there_are_refused(write: Write, tmp_path: Path) -> None:
    assert "there is no file" in refused(write(GOOD), tmp_path / "none.json").seen


def test_truncated_attributes_are_refused(write: Write) -> None:
    packed = gzip.compress(json.dumps({str(item): [item] for item in range(3000)}).encode())
    assert "ends too early" in refused(write(GOOD), write(packed[:500], "attributes.json.gz")).seen


def test_attributes_too_large_are_refused(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sequences, "ATTRIBUTES", replace(ATTRIBUTES, bytes=20))
    assert "larger than" in refused(write(GOOD), write('{"5": [4, 4, 4, 4, 4]}', "attributes.json")).seen


def test_an_item_number_of_thousands_of_digits_is_an_item_that_nobody_took(write: Write) -> None:
    table = write(json.dumps({"9" * 5_000: [1], "5": [2]}), "attributes.json")
    found = load(write(GOOD), table).attributes
    assert found is not None
    assert found.sum() == 1


def test_an_item_as_a_float_column_writes_it_has_each_attribute_once(write: Write) -> None:
    found = load(write(GOOD), write('{"5": [4], "5.0": [4], "05": [9]}', "attributes.json")).attributes
    assert found is not None
    assert found.toarray().tolist() == [[1], [0], [0]]  # "05" is another item, which nobody took


# a name and a mark: neither a number that may be a time, nor one of the names of columns
ids = st.from_regex(r"[a-zß-ü0-9]{1,6}-[0-9]{1,4}", fullmatch=True) | st.integers(0, 10**18 - 2).map(str)
shops = st.dictionaries(
    ids, st.lists(ids, min_size=1, max_size=6).map(lambda items: [*items, items[0] + "1"]), min_size=2, max_size=6
)


@settings(max_examples=60, derandomize=True)
@given(shops, st.booleans())
def test_what_was_written_is_read(shop: dict[str, list[str]], packed: bool) -> None:
    text = "".join(f"{user} {' '.join(items)}\n" for user, items in shop.items())
    with TemporaryDirectory() as folder:
        path = Path(folder) / ("shop.txt.gz" if packed else "shop.txt")
        path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
        found = load(path)
    assert histories(found) == shop
    assert list(histories(found)) == list(shop)
    assert set(found.item_ids) == {item for items in shop.values() for item in items}


@given(st.binary(max_size=60) | st.text(alphabet="0123456789 \t\n\rx", max_size=60).map(str.encode), st.booleans())
def test_any_bytes_at_all_are_read_or_refused_in_words(content: bytes, packed: bool) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / ("shop.txt.gz" if packed else "shop.txt")
        path.write_bytes(gzip.compress(content) if packed else content)
        error = complaint(path)
    assert error is None or (str(path) in error.seen and error.remedy)
