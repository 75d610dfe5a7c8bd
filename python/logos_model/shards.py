"""Shards: Megatron `.bin`/`.idx` files of uint16 ids, read where they lie on disk.

A shard is `prefix.bin`, the ids of all documents one after another, and `prefix.idx`, where each
begins and how long it is. `manifest.json` in the same folder names the vocabulary and, if it has
`files`, the size and the SHA-256 of each file, to which they are held. Read from the format's
description; arrays are little-endian whatever the machine.

    idx: "MMIDIDX" 0 0, version uint64 = 1, dtype uint8 = 8 (uint16), sequences uint64,
         documents + 1 uint64, lengths int32 [sequences], byte offsets int64 [sequences],
         first sequence of each document int64 [documents + 1]
"""

from __future__ import annotations

import hashlib
import json
import struct
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from logos_model.config import EOS
from logos_model.lineage import writer_of

_MAGIC = b"MMIDIDX\x00\x00"
_HEADER = struct.Struct("<9sQBQQ")
_VERSION = 1
_UINT16 = 8


class ShardError(ValueError):
    """Shards that are not there, not whole, or of another vocabulary."""


@dataclass(frozen=True)
class Shard:
    """One pair of files.

    Attributes
    ----------
    prefix
        Path of the pair without its endings.
    ids
        All ids, uint16 [tokens], mapped from disk.
    lengths
        Tokens of each document, int64 [documents].
    begins
        Place of each document's first token in `ids`, int64 [documents].
    """

    prefix: Path
    ids: NDArray[np.uint16]
    lengths: NDArray[np.int64]
    begins: NDArray[np.int64]


