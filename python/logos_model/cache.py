"""The decoder with a cache of keys and values: sequences of equal length, token by token.

Shape suffixes: B sequences, T new tokens, S tokens attended to (cached and new), D width, H query
heads, K key-value heads, E width of a head, V rows of the vocabulary.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import torch
import torch.nn.functional as F
from torch import Tensor

from logos_model.config import ModelConfig
from logos_model.decoder import Attention, Decoder, Layer, Norm
from logos_model.kernels.document_attention import prepared


class KeyValueCache:
    """Keys and values of every layer for `rows` sequences of equal length, up to `limit` tokens."""

    def __init__(
        self,
        config: ModelConfig,
        *,
        rows: int,
        limit: int,
        device: torch.device,
        dtype: torch.dtype,
    ) -> None:
        shape = (rows, config.num_key_value_heads, limit, config.head_dim)
        layers = range(config.num_hidden_layers)
        self.length = 0
        self._keys_BKSE = [torch.empty(shape, device=device, dtype=dtype) for _ in layers]
        self._values_BKSE = [torch.empty(shape, device=device, dtype=dtype) for _ in layers]

    def extend(self, layer: int, k_BKTE: Tensor, v_BKTE: Tensor) -> tuple[Tensor, Tensor]:
        """Add one layer's new keys and values; return all of that layer's, [B, K, S, E] each."""
        end = self.length + k_BKTE.shape[2]
        self._keys_BKSE[layer][:, :, self.length : end] = k_BKTE
        self._values_BKSE[layer][:, :, self.length : end] = v_BKTE
        return self._keys_BKSE[layer][:, :, :end], self._values_BKSE[layer][:, :, :end]

    def keep(self, rows: Tensor) -> None:
        """Keep these rows (int64 [rows]) and forget the others."""
        self._keys_BKSE = [k_BKSE[rows] for k_BKSE in self._keys_BKSE]
        self._values_BKSE = [v_BKSE[rows] for v_BKSE in self._values_BKSE]


def next_logits(model: Decoder, ids_BT: Tensor, cache: KeyValueCache) -> Tensor:
    """Return the logits after each of the new tokens, [B, T, V], and add them to the cache."""
    begin, T = cache.length, ids_BT.shape[1]
    position_T = torch.arange(begin, begin + T, device=ids_BT.device)
    rotation = model.model.rotations(position_T)
    seen_TS = torch.arange(begin + T, device=ids_BT.device) <= position_T[:, None]
    x_BTD: Tensor = model.model.embed_tokens(ids_BT)
    for place, layer in enumerate(cast(Iterable[Layer], model.model.layers)):
        a_BTD = _attended(
            layer.self_attn, layer.input_layernorm(x_BTD), rotation, seen_TS, cache, place
        )
        x_BTD = x_BTD + a_BTD
        x_BTD = x_BTD + layer.mlp(layer.post_attention_layernorm(x_BTD))
    cache.length += T
    logits_BTV: Tensor = model.lm_head(model.model.norm(x_BTD))
    return logits_BTV


def _attended(  # noqa: PLR0913, PLR0917 (what one layer takes)
    attention: Attention,
    x_BTD: Tensor,
    rotation: tuple[Tensor, Tensor],
    seen_TS: Tensor,
    cache: KeyValueCache,
    place: int,
) -> Tensor:
    B, T, _ = x_BTD.shape
    heads = (B, T, -1, attention.head_dim)

    def turned(x_BTD: Tensor, norm: Norm | None) -> Tensor:
        weight_E = None if norm is None else norm.weight
        x_NXE = x_BTD.view(B * T, -1, attention.head_dim)
        cos_NE, sin_NE = (part_TE.repeat(B, 1) for part_TE in rotation)
        x_NXE = prepared(x_NXE, weight_E, cos_NE, sin_NE, eps=attention.eps)
        return x_NXE.view(heads).transpose(1, 2)

    q_BHTE = turned(attention.q_proj(x_BTD), attention.q_norm)
    k_BKTE = turned(attention.k_proj(x_BTD), attention.k_norm)
    v_BKTE = attention.v_proj(x_BTD).view(heads).transpose(1, 2)
    k_BKSE, v_BKSE = cache.extend(place, k_BKTE, v_BKTE)
    y_BHTE = F.scaled_dot_product_attention(
        q_BHTE, k_BKSE, v_BKSE, attn_mask=seen_TS if T > 1 else None, enable_gqa=True
    )
    y_BTD: Tensor = attention.o_proj(y_BHTE.transpose(1, 2).flatten(2))
    return y_BTD
