"""A toy grammar, documents of it, and shards written by hand from the format's description."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from logos_model.config import EOS, Config, ModelConfig, OptimizerConfig, TrainingConfig
from logos_model.data_config import DataConfig
from logos_model.grammar import Grammar, Ids, Reader
from logos_model.parallel import Ranks, joined

OPEN, CLOSE, LEFT, RIGHT = 3, 4, 13, 14
LETTERS = range(5, 13)

Documents = Sequence[Sequence[int]]
WriteShard = Callable[..., Path]


class Brackets:
    """Words of eight letters and balanced brackets between two tags: a grammar with a side."""

    size = 64
    fingerprint = "brackets-1"

    def masks(self, ids: Ids) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """Return a row for each place."""
        masks = np.zeros((len(ids) + 1, self.size), dtype=np.bool_)
        for place in range(len(ids) + 1):
            following = self.next_ids(ids[:place])
            masks[place, following if len(following) else EOS] = True
        return np.arange(len(masks), dtype=np.int32), masks

    def usual(self, kind: str) -> Self:
        """Return itself: it has no profiles."""
        return self

    def save_tokenizer(self, folder: Path) -> str:
        """Write one file."""
        (folder / "tokenizer.json").write_text("{}\n")
        return ""

    def rows_for(self, highest_id: int) -> int:
        """Return the size: a word may need all of it."""
        return self.size

    def usable(self, rows: int) -> NDArray[np.bool_]:
        """Return all ids."""
        return np.ones(self.size, dtype=np.bool_)

    def kinds(self) -> dict[str, int]:
        """Return the one kind there is."""
        return {"word": OPEN}

    def next_ids(self, prefix: Ids) -> Ids:
        """Return what may follow: a right bracket only while a left one is open."""
        ids = prefix.tolist()
        if not ids:
            return np.array([OPEN], dtype=np.uint16)
        if ids[-1] == CLOSE:
            return np.array([], dtype=np.uint16)
        depth = ids.count(LEFT) - ids.count(RIGHT)
        closing = [RIGHT] if depth else []
        ending = [] if depth else [CLOSE]
        return np.array([*ending, *LETTERS, LEFT, *closing], dtype=np.uint16)

    def reader(self, prefix: Sequence[int], limit: int) -> Reader:
        """Return a reader that knows no limit, so that a sample may stay open."""
        return WordReader(self, list(prefix))

    def to_text(self, ids: Ids) -> str:
        """Return the word, after checking every step of it."""
        for at, id in enumerate(ids):
            if id not in self.next_ids(ids[:at]):
                raise ValueError(f"unexpected id {id} at token {at}")
        if len(self.next_ids(ids)):
            raise ValueError(f"expected more after token {len(ids)}")
        return "".join("abcdefgh()"[id - LETTERS[0]] for id in ids[1:-1].tolist())

    def fill(self, readers: Sequence[WordReader], mask_BW: NDArray[np.int32]) -> None:
        """Write what may come next for each reader."""
        for row, reader in enumerate(readers):
            bits = np.zeros(self.size, dtype=np.uint8)
            bits[reader.allowed()] = 1
            mask_BW[row] = np.packbits(bits, bitorder="little").view(np.int32)

    def accept(self, readers: Sequence[WordReader], ids: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Let each reader take an id."""
        return np.array([reader.accept(int(id)) for reader, id in zip(readers, ids, strict=True)])

    def declared(self) -> dict[str, str]:
        """Return that there are no types of a user."""
        return {}

    def id_of(self, name: str) -> int | None:
        """Return the id of a bracket."""
        return {"(": LEFT, ")": RIGHT}.get(name)

    def augmented(
        self, how: str, sentences: Sequence[Ids], seeds: NDArray[np.uint64]
    ) -> list[Ids | None]:
        """Turn the letters of each word by its seed; words without letters have no other form."""
        return [_turned(ids, int(seed)) for ids, seed in zip(sentences, seeds, strict=True)]

    def cropped(self, sentence: Ids, limit: int, seed: int) -> Ids:
        """Return some letters of a word that has no brackets."""
        if LEFT in sentence:
            raise ValueError("a word with brackets has no part that is one")
        begin = 1 + seed % (len(sentence) - limit + 1)
        return np.concatenate([sentence[:1], sentence[begin : begin + limit - 2], sentence[-1:]])


