"""Shards are read where they lie, and refused when they do not add up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from logos_model.shards import ShardError, open_corpus

WriteShard = Callable[..., Path]
Documents = list[list[int]]
FINGERPRINT = "brackets-1"


def test_documents_come_back_from_several_shards(
    write_shard: WriteShard, documents: Documents, tmp_path: Path
) -> None:
    write_shard("data/first", documents[:100])
    write_shard("data/second", documents[100:])
    corpus = open_corpus([tmp_path / "data"], fingerprint=FINGERPRINT)
    assert [corpus.document(number).tolist() for number in range(len(corpus))] == documents
    assert corpus.lengths.tolist() == [len(document) for document in documents]
    assert corpus.openings() == {3: 300}


@pytest.mark.parametrize("ending", ["", ".idx", ".bin"])
def test_one_shard_is_opened_by_its_prefix(
    write_shard: WriteShard, documents: Documents, ending: str
) -> None:
    prefix = write_shard("data/v1.2", documents)
    write_shard("data/other", documents)
    path = prefix.with_name(prefix.name + ending)
    assert len(open_corpus([path], fingerprint=FINGERPRINT)) == 300


def test_another_vocabulary_is_refused(write_shard: WriteShard, documents: Documents) -> None:
    prefix = write_shard("data/first", documents, fingerprint="brackets-0")
    with pytest.raises(ShardError, match="vocabulary brackets-1, got brackets-0"):
        open_corpus([prefix], fingerprint=FINGERPRINT)


def test_a_missing_manifest_is_refused(write_shard: WriteShard, documents: Documents) -> None:
    prefix = write_shard("data/first", documents)
    (prefix.parent / "manifest.json").unlink()
    with pytest.raises(ShardError, match="expected a manifest at"):
        open_corpus([prefix], fingerprint=FINGERPRINT)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"counts": 1}'])
def test_a_damaged_manifest_is_refused(
    write_shard: WriteShard, documents: Documents, text: str
) -> None:
    prefix = write_shard("data/first", documents)
    (prefix.parent / "manifest.json").write_text(text)
    with pytest.raises(ShardError, match="expected a vocabulary fingerprint in"):
        open_corpus([prefix], fingerprint=FINGERPRINT)


def _at(place: int, value: int) -> Callable[[bytes], bytes]:
    return lambda whole: whole[:place] + bytes([value]) + whole[place + 1 :]


@pytest.mark.parametrize(
    ("ending", "damage", "message"),
    [
        (".idx", lambda whole: b"", "expected a Megatron index"),
        (".idx", lambda whole: whole[:20], "expected a Megatron index"),
        (".idx", _at(0, 0), "expected a Megatron index"),
        (".idx", _at(9, 2), "expected version 1"),
        (".idx", _at(17, 4), "expected ids of 16 bits"),
        (".idx", _at(26, 9), "expected one sequence for each document"),
        (".idx", lambda whole: whole[:-8], "its size is of another count"),
        (".idx", _at(34, 0), "expected no empty document"),
        (".idx", _at(34 + 4 * 300, 1), "expected every document"),
        (".idx", _at(34 + 12 * 300, 1), "expected one sequence for each document"),
        (".bin", lambda whole: whole[:-2], "expected every document"),
        (".bin", lambda whole: b"", "expected every document"),
        (".bin", lambda whole: whole + b"\0", "expected a .bin of 8388 bytes"),
        (".idx", _at(34 + 4 * 300 + 8, 2), "to begin where the last one ends"),
    ],
)
def test_damaged_files_are_refused(
    write_shard: WriteShard,
    documents: Documents,
    ending: str,
    damage: Callable[[bytes], bytes],
    message: str,
) -> None:
    prefix = write_shard("data/first", documents)
    file = prefix.with_name(prefix.name + ending)
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(ShardError, match=message):
        open_corpus([prefix], fingerprint=FINGERPRINT)


def _listed(prefix: Path) -> Path:
    """Let the manifest of a shard say what its files are; return its folder."""
    folder = prefix.parent
    found = json.loads((folder / "manifest.json").read_text())
    files = {
        path.name: {
            "size": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(folder.iterdir())
        if path.suffix in (".bin", ".idx")
    }
    (folder / "manifest.json").write_text(json.dumps({**found, "files": files}))
    return folder


def test_files_are_held_to_their_manifest(write_shard: WriteShard, documents: Documents) -> None:
    folder = _listed(write_shard("data/first", documents))
    assert len(open_corpus([folder], fingerprint=FINGERPRINT)) == 300
    tokens = folder / "first.bin"
    # Another letter in the same place: nothing but the digest can tell.
    changed = bytearray(tokens.read_bytes())
    changed[2] ^= 1
    tokens.write_bytes(changed)
    with pytest.raises(ShardError, match=r"expected the SHA-256 .* of .*first\.bin"):
        open_corpus([folder], fingerprint=FINGERPRINT)
    tokens.write_bytes(bytes(changed) + b"\0")
    with pytest.raises(ShardError, match=r"expected \d+ bytes in .*first\.bin, got"):
        open_corpus([folder / "first"], fingerprint=FINGERPRINT)


@pytest.mark.parametrize("ending", [".bin", ".idx"])
def test_a_file_that_the_manifest_lists_is_missed(
    write_shard: WriteShard, documents: Documents, ending: str
) -> None:
    write_shard("data/first", documents)
    folder = _listed(write_shard("data/second", documents))
    (folder / f"second{ending}").unlink()
    with pytest.raises(ShardError, match=rf"expected a file at .*second\{ending}"):
        open_corpus([folder], fingerprint=FINGERPRINT)
    assert len(open_corpus([folder / "first"], fingerprint=FINGERPRINT)) == 300


def test_a_file_that_the_manifest_does_not_list_is_refused(
    write_shard: WriteShard, documents: Documents
) -> None:
    prefix = write_shard("data/first", documents)
    _listed(prefix)
    listed = (prefix.parent / "manifest.json").read_text()
    write_shard("data/other", documents)
    (prefix.parent / "manifest.json").write_text(listed)
    with pytest.raises(ShardError, match=r"expected other\.idx among the files of"):
        open_corpus([prefix.parent], fingerprint=FINGERPRINT)


@pytest.mark.parametrize("files", [[], {"first.bin": 12}, {"first.bin": {"size": 12}}])
def test_a_manifest_that_says_too_little_of_its_files_is_refused(
    write_shard: WriteShard, documents: Documents, files: object
) -> None:
    prefix = write_shard("data/first", documents)
    manifest = {"fingerprint": FINGERPRINT, "files": files}
    (prefix.parent / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ShardError, match="expected the size and sha256 of each file"):
        open_corpus([prefix], fingerprint=FINGERPRINT)


def test_a_document_without_its_end_is_refused(write_shard: WriteShard) -> None:
    prefix = write_shard("data/first", [[3, 4, 2], [3, 4]])
    corpus = open_corpus([prefix], fingerprint=FINGERPRINT)
    assert corpus.document(0).tolist() == [3, 4, 2]
    with pytest.raises(ShardError, match="expected <eos> at the end of document 1"):
        corpus.document(1)


def test_an_empty_shard_is_passed_over(write_shard: WriteShard, tmp_path: Path) -> None:
    write_shard("data/empty", [])
    with pytest.raises(ShardError, match="expected documents in"):
        open_corpus([tmp_path / "data"], fingerprint=FINGERPRINT)
    write_shard("data/full", [[3, 4, 2]])
    assert len(open_corpus([tmp_path / "data"], fingerprint=FINGERPRINT)) == 1


def test_a_place_without_shards_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ShardError, match=r"expected \.idx files in"):
        open_corpus([tmp_path], fingerprint=FINGERPRINT)
    with pytest.raises(ShardError, match="expected a folder of shards"):
        open_corpus([tmp_path / "nothing"], fingerprint=FINGERPRINT)


def test_ids_are_mapped_not_read(write_shard: WriteShard, documents: Documents) -> None:
    corpus = open_corpus([write_shard("data/first", documents)], fingerprint=FINGERPRINT)
    base: Any = corpus.document(7)
    while base.base is not None and not isinstance(base, np.memmap):
        base = base.base
    assert isinstance(base, np.memmap)
