"""Texts to ids and back, beside what else one would take: `python -m benchmarks.encode`.

Every contender does the same records in the same run, one thread each, in turns, so that what else
the machine does falls on all of them alike; its time is processor time, its best and its median of
some passes. No contender keeps a cache between passes, so every pass is a first one. Only
`logos_grammar` checks what it reads; its ids, and numpy's, come as one flat array, those of the
others as a list for each record. Megabytes are those of the texts, 10**6 each, line ends left out.
"""

from __future__ import annotations

import argparse
import gc
import os
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np
import tiktoken
from benchmarks.texts import BESIDE, Kind, columns
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

import logos_grammar as lg

_PATTERNS: Final[dict[Kind, str]] = {
    # The regular expression of Schwaller et al. (ACS Central Science 2019), with two-digit labels.
    "molecule": r"\[[^\]]+\]|Br?|Cl?|N|O|S|P|F|I|b|c|n|o|s|p|\(|\)|\.|=|#|-|\+|\\|/|:|~|@|\?|>|\*"
    r"|\$|%[0-9]{2}|[0-9]",
    "protein": r"[A-Z*-]",
}


@dataclass(frozen=True, kw_only=True)
class Contender:
    """Something that does the work, on `records` texts of `size` bytes in all."""

    name: str
    run: Callable[[], object]
    records: int
    size: int
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def measure(self) -> None:
        """Add one pass."""
        gc.collect()
        gc.disable()
        wall, cpu = time.perf_counter(), time.process_time()
        made = self.run()
        self.cpu.append(time.process_time() - cpu)
        self.wall.append(time.perf_counter() - wall)
        gc.enable()
        del made


def main() -> None:
    """Measure and print the tables."""
    options = _parser().parse_args()
    # Threads of its own would make processor time of one core meaningless.
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    one, five, fifteen = os.getloadavg()
    print(f"load of the machine before: {one:.1f} {five:.1f} {fifteen:.1f} of {os.cpu_count()}")
    for column in columns(options.data, options.most):
        kind, kept = column.kind, _readable(column.kind, column.texts)
        encoders = list(_encoders(kind, kept))
        decoders = list(_decoders(kind, kept))
        threads = list(_threads(kind, kept))
        for _ in range(options.passes):
            for contender in (*encoders, *decoders, *threads):
                contender.measure()
        mean = sum(map(len, kept)) / len(kept)
        passes = f"{options.passes} passes"
        print(f"\n{column.title}: {len(kept):,} texts of {mean:.1f} characters, {passes}")
        print(_table("encode", encoders))
        print(_table("decode", decoders))
        print(_scaling(*threads))


