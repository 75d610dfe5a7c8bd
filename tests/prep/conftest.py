"""What the tests of preparation share: shards read back, and a place to write."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("pyarrow", reason="shards need the extra prep")

Sentences = list[list[int]]


def read_shard(folder: Path, kind: str) -> Sentences:
    """Return the documents of a shard, read from the description of the format."""
    index = (folder / f"{kind}.idx").read_bytes()
    magic, version, dtype, count, bounds = struct.unpack_from("<9sQBQQ", index)
    assert (magic, version, dtype, bounds) == (b"MMIDIDX\x00\x00", 1, 8, count + 1)
    at = struct.calcsize("<9sQBQQ")
    lengths = np.frombuffer(index, "<i4", count, at)
    begins = np.frombuffer(index, "<i8", count, at + 4 * count)
    assert np.frombuffer(index, "<i8", offset=at + 12 * count).tolist() == list(range(count + 1))
    ids = np.fromfile(folder / f"{kind}.bin", "<u2")
    assert sum(lengths) == len(ids)
    return [
        ids[begin // 2 : begin // 2 + length].tolist()
        for begin, length in zip(begins, lengths, strict=True)
    ]


def read_refused(folder: Path) -> list[dict[str, Any]]:
    """Return the refused records."""
    lines = (folder / "refused.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file under a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    """Write a file and return its path."""

    def write(name: str, text: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write
