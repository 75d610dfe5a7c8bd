"""Plain and compressed files, read once and in order, as blocks of whole records."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import importlib
import io
import lzma
import os
import stat
import zlib
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, BinaryIO, Protocol, Self

Cut = Callable[[bytearray, int], int]
"""Where the last whole record of a buffer ends: (buffer, bytes already searched) -> offset or 0."""

COMPRESSIONS = (".gz", ".bz2", ".xz", ".zst")
"""Endings of file names that say how a file is compressed."""

_ALIASES = {".tgz": ".gz", ".tbz2": ".bz2", ".txz": ".xz", ".tzst": ".zst"}
_PLAIN_PIECE = 1 << 20
# A piece of a few kilobytes bounds what a hostile file can blow up to before anyone looks at it.
_COMPRESSED_PIECE = 1 << 14
_MARK = b"\xef\xbb\xbf"


class InputError(ValueError):
    """A file that cannot be read at all: missing, damaged, or without the named column."""


class DamagedError(InputError):
    """A file whose data are cut or damaged, so that it is not read beyond a byte.

    Attributes
    ----------
    reason
        What is wrong, without the name of the file.
    """

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class Readable(Protocol):
    """What gives bytes in order and has a name for errors."""

    name: str

    def read(self, count: int) -> bytes:
        """Return the next `count` bytes; fewer only at the end."""


class Stream:
    """The uncompressed bytes of a file, from its beginning to its end.

    Parameters
    ----------
    path
        The file. Its last ending says how it is compressed: `.gz`, `.bz2`, `.xz`, `.zst`.

    Attributes
    ----------
    name
        The path.
    position
        Bytes of the file itself, compressed as it is, that have been read so far.

    Raises
    ------
    InputError
        If the file is missing, or its compressed data are damaged or end early.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.name = os.fspath(path)
        self._digest = hashlib.sha256()
        self.position = 0
        suffix = compression(self.name)
        new = _decompressor(suffix, self.name)
        try:
            self._file: BinaryIO = open(self.name, "rb")  # noqa: SIM115 (the stream closes it)
        except OSError as error:
            raise InputError(f"cannot open {self.name}: {error.strerror}") from error
        except ValueError as error:
            raise InputError(f"cannot open {self.name!r}: {error}") from error
        self._pieces = self._plain() if new is None else self._decompressed(new)
        self._held = bytearray()

    def __enter__(self) -> Self:
        """Return the stream itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    def read(self, count: int) -> bytes:
        """Return the next `count` bytes; fewer only when the file ends."""
        while len(self._held) < count:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._held += piece
        with memoryview(self._held) as view:
            out = bytes(view[:count])
        del self._held[:count]
        return out

    def follow(self, position: int) -> None:
        """Read the file itself up to a position, for one that something else reads meanwhile."""
        while self.position < position and self._raw(_PLAIN_PIECE):
            pass

    def digest(self) -> str:
        """Return the SHA-256 of the file itself, reading on to its end."""
        while self._raw(_PLAIN_PIECE):
            pass
        return self._digest.hexdigest()

    def _raw(self, count: int) -> bytes:
        data = self._file.read(count)
        self._digest.update(data)
        self.position += len(data)
        return data

    def _plain(self) -> Iterator[bytes]:
        while piece := self._raw(_PLAIN_PIECE):
            yield piece

    def _decompressed(self, new: Callable[[], Any]) -> Iterator[bytes]:
        """Yield what all members hold: files of these formats may be put end to end."""
        data = self._raw(_COMPRESSED_PIECE)
        while data:
            member = new()
            while not member.eof:
                if not data:
                    data = self._raw(_COMPRESSED_PIECE)
                if not data:
                    raise self._damaged("end early")
                try:
                    out = member.decompress(data)
                except (zlib.error, lzma.LZMAError, OSError, ValueError) as error:
                    raise self._damaged(self._damage(error)) from error
                except Exception as error:
                    # The one library here that is not the standard one has an error of its own.
                    if type(error).__name__ != "ZstdError":
                        raise
                    raise self._damaged(self._damage(error)) from error
                data = member.unused_data if member.eof else b""
                if out:
                    yield out
            # Zero bytes may pad what is between two members.
            data = (data or self._raw(_COMPRESSED_PIECE)).lstrip(b"\0")

    def _damage(self, error: Exception) -> str:
        return f"are damaged before byte {self.position}: {error}"

    def _damaged(self, what: str) -> DamagedError:
        return DamagedError(
            f"the compressed data of {self.name} {what}", reason=f"the compressed data {what}"
        )


def size_of(path: str) -> int:
    """Return the bytes of a file that can be read more than once.

    Raises
    ------
    InputError
        If it is not there, or is a folder, a pipe or a device.
    """
    try:
        found = os.stat(path)
    except OSError as error:
        raise InputError(f"cannot open {path}: {error.strerror}") from error
    if not stat.S_ISREG(found.st_mode):
        kinds = {stat.S_IFDIR: "a folder", stat.S_IFIFO: "a pipe"}
        kind = kinds.get(stat.S_IFMT(found.st_mode), "a device or socket")
        raise InputError(f"expected a regular file at {path}, which is read twice, found {kind}")
    return found.st_size


def compression(path: str) -> str:
    """Return the ending that says how a file is compressed, "" for a plain file.

    The endings of compressed tars, such as `.tgz`, say the same as `.tar.gz`.
    """
    suffix = os.path.splitext(path)[1].lower()
    suffix = _ALIASES.get(suffix, suffix)
    return suffix if suffix in COMPRESSIONS else ""


def open_write(path: str) -> io.BufferedIOBase:
    """Open a file to write bytes, compressed as its ending says.

    Raises
    ------
    InputError
        For `.zst` when the package zstandard is not installed.
    """
    suffix = compression(path)
    if suffix == ".gz":
        return gzip.GzipFile(path, "wb", mtime=0)
    if suffix == ".xz":
        return lzma.LZMAFile(path, "wb")
    if suffix == ".bz2":
        return bz2.BZ2File(path, "wb")
    if suffix == ".zst":
        opened: io.BufferedIOBase = _zstandard(path).open(path, "wb")
        return opened
    return open(path, "wb")


def text_blocks(stream: Readable, *, size: int, cut: Cut) -> Iterator[bytes]:
    r"""Cut a text into blocks of whole records.

    Line ends come out as `\n`, whether they were `\r\n` or `\r`; a byte order mark of UTF-8 is
    left out. Where the blocks end depends on the text and on `size`, on nothing else.

    Parameters
    ----------
    stream
        The text.
    size
        Bytes of a block, unless one record alone is longer.
    cut
        Finds where the last whole record ends.

    Yields
    ------
    bytes
        One record or more.

    Raises
    ------
    InputError
        If the text is UTF-16.
    """
    held = bytearray()
    searched, first, carriage = 0, True, b""
    while True:
        # A byte order mark is seen whole or not at all.
        count = max(size, len(_MARK)) if first else size
        piece = carriage + stream.read(count)
        end = len(piece) - len(carriage) < count
        if first:
            piece = _without_mark(piece, stream.name)
            first = False
        # Only the next piece tells whether a carriage return at the end has its line feed.
        carriage = b"\r" if piece.endswith(b"\r") and not end else b""
        if b"\r" in piece:
            piece = piece[: len(piece) - len(carriage)]
            piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        held += piece
        at = len(held) if end else cut(held, searched)
        if at:
            with memoryview(held) as view:
                block = bytes(view[:at])
            del held[:at]
            yield block
        if end:
            return
        searched = 0 if at else len(held)


def after_line(held: bytearray, searched: int) -> int:
    """Cut after the last line end: every line is a record."""
    return held.rfind(b"\n", searched) + 1


def _without_mark(piece: bytes, path: str) -> bytes:
    if piece.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError(f"expected UTF-8 in {path}, found UTF-16: convert it first")
    return piece.removeprefix(_MARK)


def _decompressor(suffix: str, path: str) -> Callable[[], Any] | None:
    if suffix == ".gz":
        return lambda: zlib.decompressobj(wbits=31)
    if suffix == ".bz2":
        return bz2.BZ2Decompressor
    if suffix == ".xz":
        return lzma.LZMADecompressor
    if suffix == ".zst":
        zstandard = _zstandard(path)
        return lambda: zstandard.ZstdDecompressor(max_window_size=1 << 31).decompressobj()
    return None


def _zstandard(path: str) -> Any:
    try:
        return importlib.import_module("zstandard")
    except ModuleNotFoundError as error:
        raise InputError(
            f"{path} needs the package zstandard: pip install 'logos-grammar[prep]'"
        ) from error
