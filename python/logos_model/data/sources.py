"""Sources: each set of shards opened, checked, divided, and turned into rows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from logos_model.config_error import ConfigError
from logos_model.data.changes import change_of
from logos_model.data.corpus import Corpus, open_corpus
from logos_model.data.division import Division, divide
from logos_model.data.rows import Rows
from logos_model.data.shards import ShardError
from logos_model.data_config import DataConfig, SourceConfig
from logos_model.grammar import Grammar

_CHANGED_WINDOW = 4_096
"""Documents that are changed before the first of them is trained on."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A source as it was opened.

    Attributes
    ----------
    config
        What was wanted.
    corpus
        Its documents.
    division
        Which of them are trained on and which are held out.
    rows, held_out
        Rows of both; None where nothing is held out.
    """

    config: SourceConfig
    corpus: Corpus
    division: Division
    rows: Rows
    held_out: Rows | None


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What all sources have in common, see `logos_model.data.steps.Data`."""

    config: DataConfig
    grammar: Grammar
    context: int
    seed: int
    first_id: int
    tokenizer: str | None

    def open(self, source: SourceConfig, *, verify: bool) -> Source:
        """Open one source; `verify` as `Data` takes it."""
        corpus = open_corpus(
            [Path(path) for path in source.paths],
            fingerprint=self.grammar.fingerprint,
            tokenizer=self.tokenizer,
            verify=verify,
        )
        _check_types(source, corpus, self.grammar, openings=verify)
        division = divide(corpus, source, self.config, context=self.context, seed=self.seed)
        held_out = division.held_out
        return Source(
            config=source,
            corpus=corpus,
            division=division,
            rows=self._rows(source, corpus, division.trained, augment=True),
            held_out=self._rows(source, corpus, held_out, augment=False) if len(held_out) else None,
        )

    def _rows(
        self, source: SourceConfig, corpus: Corpus, documents: NDArray[np.int64], *, augment: bool
    ) -> Rows:
        change = change_of(
            source, self.grammar, context=self.context, seed=self.seed, augment=augment
        )
        window = self.config.window if change is None else min(self.config.window, _CHANGED_WINDOW)
        return Rows(
            corpus,
            documents,
            context=self.context,
            window=window,
            seed=self.seed,
            first_id=self.first_id,
            loss_after=self._loss_after(source),
            change=change,
        )

    def _loss_after(self, source: SourceConfig) -> int | None:
        if not source.loss_after:
            return None
        found = self.grammar.id_of(source.loss_after)
        if found is None:
            raise ConfigError(
                f"expected the name of a token as loss_after of {source.name}, such as <React>, "
                f"got {source.loss_after!r}"
            )
        return found


def _check_types(source: SourceConfig, corpus: Corpus, grammar: Grammar, *, openings: bool) -> None:
    """Refuse documents of types that nobody declared, or declared otherwise."""
    if corpus.manifest.is_text:
        return
    declared = grammar.declared()
    for kind, fingerprint in corpus.manifest.types.items():
        if declared.get(kind) != fingerprint:
            found = "another declaration of it" if kind in declared else "none"
            raise ShardError(
                f"expected the declaration of {kind} with which {source.name} was prepared, got "
                f"{found}: name the module that declares it in data.types"
            )
    if not openings:
        return
    known = set(grammar.kinds().values())
    for id, count in corpus.openings().items():
        if id not in known:
            raise ShardError(
                f"expected documents that begin an object, {count} of {source.name} begin with "
                f"{id}: name the module that declares their type in data.types"
            )
