"""Who a piece of feedback belongs to, without naming anybody; and the salt that keeps it so."""

from __future__ import annotations

import errno
import hashlib
import hmac
import os
import secrets
import threading
from pathlib import Path
from typing import Final

from recsys.artifacts import remove_leftovers
from recsys.errors import FeedbackError
from recsys.feedback.private import keep_private
from recsys.feedback.trouble import plain, way_out
from recsys.schema import NEW_SHOPPER

SALT_BYTES: Final = 32


class Pseudonyms:
    """The pseudonyms of one data set's people, under one salt; shared by threads and by processes."""

    def __init__(self, dataset: str, salt_file: Path) -> None:
        self._dataset = dataset
        self._salt_file = Path(salt_file)
        self._salt: bytes | None = None
        self._lock = threading.Lock()

    def person(self, shopper: str | None, visitor: str) -> str:
        """The pseudonym of a shopper, or of a visitor where there is no shopper: 32 hex digits, "" for nobody.

        HMAC-SHA256 (RFC 2104) under a random salt that never leaves `salt_file`: the ids of a data set are few, so
        a plain hash of them could be undone by trying them all. Raises FeedbackError when the salt cannot be kept.
        """
        if shopper is not None and shopper != NEW_SHOPPER:
            who = ("shopper", shopper)
        elif visitor:
            who = ("visitor", visitor)
        else:
            return ""
        message = "\0".join((self._dataset, *who)).encode("utf-8", "surrogatepass")
        return hmac.new(self._read_salt(), message, hashlib.sha256).hexdigest()[:32]

    def _read_salt(self) -> bytes:
        with self._lock:
            try:
                if self._salt is None or not self._salt_file.exists():
                    self._salt = _kept_salt(self._salt_file, self._salt or secrets.token_bytes(SALT_BYTES))
            except OSError as error:
                raise FeedbackError(
                    f"the salt for pseudonyms cannot be kept in {self._salt_file}: {plain(error)}",
                    remedy=way_out(error),
                ) from error
            keep_private(self._salt_file)
            return self._salt


def _kept_salt(file: Path, fresh: bytes) -> bytes:
    """The salt in `file`; where there is none, `fresh` is put there, whole and for the owner's eyes only.

    Of two processes that start at once one wins, and both use the winner's. Raises OSError, or FeedbackError when
    the file holds something else.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(file.parent)
        temporary = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as handle:
                handle.write(fresh.hex())
                handle.flush()
                os.fsync(handle.fileno())
            _publish(temporary, file)
        finally:
            temporary.unlink(missing_ok=True)
    try:
        salt = bytes.fromhex(file.read_text(encoding="ascii"))
    except ValueError:
        salt = b""
    if len(salt) != SALT_BYTES:
        raise FeedbackError(
            f"the salt for pseudonyms in {file} is damaged",
            allowed=f"{2 * SALT_BYTES} hex digits",
            remedy="restore a copy, or remove the file: earlier feedback then belongs to nobody",
        )
    return salt


def _publish(temporary: Path, file: Path) -> None:
    """Give the finished file its name, unless another process was first."""
    try:
        os.link(temporary, file)  # fails where the name is taken; a rename would replace it
    except FileExistsError:
        return
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
            raise
        temporary.replace(file)  # a file system without hard links