def _encoders(kind: Kind, texts: list[str]) -> Iterator[Contender]:
    lines = "".join(f"{text}\n" for text in texts).encode()
    yield _contender("logos_grammar, lines", texts, lambda: lg.encode_texts(kind, lines, threads=1))
    yield _contender("logos_grammar, list", texts, lambda: lg.encode_texts(kind, texts, threads=1))
    lookup = np.zeros(256, dtype=np.uint16)
    lookup[33:127] = np.arange(94)
    yield _contender(
        "numpy look-up, no grammar", texts, lambda: lookup[np.frombuffer(lines, np.uint8)]
    )
    pattern = re.compile(_PATTERNS[kind])
    ids = _vocabulary(pattern, texts)
    yield _contender(
        "re.findall and dict",
        texts,
        lambda: [[ids[token] for token in pattern.findall(text)] for text in texts],
    )
    tik = _tiktoken(kind, ids)
    yield _contender("tiktoken", texts, lambda: [tik.encode_ordinary(text) for text in texts])
    some = texts[: len(texts) // 10]
    fast = _tokenizer(kind, ids)
    yield _contender("HF tokenizers", some, lambda: fast.encode_batch(some))
    yield _contender(
        "HF tokenizers, fast", some, lambda: [e.ids for e in fast.encode_batch_fast(some)]
    )


def _decoders(kind: Kind, texts: list[str]) -> Iterator[Contender]:
    encoded = lg.encode_texts(kind, texts)
    yield _contender("logos_grammar", texts, lambda: lg.decode_texts(kind, encoded, threads=1))
    pattern = re.compile(_PATTERNS[kind])
    ids = _vocabulary(pattern, texts)
    rows = [[ids[token] for token in pattern.findall(text)] for text in texts]
    words = list(ids)
    yield _contender(
        "dict and join", texts, lambda: ["".join([words[id] for id in row]) for row in rows]
    )
    tik = _tiktoken(kind, ids)
    yield _contender("tiktoken", texts, lambda: [tik.decode(row) for row in rows])
    some = rows[: len(rows) // 10]
    fast = _tokenizer(kind, ids)
    yield _contender("HF tokenizers", texts[: len(some)], lambda: fast.decode_batch(some))


def _threads(kind: Kind, texts: list[str]) -> Iterator[Contender]:
    lines = "".join(f"{text}\n" for text in texts).encode()
    yield _contender("one", texts, lambda: lg.encode_texts(kind, lines, threads=1))
    yield _contender("two", texts, lambda: lg.encode_texts(kind, lines, threads=2))


def _contender(name: str, texts: Sequence[str], run: Callable[[], object]) -> Contender:
    return Contender(name=name, run=run, records=len(texts), size=sum(map(len, texts)))


def _vocabulary(pattern: re.Pattern[str], texts: list[str]) -> dict[str, int]:
    """Return the tokens that the pattern finds, each with an id; it must leave nothing out."""
    ids: dict[str, int] = {}
    for text in texts:
        tokens = pattern.findall(text)
        assert "".join(tokens) == text, f"expected a text that the pattern covers, got {text}"
        for token in tokens:
            ids.setdefault(token, len(ids))
    return ids


def _tiktoken(kind: Kind, ids: dict[str, int]) -> tiktoken.Encoding:
    # tiktoken merges bytes: those that are no token need a rank, and longer tokens a higher one.
    single = {bytes([byte]): len(ids) + byte for byte in range(256)}
    ranks = {**single, **{token.encode(): id for token, id in ids.items()}}
    return tiktoken.Encoding(
        "atoms", pat_str=_PATTERNS[kind], mergeable_ranks=ranks, special_tokens={}
    )


def _tokenizer(kind: Kind, ids: dict[str, int]) -> Tokenizer:
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token=next(iter(ids))))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(_PATTERNS[kind]), behavior="isolated")
    return tokenizer


def _table(title: str, contenders: Sequence[Contender]) -> str:
    head = f"{title:28}{'n':>9}{'MB/s best':>11}{'median':>9}{'thousand/s':>12}{'wall MB/s':>11}"
    lines = [f"{head}{'logos is':>12}"]
    own = _speed(contenders[0], median(contenders[0].cpu))
    for each in contenders:
        middle = _speed(each, median(each.cpu))
        lines.append(
            f"{each.name:28}{each.records:>9,}{_speed(each, min(each.cpu)):>11.2f}{middle:>9.2f}"
            f"{each.records / median(each.cpu) / 1e3:>12,.1f}"
            f"{_speed(each, min(each.wall)):>11.2f}{own / middle:>10.2f} x"
        )
    return "\n".join(lines)


def _scaling(one: Contender, two: Contender) -> str:
    """Say how much faster two threads are; on a busy machine only the second figure holds."""
    faster = min(one.wall) / min(two.wall)
    work = median(two.cpu) / median(one.cpu)
    return f"encode on two threads: {faster:.2f} times as fast, {work:.2f} times the processor time"


def _speed(contender: Contender, seconds: float) -> float:
    return contender.size / seconds / 1e6


def _readable(kind: Kind, texts: Sequence[str]) -> list[str]:
    """Return the texts that every contender reads."""
    encoded = lg.encode_texts(kind, list(texts), errors="collect")
    refused = {row for row, _ in encoded.errors}
    whole = re.compile(f"(?:{_PATTERNS[kind]})+")
    return [t for row, t in enumerate(texts) if row not in refused and whole.fullmatch(t)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="encode and decode, beside other tokenizers")
    parser.add_argument(
        "--data",
        type=Path,
        default=BESIDE,
        help="folder of real files; without it the sample records are taken several times",
    )
    parser.add_argument("--most", type=int, default=250_000, help="texts (%(default)s)")
    parser.add_argument("--passes", type=int, default=5, help="(%(default)s)")
    return parser


if __name__ == "__main__":
    main()
