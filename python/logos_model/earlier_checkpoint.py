"""Earlier checkpoints: the model of a checkpoint that version 0.1.0 wrote.

There the weights (`model.safetensors`, `config.json`) lay in the folder itself, beside the
optimizer's and a note (`state.json`) with the fingerprint of the vocabulary and the SHA-256 of each
file. The model can be read; a run cannot go on from it, as its data had no fingerprint.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from logos_model.config import ConfigError, ModelConfig
from logos_model.decoder import Decoder
from logos_model.hugging_face import CONFIG, load_weights

_NOTE = "state.json"
_MODEL_FILES = (CONFIG, "model.safetensors")


def is_earlier(path: Path) -> bool:
    """Return whether the folder is a checkpoint of version 0.1.0."""
    return (path / _NOTE).is_file()


def read_earlier_fingerprint(path: Path) -> str:
    """Return the fingerprint of its vocabulary, after a check of the model's files.

    Raises
    ------
    ConfigError
        If a file is missing or damaged.
    """
    try:
        note = json.loads((path / _NOTE).read_text(encoding="utf-8"))
        fingerprint = str(note["fingerprint"])
        written = {name: note["files"][name]["sha256"] for name in _MODEL_FILES}
        digests = {name: _digest(path / name) for name in _MODEL_FILES}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"expected a whole {path / _NOTE}: {error}") from None
    for name in _MODEL_FILES:
        if digests[name] != written[name]:
            raise ConfigError(f"expected {path / name} as it was written, its SHA-256 differs")
    return fingerprint


def read_earlier_decoder(path: Path) -> Decoder:
    """Return its model on the processor.

    Raises
    ------
    ConfigError
        If the folder holds no whole model.
    """
    shape = json.loads((path / CONFIG).read_text(encoding="utf-8"))
    model = Decoder(ModelConfig.from_hugging_face(shape))
    load_weights(model, path)
    return model


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
