"""Configuration of the data: sources, their weights, and what becomes of their documents.

In a TOML file a source is a table of the array `data.sources`; `--data PATH...` on the command line
is one source with these paths.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from logos_model.config_error import ConfigError, check_least

LongDocuments = Literal["split", "crop", "refuse"]
Augmentation = Literal["", "atom_order", "root_aligned"]


@dataclass(frozen=True, kw_only=True)
class SourceConfig:
    """One source of documents.

    Attributes
    ----------
    name
        Names its place in a checkpoint; unique among the sources.
    paths
        Folders of shards, or prefixes of shards.
    weight
        Share of the rows, relative to those of the other sources; None is the count of its tokens.
        All sources have a weight, or none has.
    loss_after
        Name of a token, such as "<React>": in each document everything up to its first occurrence
        is a prompt, which is read and not predicted. Empty: all of a document is predicted.
    long_documents
        What becomes of documents longer than a row. "split": every piece is used, and later pieces
        go on with their positions. "crop": a random part that is itself an object. "refuse": left
        out. All are counted.
    augmentation
        "atom_order": molecules in another atom order in each epoch. "root_aligned": reactions with
        map numbers in another order in each epoch, atoms of both sides in the same order as far as
        possible, map numbers removed. Empty: documents as they are.
    """

    name: str
    paths: tuple[str, ...]
    weight: float | None = None
    loss_after: str = ""
    long_documents: LongDocuments = "split"
    augmentation: Augmentation = ""

    def __post_init__(self) -> None:
        if not self.name or not self.paths:
            raise ConfigError(f"expected a name and paths for each source, got {self}")
        if self.weight is not None and not self.weight > 0:
            raise ConfigError(f"expected a weight above 0 for {self.name}, got {self.weight}")
        for field, wanted in (("long_documents", LongDocuments), ("augmentation", Augmentation)):
            given = getattr(self, field)
            if given not in get_args(wanted):
                known = ", ".join(repr(one) for one in get_args(wanted))
                raise ConfigError(f"expected {field} of {self.name} among {known}, got {given!r}")


@dataclass(frozen=True, kw_only=True)
class DataConfig:
    """All sources, and what holds for each of them.

    Attributes
    ----------
    sources
        In the order in which ties between them are decided.
    types
        Modules that declare object types, such as "package.module"; imported before the data is
        read.
    held_out
        Share of each source's documents that is kept for validation.
    held_out_limit
        At most this many documents of each source are kept.
    window
        Documents that are packed together; with augmentation at most 4,096.
    """

    sources: tuple[SourceConfig, ...] = ()
    types: tuple[str, ...] = ()
    held_out: float = 0.01
    held_out_limit: int = 512
    window: int = 65_536

    def __post_init__(self) -> None:
        names = [source.name for source in self.sources]
        if len(set(names)) < len(names):
            raise ConfigError(f"expected sources of different names, got {', '.join(names)}")
        if len({source.weight is None for source in self.sources}) > 1:
            raise ConfigError("expected a weight for every source, or for none")
        if not 0.0 <= self.held_out < 1.0:
            raise ConfigError(f"expected a held-out share in [0, 1), got {self.held_out}")
        check_least("data", self, "window", least=1)
        check_least("data", self, "held_out_limit", least=0)
