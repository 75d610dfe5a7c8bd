"""Data: sources of rows in proportion to their weights, as the passes of each step.

A step is a number of rows in a fixed order. A rank takes its slice of them and divides it into
passes, so what a step holds does not depend on how many ranks share it. What has to be kept to go
on at a step is a `State`: plain data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import numpy as np

from logos_model.batches import Pass
from logos_model.config_error import ConfigError
from logos_model.data.rows import Place, Row, pass_of
from logos_model.data.shards import ShardError
from logos_model.data.sources import Sources
from logos_model.data_config import DataConfig
from logos_model.grammar import Grammar

State = dict[str, dict[str, int]]
"""By the name of a source: its `Place`, and how many rows were `taken`."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What a rank does in one step.

    Attributes
    ----------
    passes
        One for each accumulation.
    after
        Where the data goes on after this step.
    """

    passes: tuple[Pass, ...]
    after: State


class Data:
    """All sources of a run.

    Parameters
    ----------
    config
        The sources.
    grammar
        Whose vocabulary the shards have; it knows the declared types.
    context
        Tokens of a row.
    seed
        What every order follows from.
    vocab_size
        Rows of the model's vocabulary; ids at or above it are refused. None: no limit.
    first_id
        Where the grammar's ids begin in the model.
    tokenizer
        SHA-256 of the base model's `tokenizer.json`, for text; None without a base model.
    verify
        Read every file for its SHA-256, and look at how every document begins. For a run's first
        start, on one rank: it reads all data once.

    Raises
    ------
    ShardError
        If shards are missing, damaged, of another vocabulary, or of a type that is not declared.
    ConfigError
        If a source names a token that there is not.
    """

    def __init__(  # noqa: PLR0913 (what the data follows from)
        self,
        config: DataConfig,
        *,
        grammar: Grammar,
        context: int,
        seed: int,
        vocab_size: int | None = None,
        first_id: int = 0,
        tokenizer: str | None = None,
        verify: bool = True,
    ) -> None:
        self.context = context
        self._vocab_size = vocab_size
        self._first_id = first_id
        sources = Sources(
            config=config,
            grammar=grammar,
            context=context,
            seed=seed,
            first_id=first_id,
            tokenizer=tokenizer,
        )
        self.sources = tuple(sources.open(source, verify=verify) for source in config.sources)
        weights = [
            source.division.trained_tokens if source.config.weight is None else source.config.weight
            for source in self.sources
        ]
        self.weights = tuple(weight / sum(weights) for weight in weights)

    @property
    def fingerprint(self) -> str:
        """A digest of the manifests of all sources: other data has another."""
        listed = [f"{source.config.name}\0{source.corpus.digest}\n" for source in self.sources]
        return hashlib.sha256("".join(listed).encode()).hexdigest()

    @property
    def types(self) -> dict[str, str]:
        """Fingerprint of each declared type that the shards name."""
        found: dict[str, str] = {}
        for source in self.sources:
            found.update(source.corpus.manifest.types)
        return found

    def __str__(self) -> str:
        """Return a line for each source: how many documents are used, and for what."""
        return "\n".join(
            f"{source.config.name}: {source.division}; {100 * weight:.3g} % of the rows"
            for source, weight in zip(self.sources, self.weights, strict=True)
        )

    def openings(self) -> dict[int, int]:
        """Return how many documents of objects begin with which id, the most frequent first."""
        counts: dict[int, int] = {}
        for source in self.sources:
            if not source.corpus.manifest.is_text:
                for id, count in source.corpus.openings().items():
                    counts[id] = counts.get(id, 0) + count
        return dict(sorted(counts.items(), key=lambda item: -item[1]))

    def highest_id(self) -> int:
        """Return the highest id of the model that the data has; reads every token once."""
        return max(
            source.corpus.highest_id() + (0 if source.corpus.manifest.is_text else self._first_id)
            for source in self.sources
        )

    def context_of_a_token(self) -> float:
        """Return how many tokens a token attends to on average, itself counted."""
        found = 0.0
        for source, weight in zip(self.sources, self.weights, strict=True):
            lengths = source.corpus.lengths[source.division.trained].astype(np.int64)
            if source.config.long_documents == "crop":
                lengths = np.minimum(lengths, self.context)
            # Whole rows of a document that is split, and what is left.
            rows, rest = np.divmod(lengths, self.context)
            seen = rows * self.context * (self.context + 1) + rest * (rest + 1)
            found += weight * float(seen.sum() / 2 / lengths.sum())
        return found

    def steps(
        self,
        *,
        rows: int,
        after: State | None = None,
        rank: int = 0,
        ranks: int = 1,
        passes: int = 1,
    ) -> Iterator[Step]:
        """Yield the steps from a state on, without end.

        Parameters
        ----------
        rows
            Rows of a step, of all ranks together.
        after
            Where to go on; None at the beginning.
        rank, ranks
            Which slice of each step is built, and of how many.
        passes
            Passes into which that slice is divided.

        Raises
        ------
        ConfigError
            If the rows cannot be divided so, or the state is of other sources.
        """
        if rows < 1 or rows % (ranks * passes):
            raise ConfigError(
                f"expected rows of a step that {ranks} ranks times {passes} passes divide, "
                f"got {rows}"
            )
        share, each = rows // ranks, rows // (ranks * passes)
        stream = self._rows(after)
        while True:
            taken = list(islice(stream, rows))
            own = [row for row, _ in taken[rank * share : (rank + 1) * share]]
            built = tuple(self._pass(own[at : at + each], each) for at in range(0, share, each))
            yield Step(passes=built, after=taken[-1][1])

    def held_out(self, *, rows: int, rank: int = 0, ranks: int = 1) -> Iterator[Pass]:
        """Yield the held-out documents once, in passes of `rows` rows.

        Every rank gets as many passes as the others; rows that are missing at the end are padding.
        """
        every = [
            row
            for source in self.sources
            if source.held_out is not None
            for row in source.held_out.once()
        ]
        for begin in range(rank * rows, len(every) + rank * rows, rows * ranks):
            yield self._pass(every[begin : begin + rows], rows)

    def _rows(self, after: State | None) -> Iterator[tuple[Row, State]]:
        """Yield row by row, each from the source that lags most behind its weight."""
        names = [source.config.name for source in self.sources]
        state = after or {name: {**asdict(Place()), "taken": 0} for name in names}
        if list(state) != names:
            raise ConfigError(
                f"expected the sources of the run, {', '.join(state)}, got {', '.join(names)}"
            )
        taken = [state[name]["taken"] for name in names]
        places = [_place(state[name]) for name in names]
        streams = [
            source.rows.since(place) for source, place in zip(self.sources, places, strict=True)
        ]
        while True:
            lags = [
                weight * (sum(taken) + 1) - count
                for weight, count in zip(self.weights, taken, strict=True)
            ]
            chosen = lags.index(max(lags))
            row, places[chosen] = next(streams[chosen])
            taken[chosen] += 1
            yield (
                row,
                {
                    name: {**vars(place), "taken": count}
                    for name, place, count in zip(names, places, taken, strict=True)
                },
            )

    def _pass(self, rows: list[Row], count: int) -> Pass:
        built = pass_of(rows, count=count, context=self.context, first_id=self._first_id)
        highest = int(built.ids_N.numpy().max())
        if self._vocab_size is not None and highest >= self._vocab_size:
            raise ShardError(
                f"expected ids below {self._vocab_size}, the rows of the model's vocabulary, "
                f"got {highest}"
            )
        return built


def _place(state: dict[str, Any]) -> Place:
    return Place(epoch=state["epoch"], window=state["window"], row=state["row"])
