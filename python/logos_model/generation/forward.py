"""The decoder with a cache: one step for sequences of different lengths.

The cache is as long as the longest sequence may become and never moves. A step reads as much of it
as its longest sequence fills, rounded up to a bucket: on a GPU each bucket is one CUDA graph, on a
processor every few slots have their own.

Shape suffixes: B sequences, T new tokens of each, S cached tokens that are read, D width, H query
heads, K key-value heads, G query heads of a key-value head, E width of a head, V rows of the
vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from logos_model.decoder import Attention, Decoder, Layer, Norm
from logos_model.generation.choosers import moved
from logos_model.kernels.document_attention import prepared

Parts = list[tuple[slice, int]]
"""Slots that lie side by side, and how much of the cache is read for them."""

_BUCKET = 64
_SIDE_BY_SIDE = 32
_SHORT_BUCKET = 8


class Forward:
    """A model that reads one token of each of `slots` sequences at a time.

    Parameters
    ----------
    model
        The model, on any device.
    slots
        Sequences side by side.
    limit
        Tokens that a sequence may have.
    first, rows
        The rows of the head that are multiplied: only these ids can be drawn.

    Attributes
    ----------
    ids_B, position_B
        What the next step reads, int64 [slots] each: the id of each sequence and its position.
    logits_BV
        What the last step said, [slots, rows].
    """

    def __init__(self, model: Decoder, *, slots: int, limit: int, first: int, rows: int) -> None:
        weight = model.lm_head.weight
        config = model.config
        self._model = model
        self._head_VD = weight[first : first + rows]
        self._limit = limit
        self._prefix = 0
        length = -(-limit // _BUCKET) * _BUCKET
        shape = (config.num_hidden_layers, slots, config.num_key_value_heads, length)
        # What was never written is masked, and must be a number all the same.
        self._keys = weight.new_zeros(*shape, config.head_dim)
        self._values = weight.new_zeros(*shape, config.head_dim)
        self.ids_B = torch.zeros(slots, dtype=torch.int64, device=weight.device)
        self.position_B = torch.zeros(slots, dtype=torch.int64, device=weight.device)
        self.logits_BV = weight.new_zeros(slots, rows)
        self._graphs: dict[int, torch.cuda.CUDAGraph] = {}

    def read_prefix(self, ids: list[int]) -> None:
        """Read what every sequence begins with, in all slots; `admit` gives it to one again."""
        if ids:
            ids_BT = torch.tensor([ids], device=self.ids_B.device)
            position_BT = torch.arange(len(ids), device=self.ids_B.device)[None]
            parts = [(slice(None), len(ids))]
            self._step(ids_BT, position_BT, self._keys[:, :1], self._values[:, :1], parts)
        self._prefix = len(ids)
        self._prefix_keys = self._keys[:, :1, :, : len(ids)].clone()
        self._prefix_values = self._values[:, :1, :, : len(ids)].clone()

    @property
    def is_recorded(self) -> bool:
        """Whether steps are CUDA graphs, whose slots are fixed."""
        return self.ids_B.is_cuda

    def feed(
        self,
        id_B: Tensor | None,
        *,
        first_id: int,
        is_fresh_B: NDArray[np.bool_],
        prompt_end: int,
        position_B: NDArray[np.int64],
    ) -> None:
        """Set what the next step reads.

        Parameters
        ----------
        id_B
            What was drawn, of the grammar's ids, int64 [B] on the device; None for the first step.
        first_id
            Where the grammar's ids begin in the model.
        is_fresh_B
            The slots that begin again and read the end of the prompt, of the model's ids.
        prompt_end
            That id.
        position_B
            Position of each.
        """
        begun_B = torch.full_like(self.ids_B, prompt_end)
        if id_B is not None:
            begun_B = torch.where(moved(is_fresh_B, self.ids_B.device), begun_B, id_B + first_id)
        self.ids_B.copy_(begun_B)
        self.position_B.copy_(moved(position_B, self.ids_B.device))

    def admit(self, slots: NDArray[np.int64]) -> None:
        """Let these slots, int64 [n], begin again behind the prefix."""
        if self._prefix and len(slots):
            self._keys[:, slots, :, : self._prefix] = self._prefix_keys
            self._values[:, slots, :, : self._prefix] = self._prefix_values

    def keep(self, slots: NDArray[np.int64]) -> None:
        """Go on with these slots alone, int64 [n], in this order."""
        self._keys, self._values = self._keys[:, slots], self._values[:, slots]
        self.ids_B, self.position_B = self.ids_B[slots], self.position_B[slots]
        self.logits_BV = self.logits_BV[slots]
        self._graphs.clear()

    def step(self, position_B: NDArray[np.int64]) -> None:
        """Read `ids_B` at `position_B`, which are these positions."""
        if not self.ids_B.is_cuda:
            self._run(_parts(position_B, self._keys.shape[3]))
            return
        length = _rounded(int(position_B.max()) + 1, _BUCKET, self._keys.shape[3])
        if length not in self._graphs:
            self._graphs[length] = self._captured([(slice(None), length)])
        self._graphs[length].replay()

    def _run(self, parts: Parts) -> None:
        h_BTD = self._step(
            self.ids_B[:, None], self.position_B[:, None], self._keys, self._values, parts
        )
        torch.mm(h_BTD[:, 0], self._head_VD.T, out=self.logits_BV)

    def _captured(self, parts: Parts) -> torch.cuda.CUDAGraph:
        # Kernels are chosen and compiled before they are recorded; what the runs write is written
        # again by the replay.
        stream = torch.cuda.Stream()  # type: ignore[no-untyped-call]  # has no types
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            self._run(parts)
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        pool = next(iter(self._graphs.values())).pool() if self._graphs else None
        with torch.cuda.graph(graph, pool=pool):
            self._run(parts)
        return graph

    def _step(
        self, ids_BT: Tensor, position_BT: Tensor, keys: Tensor, values: Tensor, parts: Parts
    ) -> Tensor:
        """Return the hidden state after each new token, [B, T, D], and write keys and values."""
        stack = self._model.model
        B = len(ids_BT)
        cos_NE, sin_NE = stack.rotations(position_BT.flatten())
        longest = max(length for _, length in parts)
        seen_BTS = torch.arange(longest, device=ids_BT.device) <= position_BT[..., None]
        rows_B1 = torch.arange(B, device=ids_BT.device)[:, None]
        x_BTD: Tensor = stack.embed_tokens(ids_BT)
        for layer, keys_BKSE, values_BKSE in zip(
            cast(Iterable[Layer], stack.layers), keys, values, strict=True
        ):
            attention = layer.self_attn
            h_BTD = layer.input_layernorm(x_BTD)
            q_BTHE, k_BTKE, v_BTKE = _projected(attention, h_BTD, cos_NE, sin_NE)
            keys_BKSE.transpose(1, 2)[rows_B1, position_BT] = k_BTKE
            values_BKSE.transpose(1, 2)[rows_B1, position_BT] = v_BTKE
            attended = [
                _attended(
                    q_BTHE[slots],
                    keys_BKSE[slots, :, :length],
                    values_BKSE[slots, :, :length],
                    seen_BTS[slots, :, :length],
                )
                for slots, length in parts
            ]
            x_BTD = x_BTD + attention.o_proj(torch.cat(attended))
            x_BTD = x_BTD + layer.mlp(layer.post_attention_layernorm(x_BTD))
        last_BTD: Tensor = stack.norm(x_BTD)
        return last_BTD


def _parts(position_B: NDArray[np.int64], most: int) -> Parts:
    """On a processor, as many tokens of the cache as the longest of a few slots has.

    Attention then reads what it needs, and that fits the processor's own cache.
    """
    parts: Parts = []
    for begin in range(0, len(position_B), _SIDE_BY_SIDE):
        slots = slice(begin, begin + _SIDE_BY_SIDE)
        length = _rounded(int(position_B[slots].max()) + 1, _SHORT_BUCKET, most)
        parts.append((slots, length))
    return parts


def _rounded(length: int, bucket: int, most: int) -> int:
    return min(-(-length // bucket) * bucket, most)


def _projected(
    attention: Attention, x_BTD: Tensor, cos_NE: Tensor, sin_NE: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Queries, keys and values, the former two normed and rotated."""
    B, T, _ = x_BTD.shape

    def heads(projected: Tensor) -> Tensor:
        return projected.view(B * T, -1, attention.head_dim)

    def turned(x_NXE: Tensor, norm: Norm | None) -> Tensor:
        weight_E = None if norm is None else norm.weight
        x_NXE = prepared(x_NXE, weight_E, cos_NE, sin_NE, eps=attention.eps)
        return x_NXE.view(B, T, -1, attention.head_dim)

    return (
        turned(heads(attention.q_proj(x_BTD)), attention.q_norm),
        turned(heads(attention.k_proj(x_BTD)), attention.k_norm),
        attention.v_proj(x_BTD).view(B, T, -1, attention.head_dim),
    )


def _attended(q_BTHE: Tensor, k_BKSE: Tensor, v_BKSE: Tensor, seen_BTS: Tensor) -> Tensor:
    """Attention over the cache, [B, T, D]; queries that share keys are rows of one product."""
    B, T, H, E = q_BTHE.shape
    K = k_BKSE.shape[1]
    G = H // K
    # Query heads of a key-value head lie side by side: [B, T, K, G, E] to [B, K, G * T, E].
    q_BKQE = q_BTHE.view(B, T, K, G, E).permute(0, 2, 3, 1, 4).reshape(B, K, G * T, E)
    seen_B1QS = seen_BTS[:, None, None].expand(B, 1, G, T, -1).reshape(B, 1, G * T, -1)
    o_BKQE = F.scaled_dot_product_attention(q_BKQE, k_BKSE, v_BKSE, attn_mask=seen_B1QS)
    o_BTKGE = o_BKQE.view(B, K, G, T, E).permute(0, 3, 1, 2, 4)
    return o_BTKGE.reshape(B, T, H * E)
