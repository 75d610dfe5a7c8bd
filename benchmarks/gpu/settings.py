"""What all stages are given, and where they write."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from logos_model.config import Config
from logos_model.data_config import DataConfig, SourceConfig
from logos_model.presets import read_config

Record = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Shards, the folder of the results, and whether shapes are small."""

    data: tuple[Path, ...]
    out: Path
    small: bool

    @property
    def device(self) -> torch.device:
        """The GPU, if there is one."""
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")

    def config(self, preset: str, *settings: str) -> Config:
        """Return a preset on these shards; with small shapes every preset is a small one."""
        if self.small:
            preset, settings = "tiny", (*_SMALL, *settings)
        config = read_config(preset, settings)
        paths = tuple(str(path.resolve()) for path in self.data)
        sources = (SourceConfig(name="data", paths=paths),)
        return replace(config, data=replace(config.data or DataConfig(), sources=sources))

    def read(self, stage: str) -> Record:
        """Return what a stage has written."""
        path = self.out / f"{stage}.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def write(self, stage: str, record: Record) -> None:
        """Write a stage's records; a cut never leaves half a file."""
        path = self.out / f"{stage}.json"
        draft = path.with_suffix(".draft")
        draft.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        os.replace(draft, path)


_SMALL = (
    "model.num_hidden_layers=2",
    "model.hidden_size=64",
    "model.intermediate_size=96",
    "model.num_attention_heads=2",
    "model.num_key_value_heads=1",
    "training.batch_rows=4",
)
