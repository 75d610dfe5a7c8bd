"""Checkpoints: a folder that is either whole or not there, and enough in it to go on exactly.

model.safetensors      weights under Hugging Face's names
config.json            the model's shape, as Hugging Face's `LlamaForCausalLM` reads it
optimizer.safetensors  AdamW's moments, and the state of torch's random numbers
state.json             step, place in the data, configuration, fingerprint, and the size and
                       SHA-256 of the other files
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import warnings
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from logos_model.batches import Place
from logos_model.config import Config, ConfigError, ModelConfig, TrainingConfig
from logos_model.decoder import Decoder
from logos_model.lineage import lineage_of, writer_of

_FOLDER = "checkpoints"
_WEIGHTS = "model.safetensors"
_SHAPE = "config.json"
_OPTIMIZER = "optimizer.safetensors"
_STATE = "state.json"
_RANDOM = "random.cpu"


class CheckpointError(ValueError):
    """A checkpoint that is not there, not whole, or of another vocabulary."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a run has come.

    Attributes
    ----------
    step
        Steps taken.
    tokens
        Targets that were trained on.
    place
        Where the data goes on.
    data
        Name, documents and tokens of each shard.
    """

    step: int
    tokens: int
    place: Place
    data: list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """What a checkpoint's `state.json` says, with the folder it was read from."""

    path: Path
    config: Config
    progress: Progress


def write_checkpoint(  # noqa: PLR0913 (the parts of a run)
    run: Path,
    *,
    model: Decoder,
    optimizer: torch.optim.Optimizer,
    config: Config,
    progress: Progress,
    fingerprint: str,
) -> Path:
    """Write a checkpoint of the run in folder `run`, then drop the oldest beyond those to keep.

    It is written under another name and renamed when it is on disk, so that a checkpoint that can
    be seen is whole.

    Returns
    -------
    Path
        The checkpoint's folder.
    """
    final = run / _FOLDER / f"step-{progress.step:08d}"
    for left_over in [*final.parent.glob("*.draft"), *final.parent.glob("*.replaced")]:
        shutil.rmtree(left_over)
    draft = final.with_name(f"{final.name}.draft")
    draft.mkdir(parents=True)
    # The weights may be taken away without the rest; they still say whose ids they know.
    notes = {"format": "pt", "vocabulary": fingerprint}
    save_file(_weights(model), draft / _WEIGHTS, metadata=notes)
    save_file(_moments(model, optimizer), draft / _OPTIMIZER)
    _write_json(draft / _SHAPE, config.model.to_hugging_face())
    _write_json(
        draft / _STATE,
        {
            "fingerprint": fingerprint,
            "lineage": lineage_of(fingerprint),
            "model": asdict(config.model),
            "training": asdict(config.training),
            "progress": asdict(progress),
            "files": {name: _digest(draft / name) for name in (_WEIGHTS, _OPTIMIZER, _SHAPE)},
        },
    )
    _flush([*draft.iterdir(), draft])
    replaced = final.with_name(f"{final.name}.replaced")
    if final.exists():
        final.rename(replaced)
    draft.rename(final)
    _flush([final.parent])
    if replaced.exists():
        shutil.rmtree(replaced)
    for old in _checkpoints(run)[: -config.training.keep_checkpoints]:
        shutil.rmtree(old)
    return final


def find_checkpoint(path: Path) -> Path:
    """Return `path` if it is a checkpoint, else the latest one of the run in folder `path`.

    Raises
    ------
    CheckpointError
        If there is none.
    """
    if (path / _STATE).is_file():
        return path
    found = _checkpoints(path)
    if not found:
        raise CheckpointError(f"expected a checkpoint, or a run with one, at {path}")
    return found[-1]


def has_checkpoint(run: Path) -> bool:
    """Say whether the run in folder `run` has written a checkpoint."""
    return bool(_checkpoints(run))


