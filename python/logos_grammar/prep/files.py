"""Files that are there whole or not at all."""

from __future__ import annotations

import hashlib
import io
import os
import platform
import re
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from logos_grammar.formats.compressed import InputError
from logos_grammar.prep.manifest import MANIFEST, Output

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PART = ".part"
"""Ending of the name of a file that is being written."""

_HOST = re.sub(r"[^A-Za-z0-9-]", "_", platform.node()) or "host"
_DRAFT = re.compile(
    rf"(?P<name>.+)\.(?P<host>[A-Za-z0-9_-]+)\.[0-9]+-[0-9a-f]{{16}}{re.escape(PART)}", re.DOTALL
)


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
    part = _draft(path)
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def check_name(name: str) -> None:
    """Refuse a name that is not one of files in a folder.

    Raises
    ------
    InputError
        If it is empty, leads to another folder, or has no UTF-8.
    TypeError
        If it is not text.
    """
    if not isinstance(name, str):
        raise TypeError(f"expected the name of files as text, not {type(name).__name__}")
    surrogate = any("\ud800" <= each <= "\udfff" for each in name)
    if surrogate or name in ("", "..") or Path(name).name != name or set(name) & {"\\", "\0"}:
        raise InputError(f"expected the name of files, such as objects, and no path, got {name!r}")


def check_writable(path: Path) -> None:
    """Refuse a file that cannot be written, before there is something to write.

    Raises
    ------
    InputError
        With the reason, such as a name that is too long.
    """
    part = _draft(path)
    try:
        part.open("xb").close()
        part.unlink()
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror}") from error


def drafts_of(
    folder: Path, is_name: Callable[[str], bool], *, of_any_machine: bool = False
) -> list[Path]:
    """Return the drafts that `write_whole` left in a folder; other files may end alike.

    Parameters
    ----------
    folder
        Where to look.
    is_name
        Whether a file of this name is written there.
    of_any_machine
        Whether to return drafts of other machines too, which may be writing them.
    """
    found = []
    for path in folder.iterdir():
        draft = _DRAFT.fullmatch(path.name)
        if draft is None or not is_name(draft["name"]):
            continue
        if (of_any_machine or draft["host"] == _HOST) and path.is_file() and not path.is_symlink():
            found.append(path)
    return found


def _draft(path: Path) -> Path:
    """Return a name beside a file under which nothing else writes, here or on another machine."""
    return path.with_name(f"{path.name}.{_HOST}.{os.getpid()}-{secrets.token_hex(8)}{PART}")


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


def check_output(path: Path, wanted: Output, *, verify: bool, advice: str) -> None:
    """Refuse a file that is not as it was written.

    Parameters
    ----------
    path
        The file.
    wanted
        What the manifest says of it.
    verify
        Read the file for its SHA-256; otherwise only the size is compared.
    advice
        What to do about a damaged file, the end of the error.

    Raises
    ------
    InputError
        With the file, and how it differs.
    """
    try:
        found = output_of(path) if verify else replace(wanted, size=path.stat().st_size)
    except OSError as error:
        damage = f"expected {path}, as {MANIFEST} says: {error.strerror}"
    else:
        if found == wanted:
            return
        damage = f"{path} is not as it was written, "
        if found.size != wanted.size:
            damage += f"with {found.size} bytes instead of {wanted.size}"
        else:
            damage += "its SHA-256 is not that of the manifest"
    raise InputError(f"{damage}: {advice}")


def settle_folder(folder: Path) -> None:
    """Make the names in a folder last through a loss of power."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def alone_in(out: Path) -> Iterator[None]:
    """Keep other processes from writing in the same folder; the lock ends with the process.

    Raises
    ------
    InputError
        If another process writes there, or the folder cannot be locked.
    """
    if sys.platform == "win32":
        yield
        return
    try:
        handle = os.open(out, os.O_RDONLY)
    except OSError as error:
        raise InputError(f"cannot open the folder {out}: {error.strerror}") from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InputError(f"another process is preparing {out}") from error
        except OSError as error:
            raise InputError(f"cannot lock the folder {out}: {error.strerror}") from error
        yield
    finally:
        os.close(handle)
