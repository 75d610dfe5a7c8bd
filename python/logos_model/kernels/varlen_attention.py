"""Attention of long documents on a GPU: torch's `varlen_attn`.

`document_attention` is the faster one for short documents; torch's own takes the products of long
ones at the speed of its FlashAttention. It is told where documents end and how long the longest is.

Shape suffixes: N tokens of the stream, D documents, X heads of either sort, H query heads, K
key-value heads, E width of a head.
"""

from __future__ import annotations

import inspect
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn.attention.varlen import varlen_attn

from logos_model.kernels.document_attention import prepared

MULTIPLE, WIDEST = 8, 256
"""Widths of a head are a multiple, up to the widest."""

_GROUPED: dict[str, Any] = (
    {"enable_gqa": True} if "enable_gqa" in inspect.signature(varlen_attn).parameters else {}
)
"""Torch 2.11 groups heads unasked."""


class Documents(NamedTuple):
    """The documents of a stream.

    Attributes
    ----------
    ends_D
        0 and the place where each document ends, int32 [D + 1].
    longest
        No document is longer: a power of two, since layers are compiled for each.
    """

    ends_D: Tensor
    longest: int


def listed(is_first_N: Tensor) -> Documents:
    """Return the documents of a stream by their first tokens, bool [N] on the processor."""
    ends_D = torch.cat([torch.nonzero(is_first_N)[:, 0], torch.tensor([len(is_first_N)])])
    longest = int(torch.diff(ends_D).max())
    return Documents(ends_D.int(), 1 << (longest - 1).bit_length())


def varlen_attention(  # noqa: PLR0913 (what one pass over the stream takes)
    q_NHE: Tensor,
    k_NKE: Tensor,
    v_NKE: Tensor,
    *,
    documents: Documents,
    cos_NE: Tensor | None = None,
    sin_NE: Tensor | None = None,
    q_norm_E: Tensor | None = None,
    k_norm_E: Tensor | None = None,
    eps: float = 1e-6,
) -> Tensor:
    """Return what `document_attention` does, [N, H, E]; parameters as there.

    Parameters
    ----------
    documents
        The documents; their count may vary without a new compilation.
    """
    ends_D, longest = documents
    found = varlen_attn(
        prepared(q_NHE, q_norm_E, cos_NE, sin_NE, eps=eps),
        prepared(k_NKE, k_norm_E, cos_NE, sin_NE, eps=eps),
        v_NKE,
        ends_D,
        ends_D,
        longest,
        longest,
        window_size=(-1, 0),
        **_GROUPED,
    )
    assert isinstance(found, Tensor)  # a pair only where more is asked of it
    return found
