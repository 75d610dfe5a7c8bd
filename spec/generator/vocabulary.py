"""The vocabulary: read from vocabulary.toml, written as the table of the core."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator.text import NOTICE, SPEC, quote


@dataclass(frozen=True)
class Run:
    """One token, or a numbered run of tokens."""

    base: int
    first: int
    count: int
    name: str
    text: str
    gloss: str

    def names(self) -> Iterator[tuple[int, str]]:
        """Every id of the run with its name."""
        for i in range(self.count):
            yield self.base + i, numbered(self.name, self.first + i)


@dataclass(frozen=True)
class Block:
    """A contiguous range of ids."""

    name: str
    base: int
    size: int
    gloss: str
    runs: tuple[Run, ...]
    texts: dict[str, str]

    def first(self, count: int) -> tuple[Run, ...]:
        """The runs of its first tokens."""
        end = self.base + count
        return tuple(
            replace(run, count=min(run.count, end - run.base))
            for run in self.runs
            if run.base < end
        )


@dataclass(frozen=True)
class Vocabulary:
    """All blocks, by ascending base."""

    size: int
    blocks: tuple[Block, ...]

    def fingerprint(self) -> str:
        """SHA-256 over the line ``id<TAB>name`` of every assigned id, ascending."""
        lines = [
            f"{id}\t{name}\n"
            for block in self.blocks
            for run in block.runs
            for id, name in run.names()
        ]
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    def counts(self) -> dict[str, int]:
        """How many tokens each block has; those that have none are left out."""
        counts = {block.name: sum(run.count for run in block.runs) for block in self.blocks}
        return {name: count for name, count in counts.items() if count}

    def first(self, counts: Mapping[str, int]) -> Vocabulary:
        """The vocabulary of the first tokens of each block, as many as is said."""
        blocks = (
            replace(block, runs=block.first(counts.get(block.name, 0))) for block in self.blocks
        )
        return Vocabulary(self.size, tuple(blocks))


def numbered(template: str, number: int) -> str:
    """Fill ``{n}`` and ``{n:03}`` of a numbered run."""
    return template.replace("{n:03}", f"{number:03}").replace("{n}", str(number))


def read_vocabulary(text: str | None = None) -> Vocabulary:
    """Read vocabulary.toml, or its text; refuse blocks that overlap, overflow, or share a name."""
    if text is None:
        text = (SPEC / "vocabulary.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomllib.loads(text)
    blocks: list[Block] = []
    seen: dict[str, int] = {}
    end = 0
    for entry in data["block"]:
        if entry["base"] < end:
            raise SystemExit(f"block {entry['name']} begins inside the block before it")
        end = entry["base"] + entry["size"]
        runs: list[Run] = []
        id = entry["base"]
        for token in entry["tokens"]:
            first = token.get("from", 0)
            count = token["to"] - first + 1 if "from" in token else 1
            run = Run(id, first, count, token["name"], token["text"], token["gloss"])
            for each, name in run.names():
                if name in seen:
                    raise SystemExit(f"two tokens are named {name}: {seen[name]} and {each}")
                seen[name] = each
            runs.append(run)
            id += count
        if id > end:
            raise SystemExit(f"block {entry['name']} has more tokens than its size")
        blocks.append(
            Block(
                name=entry["name"],
                base=entry["base"],
                size=entry["size"],
                gloss=entry["gloss"],
                runs=tuple(runs),
                texts=entry.get("texts", {}),
            )
        )
    if end > data["size"]:
        raise SystemExit(f"the last block ends at {end}, beyond the size {data['size']}")
    return Vocabulary(data["size"], tuple(blocks))


def tokens_rs(vocabulary: Vocabulary) -> str:
    """The vocabulary as a static table."""
    lines = [
        f"//! The vocabulary as a table: {NOTICE}.",
        "",
        "use crate::vocabulary::{Block, Run};",
        "",
        "/// One past the highest id that may ever be assigned: the width of logits.",
        f"pub const SIZE: usize = {vocabulary.size};",
        "",
        "/// SHA-256 over every assigned id and its name.",
        f'pub const FINGERPRINT: &str = "{vocabulary.fingerprint()}";',
        "",
        "/// Every block, by ascending base.",
        "#[rustfmt::skip]",
        "pub static BLOCKS: &[Block] = &[",
    ]
    for block in vocabulary.blocks:
        lines.append(
            f"    Block {{ name: {quote(block.name)}, base: {block.base}, size: {block.size}, "
            f"gloss: {quote(block.gloss)}, runs: &["
        )
        lines += [
            f"        Run {{ base: {run.base}, first: {run.first}, count: {run.count}, "
            f"name: {quote(run.name)}, text: {quote(run.text)}, gloss: {quote(run.gloss)} }},"
            for run in block.runs
        ]
        lines.append("    ] },")
    return "\n".join([*lines, "];", ""])
