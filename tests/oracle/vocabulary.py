"""Reads spec/vocabulary.toml: every token by id, and the blocks that hold them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Block:
    """A contiguous run of ids with room to grow; `ids` are those that have a token."""

    name: str
    base: int
    size: int
    ids: range


@dataclass(frozen=True)
class Vocabulary:
    """Name, glyph and gloss of every id; the blocks; the id of every name."""

    size: int
    names: dict[int, str]
    glyphs: dict[int, str]
    glosses: dict[int, str]
    blocks: dict[str, Block]
    ids: dict[str, int]


def read_vocabulary(file: Path) -> Vocabulary:
    """Read the tokens and give them ids: block by block, from its base upwards.

    Raises
    ------
    ValueError
        When two blocks have one name.
    """
    tree = tomllib.loads(file.read_text(encoding="utf-8"))
    texts: dict[str, dict[int, str]] = {"name": {}, "text": {}, "gloss": {}}
    blocks: dict[str, Block] = {}
    for block in tree["block"]:
        token = block["base"]
        for entry in block["tokens"]:
            for n in range(entry.get("from", 0), entry.get("to", 0) + 1):
                for key, written in texts.items():
                    written[token] = _numbered(entry[key], n) if "from" in entry else entry[key]
                token += 1
        if block["name"] in blocks:
            raise ValueError(f"a second block {block['name']}")
        ids = range(block["base"], token)
        blocks[block["name"]] = Block(block["name"], block["base"], block["size"], ids)
    ids_of = {name: token for token, name in texts["name"].items()}
    return Vocabulary(tree["size"], texts["name"], texts["text"], texts["gloss"], blocks, ids_of)


def _numbered(pattern: str, n: int) -> str:
    return pattern.replace("{n}", str(n)).replace("{n:03}", f"{n:03}")
