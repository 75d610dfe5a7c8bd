"""Rows on the disk as they come, in parts, so that a writer of shards goes on after a cut."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from logos_grammar import registry
from logos_grammar.formats.compressed import InputError
from logos_grammar.prep.chunk import (
    CHUNK,
    Chunk,
    read_carried,
    read_chunk,
    read_ids,
    read_lengths,
    write_chunk,
)
from logos_grammar.prep.files import drafts_of, settle_folder, write_whole
from logos_grammar.prep.manifest import read_object
from logos_grammar.vocabulary import vocabulary

WORK: Final = "work"
"""Name of the folder of what is not finished."""

_WRITER: Final = "shards.json"
_ROWS: Final = 4096
_ADVICE: Final = "delete the folder, or choose another"


class KeptRows:
    """The rows of a writer, in chunk files of at least 4,096 rows.

    Parameters
    ----------
    folder
        Where they are, made if it is missing.
    name
        The name of the shards that the writer makes.

    Raises
    ------
    InputError
        If the folder holds something else, or rows of another name or vocabulary.
    """

    def __init__(self, folder: Path, *, name: str) -> None:
        self._folder = folder
        self._parts = 0
        self._ids: list[npt.NDArray[np.uint16]] = []
        self._lengths: list[int] = []
        self._meta: dict[str, list[Any]] = {}
        types = {each.kind: each.fingerprint for each in registry.types()}
        writer = {"name": name, "fingerprint": vocabulary.fingerprint, "types": types}
        path = folder / _WRITER
        if path.exists():
            found = _writer(path)
            for field, wanted, others in (
                ("name", f"rows of {name}", f"those of {found['name']}"),
                ("fingerprint", "rows of this vocabulary", "those of another"),
                ("types", "rows of types as they are declared here", "those of others"),
            ):
                if found[field] != writer[field]:
                    raise InputError(f"expected {wanted} in {folder}, found {others}: {_ADVICE}")
            return
        if os.path.lexists(folder) and (not folder.is_dir() or _holds_others(folder)):
            raise InputError(f"expected rows of a writer of shards in {folder}, found other work")
        folder.mkdir(exist_ok=True)
        with write_whole(path) as file:
            file.write(json.dumps(writer).encode())
        settle_folder(folder)

    def read(self) -> Iterator[tuple[npt.NDArray[Any], npt.NDArray[Any], dict[str, list[Any]]]]:
        """Yield the rows that are kept, part by part: ids with `<eos>`, lengths, what is said.

        Raises
        ------
        InputError
            If a part is damaged or missing.
        """
        found = sorted(self._folder.glob(f"*{CHUNK}"))
        for number, path in enumerate(found):
            chunk = read_chunk(path) if path == self._path(number) else None
            if chunk is None:
                raise InputError(
                    f"{path} is not as it was written, or one before it is missing: delete "
                    f"{self._folder}, and write from the beginning"
                )
            yield read_ids(path), read_lengths(path), read_carried(path)
        self._parts = len(found)

    def add(
        self,
        ids: npt.NDArray[np.uint16],
        lengths: npt.NDArray[np.int32],
        meta: Mapping[str, Sequence[Any]],
    ) -> None:
        """Add rows: sentences with `<eos>` behind each, and a cell of every column for each."""
        before = len(self._lengths)
        self._ids.append(ids)
        self._lengths += lengths.tolist()
        for name in meta:
            self._meta.setdefault(name, [None] * before)
        for name, column in self._meta.items():
            cells = meta.get(name, [None] * len(lengths))
            column.extend(cell.item() if isinstance(cell, np.generic) else cell for cell in cells)
        if len(self._lengths) >= _ROWS:
            self.flush()

    def flush(self) -> None:
        """Write the rows that are in memory."""
        count = len(self._lengths)
        if not count:
            return
        ids, carried = np.concatenate(self._ids), json.dumps(self._meta).encode()
        chunk = Chunk(
            digest="",
            records=count,
            newlines=0,
            written=count,
            tokens=len(ids),
            refused=0,
            carried=len(carried),
        )
        parts = (
            ids.astype("<u2", copy=False).tobytes(),
            np.array(self._lengths, "<i4").tobytes(),
            np.arange(count, dtype="<i8").tobytes(),
            np.ones(count, "<i4").tobytes(),
            carried,
        )
        write_chunk(self._path(self._parts), chunk, parts)
        settle_folder(self._folder)
        self._parts += 1
        self._ids, self._lengths, self._meta = [], [], {}

    def remove(self) -> None:
        """Remove what is kept: the shards are there."""
        drafts = drafts_of(self._folder, _is_own, of_any_machine=True)
        for path in (*map(self._path, range(self._parts)), *drafts):
            path.unlink()
        (self._folder / _WRITER).unlink()
        if not self._folder.is_symlink() and not any(self._folder.iterdir()):
            self._folder.rmdir()

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08}{CHUNK}"


def _is_own(name: str) -> bool:
    return name == _WRITER or name.endswith(CHUNK)


def _holds_others(folder: Path) -> bool:
    """Whether a folder without a writer holds more than what a writer was cut at."""
    return len(drafts_of(folder, _is_own, of_any_machine=True)) < len(list(folder.iterdir()))


def _writer(path: Path) -> dict[str, Any]:
    """Read what a folder of rows says of its writer."""
    try:
        found = read_object(path)
        return {field: found[field] for field in ("name", "fingerprint", "types")}
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{path} is not as it was written ({error!r}): {_ADVICE}") from error