def read_checkpoint(path: Path, *, fingerprint: str) -> Checkpoint:
    """Read what the checkpoint at `path` says of itself, after checking that all of it is whole.

    Raises
    ------
    CheckpointError
        If a file is missing or damaged, or the vocabulary is not the one of `fingerprint`.
    """
    try:
        state = json.loads((path / _STATE).read_text(encoding="utf-8"))
        found, files = state["fingerprint"], dict(state["files"])
        config = Config(
            model=ModelConfig(**state["model"]), training=TrainingConfig(**state["training"])
        )
        progress = Progress(**{**state["progress"], "place": Place(**state["progress"]["place"])})
    except FileNotFoundError:
        raise CheckpointError(f"expected a checkpoint at {path}") from None
    except (ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f"expected a whole {path / _STATE}: {error}") from None
    writer, words = writer_of(found, state.get("lineage", ()), fingerprint=fingerprint)
    if writer == "later":
        raise CheckpointError(
            f"expected a checkpoint of this version of the vocabulary or an earlier one: {words} "
            f"wrote {path}, and its model can write tokens that this version does not have"
        )
    if writer == "other":
        raise CheckpointError(
            f"expected a checkpoint of the vocabulary {fingerprint}, got {found} at {path}"
        )
    if writer == "earlier":
        warnings.warn(f"{path} was written with {words}", stacklevel=2)
    for name, digest in files.items():
        file = path / name
        if not file.is_file():
            raise CheckpointError(f"expected a file at {file}")
        if _digest(file) != digest:
            raise CheckpointError(f"expected {file} as it was written, its SHA-256 is another")
    return Checkpoint(path=path, config=config, progress=progress)


def read_model(path: Path, *, fingerprint: str, device: torch.device) -> Decoder:
    """Return the model of the checkpoint at `path` on `device`; errors as `read_checkpoint`."""
    checkpoint = read_checkpoint(path, fingerprint=fingerprint)
    model = Decoder(checkpoint.config.model)
    restore_weights(model, checkpoint)
    return model.to(device)


def restore_weights(model: Decoder, checkpoint: Checkpoint) -> None:
    """Give `model` the weights of `checkpoint`."""
    weights = _tensors(checkpoint.path / _WEIGHTS)
    if model.config.tie_word_embeddings:
        weights["lm_head.weight"] = weights["model.embed_tokens.weight"]
    try:
        model.load_state_dict(weights)
    except RuntimeError as error:
        raise CheckpointError(
            f"expected weights of the model's shape in {checkpoint.path / _WEIGHTS}: {error}"
        ) from None


def restore_optimizer(
    model: Decoder, optimizer: torch.optim.Optimizer, checkpoint: Checkpoint
) -> None:
    """Give `optimizer` the moments, and torch the random state, of `checkpoint`."""
    tensors = _tensors(checkpoint.path / _OPTIMIZER)
    torch.set_rng_state(tensors.pop(_RANDOM))
    weights = dict(model.named_parameters())
    for key, tensor in tensors.items():
        moment, name = key.split(".", 1)
        if name not in weights:
            raise CheckpointError(f"expected no moments of {name} in {checkpoint.path}")
        # AdamW counts steps on the processor, wherever the weights are.
        place = tensor if moment == "step" else tensor.to(weights[name].device)
        optimizer.state[weights[name]][moment] = place


def check_resumable(config: Config, checkpoint: Checkpoint) -> None:
    """Refuse to go on from `checkpoint` with options that would have made another run.

    How long the run is and how often it is checked and saved may change; the rest may not.

    Raises
    ------
    ConfigError
        Naming each option that differs.
    """
    free = {"steps", "checkpoint_every", "keep_checkpoints", "validate_every"}
    old = {**asdict(checkpoint.config.model), **asdict(checkpoint.config.training)}
    new = {**asdict(config.model), **asdict(config.training)}
    changed = [name for name in new if name not in free and new[name] != old[name]]
    if changed:
        differences = ", ".join(f"{name} {old[name]} (now {new[name]})" for name in changed)
        raise ConfigError(f"expected the options that the run was begun with: {differences}")


def _weights(model: Decoder) -> dict[str, Tensor]:
    # named_parameters names a shared weight once, so a tied head is left out, as safetensors and
    # Hugging Face want it.
    return {name: weight.detach().contiguous() for name, weight in model.named_parameters()}


def _moments(model: Decoder, optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    tensors = {_RANDOM: torch.get_rng_state()}
    for name, weight in model.named_parameters():
        for moment, tensor in optimizer.state[weight].items():
            tensors[f"{moment}.{name}"] = tensor.contiguous()
    return tensors


def _tensors(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise CheckpointError(f"expected tensors in {path}: {error}") from None


def _checkpoints(run: Path) -> list[Path]:
    found = (run / _FOLDER).glob("step-*")
    return sorted(path for path in found if path.name.removeprefix("step-").isdigit())


def _digest(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {
            "bytes": path.stat().st_size,
            "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
        }


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


def _flush(paths: Iterable[Path]) -> None:
    """Wait until files and folders are on disk."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
