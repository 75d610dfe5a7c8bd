"""Checkpoints: a folder that is either whole or not there, and enough in it to go on exactly.

model/           the model as a Hugging Face folder, see `logos_model.hugging_face`
state/           parameters and optimizer by torch.distributed.checkpoint, for any number of ranks
checkpoint.json  configuration, progress, fingerprints, and the size and SHA-256 of every file

The state does not lie beside the weights: transformers and vLLM would take it for weights.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import warnings
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from torch import Tensor
from torch.distributed.checkpoint.api import CheckpointException
from torch.distributed.checkpoint.state_dict_loader import load
from torch.distributed.checkpoint.state_dict_saver import save

from logos_model.config import Config, ConfigError
from logos_model.decoder import Decoder
from logos_model.earlier_checkpoint import (
    is_earlier,
    read_earlier_decoder,
    read_earlier_fingerprint,
)
from logos_model.hugging_face import CONFIG, Identity, read_decoder, write_folder
from logos_model.lineage import lineage_of, writer_of
from logos_model.optim import Optimizer
from logos_model.parallel import Ranks, whole
from logos_model.presets import from_table, to_table

_FOLDER = "checkpoints"
_MODEL = "model"
_STATE = "state"
_NOTE = "checkpoint.json"


class CheckpointError(ValueError):
    """A checkpoint that is not there, not whole, or of another vocabulary."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a run has come.

    Attributes
    ----------
    step
        Steps taken, skipped ones counted.
    tokens
        Targets that were trained on.
    skipped
        Steps whose gradient was not finite.
    data
        Where the data goes on, as `logos_model.data.steps.Data` has it; None at the beginning.
    fingerprint
        Of the data.
    """

    step: int = 0
    tokens: int = 0
    skipped: int = 0
    data: dict[str, dict[str, int]] | None = None
    fingerprint: str = ""


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """What a checkpoint says of itself, with the folder it was read from."""

    path: Path
    config: Config
    progress: Progress
    identity: Identity
    lineage: tuple[str, ...] = ()
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def model(self) -> Path:
        """The Hugging Face folder of the model."""
        return self.path / _MODEL


def write_checkpoint(  # noqa: PLR0913 (the parts of a run)
    run: Path,
    *,
    model: Decoder,
    optimizer: Optimizer,
    config: Config,
    progress: Progress,
    identity: Identity,
    ranks: Ranks,
) -> Path:
    """Write a checkpoint of the run in folder `run`, then drop the oldest beyond those to keep.

    It is written under another name and renamed when it is on disk, so that a checkpoint that can
    be seen is whole. Every rank writes its part of the state.

    Returns
    -------
    Path
        The checkpoint's folder.

    Raises
    ------
    CheckpointError
        If it cannot be written; the checkpoints before it stay.
    """
    final = run / _FOLDER / f"step-{progress.step:08d}"
    draft = final.with_name(f"{final.name}.draft")
    try:
        ranks.first(lambda: _make_room(draft))
        ranks.agree(lambda: save(_state(model, optimizer), checkpoint_id=draft / _STATE))
        ranks.agree(
            lambda: write_folder(
                draft / _MODEL,
                ((name, whole(weight)) for name, weight in model.named_parameters()),
                shape=config.model,
                identity=identity,
                dtype=config.training.export_dtype,
                is_writer=ranks.is_first,
            )
        )
        note = {
            "fingerprint": identity.fingerprint,
            "lineage": lineage_of(identity.fingerprint),
            "types": identity.types,
            "config": to_table(config),
            "progress": asdict(progress),
        }
        ranks.first(lambda: _finish(draft, final, note))
    except (OSError, SafetensorError, CheckpointException) as error:
        raise CheckpointError(f"expected to write a checkpoint at {final}: {error}") from error
    if ranks.is_first:
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
    if (path / _NOTE).is_file() or is_earlier(path):
        return path
    found = _checkpoints(path)
    if not found:
        raise CheckpointError(f"expected a checkpoint, or a run with one, at {path}{_hint(path)}")
    return found[-1]


def _hint(path: Path) -> str:
    """What to do with the folder of a model that is no checkpoint."""
    if (path.parent / _NOTE).is_file():
        return f": its model is there, the checkpoint is {path.parent}"
    if (path / CONFIG).is_file():
        return (
            ": a model is there, which was not trained by logos_model.train; one that "
            f"logos_model.extend made is trained with --set extension.base={path}"
        )
    return ""


def has_checkpoint(run: Path) -> bool:
    """Return whether the run in folder `run` has written a checkpoint."""
    return bool(_checkpoints(run))


def read_checkpoint(path: Path) -> Checkpoint:
    """Return what the checkpoint at `path` says of itself; `check_files` reads the rest.

    Raises
    ------
    CheckpointError
        If it is not there or damaged, or if version 0.1.0 wrote it.
    """
    if is_earlier(path):
        raise CheckpointError(
            f"expected a checkpoint that this version wrote: version 0.1.0 wrote {path}; "
            "its model can be sampled, but its run cannot be resumed"
        )
    try:
        note = json.loads((path / _NOTE).read_text(encoding="utf-8"))
        return Checkpoint(
            path=path,
            config=from_table(note["config"]),
            progress=Progress(**note["progress"]),
            identity=Identity(fingerprint=note["fingerprint"], types=dict(note["types"])),
            lineage=tuple(note.get("lineage", ())),
            files=dict(note["files"]),
        )
    except FileNotFoundError:
        raise CheckpointError(f"expected a checkpoint at {path}") from None
    except (ValueError, KeyError, TypeError, ConfigError) as error:
        raise CheckpointError(f"expected a whole {path / _NOTE}: {error}") from None


def check_vocabulary(checkpoint: Checkpoint, fingerprint: str) -> None:
    """Warn if an earlier version of the vocabulary wrote the checkpoint, see `check_writer`."""
    check_writer(
        checkpoint.path,
        checkpoint.identity.fingerprint,
        lineage=checkpoint.lineage,
        fingerprint=fingerprint,
    )


def check_writer(path: Path, found: str, *, lineage: Iterable[str] = (), fingerprint: str) -> None:
    """Warn if an earlier version of the vocabulary, with the fingerprint `found`, wrote `path`.

    Raises
    ------
    CheckpointError
        If it is of another vocabulary, or of a later version.
    """
    writer, words = writer_of(found, lineage, fingerprint=fingerprint)
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


def check_files(checkpoint: Checkpoint, *, part: str = "") -> None:
    """Compare the files of a checkpoint with what it says of them.

    Parameters
    ----------
    checkpoint
        Which.
    part
        "model" or "state"; all files without it.

    Raises
    ------
    CheckpointError
        If a file is missing or damaged.
    """
    for name, digest in checkpoint.files.items():
        file = checkpoint.path / name
        if not name.startswith(part):
            continue
        if not file.is_file():
            raise CheckpointError(f"expected a file at {file}")
        if _digest(file) != digest:
            raise CheckpointError(f"expected {file} as it was written, its SHA-256 is another")


def restore(checkpoint: Checkpoint, *, model: Decoder, optimizer: Optimizer) -> None:
    """Give model and optimizer the values of a checkpoint, written by any number of ranks.

    Raises
    ------
    CheckpointError
        If the state is not that of such a model and optimizer.
    """
    try:
        load(_state(model, optimizer), checkpoint_id=checkpoint.path / _STATE)
    except (CheckpointException, RuntimeError, ValueError, OSError) as error:
        raise CheckpointError(
            f"expected the state of this model and optimizer in {checkpoint.path / _STATE}: {error}"
        ) from None


def read_model(path: Path, *, fingerprint: str, device: torch.device) -> Decoder:
    """Return the model of the checkpoint at `path` on `device`; version 0.1.0 may have written it.

    Raises
    ------
    CheckpointError
        If it is not there, not whole, or of another vocabulary.
    """
    try:
        if is_earlier(path):
            check_writer(path, read_earlier_fingerprint(path), fingerprint=fingerprint)
            return read_earlier_decoder(path).to(device)
        checkpoint = read_checkpoint(path)
        check_vocabulary(checkpoint, fingerprint)
        check_files(checkpoint, part=_MODEL)
        return read_decoder(checkpoint.model).to(device)
    except ConfigError as error:
        raise CheckpointError(str(error)) from None


def _state(model: Decoder, optimizer: Optimizer) -> dict[str, Tensor]:
    weights = {f"model.{name}": weight.detach() for name, weight in model.named_parameters()}
    return weights | {f"optimizer.{name}": tensor for name, tensor in optimizer.state().items()}


def _make_room(draft: Path) -> None:
    """Make the folders of a draft, without what a killed run left over."""
    for left_over in [*draft.parent.glob("*.draft"), *draft.parent.glob("*.replaced")]:
        shutil.rmtree(left_over)
    (draft / _MODEL).mkdir(parents=True)


def _finish(draft: Path, final: Path, note: dict[str, Any]) -> None:
    """Write the note, wait until everything is on disk, and give the draft its name."""
    files = sorted(path for path in draft.rglob("*") if path.is_file())
    note["files"] = {str(path.relative_to(draft)): _digest(path) for path in files}
    (draft / _NOTE).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
    _flush([*files, draft / _NOTE, draft / _MODEL, draft / _STATE, draft])
    replaced = final.with_name(f"{final.name}.replaced")
    if final.exists():
        final.rename(replaced)
    draft.rename(final)
    _flush([final.parent])
    if replaced.exists():
        shutil.rmtree(replaced)


def _checkpoints(run: Path) -> list[Path]:
    found = (run / _FOLDER).glob("step-*")
    return sorted(path for path in found if path.name.removeprefix("step-").isdigit())


def _digest(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {
            "bytes": path.stat().st_size,
            "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
        }


def _flush(paths: Iterable[Path]) -> None:
    """Wait until files and folders are on disk."""
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
