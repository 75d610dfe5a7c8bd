"""The decoder: a Llama-like transformer whose parameters have Hugging Face's names.

Shape suffixes:
B batch rows, T tokens of a row, S tokens attended to (cached and new), D width, F width of the
feed-forward layer, H query heads, K key-value heads, E width of a head, V vocabulary, P positions.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from logos_model.config import ModelConfig


class Decoder(nn.Module):
    """A causal language model over ids; `state_dict` names are those of `LlamaForCausalLM`."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.model = Stack(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        if config.tie_word_embeddings:
            self.lm_head.weight = self.model.embed_tokens.weight

    def initialize(self, *, seed: int) -> None:
        """Draw the weights: normal, with the layers' output projections scaled by their depth."""
        generator = torch.Generator().manual_seed(seed)
        deep = self.config.initializer_range / math.sqrt(2 * self.config.num_hidden_layers)
        with torch.no_grad():
            for name, weight in self.named_parameters():
                if weight.ndim == 1:
                    weight.fill_(1.0)
                    continue
                output = name.endswith(("o_proj.weight", "down_proj.weight"))
                spread = deep if output else self.config.initializer_range
                # Drawn on the processor, so that a seed means the same weights on every device.
                weight.copy_(torch.empty(weight.shape).normal_(0.0, spread, generator=generator))

    def forward(
        self,
        ids_BT: Tensor,
        *,
        documents_BT: Tensor | None = None,
        positions_BT: Tensor | None = None,
        cache: KeyValueCache | None = None,
    ) -> Tensor:
        """Return the logits of the next token at every place.

        Parameters
        ----------
        ids_BT
            Ids, int64 [B, T].
        documents_BT
            The document that each place belongs to, [B, T]: a place attends to the places of its
            own document only. Without it a row is one document.
        positions_BT
            Place of each token in its document, int64 [B, T]; counted along the row without it.
        cache
            Keys and values of the tokens before, which this call adds to.

        Returns
        -------
        Tensor
            Logits [B, T, V].
        """
        h_BTD = self.model(
            ids_BT, documents_BT=documents_BT, positions_BT=positions_BT, cache=cache
        )
        logits_BTV: Tensor = self.lm_head(h_BTD)
        return logits_BTV


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


class Stack(nn.Module):
    """Embedding, layers and last norm: Hugging Face's `model.`."""

    cos_PE: Tensor
    sin_PE: Tensor

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(
            Layer(config, place) for place in range(config.num_hidden_layers)
        )
        self.norm = Norm(config)
        cos_PE, sin_PE = _rotations(config)
        self.register_buffer("cos_PE", cos_PE, persistent=False)
        self.register_buffer("sin_PE", sin_PE, persistent=False)

    def forward(
        self,
        ids_BT: Tensor,
        *,
        documents_BT: Tensor | None = None,
        positions_BT: Tensor | None = None,
        cache: KeyValueCache | None = None,
    ) -> Tensor:
        """Return the last hidden states, [B, T, D]; parameters as those of `Decoder`."""
        begin = 0 if cache is None else cache.length
        end = begin + ids_BT.shape[1]
        if positions_BT is None:
            positions_BT = torch.arange(begin, end, device=ids_BT.device)[None]
        mask_BHTS = _mask(documents_BT, begin=begin, end=end, device=ids_BT.device)
        # One head axis, over which the rotation of a place is the same.
        cos_BHTE, sin_BHTE = self.cos_PE[positions_BT][:, None], self.sin_PE[positions_BT][:, None]
        x_BTD: Tensor = self.embed_tokens(ids_BT)
        for layer in self.layers:
            x_BTD = layer(x_BTD, cos_BHTE=cos_BHTE, sin_BHTE=sin_BHTE, mask=mask_BHTS, cache=cache)
        if cache is not None:
            cache.length = end
        h_BTD: Tensor = self.norm(x_BTD)
        return h_BTD


class Layer(nn.Module):
    """Attention, then feed-forward, each on the normed stream and added to it."""

    def __init__(self, config: ModelConfig, place: int) -> None:
        super().__init__()
        self.self_attn = Attention(config, place)
        self.mlp = FeedForward(config)
        self.input_layernorm = Norm(config)
        self.post_attention_layernorm = Norm(config)

    def forward(
        self,
        x_BTD: Tensor,
        *,
        cos_BHTE: Tensor,
        sin_BHTE: Tensor,
        mask: Tensor | None,
        cache: KeyValueCache | None,
    ) -> Tensor:
        x_BTD = x_BTD + self.self_attn(
            self.input_layernorm(x_BTD),
            cos_BHTE=cos_BHTE,
            sin_BHTE=sin_BHTE,
            mask=mask,
            cache=cache,
        )
        y_BTD: Tensor = x_BTD + self.mlp(self.post_attention_layernorm(x_BTD))
        return y_BTD


