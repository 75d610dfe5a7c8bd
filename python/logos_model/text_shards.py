"""The command that writes text as shards, to replay while an extended model learns.

`python -m logos_model.text_shards --tokenizer FOLDER --out DIR FILE...`: each line of a `.jsonl`
file with a field "text" is a document, and each other file is one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from logos_model.config_error import ConfigError
from logos_model.data.manifest import write_manifest
from logos_model.data.shards import Ids, write_shard


def tokenizer_digest(folder: Path) -> str:
    """Return the SHA-256 of the `tokenizer.json` in a folder, by which text shards are told.

    Raises
    ------
    ConfigError
        If the file is missing.
    """
    path = folder / "tokenizer.json"
    if not path.is_file():
        raise ConfigError(f"expected tokenizer.json in {folder}")
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_text(tokenizer: Path, files: Sequence[Path], out: Path) -> int:
    """Write the documents of some files as one shard in the new folder `out`; return how many.

    Parameters
    ----------
    tokenizer
        Folder of the base model, or of its extension: their tokenizer is the same.
    files
        Text in UTF-8.
    out
        Where `text.bin`, `text.idx` and `manifest.json` are written.

    Raises
    ------
    ConfigError
        If there is no tokenizer, it has no end of sequence, a line is not what it should be, or
        `out` exists.
    """
    from transformers import AutoTokenizer  # noqa: PLC0415 (an extra)

    digest = tokenizer_digest(tokenizer)
    if out.exists():
        raise ConfigError(f"expected a new folder as --out, {out} exists")
    words = AutoTokenizer.from_pretrained(tokenizer)
    if words.eos_token_id is None:
        raise ConfigError(f"expected a tokenizer with an end of sequence in {tokenizer}")
    out.mkdir(parents=True)
    count = 0

    def documents() -> Iterator[Ids]:
        nonlocal count
        for text in _texts(files):
            ids = words.encode(text, add_special_tokens=False)
            count += 1
            yield np.array([*ids, words.eos_token_id], dtype=np.int32)

    write_shard(out / "text", documents())
    content = {"kind": "text", "fingerprint": digest, "counts": {"documents": count}}
    ids = {"bos_id": words.bos_token_id, "eos_id": words.eos_token_id}
    write_manifest(out, {**content, **ids})
    return count


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m logos_model.text_shards",
        description="write text as shards of a base model's ids",
    )
    parser.add_argument("--tokenizer", type=Path, required=True, help="folder of the base model")
    parser.add_argument("--out", type=Path, required=True, help="new folder")
    parser.add_argument("files", type=Path, nargs="+", help=".jsonl with a field text, or text")
    options = parser.parse_args(arguments)
    try:
        count = write_text(options.tokenizer, options.files, options.out)
    except (ConfigError, OSError) as error:
        raise SystemExit(f"{error}") from None
    print(f"{options.out}: {count:,} documents")
    return 0


def _texts(files: Iterable[Path]) -> Iterator[str]:
    for path in files:
        if path.suffix != ".jsonl":
            yield path.read_text(encoding="utf-8")
            continue
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                yield _text_of(path, number, line)


def _text_of(path: Path, number: int, line: str) -> str:
    try:
        found: Any = json.loads(line)["text"]
    except (ValueError, KeyError, TypeError):
        found = None
    if not isinstance(found, str):
        raise ConfigError(f"expected an object with a text in line {number} of {path}")
    return found


if __name__ == "__main__":
    sys.exit(main())
