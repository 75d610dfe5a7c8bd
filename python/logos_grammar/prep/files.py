"""Files that are there whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from logos_grammar.prep.manifest import Output

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PART = ".part"
"""Ending of the name of a file that is being written."""


@contextmanager
def write_whole(path: Path) -> Iterator[BinaryIO]:
    """Write a file under another name and give it its own once it lies on the disk.

    Parameters
    ----------
    path
        Where it is to be.

    Yields
    ------
    BinaryIO
        What to write to.
    """
    # The process is named, so that one that outlived its parent does not write in another's file.
    part = path.with_name(f"{path.name}.{os.getpid()}{PART}")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


class Measured(io.BufferedIOBase):
    """Passes on what is written, counted and hashed on the way.

    Parameters
    ----------
    file
        What to write to; it stays open.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = 0
        self._digest = hashlib.sha256()

    def writable(self) -> bool:
        """Return that it is."""
        return True

    def write(self, data: ReadableBuffer) -> int:
        """Write bytes and return how many."""
        count = self._file.write(data)
        self._size += count
        self._digest.update(data)
        return count

    def output(self) -> Output:
        """Return the size and the SHA-256 of what has been written so far."""
        return Output(size=self._size, sha256=self._digest.hexdigest())


def output_of(path: Path) -> Output:
    """Return the size and the SHA-256 of a file, reading it piece by piece."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Output(size=file.tell(), sha256=digest)


def settle_folder(folder: Path) -> None:
    """Make the names in a folder last through a loss of power."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
