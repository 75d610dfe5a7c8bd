"""Resumption: which settings of a run may change when it goes on, and which may not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from logos_model.checkpoint import (
    Checkpoint,
    CheckpointError,
    check_files,
    check_vocabulary,
    find_checkpoint,
    has_checkpoint,
    read_checkpoint,
)
from logos_model.config import Config, ConfigError
from logos_model.optim import learning_rate
from logos_model.presets import differences

RUN_CONFIG = "config.toml"
"""The file of a run's folder with its configuration."""

_FREE = {
    "training.validate_every",
    "training.checkpoint_every",
    "training.keep_checkpoints",
    "training.export_dtype",
    "training.pass_rows",
}
"""Settings that change nothing about what is trained. Those of the system are free as well."""


def changes(old: Config, new: Config, *, step: int) -> str:
    """Return what changes when a run of the configuration `old` goes on with `new` after `step`.

    Parameters
    ----------
    old, new
        The run's configuration and the one that is wanted. Paths of data may differ.
    step
        Steps taken. The number of steps may change while the learning rates of these stay the same.

    Returns
    -------
    str
        The settings that change, "" if no setting changes.

    Raises
    ------
    ConfigError
        Naming each setting that would have made another run.
    """
    said = {
        key: f"{key} {before} (now {after})"
        for key, (before, after) in differences(_without_paths(old), _without_paths(new)).items()
    }
    refused = [key for key in said if not (key in _FREE or key.startswith("system."))]
    if "training.steps" in refused and _is_same_so_far(old, new, step):
        refused.remove("training.steps")
    if refused:
        raise ConfigError(
            "expected the settings that the run was begun with: "
            + ", ".join(said[key] for key in refused)
        )
    return ", ".join(said.values())


def checkpoint_to_resume(
    config: Config, out: Path, fingerprint: str, resume: bool
) -> Checkpoint | None:
    """Return the checkpoint that a run in folder `out` goes on from, None where it begins.

    Raises
    ------
    CheckpointError, ConfigError
        If a run is there that is not to be resumed, or it is another one.
    """
    if not resume:
        if has_checkpoint(out):
            raise CheckpointError(
                f"expected a folder without a run, {out} has one: --resume {out} goes on with it"
            )
        return None
    if not has_checkpoint(out) and (out / RUN_CONFIG).is_file():
        print(f"no checkpoint in {out} yet: beginning at step 0")
        return None
    checkpoint = read_checkpoint(find_checkpoint(out))
    check_vocabulary(checkpoint, fingerprint)
    changes(checkpoint.config, config, step=checkpoint.progress.step)
    check_files(checkpoint)
    return checkpoint


def _is_same_so_far(old: Config, new: Config, step: int) -> bool:
    """Return whether the steps that were taken have the same learning rates in both."""
    if new.training.steps < step:
        return False
    return all(learning_rate(at, old) == learning_rate(at, new) for at in range(step))


def _without_paths(config: Config) -> Config:
    """Return a configuration without where its data lies: the data has a fingerprint of its own."""
    sources = tuple(replace(source, paths=("",)) for source in config.data.sources)
    return replace(config, data=replace(config.data, sources=sources))
