"""Hugging Face folders: a model's weights, shape and tokenizer as transformers and vLLM read them.

config.json             shape, dtype, fingerprints of the vocabulary and of declared types
generation_config.json  ids that begin, end and fill a sequence
model.safetensors       weights; from 5 GB on several files and model.safetensors.index.json
tokenizer files         of `logos_grammar`, for `AutoTokenizer`

The bytes follow from the content alone, so that equal runs write equal files.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from logos_model.config import BOS, EOS, PAD, ConfigError, DType, ModelConfig
from logos_model.decoder import Decoder

CONFIG = "config.json"
_GENERATION = "generation_config.json"
_INDEX = "model.safetensors.index.json"
_SINGLE = "model.safetensors"
_SHARD_BYTES = 5_000_000_000


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What a model's ids mean.

    Attributes
    ----------
    fingerprint
        Of the vocabulary.
    types
        Fingerprint of each declared type that the model was trained on, by its kind.
    tokenizer
        Folder with the files of its tokenizer; None without one.
    """

    fingerprint: str
    types: dict[str, str] = field(default_factory=dict)
    tokenizer: Path | None = None


def write_folder(  # noqa: PLR0913 (the parts of a folder)
    folder: Path,
    weights: Iterator[tuple[str, Tensor]],
    *,
    shape: ModelConfig,
    identity: Identity,
    dtype: DType,
    is_writer: bool = True,
) -> None:
    """Write a folder.

    Parameters
    ----------
    folder
        An empty folder.
    weights
        Name and whole values of each parameter; they are read one by one, so that only one file of
        them is in memory. Every rank has to read them.
    shape
        Of the model.
    identity
        What its ids mean.
    dtype
        Type of the weights in the files.
    is_writer
        Whether this rank writes; the others only take part in reading the weights.
    """
    kept = getattr(torch, dtype)
    held: dict[str, Tensor] = {}
    files: list[list[str]] = []
    size = total = 0
    error: Exception | None = None
    for name, values in weights:
        # Every rank goes through all weights, also when this one can no longer write.
        if not is_writer or error is not None:
            continue
        bytes_here = values.numel() * kept.itemsize
        if held and size + bytes_here > _SHARD_BYTES:
            try:
                files.append(_save(folder, len(files), held))
            except (OSError, SafetensorError) as caught:
                error = caught
            held, size = {}, 0
        # A copy: a view of a larger tensor would be written whole.
        held[name] = values.detach().to("cpu", kept).contiguous().clone()
        size += bytes_here
        total += bytes_here
    if error is not None:
        raise error
    if not is_writer:
        return
    files.append(_save(folder, len(files), held))
    _name_shards(folder, files, total)
    config = shape.to_hugging_face()
    # transformers 4 reads torch_dtype, transformers 5 dtype.
    config |= {"dtype": dtype, "torch_dtype": dtype, "logos_fingerprint": identity.fingerprint}
    config |= {"logos_types": identity.types}
    _write_json(folder / CONFIG, config)
    ids = {"bos_token_id": BOS, "eos_token_id": EOS, "pad_token_id": PAD}
    ids = {name: id + shape.first_id for name, id in ids.items()}
    _write_json(folder / _GENERATION, {"do_sample": True, **ids})
    if identity.tokenizer is not None:
        for file in sorted(identity.tokenizer.iterdir()):
            shutil.copyfile(file, folder / file.name)


def copy_tokenizer(base: Path, folder: Path) -> None:
    """Copy what a folder has beside weights and shape."""
    for file in sorted(base.iterdir()):
        if file.is_file() and file.suffix != ".safetensors" and file.name not in (CONFIG, _INDEX):
            shutil.copyfile(file, folder / file.name)


def read_config(folder: Path) -> tuple[ModelConfig, Identity]:
    """Return shape and identity of the model in a folder.

    Raises
    ------
    ConfigError
        If there is no `config.json` of a model of this package.
    """
    try:
        config: dict[str, Any] = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"expected a model's {CONFIG} in {folder}: {error}") from None
    if "logos_fingerprint" not in config:
        raise ConfigError(f"expected logos_fingerprint in {folder / CONFIG}: another model's")
    identity = Identity(
        fingerprint=config["logos_fingerprint"], types=dict(config.get("logos_types", {}))
    )
    return ModelConfig.from_hugging_face(config), identity


def read_weights(folder: Path) -> Iterator[tuple[str, Tensor]]:
    """Yield name and values of each parameter in a folder.

    Raises
    ------
    ConfigError
        If a file is missing or not a file of weights.
    """
    index = folder / _INDEX
    names = [_SINGLE]
    if index.is_file():
        names = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
    for name in names:
        try:
            with safe_open(folder / name, framework="pt") as file:
                for key in file.keys():  # noqa: SIM118 (it is no mapping)
                    yield key, file.get_tensor(key)
        except (SafetensorError, OSError) as error:
            raise ConfigError(f"expected weights in {folder / name}: {error}") from None


def read_decoder(folder: Path, *, dtype: torch.dtype = torch.float32) -> Decoder:
    """Return the model of a folder on the processor, in `dtype`.

    Raises
    ------
    ConfigError
        If the folder holds no whole model of its shape.
    """
    shape, _ = read_config(folder)
    model = Decoder(shape).to(dtype)
    load_weights(model, folder)
    return model


def load_weights(model: Decoder, folder: Path) -> None:
    """Give a model the weights of a folder.

    Raises
    ------
    ConfigError
        If the folder does not hold exactly the weights of such a model.
    """
    weights = dict(model.named_parameters())
    with torch.no_grad():
        for name, values in read_weights(folder):
            weight = weights.pop(name, None)
            if weight is None or weight.shape != values.shape:
                raise ConfigError(f"expected weights of the model's shape in {folder}, got {name}")
            weight.copy_(values)
    if weights:
        raise ConfigError(f"expected {', '.join(weights)} among the weights in {folder}")


def _save(folder: Path, number: int, tensors: dict[str, Tensor]) -> list[str]:
    # One note only: the library writes several in any order.
    save_file(tensors, folder / f"{number}.part", metadata={"format": "pt"})
    return list(tensors)


def _name_shards(folder: Path, files: list[list[str]], total: int) -> None:
    """Give the files the names that transformers expects, which hold their count."""
    if len(files) == 1:
        (folder / "0.part").rename(folder / _SINGLE)
        return
    places: dict[str, str] = {}
    for number, names in enumerate(files):
        name = f"model-{number + 1:05d}-of-{len(files):05d}.safetensors"
        (folder / f"{number}.part").rename(folder / name)
        places |= dict.fromkeys(names, name)
    _write_json(
        folder / _INDEX,
        {"metadata": {"total_size": total}, "weight_map": dict(sorted(places.items()))},
    )


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