class Corpus:
    """The documents of several shards, numbered through.

    Attributes
    ----------
    fingerprint
        Fingerprint of the vocabulary that all of them were written with.
    lengths
        Tokens of each document, end of sequence included, int64 [documents].
    """

    def __init__(self, shards: Sequence[Shard], *, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self.lengths: NDArray[np.int64] = np.concatenate([shard.lengths for shard in shards])
        self._shards = tuple(shards)
        self._firsts = np.cumsum([0, *(len(shard.lengths) for shard in shards)])

    def __len__(self) -> int:
        """Return the count of documents."""
        return len(self.lengths)

    def document(self, number: int) -> NDArray[np.uint16]:
        """Return the ids of one document, uint16 [n], its last one the end of sequence.

        Raises
        ------
        ShardError
            If it does not end with the end of sequence.
        """
        place = int(np.searchsorted(self._firsts, number, side="right")) - 1
        shard, row = self._shards[place], number - self._firsts[place]
        begin = shard.begins[row]
        ids = shard.ids[begin : begin + shard.lengths[row]]
        if ids[-1] != EOS:
            raise ShardError(f"expected <eos> at the end of document {row} of {shard.prefix}.bin")
        return ids

    def openings(self) -> dict[int, int]:
        """Return how many documents begin with which id, the most frequent first."""
        firsts = [shard.ids[shard.begins] for shard in self._shards]
        ids, counts = np.unique(np.concatenate(firsts), return_counts=True)
        order = np.argsort(-counts, kind="stable")
        return {int(ids[place]): int(counts[place]) for place in order}

    def description(self) -> list[dict[str, Any]]:
        """Return name, documents and tokens of each shard: what a checkpoint remembers of them."""
        return [
            {
                "name": shard.prefix.name,
                "documents": len(shard.lengths),
                "tokens": int(shard.lengths.sum()),
            }
            for shard in self._shards
        ]


def open_corpus(paths: Sequence[Path], *, fingerprint: str) -> Corpus:
    """Open the shards at `paths`, each a folder or the prefix of one pair of files.

    Parameters
    ----------
    paths
        Folders, of which every `.idx` is opened in the order of their names, or prefixes.
    fingerprint
        Fingerprint of the vocabulary in use; shards of any other are refused.

    Raises
    ------
    ShardError
        If there is nothing to read, a file is damaged or not the one that its manifest describes,
        or the vocabulary is another. Each file is read once for that, piece by piece.
    """
    prefixes = [prefix for path in paths for prefix in _prefixes(path)]
    later: list[Path] = []
    for folder in sorted({prefix.parent for prefix in prefixes}):
        manifest = folder / "manifest.json"
        found = _read_manifest(manifest)
        if _is_later(manifest, found, fingerprint):
            later.append(folder)
        whole = folder in paths
        names = {prefix.name for prefix in prefixes if prefix.parent == folder}
        _check_files(manifest, found, None if whole else names)
    shards = [shard for shard in map(open_shard, prefixes) if len(shard.lengths)]
    if not shards:
        raise ShardError(f"expected documents in {', '.join(map(str, paths))}, found none")
    for shard in shards:
        if shard.prefix.parent in later:
            _check_known(shard)
    return Corpus(shards, fingerprint=fingerprint)


def open_shard(prefix: Path) -> Shard:
    """Open the pair `prefix.bin`, `prefix.idx`; anything that does not add up is a `ShardError`."""
    index = _with_ending(prefix, ".idx")
    tokens = _with_ending(prefix, ".bin")
    for path in (index, tokens):
        if not path.is_file():
            raise ShardError(f"expected a file at {path}")
    size = index.stat().st_size
    with index.open("rb") as file:
        header = file.read(_HEADER.size)
    if len(header) < _HEADER.size or header[: len(_MAGIC)] != _MAGIC:
        raise ShardError(f"expected a Megatron index at the start of {index}")
    _, version, dtype, sequences, bounds = _HEADER.unpack(header)
    if version != _VERSION:
        raise ShardError(f"expected version {_VERSION} of the index, got {version} in {index}")
    if dtype != _UINT16:
        raise ShardError(f"expected ids of 16 bits (dtype {_UINT16}), got {dtype} in {index}")
    if bounds != sequences + 1:
        raise ShardError(f"expected one sequence for each document in {index}")
    if size != _HEADER.size + 12 * sequences + 8 * bounds:
        raise ShardError(f"expected {sequences} documents in {index}, its size is of another count")
    at = _HEADER.size
    lengths = _column(index, "<i4", at, sequences).astype(np.int64)
    offsets = _column(index, "<i8", at + 4 * sequences, sequences).astype(np.int64)
    firsts = _column(index, "<i8", at + 12 * sequences, bounds)
    stored = tokens.stat().st_size
    _check_layout(index, lengths=lengths, offsets=offsets, firsts=firsts, size=stored)
    ids = _column(tokens, "<u2", 0, stored // 2)
    return Shard(prefix=prefix, ids=ids, lengths=lengths, begins=offsets // 2)


def _check_layout(
    index: Path,
    *,
    lengths: NDArray[np.int64],
    offsets: NDArray[np.int64],
    firsts: NDArray[Any],
    size: int,
) -> None:
    if not np.array_equal(firsts, np.arange(len(lengths) + 1)):
        raise ShardError(f"expected one sequence for each document in {index}")
    if np.any(lengths < 1):
        raise ShardError(f"expected no empty document in {index}")
    if np.any(offsets < 0) or np.any(offsets % 2) or np.any(offsets + 2 * lengths > size):
        raise ShardError(f"expected every document of {index} inside its .bin of {size} bytes")
    ends = 2 * np.cumsum(lengths)
    if not np.array_equal(offsets, ends - 2 * lengths):
        raise ShardError(f"expected each document of {index} to begin where the last one ends")
    wanted = int(ends[-1]) if len(ends) else 0
    if size != wanted:
        raise ShardError(f"expected a .bin of {wanted} bytes beside {index}, got {size}")


def _read_manifest(manifest: Path) -> dict[str, Any]:
    try:
        found = json.loads(manifest.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ShardError(f"expected a manifest at {manifest}") from None
    except ValueError:
        found = None
    if not isinstance(found, dict) or "fingerprint" not in found:
        raise ShardError(f"expected a vocabulary fingerprint in {manifest}")
    return found


def _is_later(manifest: Path, found: dict[str, Any], fingerprint: str) -> bool:
    """Whether a later version of the vocabulary wrote shards; refuse those of another one."""
    writer, words = writer_of(
        found["fingerprint"], found.get("lineage", ()), fingerprint=fingerprint
    )
    if writer == "other":
        raise ShardError(
            f"expected shards of the vocabulary {fingerprint}, got {found['fingerprint']} in "
            f"{manifest}: prepare the data again with this version"
        )
    if writer != "this":
        warnings.warn(f"{manifest.parent} was written with {words}", stacklevel=3)
    return writer == "later"


_PIECE = 1 << 20  # ids


def _check_known(shard: Shard) -> None:
    """Refuse a shard of a later vocabulary that has a token which this one has not."""
    from logos_grammar.vocabulary import vocabulary  # noqa: PLC0415 (other grammars need none of it)

    for start in range(0, len(shard.ids), _PIECE):
        if not vocabulary.assigns(shard.ids[start : start + _PIECE]):
            raise ShardError(
                f"expected ids of this version of the vocabulary in {shard.prefix}, which a later "
                "version wrote: install that version, or prepare the data again with this one"
            )


def _check_files(manifest: Path, found: dict[str, Any], prefixes: set[str] | None) -> None:
    """Hold the files of some prefixes, None for all, to what the manifest says of them."""
    if "files" not in found:
        # Shards may be written by other programs, whose manifest names the vocabulary only.
        return
    try:
        files = {name: (one["size"], one["sha256"]) for name, one in found["files"].items()}
    except (AttributeError, KeyError, TypeError):
        raise ShardError(
            f"expected the size and sha256 of each file in {manifest}: "
            "prepare the data again with this version"
        ) from None
    listed = {Path(name).stem for name in files if name.endswith((".bin", ".idx"))}
    present = {index.with_suffix("").name for index in manifest.parent.glob("*.idx")}
    for name in sorted(listed | present if prefixes is None else prefixes):
        for file in (f"{name}.idx", f"{name}.bin"):
            if file not in files:
                raise ShardError(f"expected {file} among the files of {manifest}")
            _check_file(manifest.with_name(file), *files[file])


def _check_file(path: Path, size: int, sha256: str) -> None:
    if not path.is_file():
        raise ShardError(f"expected a file at {path}, as its manifest says")
    found = path.stat().st_size
    if found != size:
        raise ShardError(f"expected {size} bytes in {path}, got {found}: prepare the data again")
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise ShardError(
                f"expected the SHA-256 {sha256} of {path}, as its manifest says: "
                "it has been damaged or replaced, prepare the data again"
            )


def _prefixes(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(index.with_suffix("") for index in path.glob("*.idx"))
        if not found:
            raise ShardError(f"expected .idx files in {path}")
        return found
    if _with_ending(path, ".idx").is_file():
        return [path]
    if path.suffix in (".idx", ".bin") and path.is_file():
        return [path.with_suffix("")]
    raise ShardError(f"expected a folder of shards or the prefix of one at {path}")


def _with_ending(prefix: Path, ending: str) -> Path:
    # A prefix may hold dots of its own, so nothing of it is replaced.
    return prefix.with_name(prefix.name + ending)


def _column(path: Path, dtype: str, offset: int, count: int) -> NDArray[Any]:
    if count == 0:
        return np.empty(0, dtype=dtype)
    return np.memmap(path, dtype=dtype, mode="r", offset=offset, shape=(count,))
