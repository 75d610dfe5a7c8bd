"""The command that extends a language model by the grammar's vocabulary.

`python -m logos_model.extend --base FOLDER --out FOLDER` appends a block of 8,192 rows to the
embedding and the head of a Llama or Qwen3 folder. Id i of the grammar is row `first_id + i`, where
`first_id` is the base's own number of rows. All else stays as it is, the tokenizer too: no token of
the grammar is in it, so no text can forge one.

A new row is the mean of the base's rows of the token's gloss, with a little seeded noise so that
tokens of equal gloss differ; rows of the head come from rows of the head.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

import logos_grammar as lg
from logos_model.config import BOS, EOS, ConfigError, ModelConfig
from logos_model.extension_report import Report, report

EMBEDDING, HEAD = "model.embed_tokens.weight", "lm_head.weight"
_CONFIG, _GENERATION = "config.json", "generation_config.json"
_INDEX = "model.safetensors.index.json"
_NOISE = 0.02
"""Spread of the noise, relative to that of the base's rows."""

Tokenize = Callable[[str], list[int]]


@dataclass(frozen=True, kw_only=True)
class Extension:
    """What was made.

    Attributes
    ----------
    folder
        The extended model.
    first_id
        Row of the grammar's id 0.
    report
        How the new rows lie among the old ones.
    """

    folder: Path
    first_id: int
    report: Report


def extend(base: Path, out: Path, *, seed: int = 0, text: str | None = None) -> Extension:
    """Write the model in `base`, extended, to the new folder `out`.

    Parameters
    ----------
    base
        A Hugging Face folder of a Llama or Qwen3 model with safetensors and a tokenizer.
    out
        Where to write; nothing may be there.
    seed
        What the noise follows from.
    text
        Text on which the model is measured before and after; None for no measurement.

    Raises
    ------
    ConfigError
        If the base is not such a folder, is an extended model already, or `out` exists.
    """
    config = _read_config(base)
    if out.exists():
        raise ConfigError(f"expected a new folder as --out, {out} exists")
    first_id, size = int(config["vocab_size"]), lg.vocabulary.size
    places = _files_of(base)
    tokenize = _tokenizer(base)
    draft = out.with_name(f"{out.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    rows: dict[str, Tensor] = {}
    for file in sorted(set(places.values())):
        rows |= _extended_file(base / file, draft / file, first_id, size, tokenize, seed)
    if EMBEDDING not in rows:
        raise ConfigError(f"expected {EMBEDDING} among the weights of {base}")
    _copy_others(base, draft, written=set(places.values()))
    _write_configs(base, draft, config, first_id=first_id, size=size, rows=rows)
    found = report(rows[EMBEDDING], rows.get(HEAD), first_id=first_id)
    if text is not None:
        found = found.measured(base, draft, tokenize(text), first_id=first_id)
    draft.rename(out)
    return Extension(folder=out, first_id=first_id, report=found)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m logos_model.extend",
        description="extend a Llama or Qwen3 model by the grammar's vocabulary",
    )
    parser.add_argument("--base", type=Path, required=True, help="folder of the base model")
    parser.add_argument("--out", type=Path, required=True, help="new folder")
    parser.add_argument("--seed", type=int, default=0, help="of the noise (%(default)s)")
    parser.add_argument("--text", type=Path, help="a text on which to measure before and after")
    options = parser.parse_args(arguments)
    try:
        text = None if options.text is None else _read_text(options.text)
        made = extend(options.base, options.out, seed=options.seed, text=text)
    except ConfigError as error:
        raise SystemExit(f"{error}") from None
    except OSError as error:
        raise SystemExit(
            f"expected to write the extended model to {options.out}: {error.strerror}"
        ) from None
    print(f"{made.folder}: the grammar's ids begin at {made.first_id}")
    print(made.report)
    return 0


def new_rows(old_VD: Tensor, tokenize: Tokenize, *, size: int, seed: int) -> Tensor:
    """Return the rows of the block, float32 [size, D].

    Parameters
    ----------
    old_VD
        The base's rows.
    tokenize
        Ids of the base's tokenizer for a text.
    size
        Ids of the grammar. Those that no token has get the mean of all rows.
    seed
        What the noise follows from.
    """
    old_VD = old_VD.float()
    mean_D = old_VD.mean(0)
    made = mean_D.repeat(size, 1)
    for id in lg.vocabulary:
        ids = tokenize(lg.vocabulary.gloss(id))
        if ids:
            made[id] = old_VD[ids].mean(0)
    generator = torch.Generator().manual_seed(seed)
    noise = torch.randn(made.shape, generator=generator)
    return made + _NOISE * old_VD.std() * noise


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"expected a text at {path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"expected UTF-8 in {path}: {error}") from None


