"""A lock on the folder of a run: one process writes there, a second one is refused."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from logos_model.checkpoint import CheckpointError

_NAME = "lock"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make the folder and hold its lock; the system lets go of it however the process ends.

    Raises
    ------
    CheckpointError
        If the folder cannot be made or written to, or another process holds its lock.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT, 0o644)
    except FileExistsError:
        raise CheckpointError(f"expected a folder for the run, {folder} is a file") from None
    except OSError as error:
        raise CheckpointError(
            f"expected a folder to write the run to, got {error.strerror} at {folder}"
        ) from None
    try:
        _take(handle, folder)
        os.ftruncate(handle, 0)
        os.write(handle, f"{socket.gethostname()} process {os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)


def _take(handle: int, folder: Path) -> None:
    import fcntl  # noqa: PLC0415 (not on every system)

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EWOULDBLOCK, errno.EACCES):
            raise
        holder = os.read(handle, 200).decode(errors="replace").strip() or "another process"
        raise CheckpointError(
            f"expected no other run in {folder}, {holder} writes there: wait for it, or take "
            "another folder"
        ) from None
