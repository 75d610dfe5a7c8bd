"""Shards read back: sentences where they lie on the disk, objects, and what the side-car says."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import cached_property
from operator import index
from pathlib import Path
from typing import Any, Final, overload

import numpy as np
from numpy.typing import NDArray

from logos_grammar import registry
from logos_grammar.codec import decode
from logos_grammar.formats.compressed import InputError
from logos_grammar.prep.files import check_output
from logos_grammar.prep.index import Index, read_index
from logos_grammar.prep.manifest import MANIFEST, lineage_in, outputs_in, read_object, shown
from logos_grammar.prep.readers.parquet import arrow
from logos_grammar.vocabulary import vocabulary

_ADVICE: Final = "write the shards again"
_ENDINGS: Final = (".bin", ".idx", ".parquet")


class ShardReader(Sequence[Any]):
    """The objects of a folder that `prepare` or `Shards` wrote; a row is a document, from 0.

    Parameters
    ----------
    folder
        The folder, with its `manifest.json`.
    verify
        Read each file once and compare its SHA-256 with the manifest, as a model's first start
        does. Without it only sizes are compared, so that a folder of terabytes opens at once.

    Raises
    ------
    InputError
        If a file is missing or not as the manifest says, with its name, or if the ids are of
        another vocabulary or of object types that are declared otherwise here.
    """

    def __init__(self, folder: str | os.PathLike[str], *, verify: bool = True) -> None:
        self._folder = Path(folder)
        manifest = _manifest(self._folder)
        self._names = _shards_of(self._folder, manifest["files"])
        for each in (False, True) if verify else (False,):  # what is quick comes first
            for name, wanted in manifest["files"].items():
                check_output(self._folder / name, wanted, verify=each, advice=_ADVICE)
        self._shards = [_opened(self._folder / name) for name in self._names]
        self._ends = np.cumsum([len(shard.lengths) for shard, _ in self._shards])
        _check_vocabulary(self._folder, manifest, [ids for _, ids in self._shards])

    def __len__(self) -> int:
        """Return how many sentences there are."""
        return int(self._ends[-1]) if len(self._ends) else 0

    @overload
    def __getitem__(self, row: int) -> Any: ...

    @overload
    def __getitem__(self, row: slice) -> list[Any]: ...

    def __getitem__(self, row: int | slice) -> Any:
        """Return the object of a row, or a list of objects."""
        if isinstance(row, slice):
            return [self[each] for each in range(*row.indices(len(self)))]
        return decode(self.ids(row))

    def ids(self, row: int) -> NDArray[np.uint16]:
        """Return the sentence of a row without its `<eos>`, uint16 [tokens]."""
        place, within = self._place(row)
        shard, ids = self._shards[place]
        begin = int(shard.begins[within])
        return np.asarray(ids[begin : begin + int(shard.lengths[within]) - 1], np.uint16)

    def meta(self, row: int) -> dict[str, Any]:
        """Return what the side-car says of a row, by column."""
        self._place(row)
        (found,) = self.table.slice(index(row) % len(self), 1).to_pylist()
        return dict(found)

    @cached_property
    def table(self) -> Any:
        """The side-car as a pyarrow table, with a row for each sentence."""
        pa = arrow()
        tables = [pa.parquet.read_table(self._folder / f"{name}.parquet") for name in self._names]
        return pa.concat_tables(tables, promote_options="permissive")

    def _place(self, row: int) -> tuple[int, int]:
        """The shard of a row, and the row within it."""
        row = index(row)
        if not -len(self) <= row < len(self):
            raise IndexError(f"expected a row below {len(self)}, not {row}")
        row %= len(self)
        place = int(np.searchsorted(self._ends, row, side="right"))
        return place, row - (int(self._ends[place - 1]) if place else 0)


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        found = read_object(path)
        files, lineage = outputs_in(found), lineage_in(found)
        if not isinstance(found["fingerprint"], str):
            raise ValueError(f"expected text as fingerprint, found {shown(found['fingerprint'])}")
        if not isinstance(types := found.get("types", {}), dict):
            raise ValueError(f"expected types by name, found {shown(types)}")
    except KeyError as error:
        raise InputError(f"expected the manifest of shards in {path}, with {error}") from error
    except (OSError, ValueError, TypeError) as error:
        raise InputError(f"expected the manifest of shards in {path}: {error}") from error
    return {**found, "files": files, "lineage": lineage}


def _shards_of(folder: Path, files: Iterable[str]) -> list[str]:
    """Return the names of the shards, each of which has all its files in the manifest."""
    found: dict[str, set[str]] = {}
    for path in map(Path, files):
        if path.suffix in _ENDINGS:
            found.setdefault(path.name.removesuffix(path.suffix), set()).add(path.suffix)
    if not found:
        raise InputError(f"expected shards in {folder / MANIFEST}, found none: {_ADVICE}")
    for name, endings in found.items():
        for ending in _ENDINGS:
            if ending not in endings:
                missing = f"{name}{ending}"
                raise InputError(f"expected {missing} in {folder / MANIFEST}: {_ADVICE}")
    return sorted(found)


def _opened(prefix: Path) -> tuple[Index, NDArray[np.uint16]]:
    shard, path = (
        read_index(prefix.with_name(f"{prefix.name}.idx")),
        prefix.with_name(f"{prefix.name}.bin"),
    )
    size = path.stat().st_size
    ids = np.memmap(path, "<u2", "r") if size else np.empty(0, np.uint16)
    if len(shard.lengths) and int(shard.begins[-1]) + int(shard.lengths[-1]) != len(ids):
        raise InputError(f"expected as many ids in {path} as its index says, found {len(ids)}")
    return shard, ids


def _check_vocabulary(
    folder: Path, manifest: dict[str, Any], ids: list[NDArray[np.uint16]]
) -> None:
    writer = vocabulary.writer(manifest["fingerprint"], manifest["lineage"])
    later = writer == "later" and all(vocabulary.assigns(each) for each in ids)
    if writer not in ("this", "earlier") and not later:
        raise InputError(f"expected ids of this vocabulary in {folder}, found those of another")
    for kind, fingerprint in manifest.get("types", {}).items():
        declared = registry.named(kind)
        if declared is None or declared.fingerprint != fingerprint:
            raise InputError(f"expected {kind} to be declared as it was when {folder} was written")