def _read_config(base: Path) -> dict[str, Any]:
    try:
        config: dict[str, Any] = json.loads((base / _CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(f"expected a model's {_CONFIG} in {base}: {error}") from None
    if "logos_first_id" in config:
        raise ConfigError(f"expected a base model in {base}, it is extended already")
    # Refuses what the decoder does not compute.
    ModelConfig.from_hugging_face(config)
    return config


def _files_of(base: Path) -> dict[str, str]:
    """The file of each weight."""
    index = base / _INDEX
    if index.is_file():
        places: dict[str, str] = json.loads(index.read_text(encoding="utf-8"))["weight_map"]
        return places
    file = "model.safetensors"
    try:
        with safe_open(base / file, framework="pt") as weights:
            return dict.fromkeys(weights.keys(), file)
    except (OSError, SafetensorError) as error:
        raise ConfigError(f"expected safetensors of a model in {base}: {error}") from None


def _tokenizer(base: Path) -> Tokenize:
    try:
        from transformers import AutoTokenizer  # noqa: PLC0415 (an extra)
    except ImportError:
        raise ConfigError(
            "expected transformers, which reads the base's tokenizer: "
            "pip install 'logos-grammar[transformers]'"
        ) from None
    try:
        tokenizer = AutoTokenizer.from_pretrained(base)
    except (OSError, ValueError) as error:
        raise ConfigError(f"expected a tokenizer in {base}: {error}") from None
    return lambda text: list(tokenizer.encode(text, add_special_tokens=False))


def _extended_file(  # noqa: PLR0913, PLR0917 (what a file follows from)
    source: Path, target: Path, first_id: int, size: int, tokenize: Tokenize, seed: int
) -> dict[str, Tensor]:
    """Write one file of weights with its vocabulary extended; return the extended weights."""
    with safe_open(source, framework="pt") as weights:
        names = list(weights.keys())
        extended = {}
        for name in (EMBEDDING, HEAD):
            if name not in names:
                continue
            old_VD = weights.get_tensor(name)
            if len(old_VD) != first_id:
                raise ConfigError(f"expected {first_id} rows in {name}, got {len(old_VD)}")
            rows_VD = new_rows(old_VD, tokenize, size=size, seed=seed + (name == HEAD))
            extended[name] = torch.cat([old_VD, rows_VD.to(old_VD.dtype)])
        if not extended:
            shutil.copyfile(source, target)
            return {}
        kept = {name: weights.get_tensor(name) for name in names if name not in extended}
    save_file(kept | extended, target, metadata={"format": "pt"})
    return extended


def _copy_others(base: Path, out: Path, *, written: set[str]) -> None:
    """Copy what is neither weights nor configuration: tokenizer, chat template, licence."""
    weights = (".safetensors", ".bin", ".pt", ".pth", ".gguf")
    for file in sorted(base.iterdir()):
        is_ours = file.name in {*written, _CONFIG, _GENERATION, _INDEX}
        if file.is_file() and not is_ours and file.suffix not in weights:
            shutil.copyfile(file, out / file.name)


def _write_configs(  # noqa: PLR0913 (what they say)
    base: Path,
    out: Path,
    config: dict[str, Any],
    *,
    first_id: int,
    size: int,
    rows: dict[str, Tensor],
) -> None:
    ours = {"logos_first_id": first_id, "logos_fingerprint": lg.vocabulary.fingerprint}
    ours |= {"logos_bos_token_id": first_id + BOS}
    _write_json(out / _CONFIG, {**config, "vocab_size": first_id + size, **ours})
    path = base / _GENERATION
    generation = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    ends = generation.get("eos_token_id", config.get("eos_token_id"))
    ends = ends if isinstance(ends, list) else [] if ends is None else [ends]
    _write_json(out / _GENERATION, {**generation, "eos_token_id": [*ends, first_id + EOS]})
    path = base / _INDEX
    if path.is_file():
        index = json.loads(path.read_text(encoding="utf-8"))
        added = sum(each[first_id:].numel() * each.element_size() for each in rows.values())
        index["metadata"]["total_size"] += added
        _write_json(out / _INDEX, index)


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
