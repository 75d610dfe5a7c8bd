"""A checkpoint is whole or refused, and opens in transformers as it stands."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from logos_grammar.vocabulary import Vocabulary
from logos_model import checkpoint as checkpoints
from logos_model import hugging_face
from logos_model.checkpoint import (
    CheckpointError,
    Progress,
    check_files,
    check_vocabulary,
    find_checkpoint,
    read_checkpoint,
    read_model,
    restore,
    write_checkpoint,
)
from logos_model.config import Config, ConfigError
from logos_model.hugging_face import Identity, read_decoder, write_folder
from logos_model.optim import Optimizer
from logos_model.parallel import Ranks, sharded, whole

from .conftest import one_document

CPU = torch.device("cpu")
PROGRESS = Progress(
    step=7, tokens=70, skipped=1, data={"words": {"epoch": 1, "row": 2}}, fingerprint="data-1"
)


def make_run(config: Config, ranks: Ranks) -> tuple[Any, Optimizer]:
    model = sharded(config, ranks)
    optimizer = Optimizer(model, config.optimizer)
    ids_N = torch.tensor([1, 3, 5, 4])
    model(**one_document(ids_N), targets_N=ids_N.roll(-1)).backward()
    optimizer.step(torch.tensor(True))
    optimizer.zero_grad()
    return model, optimizer


def write_one(run: Path, config: Config, ranks: Ranks, step: int = 7, **identity: Any) -> Path:
    model, optimizer = make_run(
        replace(config, training=replace(config.training, seed=step)), ranks
    )
    return write_checkpoint(
        run,
        model=model,
        optimizer=optimizer,
        config=config,
        progress=replace(PROGRESS, step=step),
        identity=Identity(fingerprint="brackets-1", **identity),
        ranks=ranks,
    )


def bytes_of(folder: Path) -> dict[str, str]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def test_a_checkpoint_comes_back(config: Config, ranks: Ranks, tmp_path: Path) -> None:
    path = write_one(tmp_path, config, ranks, types={"peptide": "p-1"})
    assert find_checkpoint(path) == find_checkpoint(tmp_path) == path
    found = read_checkpoint(path)
    assert found.config == config
    assert found.progress == PROGRESS
    assert found.identity == Identity(fingerprint="brackets-1", types={"peptide": "p-1"})
    check_files(found)
    assert [*tmp_path.rglob("*.draft"), *tmp_path.rglob("*.replaced")] == []


@pytest.mark.parametrize("method", ["adamw", "muon"])
def test_parameters_and_moments_come_back(
    config: Config, ranks: Ranks, tmp_path: Path, method: Any
) -> None:
    config = replace(config, optimizer=replace(config.optimizer, method=method))
    model, optimizer = make_run(config, ranks)
    path = write_checkpoint(
        tmp_path,
        model=model,
        optimizer=optimizer,
        config=config,
        progress=PROGRESS,
        identity=Identity(fingerprint="brackets-1"),
        ranks=ranks,
    )
    other = sharded(replace(config, training=replace(config.training, seed=99)), ranks)
    others = Optimizer(other, config.optimizer)
    restore(read_checkpoint(path), model=other, optimizer=others)
    for name, weight in model.named_parameters():
        assert torch.equal(whole(weight), whole(dict(other.named_parameters())[name])), name
    before, after = optimizer.state(), others.state()
    assert before.keys() == after.keys()
    assert all(torch.equal(whole(before[name]), whole(after[name])) for name in before)
    assert any("exp_avg_sq" in name for name in before)
    assert any("momentum_buffer" in name for name in before) == (method == "muon")


def test_another_shape_is_refused(config: Config, ranks: Ranks, tmp_path: Path) -> None:
    path = write_one(tmp_path, config, ranks)
    wider = replace(config, model=replace(config.model, intermediate_size=96))
    model, optimizer = make_run(wider, ranks)
    with pytest.raises(CheckpointError, match="expected the state of this model"):
        restore(read_checkpoint(path), model=model, optimizer=optimizer)


def test_a_later_version_of_the_vocabulary_reads_an_earlier_one(
    config: Config, ranks: Ranks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_one(tmp_path, config, ranks)
    versions = [(1, "brackets-1"), (2, "brackets-2")]
    later = Vocabulary(versions=versions)
    monkeypatch.setattr(sys.modules["logos_grammar.vocabulary"], "vocabulary", later)
    with pytest.warns(UserWarning, match="was written with version 1 of the vocabulary"):
        check_vocabulary(read_checkpoint(path), "brackets-2")
    note = path / "checkpoint.json"
    lineage = ["brackets-1", "brackets-2", "brackets-3"]
    found = json.loads(note.read_text(encoding="utf-8"))
    note.write_text(json.dumps({**found, "fingerprint": "brackets-3", "lineage": lineage}))
    with pytest.raises(CheckpointError, match="a later version of the vocabulary wrote"):
        check_vocabulary(read_checkpoint(path), "brackets-2")


def test_the_model_of_an_earlier_checkpoint_is_read(
    config: Config, ranks: Ranks, tmp_path: Path
) -> None:
    """Version 0.1.0 wrote weights, shape and a note into one folder, and no lineage."""
    written = write_one(tmp_path / "now", config, ranks)
    wanted = read_model(written, fingerprint="brackets-1", device=CPU)
    run = tmp_path / "earlier"
    path = run / "checkpoints" / "step-00000007"
    path.mkdir(parents=True)
    (path / "model.safetensors").write_bytes((written / "model/model.safetensors").read_bytes())
    shape = json.loads((written / "model/config.json").read_text(encoding="utf-8"))
    shape = {name: value for name, value in shape.items() if not name.startswith("logos_")}
    (path / "config.json").write_text(json.dumps(shape), encoding="utf-8")
    files = {
        file.name: {
            "bytes": file.stat().st_size,
            "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        }
        for file in path.iterdir()
    }
    note = {"fingerprint": "brackets-1", "files": files}
    (path / "state.json").write_text(json.dumps(note), encoding="utf-8")

    assert find_checkpoint(run) == find_checkpoint(path) == path
    found = read_model(path, fingerprint="brackets-1", device=CPU)
    for (name, weight), other in zip(wanted.named_parameters(), found.parameters(), strict=True):
        assert torch.equal(weight, other), name
    with pytest.raises(CheckpointError, match="expected a checkpoint of the vocabulary brackets-9"):
        read_model(path, fingerprint="brackets-9", device=CPU)
    with pytest.raises(CheckpointError, match="its run cannot be resumed"):
        read_checkpoint(path)
    (path / "config.json").write_text(json.dumps(shape | {"vocab_size": 1}), encoding="utf-8")
    with pytest.raises(CheckpointError, match="its SHA-256 differs"):
        read_model(path, fingerprint="brackets-1", device=CPU)


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("architecture", ["llama", "qwen3"])
def test_transformers_opens_an_export(
    config: Config, ranks: Ranks, tmp_path: Path, tied: bool, architecture: Any
) -> None:
    transformers = pytest.importorskip("transformers", reason="compares with transformers")
    shape = replace(config.model, tie_word_embeddings=tied, architecture=architecture)
    path = write_one(tmp_path, replace(config, model=shape), ranks)
    folder = read_checkpoint(path).model
    model = read_model(path, fingerprint="brackets-1", device=CPU).eval()
    theirs, info = transformers.AutoModelForCausalLM.from_pretrained(
        folder, output_loading_info=True
    )
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    assert theirs.dtype == torch.float32
    assert sum(p.numel() for p in theirs.parameters()) == sum(p.numel() for p in model.parameters())
    assert all(tensor.numel() for tensor in load_file(folder / "model.safetensors").values())
    assert theirs.generation_config.eos_token_id == 2
    assert theirs.config.logos_fingerprint == "brackets-1"
    ids_N = torch.arange(48)
    with torch.inference_mode():
        ours_NV, theirs_NV = model(**one_document(ids_N)), theirs(input_ids=ids_N[None]).logits[0]
    torch.testing.assert_close(ours_NV, theirs_NV)


def test_an_export_of_several_files_is_the_same_model(
    config: Config, ranks: Ranks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    transformers = pytest.importorskip("transformers", reason="compares with transformers")
    model, _ = make_run(config, ranks)
    identity = Identity(fingerprint="brackets-1")
    folders = [tmp_path / "one", tmp_path / "some"]
    for folder, limit in zip(folders, (10**9, 9_000), strict=True):
        folder.mkdir()
        monkeypatch.setattr(hugging_face, "_SHARD_BYTES", limit)
        write_folder(
            folder,
            ((name, whole(weight)) for name, weight in model.named_parameters()),
            shape=config.model,
            identity=identity,
            dtype="bfloat16",
        )
    names = sorted(path.name for path in folders[1].glob("model*"))
    assert names[0] == "model-00001-of-00006.safetensors"
    assert names[-1] == "model.safetensors.index.json"
    one, some = (read_decoder(folder) for folder in folders)
    theirs = transformers.AutoModelForCausalLM.from_pretrained(folders[1])
    assert theirs.dtype == torch.bfloat16
    for (name, weight), other in zip(one.named_parameters(), some.parameters(), strict=True):
        assert torch.equal(weight, other), name
        assert torch.equal(weight, theirs.state_dict()[name].float()), name


def test_equal_models_write_equal_bytes(config: Config, ranks: Ranks, tmp_path: Path) -> None:
    # The library's header has its notes in any order, so once is not enough.
    found = [
        bytes_of(read_checkpoint(write_one(tmp_path / str(run), config, ranks)).model)
        for run in range(4)
    ]
    assert found[0].keys() == {"config.json", "generation_config.json", "model.safetensors"}
    assert all(one == found[0] for one in found)


def test_another_vocabulary_is_refused(config: Config, ranks: Ranks, tmp_path: Path) -> None:
    path = write_one(tmp_path, config, ranks)
    with pytest.raises(CheckpointError, match="vocabulary brackets-2, got brackets-1"):
        check_vocabulary(read_checkpoint(path), "brackets-2")
    with pytest.raises(CheckpointError, match="vocabulary brackets-2, got brackets-1"):
        read_model(path, fingerprint="brackets-2", device=CPU)


def test_a_damaged_file_is_refused(config: Config, ranks: Ranks, tmp_path: Path) -> None:
    path = write_one(tmp_path, config, ranks)
    found = read_checkpoint(path)
    assert {"model/model.safetensors", "model/config.json", "state/.metadata"} <= found.files.keys()
    for name in found.files:
        whole_file = (path / name).read_bytes()
        middle = len(whole_file) // 2
        flipped = whole_file[:middle] + bytes([whole_file[middle] ^ 1]) + whole_file[middle + 1 :]
        for damaged in (flipped, whole_file[:-1], b""):
            (path / name).write_bytes(damaged)
            with pytest.raises(CheckpointError, match="its SHA-256 is another"):
                check_files(found)
        (path / name).unlink()
        with pytest.raises(CheckpointError, match="expected a file at"):
            check_files(found)
        (path / name).write_bytes(whole_file)
    check_files(found)
    (path / "model/config.json").write_text("{}")
    with pytest.raises(CheckpointError, match="its SHA-256 is another"):
        read_model(path, fingerprint="brackets-1", device=CPU)


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[:-10],
        lambda text: "[]",
        lambda text: "{}",
        lambda text: json.dumps({**json.loads(text), "progress": {"steps": 1}}),
        lambda text: json.dumps({**json.loads(text), "config": {"training": {"steps": 1}}}),
    ],
)
def test_a_damaged_note_is_refused(
    config: Config, ranks: Ranks, tmp_path: Path, damage: Callable[[str], str]
) -> None:
    note = write_one(tmp_path, config, ranks) / "checkpoint.json"
    note.write_text(damage(note.read_text()))
    with pytest.raises(CheckpointError, match="expected a whole"):
        read_checkpoint(note.parent)


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="expected a checkpoint, or a run with one"):
        find_checkpoint(tmp_path)
    with pytest.raises(ConfigError, match=r"expected a model's config\.json"):
        read_decoder(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    with pytest.raises(ConfigError, match="expected logos_fingerprint"):
        read_decoder(tmp_path)


@pytest.mark.parametrize("part", ["save", "write_folder", "_digest"])
def test_a_write_that_fails_leaves_the_last_one(
    config: Config, ranks: Ranks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    first = write_one(tmp_path, config, ranks, step=1)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, part, full)
        with pytest.raises(CheckpointError, match=r"expected to write a checkpoint at .*no space"):
            write_one(tmp_path, config, ranks, step=2)
    assert find_checkpoint(tmp_path) == first
    check_files(read_checkpoint(first))
    second = write_one(tmp_path, config, ranks, step=2)
    assert find_checkpoint(tmp_path) == second
    assert sorted(second.parent.iterdir()) == [first, second]


@pytest.mark.parametrize("room", [1_000, 60_000])
def test_a_full_disk_is_said_in_a_sentence(
    config: Config, ranks: Ranks, tmp_path: Path, room: int
) -> None:
    resource = pytest.importorskip("resource", reason="limits the size of files")
    first = write_one(tmp_path, config, ranks, step=1)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        with pytest.raises(CheckpointError, match="expected to write a checkpoint at"):
            write_one(tmp_path, config, ranks, step=2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert find_checkpoint(tmp_path) == first
    check_files(read_checkpoint(first))


def test_the_latest_checkpoints_stay(config: Config, ranks: Ranks, tmp_path: Path) -> None:
    paths = [write_one(tmp_path, config, ranks, step=step) for step in (5, 10, 15, 15, 20)]
    assert sorted(paths[0].parent.iterdir()) == paths[-2:]
