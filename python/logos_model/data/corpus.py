"""Corpus: the documents of several shards of one vocabulary, numbered through."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from logos_model.data.manifest import MANIFEST, Manifest, read_manifest
from logos_model.data.shards import Ids, Shard, ShardError, open_shard, with_ending
from logos_model.lineage import writer_of


class Corpus:
    """The documents of several shards.

    Attributes
    ----------
    manifest
        What the folder of the first shard says; those of the others say the same of vocabulary,
        kind and ids.
    digest
        Of the manifests and the names of the shards: other data has another.
    lengths
        Tokens of each document, end of sequence included, int64 [documents].
    """

    def __init__(self, shards: Sequence[Shard], *, manifest: Manifest, digest: str) -> None:
        self.manifest = manifest
        self.digest = digest
        self.lengths: NDArray[np.int64] = np.concatenate([shard.lengths for shard in shards])
        self._begins = np.concatenate([shard.begins for shard in shards])
        self._shards = tuple(shards)
        self._firsts = np.cumsum([0, *(len(shard.lengths) for shard in shards)])

    def __len__(self) -> int:
        """Return the count of documents."""
        return len(self.lengths)

    def document(self, number: int) -> Ids:
        """Return the ids of one document, see `documents`."""
        return self.documents(np.array([number]))[0]

    def documents(self, numbers: NDArray[np.int64]) -> list[Ids]:
        """Return the ids of documents, uint16 or int32 [n], the end of sequence last.

        Raises
        ------
        ShardError
            If one does not end with the end of sequence.
        """
        places = np.searchsorted(self._firsts, numbers, side="right") - 1
        begins = self._begins[numbers]
        ends = begins + self.lengths[numbers]
        found = [
            self._shards[place].ids[begin:end]
            for place, begin, end in zip(
                places.tolist(), begins.tolist(), ends.tolist(), strict=True
            )
        ]
        eos = self.manifest.eos_id
        for ids, number, place in zip(found, numbers, places, strict=True):
            if ids[-1] != eos:
                raise ShardError(
                    f"expected <eos> at the end of document {number - self._firsts[place]} of "
                    f"{self._shards[place].prefix}.bin"
                )
        return found

    def openings(self) -> dict[int, int]:
        """Return how many documents begin with which id, the most frequent first."""
        firsts = [shard.ids[shard.begins] for shard in self._shards]
        ids, counts = np.unique(np.concatenate(firsts), return_counts=True)
        order = np.argsort(-counts, kind="stable")
        return {int(ids[place]): int(counts[place]) for place in order}

    def highest_id(self) -> int:
        """Return the highest id of all documents; reads every token once."""
        return max(int(shard.ids.max()) for shard in self._shards)


def open_corpus(
    paths: Sequence[Path], *, fingerprint: str, tokenizer: str | None = None, verify: bool = True
) -> Corpus:
    """Open the shards at `paths`, each a folder or the prefix of one pair of files.

    Parameters
    ----------
    paths
        Folders, of which every `.idx` is opened in the order of their names, or prefixes.
    fingerprint
        Fingerprint of the vocabulary in use. Shards of objects that an earlier version of it wrote
        are read; those of a later one where this one has all of their ids.
    tokenizer
        SHA-256 of the base model's `tokenizer.json`; text of any other tokenizer is refused. None:
        the model has no base, and all text is refused.
    verify
        Read each file once and compare its SHA-256 with the manifest: for a run's first start.
        Without it only sizes and layout are checked.

    Raises
    ------
    ShardError
        If there is nothing to read, a file is damaged or not the one that its manifest describes,
        or the vocabulary is another.
    """
    prefixes = [prefix for path in paths for prefix in _prefixes(path)]
    manifests: list[Manifest] = []
    later: list[Path] = []
    hasher = hashlib.sha256()
    for folder in sorted({prefix.parent for prefix in prefixes}):
        manifest = read_manifest(folder / MANIFEST)
        if _is_later(manifest, fingerprint, tokenizer):
            later.append(folder)
        if manifests:
            _check_alike(manifests[0], manifest)
        names = {prefix.name for prefix in prefixes if prefix.parent == folder}
        manifest.check_files(names, whole=folder in paths, verify=verify)
        hasher.update(manifest.digest(names).encode())
        manifests.append(manifest)
    shards = [shard for shard in map(open_shard, prefixes) if len(shard.lengths)]
    if not shards:
        raise ShardError(f"expected documents in {', '.join(map(str, paths))}, found none")
    for shard in shards:
        if shard.prefix.parent in later:
            _check_known(shard)
    return Corpus(shards, manifest=_merged(manifests), digest=hasher.hexdigest())


def _is_later(manifest: Manifest, fingerprint: str, tokenizer: str | None) -> bool:
    """Whether a later version of the vocabulary wrote shards; refuse those of another one."""
    if manifest.is_text:
        if tokenizer is None:
            raise ShardError(
                f"expected shards of objects, got text in {manifest.path}: text is for models "
                "that extend a language model"
            )
        if manifest.fingerprint != tokenizer:
            raise ShardError(
                f"expected text of the base model's tokenizer {tokenizer}, got "
                f"{manifest.fingerprint} in {manifest.path}"
            )
        return False
    writer, words = writer_of(manifest.fingerprint, manifest.lineage, fingerprint=fingerprint)
    if writer == "other":
        raise ShardError(
            f"expected shards of the vocabulary {fingerprint}, got {manifest.fingerprint} in "
            f"{manifest.path}: prepare the data again with this version"
        )
    if writer != "this":
        warnings.warn(f"{manifest.path.parent} was written with {words}", stacklevel=3)
    return writer == "later"


_PIECE = 1 << 20  # ids


def _check_known(shard: Shard) -> None:
    """Refuse a shard of a later vocabulary that has a token which this one does not have."""
    from logos_grammar.vocabulary import vocabulary  # noqa: PLC0415 (see `lineage.writer_of`)

    for start in range(0, len(shard.ids), _PIECE):
        if not vocabulary.assigns(shard.ids[start : start + _PIECE]):
            raise ShardError(
                f"expected ids of this version of the vocabulary in {shard.prefix}, which a later "
                "version wrote: install that version, or prepare the data again with this one"
            )


def _check_alike(first: Manifest, manifest: Manifest) -> None:
    if (first.is_text, first.bos_id, first.eos_id) != (
        manifest.is_text,
        manifest.bos_id,
        manifest.eos_id,
    ):
        raise ShardError(
            f"expected either text or objects in one source, got both in {first.path.parent} and "
            f"{manifest.path.parent}: make two sources"
        )


def _merged(manifests: list[Manifest]) -> Manifest:
    """The first manifest, with the declared types of all."""
    types: dict[str, str] = {}
    for manifest in manifests:
        for kind, fingerprint in manifest.types.items():
            if types.setdefault(kind, fingerprint) != fingerprint:
                raise ShardError(
                    f"expected one declaration of {kind} in all shards, got another in "
                    f"{manifest.path}"
                )
    return replace(manifests[0], types=types)


def _prefixes(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(index.with_suffix("") for index in path.glob("*.idx"))
        if not found:
            raise ShardError(f"expected .idx files in {path}")
        return found
    if with_ending(path, ".idx").is_file():
        return [path]
    if path.suffix in (".idx", ".bin") and path.is_file():
        return [path.with_suffix("")]
    raise ShardError(f"expected a folder of shards or the prefix of one at {path}")
