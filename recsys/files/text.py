"""The text of a file: its encoding found by byte order mark, then UTF-8, then by what its letters are likely to be."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from recsys.errors import DataError
from recsys.files.source import Source

SAMPLE: Final = 2**16  # bytes of lines with letters beyond ASCII: as many as are needed to tell encodings apart
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What the world's files are written in beside UTF-8. Western is tried alone first: a word with one accent reads well in
# many encodings, and this is the commonest.
WESTERN: Final = "cp1252"
OTHERS: Final = ["cp1250", "cp1251", "koi8_r", "cp932", "gb18030", "big5", "cp949", "euc_jp", "cp1253", "cp1254",
                 "cp1255", "cp1256", "mac_roman", "cp437"]  # fmt: skip
_NAMES: Final = {"utf-8-sig": "UTF-8 with a byte order mark", "cp1252": "Latin-1 (Windows-1252)", "cp932": "Shift JIS",
                 "cp949": "EUC-KR"}  # fmt: skip
_UTF_16_SHARE: Final = 0.3  # of bytes on one side that are zero, in text with ASCII separators and digits


@dataclass(frozen=True, slots=True)
class Text:
    """A source whose encoding is known."""

    source: Source
    encoding: str

    @property
    def name(self) -> str:
        """What errors call it."""
        return self.source.name

    @property
    def said(self) -> str:
        """The encoding as people write it."""
        return encoding_name(self.encoding)

    def lines(self) -> Iterator[str]:
        r"""Every line, blank ones included, each with "\n" behind it, whatever its line ends are.

        Raises DataError beyond the bounds of lines, blank lines and characters a line, and where the text is none.
        """
        pending, number, blank = "", 0, 0
        for text in self._decoded():
            *whole, pending = (pending + text).split("\n")
            for line in whole:
                number += 1
                blank += not line or line.isspace()
                self._check(number, blank, line)
                yield line + "\n"
            self._check(number + 1, blank, pending)
        if pending:
            yield pending + "\n"

    def _check(self, number: int, blank: int, line: str) -> None:
        bounds = self.source.bounds
        if number > bounds.lines or blank > bounds.blank_lines + 2 * (number - blank):
            blanks = number <= bounds.lines
            raise DataError(
                f"{self.name} has more than {bounds.blank_lines if blanks else bounds.lines:,} "
                f"{'blank ' if blanks else ''}lines",
                remedy="remove them" if blanks else bounds.remedy,
            )
        if len(line) > bounds.line_chars:
            raise DataError(
                f"{self.name} line {number} is longer than {bounds.line_chars:,} characters",
                remedy="check that this is the right file",
            )

    def whole(self) -> str:
        """All of it at once."""
        return "".join(self._decoded())

    def _decoded(self) -> Iterator[str]:
        return decoded(self.name, self.source.chunks(), self.encoding)


def encoding_name(encoding: str) -> str:
    """An encoding as people write it."""
    return _NAMES.get(encoding, encoding.upper().replace("_", "-"))


def text_of(source: Source) -> Text:
    """The text that a source holds. Raises DataError when it holds none, or is packed and damaged."""
    return Text(source, encoding_of(source.name, source.chunks()))


def decoded(name: str, chunks: Iterable[bytes], encoding: str) -> Iterator[str]:
    r"""Pieces of text whose line ends are "\n". Raises DataError for bytes that are no text in that encoding."""
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    try:
        for chunk in chunks:
            if text := decoder.decode(chunk):
                yield _checked(name, text)
        if text := decoder.decode(b"", final=True):
            yield _checked(name, text)
    except UnicodeError as error:
        raise _no_text(name) from error


def encoding_of(name: str, chunks: Iterable[bytes]) -> str:
    """The encoding of a text, by Python's name; reads up to where it cannot be UTF-8. Raises DataError for no text."""
    decoder, last, begun = codecs.getincrementaldecoder("utf-8")(), b"", False
    pieces = iter(chunks)
    for chunk in pieces:
        if not begun and (found := _marked(name, chunk)):
            return found
        begun = True
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return _likeliest(name, _around(last + chunk + next(pieces, b""), len(last) + max(error.start, 0)))
        last = chunk[-SAMPLE:]
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return _likeliest(name, _around(last, len(last)))
    return "utf-8"


def _around(data: bytes, place: int) -> bytes:
    """The lines about that place that hold letters beyond ASCII."""
    window = data[max(place - SAMPLE // 4, 0) : place + SAMPLE]
    return b"\n".join(line for line in window.split(b"\n") if not line.isascii())[-2 * SAMPLE :]


def _marked(name: str, chunk: bytes) -> str:
    """What a byte order mark says, or the zero bytes of UTF-16 without one; "" for neither."""
    for mark, encoding in _MARKS:
        if chunk.startswith(mark):
            return encoding
    head = chunk[:4096]
    if b"\0" not in head:
        return ""
    even, odd = head[::2], head[1::2]
    for side, other, encoding in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if side.count(0) > 1 and side.count(0) > _UTF_16_SHARE * len(side) and other.count(0) * 10 < side.count(0):
            return encoding
    raise _no_text(name)


def _likeliest(name: str, sample: bytes) -> str:
    from charset_normalizer import from_bytes  # 40 ms, and most files are UTF-8

    for among in ([WESTERN], OTHERS):
        found = from_bytes(sample, cp_isolation=among).best()
        if found is not None:
            return found.encoding
    raise _no_text(name)


def _checked(name: str, text: str) -> str:
    if "\0" in text:
        raise _no_text(name)
    return text


def _no_text(name: str) -> DataError:
    return DataError(
        f"{name} is no text: its bytes are of no known encoding, or it is binary",
        allowed="text, best in UTF-8",
        remedy="save it again with the encoding UTF-8",
    )
