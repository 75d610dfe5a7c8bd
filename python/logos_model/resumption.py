"""Resumption: which settings of a run may change when it goes on, and which may not."""

from __future__ import annotations

from dataclasses import replace

from logos_model.config import Config, ConfigError
from logos_model.optim import learning_rate
from logos_model.presets import differences

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


def _is_same_so_far(old: Config, new: Config, step: int) -> bool:
    """Return whether the steps that were taken have the same learning rates in both."""
    if new.training.steps < step:
        return False
    return all(learning_rate(at, old) == learning_rate(at, new) for at in range(step))


def _without_paths(config: Config) -> Config:
    """Return a configuration without where its data lies: the data has a fingerprint of its own."""
    sources = tuple(replace(source, paths=("",)) for source in config.data.sources)
    return replace(config, data=replace(config.data, sources=sources))
