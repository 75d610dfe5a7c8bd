"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

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


def settle_folder(folder: Path) -> None:
    """Make the names in a folder last through a loss of power."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
