"""Choice: one of each row's allowed ids, on the processor, where few of them are allowed.

The reference of `logos_model.kernels.draw` looks at every id of the vocabulary; this looks at the
allowed ones only.

Shape suffixes: B rows, V ids, W words of a mask (32 ids each), A allowed ids of all rows, one row
after another.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from logos_model.shuffle import mixed

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class Choice(NamedTuple):
    """What was drawn in each row.

    Attributes
    ----------
    id_B
        The id, int64 [B].
    kept_B
        The probability that the model gave to all allowed ids, float64 [B], before temperature.
    """

    id_B: Integers
    kept_B: Floats


def choose(  # noqa: PLR0913 (what a draw follows from)
    logits_BV: Tensor,
    mask_BW: NDArray[np.int32],
    *,
    row_B: Integers,
    temperature: float,
    top_p: float,
    min_p: float,
    seed: int,
    sample_B: Integers,
    position_B: Integers,
) -> Choice:
    """Draw an id in each row.

    What is drawn follows from the logits of the row, the seed, the number of the sample and the
    position alone, by the largest of logits with Gumbel noise.

    Parameters
    ----------
    logits_BV
        Logits, float32 [rows, V] on the processor.
    mask_BW
        Bit `id % 32` of word `id // 32` says whether an id is allowed; one or more in each draw.
    row_B
        The row of the logits that each draw is from, int64 [B].
    temperature
        Divides the logits; 0 takes the likeliest id.
    top_p
        Only the likeliest ids that together have this probability, 1 for all.
    min_p
        Only ids at least this times as likely as the likeliest.
    seed, sample_B, position_B
        What the noise follows from; int64 [B].
    """
    row_A, id_A, starts_B = _allowed(mask_BW, logits_BV.shape[1])
    logits_A = logits_BV.numpy()[row_B[row_A], id_A].astype(np.float64)
    whole_B = logits_BV.logsumexp(-1).numpy()[row_B].astype(np.float64)
    kept_B = np.add.reduceat(np.exp(logits_A - whole_B[row_A]), starts_B)
    if temperature == 0:
        score_A = logits_A
    else:
        score_A = logits_A / temperature
        score_A = np.where(_is_kept(score_A, row_A, starts_B, top_p, min_p), score_A, -np.inf)
        score_A = score_A + _gumbel(seed, sample_B[row_A], position_B[row_A], id_A)
    best_B = np.maximum.reduceat(score_A, starts_B)
    # The first of equals, as an argmax has it.
    at_best = np.flatnonzero(score_A == best_B[row_A])
    first = np.unique(row_A[at_best], return_index=True)[1]
    return Choice(id_A[at_best[first]], np.minimum(kept_B, 1.0))


def _allowed(mask_BW: NDArray[np.int32], V: int) -> tuple[Integers, Integers, Integers]:
    """Row and id of every allowed id, int64 [A], and where each row begins among them.

    Many rows have the same mask: after an atom comes much the same, whatever the molecule.
    """
    known: dict[bytes, Integers] = {}
    ids = []
    for mask in mask_BW:
        key = mask.tobytes()
        if key not in known:
            bits = np.unpackbits(mask.view(np.uint8), count=V, bitorder="little")
            known[key] = np.flatnonzero(bits)
        ids.append(known[key])
    counts_B = np.array([len(each) for each in ids])
    row_A = np.repeat(np.arange(len(ids)), counts_B)
    return row_A, np.concatenate(ids), np.cumsum(counts_B) - counts_B


def _is_kept(
    score_A: Floats, row_A: Integers, starts_B: Integers, top_p: float, min_p: float
) -> NDArray[np.bool_]:
    """Whether each id stays in its row's nucleus."""
    weight_A = np.exp(score_A - np.maximum.reduceat(score_A, starts_B)[row_A])
    kept_A = weight_A >= min_p
    if top_p < 1:
        order_A = np.lexsort((-weight_A, row_A))
        sorted_A = weight_A[order_A]
        total_B = np.add.reduceat(sorted_A, starts_B)
        before_A = np.cumsum(sorted_A) - sorted_A
        before_A -= before_A[starts_B][row_A]
        kept_A[order_A] &= before_A < top_p * total_B[row_A]
    return kept_A


def _gumbel(seed: int, sample_A: Integers, position_A: Integers, id_A: Integers) -> Floats:
    """Noise of the Gumbel distribution, the same for the same numbers."""
    # The seed is mixed by itself: the samples of the next seed must not be these, one further on.
    key: NDArray[Any] = mixed(np.full(len(id_A), seed, dtype=np.uint64))
    for part in (sample_A, position_A, id_A):
        key = mixed(key + part.astype(np.uint64) + np.uint64(1))
    uniform = ((key >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    return -np.log(-np.log(uniform))
