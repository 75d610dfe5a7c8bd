"""A checkpoint is whole or refused, and opens in transformers as it stands."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from logos_grammar.vocabulary import Vocabulary
from logos_model import checkpoint as checkpoints
from logos_model.batches import Place
from logos_model.checkpoint import (
    CheckpointError,
    Progress,
    check_resumable,
    find_checkpoint,
    read_checkpoint,
    read_model,
    restore_optimizer,
    restore_weights,
    write_checkpoint,
)
from logos_model.config import Config, ConfigError
from logos_model.decoder import Decoder
from logos_model.optim import adamw

CPU = torch.device("cpu")


def write_one(run: Path, config: Config, step: int = 7) -> Path:
    model = Decoder(config.model)
    model.initialize(seed=step)
    optimizer = adamw(model, config.training)
    model(torch.tensor([[1, 3, 5]])).sum().backward()
    optimizer.step()
    return write_checkpoint(
        run,
        model=model,
        optimizer=optimizer,
        config=config,
        progress=Progress(step=step, tokens=70, place=Place(epoch=1, row=2), data=[]),
        fingerprint="brackets-1",
    )


def test_a_checkpoint_comes_back(config: Config, tmp_path: Path) -> None:
    path = write_one(tmp_path, config)
    assert find_checkpoint(path) == find_checkpoint(tmp_path) == path
    found = read_checkpoint(path, fingerprint="brackets-1")
    assert found.config == config
    assert found.progress == Progress(step=7, tokens=70, place=Place(epoch=1, row=2), data=[])
    assert [*tmp_path.rglob("*.draft"), *tmp_path.rglob("*.replaced")] == []


def test_moments_and_random_state_come_back(config: Config, tmp_path: Path) -> None:
    torch.manual_seed(11)
    found = read_checkpoint(write_one(tmp_path, config), fingerprint="brackets-1")
    expected = torch.rand(3)
    model = Decoder(config.model)
    optimizer = adamw(model, config.training)
    restore_weights(model, found)
    restore_optimizer(model, optimizer, found)
    assert torch.equal(torch.rand(3), expected)
    for name, weight in model.named_parameters():
        state = optimizer.state[weight]
        assert state.keys() == {"step", "exp_avg", "exp_avg_sq"}, name
        assert state["step"] == 1
        assert state["exp_avg"].shape == weight.shape


def test_a_later_version_of_the_vocabulary_reads_an_earlier_one(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_one(tmp_path, config)
    versions = [(1, "brackets-1"), (2, "brackets-2")]
    later = Vocabulary(versions=versions)
    monkeypatch.setattr(sys.modules["logos_grammar.vocabulary"], "vocabulary", later)
    with pytest.warns(UserWarning, match="was written with version 1 of the vocabulary"):
        assert read_checkpoint(path, fingerprint="brackets-2").config == config
    state = path / "state.json"
    lineage = ["brackets-1", "brackets-2", "brackets-3"]
    found = json.loads(state.read_text(encoding="utf-8"))
    state.write_text(json.dumps({**found, "fingerprint": "brackets-3", "lineage": lineage}))
    with pytest.raises(CheckpointError, match="a later version of the vocabulary wrote"):
        read_checkpoint(path, fingerprint="brackets-2")


@pytest.mark.parametrize("tied", [True, False])
def test_transformers_opens_a_checkpoint(config: Config, tmp_path: Path, tied: bool) -> None:
    transformers = pytest.importorskip("transformers", reason="compares with transformers")
    config = replace(config, model=replace(config.model, tie_word_embeddings=tied))
    path = write_one(tmp_path, config)
    model = read_model(path, fingerprint="brackets-1", device=CPU).eval()
    theirs, info = transformers.LlamaForCausalLM.from_pretrained(path, output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    ids_BT = torch.arange(48)[None]
    with torch.inference_mode():
        torch.testing.assert_close(model(ids_BT), theirs(input_ids=ids_BT).logits)


def test_another_vocabulary_is_refused(config: Config, tmp_path: Path) -> None:
    path = write_one(tmp_path, config)
    with pytest.raises(CheckpointError, match="vocabulary brackets-2, got brackets-1"):
        read_checkpoint(path, fingerprint="brackets-2")
    with pytest.raises(CheckpointError, match="vocabulary brackets-2, got brackets-1"):
        read_model(path, fingerprint="brackets-2", device=CPU)


@pytest.mark.parametrize("name", ["model.safetensors", "optimizer.safetensors", "config.json"])
def test_a_damaged_file_is_refused(config: Config, tmp_path: Path, name: str) -> None:
    path = write_one(tmp_path, config)
    whole = (path / name).read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    for damaged in (flipped, whole[:-1], b""):
        (path / name).write_bytes(damaged)
        with pytest.raises(CheckpointError, match="its SHA-256 is another"):
            read_checkpoint(path, fingerprint="brackets-1")
    (path / name).unlink()
    with pytest.raises(CheckpointError, match="expected a file at"):
        read_checkpoint(path, fingerprint="brackets-1")


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[:-10],
        lambda text: "[]",
        lambda text: "{}",
        lambda text: json.dumps({**json.loads(text), "progress": {}}),
        lambda text: json.dumps({**json.loads(text), "training": {"steps": 1}}),
    ],
)
def test_a_damaged_state_is_refused(
    config: Config, tmp_path: Path, damage: Callable[[str], str]
) -> None:
    state = write_one(tmp_path, config) / "state.json"
    state.write_text(damage(state.read_text()))
    with pytest.raises(CheckpointError, match="expected a whole"):
        read_checkpoint(state.parent, fingerprint="brackets-1")


def test_a_place_without_a_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="expected a checkpoint, or a run with one"):
        find_checkpoint(tmp_path)


def test_a_write_that_fails_leaves_the_last_one(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = write_one(tmp_path, config, step=1)

    def full(*arguments: object) -> None:
        raise OSError(28, "no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(checkpoints, "_write_json", full)
        with pytest.raises(OSError, match="no space"):
            write_one(tmp_path, config, step=2)
    assert find_checkpoint(tmp_path) == first
    read_checkpoint(first, fingerprint="brackets-1")
    second = write_one(tmp_path, config, step=2)
    assert find_checkpoint(tmp_path) == second
    assert sorted(second.parent.iterdir()) == [first, second]


def test_the_latest_checkpoints_stay(config: Config, tmp_path: Path) -> None:
    paths = [write_one(tmp_path, config, step=step) for step in (5, 10, 15, 15, 20)]
    assert sorted(paths[0].parent.iterdir()) == paths[-2:]


def test_other_options_do_not_resume(config: Config, tmp_path: Path) -> None:
    found = read_checkpoint(write_one(tmp_path, config), fingerprint="brackets-1")
    check_resumable(replace(config, training=replace(config.training, steps=99)), found)
    changed = replace(config, training=replace(config.training, batch_rows=9, seed=4))
    with pytest.raises(ConfigError, match=r"batch_rows 4 \(now 9\), seed 0 \(now 4\)"):
        check_resumable(changed, found)
    wider = replace(config, model=replace(config.model, hidden_size=64))
    with pytest.raises(ConfigError, match=r"hidden_size 32 \(now 64\)"):
        check_resumable(wider, found)
