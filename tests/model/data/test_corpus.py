"""What a manifest says of its files is checked, and other data is told from the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from logos_model.data.corpus import open_corpus
from logos_model.data.manifest import write_manifest
from logos_model.data.shards import ShardError, write_shard
from logos_model.data.steps import Data
from logos_model.data_config import DataConfig, SourceConfig
from logos_model.grammar import Grammar

WriteShard = Callable[..., Path]
Documents = list[list[int]]
FINGERPRINT = "brackets-1"


def write(folder: Path, documents: Documents, dtype: str = "uint16", **content: object) -> Path:
    """Write documents with a manifest that lists the files."""
    folder.mkdir(parents=True, exist_ok=True)
    write_shard(folder / "words", [np.array(ids, dtype) for ids in documents])
    write_manifest(folder, {"fingerprint": FINGERPRINT, **content})
    return folder


def fingerprint_of(folder: Path, grammar: Grammar, *, verify: bool = True) -> str:
    config = DataConfig(sources=(SourceConfig(name="words", paths=(str(folder),)),))
    return Data(config, grammar=grammar, context=48, seed=0, verify=verify).fingerprint


@pytest.mark.parametrize("dtype", ["uint16", "int32"])
def test_what_is_written_is_read(
    tmp_path: Path, write_shard: WriteShard, documents: Documents, dtype: str
) -> None:
    folder = write(tmp_path / "made", documents, dtype)
    corpus = open_corpus([folder], fingerprint=FINGERPRINT)
    assert [corpus.document(number).tolist() for number in range(len(corpus))] == documents
    assert corpus.document(0).dtype == dtype
    if dtype == "uint16":
        by_hand = write_shard("hand/words", documents)
        for ending in (".idx", ".bin"):
            name = f"words{ending}"
            assert (folder / name).read_bytes() == (by_hand.parent / name).read_bytes()


@pytest.mark.parametrize(
    "documents",
    [
        [np.array([3, 2], np.uint16), np.array([], np.uint16)],
        [np.array([3, 2], np.uint16), np.array([3, 2], np.int32)],
        [np.array([3, 2], np.int64)],
    ],
)
def test_documents_that_are_not_of_one_type_are_refused(
    tmp_path: Path, documents: list[Any]
) -> None:
    with pytest.raises(ShardError, match="expected documents of ids of one type"):
        write_shard(tmp_path / "words", documents)


def test_other_documents_of_equal_length_are_other_data(
    tmp_path: Path, documents: Documents, grammar: Grammar
) -> None:
    folder = write(tmp_path / "data", documents)
    before = fingerprint_of(folder, grammar)
    assert before == fingerprint_of(folder, grammar, verify=False)
    others = [[3, *(5 for _ in ids[3:]), 4, 2] for ids in documents]
    assert [len(ids) for ids in others] == [len(ids) for ids in documents]
    write(folder, others)
    assert fingerprint_of(folder, grammar) != before
    assert fingerprint_of(folder, grammar, verify=False) != before


@pytest.mark.parametrize("with_files", [True, False])
def test_data_is_the_same_elsewhere_and_other_without_a_list(
    tmp_path: Path, documents: Documents, grammar: Grammar, with_files: bool
) -> None:
    prints = []
    for place, content in enumerate([documents, documents, [*documents[:-1], [3, 4, 4, 2]]]):
        folder = write(tmp_path / str(place), content)
        if not with_files:
            (folder / "manifest.json").write_text(json.dumps({"fingerprint": FINGERPRINT}))
        prints.append(fingerprint_of(folder, grammar))
    assert prints[0] == prints[1] != prints[2]


def test_files_are_read_for_their_digests_only_where_wanted(
    tmp_path: Path, documents: Documents, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "data", documents)
    hashed: list[Path] = []
    digest = hashlib.file_digest

    def noted(file: Any, name: Any) -> Any:
        hashed.append(Path(file.name))
        return digest(file, name)

    monkeypatch.setattr(hashlib, "file_digest", noted)
    open_corpus([folder], fingerprint=FINGERPRINT, verify=False)
    assert hashed == []
    open_corpus([folder], fingerprint=FINGERPRINT)
    assert sorted(path.name for path in hashed) == ["words.bin", "words.idx"]


def test_files_are_held_to_their_manifest(tmp_path: Path, documents: Documents) -> None:
    folder = write(tmp_path / "data", documents)
    tokens = folder / "words.bin"
    whole = tokens.read_bytes()
    # Another letter in the same place: nothing but the digest can tell.
    tokens.write_bytes(whole[:2] + bytes([whole[2] ^ 1]) + whole[3:])
    with pytest.raises(ShardError, match=r"expected the SHA-256 .* of .*words\.bin"):
        open_corpus([folder], fingerprint=FINGERPRINT)
    tokens.write_bytes(whole + b"\0\0")
    with pytest.raises(ShardError, match=r"expected \d+ bytes in .*words\.bin, got"):
        open_corpus([folder / "words"], fingerprint=FINGERPRINT, verify=False)
    tokens.unlink()
    with pytest.raises(ShardError, match=r"expected a file at .*words\.bin, as its manifest"):
        open_corpus([folder], fingerprint=FINGERPRINT, verify=False)
    tokens.write_bytes(whole)
    write_shard(folder / "other", [np.array([3, 4, 2], np.uint16)])
    with pytest.raises(ShardError, match=r"expected other\.idx among the files of"):
        open_corpus([folder], fingerprint=FINGERPRINT)
    assert len(open_corpus([folder / "words"], fingerprint=FINGERPRINT)) == 300


@pytest.mark.parametrize("files", [[], {"words.bin": 12}, {"words.bin": {"size": 12}}])
def test_a_manifest_that_says_too_little_of_its_files_is_refused(
    tmp_path: Path, documents: Documents, files: object
) -> None:
    folder = write(tmp_path / "data", documents)
    content = {"fingerprint": FINGERPRINT, "files": files}
    (folder / "manifest.json").write_text(json.dumps(content))
    with pytest.raises(ShardError, match="expected the size and sha256 of each file"):
        open_corpus([folder], fingerprint=FINGERPRINT)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"counts": 1}', '{"fingerprint": 1}'])
def test_a_damaged_manifest_is_refused(tmp_path: Path, documents: Documents, text: str) -> None:
    folder = write(tmp_path / "data", documents)
    (folder / "manifest.json").write_text(text)
    with pytest.raises(ShardError, match="expected a vocabulary fingerprint in"):
        open_corpus([folder], fingerprint=FINGERPRINT)
    (folder / "manifest.json").unlink()
    with pytest.raises(ShardError, match="expected a manifest at"):
        open_corpus([folder], fingerprint=FINGERPRINT)


def test_text_goes_with_its_base_model_only(tmp_path: Path) -> None:
    text = {"kind": "text", "fingerprint": "abc", "bos_id": None, "eos_id": 70_000}
    folder = write(tmp_path / "text", [[65_536, 7, 70_000]], "int32", **text)
    corpus = open_corpus([folder], fingerprint=FINGERPRINT, tokenizer="abc")
    assert corpus.document(0).tolist() == [65_536, 7, 70_000]
    with pytest.raises(ShardError, match="expected shards of objects, got text in"):
        open_corpus([folder], fingerprint=FINGERPRINT)
    with pytest.raises(ShardError, match="the base model's tokenizer xyz, got abc"):
        open_corpus([folder], fingerprint=FINGERPRINT, tokenizer="xyz")
    objects = write(tmp_path / "objects", [[3, 4, 2]])
    with pytest.raises(ShardError, match="expected either text or objects in one source"):
        open_corpus([folder, objects], fingerprint=FINGERPRINT, tokenizer="abc")
    del text["eos_id"]
    write(tmp_path / "text", [[65_536, 7, 70_000]], "int32", **text)
    with pytest.raises(ShardError, match="expected eos_id, the id that ends a document, in"):
        open_corpus([folder], fingerprint=FINGERPRINT, tokenizer="abc")


def test_text_and_objects_are_read_side_by_side(tmp_path: Path, grammar: Grammar) -> None:
    text = {"kind": "text", "fingerprint": "abc", "bos_id": None, "eos_id": 900}
    paths = (
        str(write(tmp_path / "text", [[7, 8, 900]], "int32", **text)),
        str(write(tmp_path / "objects", [[3, 5, 4, 2]])),
    )
    sources = tuple(
        SourceConfig(name=name, paths=(path,), weight=1.0)
        for name, path in zip(("text", "words"), paths, strict=True)
    )
    data = Data(
        DataConfig(sources=sources),
        grammar=grammar,
        context=4,
        seed=0,
        first_id=1000,
        tokenizer="abc",
    )
    (built,) = next(data.steps(rows=2)).passes
    assert built.ids_N.tolist() == [900, 7, 8, 1000, 1001, 1003, 1005, 1004]
    assert built.targets_N.tolist() == [7, 8, 900, -100, 1003, 1005, 1004, 1002]
    assert data.openings() == {3: 1}
    assert data.highest_id() == 1005


def test_documents_of_a_type_that_nobody_declared_are_refused_at_the_start(
    tmp_path: Path, grammar: Grammar
) -> None:
    folder = write(tmp_path / "data", [[3, 4, 2], [40, 4, 2]])
    with pytest.raises(ShardError, match=r"1 of words begin with 40: name the module that decl"):
        fingerprint_of(folder, grammar)
    write(folder, [[3, 4, 2]], types={"peptide": "abc"})
    with pytest.raises(ShardError, match="expected the declaration of peptide with which words"):
        fingerprint_of(folder, grammar, verify=False)


def test_ids_are_mapped_not_read(tmp_path: Path, documents: Documents) -> None:
    corpus = open_corpus([write(tmp_path / "data", documents)], fingerprint=FINGERPRINT)
    base: Any = corpus.document(7)
    while base.base is not None and not isinstance(base, np.memmap):
        base = base.base
    assert isinstance(base, np.memmap)
    assert type(corpus.document(7)) is np.ndarray
