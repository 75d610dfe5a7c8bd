"""The draw: from a row of logits, one id among those that the grammar allows.

Shape suffixes: B rows, V ids, W words of a mask (32 ids each).
"""

from __future__ import annotations

from importlib.util import find_spec

import torch
from torch import Tensor

if find_spec("triton") is not None:
    from logos_model.kernels.fused_draw import fused_draw


def draw(  # noqa: PLR0913 (what a draw follows from)
    logits_BV: Tensor,
    mask_BW: Tensor,
    *,
    temperature: float,
    top_p: float,
    min_p: float,
    seed: int,
    sample_B: Tensor,
    position_B: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:
    """Draw an id in each row.

    What is drawn follows from the row's logits, the seed, the number of the sample and the position
    alone: the largest of scores with Gumbel noise.

    Parameters
    ----------
    logits_BV
        Logits of any floating type.
    mask_BW
        Bit `id % 32` of word `id // 32` says whether an id is allowed, int32; at least one is.
    temperature
        Divides the logits; 0 takes the likeliest id.
    top_p
        Only the likeliest allowed ids that together have this probability, equals of the last one
        included; 1 for all.
    min_p
        Only ids at least this times as likely as the likeliest; 0 for all.
    seed, sample_B, position_B
        What the noise follows from; int64 [B].

    Returns
    -------
    tuple of Tensor
        [B] each: the ids, int64; the log-probability of each in the distribution that it was drawn
        from; and the log of the probability that the model gave to all allowed ids, before
        temperature.

    Raises
    ------
    ValueError
        On a GPU, if there are more ids than one program holds.

    Notes
    -----
    On a GPU this is one launch (`fused_draw`); elsewhere it is `reference`.
    """
    numbers = (temperature, top_p, min_p, seed)
    if logits_BV.is_cuda:
        return fused_draw(  # type: ignore[no-any-return]
            logits_BV, mask_BW, sample_B, position_B, *numbers
        )
    return reference(
        logits_BV,
        mask_BW,
        temperature=temperature,
        top_p=top_p,
        min_p=min_p,
        seed=seed,
        sample_B=sample_B,
        position_B=position_B,
    )


def reference(  # noqa: PLR0913 (as above)
    logits_BV: Tensor,
    mask_BW: Tensor,
    *,
    temperature: float,
    top_p: float,
    min_p: float,
    seed: int,
    sample_B: Tensor,
    position_B: Tensor,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the same in 64 bits, the nucleus by sorting."""
    id_V = torch.arange(logits_BV.shape[1], device=logits_BV.device)
    allowed_BV = (mask_BW[:, id_V // 32] >> (id_V % 32)) & 1 != 0
    whole_BV = logits_BV.double().log_softmax(-1)
    score_BV = whole_BV.masked_fill(~allowed_BV, -torch.inf)
    log_mass_B = score_BV.logsumexp(-1).float()
    if temperature == 0:
        id_B = score_BV.argmax(-1)
        return id_B, torch.zeros_like(log_mass_B), log_mass_B
    score_BV = nucleus(score_BV / temperature, top_p=top_p, min_p=min_p).log_softmax(-1)
    noise_BV = gumbel(seed, sample_B[:, None], position_B[:, None], id_V)
    id_B = (score_BV + noise_BV).argmax(-1)
    log_probability_B = score_BV.gather(1, id_B[:, None])[:, 0].float()
    return id_B, log_probability_B, log_mass_B


def nucleus(score_BV: Tensor, *, top_p: float, min_p: float) -> Tensor:
    """Return the scores with minus infinity where top-p or min-p leaves an id out."""
    weight_BV = (score_BV - score_BV.amax(-1, keepdim=True)).exp()
    kept_BV = (weight_BV >= min_p) & (score_BV > -torch.inf)
    if top_p < 1:
        sorted_BV = weight_BV.sort(-1, descending=True).values
        reached_BV = sorted_BV.cumsum(-1) >= top_p * sorted_BV.sum(-1, keepdim=True)
        last_B1 = reached_BV.double().argmax(-1, keepdim=True)
        kept_BV &= weight_BV >= sorted_BV.gather(1, last_B1)
    return score_BV.masked_fill(~kept_BV, -torch.inf)


def gumbel(seed: int, sample: Tensor, position: Tensor, id: Tensor) -> Tensor:
    """Return noise of the Gumbel distribution, the same for the same numbers, in 64 bits."""
    # The seed is mixed by itself: the samples of the next seed must not be these, one further on.
    key = _mixed(torch.full((), seed, device=sample.device))
    for part in (sample, position, id):
        key = _mixed(key + part + 1)
    uniform = (_shifted(key, 11).double() + 0.5) * 2.0**-53
    return -torch.log(-torch.log(uniform))


def _mixed(x: Tensor) -> Tensor:
    """Mix the bits of 64-bit numbers (splitmix64, as `logos_model.shuffle.mixed`)."""
    x = x * (0x9E3779B97F4A7C15 - 2**64)
    x = (x ^ _shifted(x, 30)) * (0xBF58476D1CE4E5B9 - 2**64)
    x = (x ^ _shifted(x, 27)) * (0x94D049BB133111EB - 2**64)
    return x ^ _shifted(x, 31)


def _shifted(x: Tensor, places: int) -> Tensor:
    """Shift to the right, zeros coming in: torch has no unsigned 64-bit shift."""
    shifted: Tensor = (x >> places) & (2 ** (64 - places) - 1)
    return shifted