def _turned(ids: Ids, seed: int) -> Ids | None:
    letters = (ids >= LETTERS[0]) & (ids <= LETTERS[-1])
    turned = np.where(letters, (ids - LETTERS[0] + seed % 8) % 8 + LETTERS[0], ids)
    return turned.astype(np.uint16) if letters.any() else None


class WordReader:
    """A word as far as it was drawn."""

    def __init__(self, grammar: Brackets, ids: list[int]) -> None:
        self._grammar, self._ids = grammar, ids

    def allowed(self) -> Ids:
        """Return what may come next."""
        return self._grammar.next_ids(np.array(self._ids, dtype=np.uint16))

    def accept(self, id: int) -> bool:
        """Take the next id, if it may come."""
        allowed = id in self.allowed()
        if allowed:
            self._ids.append(id)
        return allowed

    def fork(self) -> WordReader:
        """Return a reader that goes its own way."""
        return WordReader(self._grammar, list(self._ids))

    @property
    def is_accepting(self) -> bool:
        """Whether the ids so far are a sentence."""
        return self._ids[-1:] == [CLOSE]


def documents_of(ids_N: torch.Tensor, lengths: Sequence[int]) -> dict[str, Any]:
    """Return what the decoder reads for documents of these lengths side by side."""
    ends = torch.tensor(lengths).cumsum(0)
    counts = torch.tensor(lengths)
    begin_N = (ends - counts).repeat_interleave(counts)
    return {
        "ids_N": ids_N,
        "begin_N": begin_N.int(),
        "end_N": ends.repeat_interleave(counts).int(),
        "position_N": (torch.arange(len(ids_N)) - begin_N).int(),
    }


def one_document(ids_N: torch.Tensor) -> dict[str, torch.Tensor]:
    """Return what the decoder reads for one document."""
    return documents_of(ids_N, [len(ids_N)])


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    """Keep to one thread: the toy's matrices are small, and threads would only wait."""
    torch.set_num_threads(1)


@pytest.fixture(autouse=True, scope="session")
def ranks() -> Iterator[Ranks]:
    """Join the one process of the tests to a group of its own, once."""
    with joined("cpu") as ranks:
        yield ranks


@pytest.fixture
def grammar() -> Grammar:
    """Return the toy grammar."""
    return Brackets()


@pytest.fixture
def documents() -> list[list[int]]:
    """Return 300 words with `<eos>`, 3 to 30 ids long, in which each letter follows the last."""
    random = np.random.default_rng(1)
    made = []
    for length in random.integers(0, 14, size=300).tolist():
        word = [LETTERS[(at + length) % 8] for at in range(length)]
        if length % 2:
            word = [LEFT, *word, RIGHT, *word[:length]]
        made.append([OPEN, *word, CLOSE, EOS])
    return made


@pytest.fixture
def write_shard(tmp_path: Path) -> WriteShard:
    """Return a function that writes documents as one shard, a manifest beside it."""

    def write(name: str, documents: Documents, fingerprint: str = Brackets.fingerprint) -> Path:
        prefix = tmp_path / name
        prefix.parent.mkdir(parents=True, exist_ok=True)
        lengths = [len(ids) for ids in documents]
        begins = [2 * sum(lengths[:row]) for row in range(len(lengths))]
        header = struct.pack("<9sQBQQ", b"MMIDIDX\0\0", 1, 8, len(lengths), len(lengths) + 1)
        columns = (
            np.array(lengths, "<i4"),
            np.array(begins, "<i8"),
            np.arange(len(lengths) + 1, dtype="<i8"),
        )
        index = header + b"".join(column.tobytes() for column in columns)
        prefix.with_name(prefix.name + ".idx").write_bytes(index)
        tokens = np.array([id for ids in documents for id in ids], "<u2")
        prefix.with_name(prefix.name + ".bin").write_bytes(tokens.tobytes())
        manifest = {"fingerprint": fingerprint, "counts": {"documents": len(lengths)}}
        (prefix.parent / "manifest.json").write_text(json.dumps(manifest))
        return prefix

    return write


@pytest.fixture
def config() -> Config:
    """Return a configuration that learns the toy grammar in a second."""
    return Config(
        model=ModelConfig(
            vocabulary_rows=Brackets.size,
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            head_dim=8,
            max_position_embeddings=48,
            tie_word_embeddings=True,
        ),
        data=DataConfig(window=64, held_out=0.1),
        optimizer=OptimizerConfig(learning_rate=1e-2, warmup_steps=4),
        training=TrainingConfig(
            steps=20, context=48, batch_rows=4, validate_every=8, checkpoint_every=5
        ),
    )