class Attention(nn.Module):
    """Grouped-query attention with rotary positions."""

    def __init__(self, config: ModelConfig, place: int) -> None:
        super().__init__()
        width, E = config.hidden_size, config.head_dim
        self.place = place
        self.head_dim = E
        self.q_proj = nn.Linear(width, config.num_attention_heads * E, bias=False)
        self.k_proj = nn.Linear(width, config.num_key_value_heads * E, bias=False)
        self.v_proj = nn.Linear(width, config.num_key_value_heads * E, bias=False)
        self.o_proj = nn.Linear(config.num_attention_heads * E, width, bias=False)

    def forward(
        self,
        x_BTD: Tensor,
        *,
        cos_BHTE: Tensor,
        sin_BHTE: Tensor,
        mask: Tensor | None,
        cache: KeyValueCache | None,
    ) -> Tensor:
        heads = (*x_BTD.shape[:2], -1, self.head_dim)
        q_BHTE = _rotated(self.q_proj(x_BTD).view(heads).transpose(1, 2), cos_BHTE, sin_BHTE)
        k_BKSE = _rotated(self.k_proj(x_BTD).view(heads).transpose(1, 2), cos_BHTE, sin_BHTE)
        v_BKSE = self.v_proj(x_BTD).view(heads).transpose(1, 2)
        if cache is not None:
            k_BKSE, v_BKSE = cache.extend(self.place, k_BKSE, v_BKSE)
        if mask is not None and q_BHTE.is_cuda:
            # A GPU's fast kernels take a mask or groups of heads, not both.
            groups = q_BHTE.shape[1] // k_BKSE.shape[1]
            k_BKSE, v_BKSE = (x.repeat_interleave(groups, dim=1) for x in (k_BKSE, v_BKSE))
        causal = mask is None and q_BHTE.shape[2] > 1
        y_BHTE = F.scaled_dot_product_attention(
            q_BHTE,
            k_BKSE,
            v_BKSE,
            attn_mask=mask,
            is_causal=causal,
            enable_gqa=k_BKSE.shape[1] != q_BHTE.shape[1],
        )
        y_BTD: Tensor = self.o_proj(y_BHTE.transpose(1, 2).flatten(2))
        return y_BTD


class FeedForward(nn.Module):
    """SwiGLU."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

    def forward(self, x_BTD: Tensor) -> Tensor:
        h_BTF = F.silu(self.gate_proj(x_BTD)) * self.up_proj(x_BTD)
        y_BTD: Tensor = self.down_proj(h_BTF)
        return y_BTD


class Norm(nn.Module):
    """Root-mean-square norm, its mean taken in 32 bits."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(config.hidden_size))
        self.eps = config.rms_norm_eps

    def forward(self, x_BTD: Tensor) -> Tensor:
        wide_BTD = x_BTD.float()
        wide_BTD = wide_BTD * torch.rsqrt(wide_BTD.square().mean(-1, keepdim=True) + self.eps)
        return self.weight * wide_BTD.to(x_BTD.dtype)


def _rotations(config: ModelConfig) -> tuple[Tensor, Tensor]:
    """Cosines and sines of every position, [P, E] each; the two halves of a head turn together."""
    E = config.head_dim
    speeds = 1.0 / config.rope_theta ** (torch.arange(0, E, 2, dtype=torch.float32) / E)
    places = torch.arange(config.max_position_embeddings, dtype=torch.float32)
    angles_PE = torch.outer(places, speeds).repeat(1, 2)
    return angles_PE.cos(), angles_PE.sin()


def _rotated(x_BHTE: Tensor, cos_BHTE: Tensor, sin_BHTE: Tensor) -> Tensor:
    left, right = x_BHTE.chunk(2, dim=-1)
    turned_BHTE = x_BHTE * cos_BHTE + torch.cat((-right, left), dim=-1) * sin_BHTE
    return turned_BHTE.to(x_BHTE.dtype)


def _mask(
    documents_BT: Tensor | None, *, begin: int, end: int, device: torch.device
) -> Tensor | None:
    """Which places may be attended to, bool [B, 1, T, S], or None where plain causal says it."""
    if documents_BT is not None:
        if begin:
            raise ValueError("expected either a cache or packed documents, got both")
        causal_TS = torch.ones(end, end, dtype=torch.bool, device=device).tril()
        same_BHTS = documents_BT[:, None, :, None] == documents_BT[:, None, None, :]
        return same_BHTS & causal_TS
    if begin == 0 or end - begin == 1:
        return None
    places_S = torch.arange(end, device=device)
    return (places_S <= places_S[begin:, None])[None, None]
