"""The decoder: a Llama or Qwen3 transformer whose parameters have Hugging Face's names.

It reads a flat stream: documents side by side, each token attending to its own document only. All
shapes are fixed, whatever the documents are.

Shape suffixes: N tokens of the stream, D width, F width of the feed-forward layer, H query heads,
K key-value heads, E width of a head, V rows of the vocabulary.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from logos_model.config import Checkpointing, ModelConfig
from logos_model.kernels.document_attention import document_attention
from logos_model.kernels.varlen_attention import Documents, varlen_attention
from logos_model.loss import LegalTokens, cross_entropy_sum, token_measures
from logos_model.recomputation import keep_products
from logos_model.sampled_head import sampled_cross_entropy_sum


class Decoder(nn.Module):
    """A causal language model over ids.

    `state_dict` names are those of `LlamaForCausalLM` and `Qwen3ForCausalLM`.

    Parameters
    ----------
    config
        Its shape.
    z_loss
        Weight of the squared log-sum-exp of the logits in the loss.
    checkpointing
        Which activations the backward pass computes again.
    """

    def __init__(
        self, config: ModelConfig, *, z_loss: float = 0.0, checkpointing: Checkpointing = "none"
    ) -> None:
        super().__init__()
        self.config = config
        self.z_loss = z_loss
        self.model = Stack(config, checkpointing)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        if config.tie_word_embeddings:
            self.lm_head.weight = self.model.embed_tokens.weight

    def forward(  # noqa: PLR0913 (the stream, and what is wanted of it)
        self,
        ids_N: Tensor,
        *,
        begin_N: Tensor,
        end_N: Tensor,
        position_N: Tensor,
        documents: Documents | None = None,
        targets_N: Tensor | None = None,
        legal: LegalTokens | None = None,
        head_choice: int | None = None,
    ) -> Tensor:
        """Return the logits of the next token, or the loss of the targets.

        Parameters
        ----------
        ids_N
            Ids, int64 [N].
        begin_N, end_N
            Place in the stream where each token's document begins and ends (exclusive), int32 [N].
        position_N
            Position of each token in its document, int32 [N].
        documents
            The same documents for torch's `varlen_attn`, which is then taken for attention.
        targets_N
            Ids to be predicted, int64 [N], `IGNORED` at a place without a target.
        legal
            The tokens that the grammar allows at each place.
        head_choice
            Which tokens take the whole head of an extended model, as `logos_model.sampled_head`
            says; None for all.

        Returns
        -------
        Tensor
            Without targets logits [N, V]. With targets the loss summed over them, a scalar of 32
            bits at least; with `legal` instead [2, N]: the negative log-likelihood of each target,
            and the log of the probability of all legal tokens.
        """
        h_ND = self.model(
            ids_N, begin_N=begin_N, end_N=end_N, position_N=position_N, documents=documents
        )
        if targets_N is None:
            logits_NV: Tensor = self.lm_head(h_ND)
            return logits_NV
        weight_VD = self.lm_head.weight
        if legal is not None:
            return token_measures(h_ND, weight_VD, targets_N, legal)
        if head_choice is not None:
            return sampled_cross_entropy_sum(
                h_ND, weight_VD, targets_N, first_id=self.config.first_id, choice=head_choice
            )
        return cross_entropy_sum(h_ND, weight_VD, targets_N, z_loss=self.z_loss)

    def initial_weights(self, *, seed: int) -> Iterator[tuple[str, Tensor]]:
        """Yield each parameter's name and first values, drawn on the processor in a fixed order.

        Matrices are normal; the layers' output projections are scaled by the depth.
        """
        generator = torch.Generator().manual_seed(seed)
        deep = self.config.initializer_range / math.sqrt(2 * self.config.num_hidden_layers)
        for name, weight in self.named_parameters():
            if weight.ndim == 1:
                yield name, torch.ones(weight.shape)
                continue
            output = name.endswith(("o_proj.weight", "down_proj.weight"))
            spread = deep if output else self.config.initializer_range
            yield name, torch.empty(weight.shape).normal_(0.0, spread, generator=generator)

    def initialize(self, *, seed: int) -> None:
        """Give the parameters their first values; a seed means the same ones on every device."""
        weights = dict(self.named_parameters())
        with torch.no_grad():
            for name, values in self.initial_weights(seed=seed):
                weights[name].copy_(values)


class Stack(nn.Module):
    """Embedding, layers and last norm: Hugging Face's `model.`."""

    def __init__(self, config: ModelConfig, checkpointing: Checkpointing = "none") -> None:
        super().__init__()
        self.embed_tokens = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(
            Layer(config, checkpointing) for _ in range(config.num_hidden_layers)
        )
        self.norm = Norm(config.hidden_size, config.rms_norm_eps)
        self._frequencies_e = rotary_frequencies(config)

    def forward(
        self,
        ids_N: Tensor,
        *,
        begin_N: Tensor,
        end_N: Tensor,
        position_N: Tensor,
        documents: Documents | None = None,
    ) -> Tensor:
        """Return the last hidden states, [N, D]; parameters as those of `Decoder`."""
        places = Places(begin_N, end_N, *self.rotations(position_N), documents)
        if documents is not None:
            # Layers are compiled for fixed shapes, and this is the one that varies.
            torch._dynamo.maybe_mark_dynamic(documents.ends_D, 0)
        x_ND: Tensor = self.embed_tokens(ids_N)
        for layer in self.layers:
            x_ND = layer(x_ND, places)
        h_ND: Tensor = self.norm(x_ND)
        return h_ND

    def rotations(self, position_N: Tensor) -> tuple[Tensor, Tensor]:
        """Return cosine and sine of each token's angles, [N, E] of 32 bits; both halves equal."""
        if self._frequencies_e.device != position_N.device:
            self._frequencies_e = self._frequencies_e.to(position_N.device)
        angles_NE = torch.outer(position_N.float(), self._frequencies_e).repeat(1, 2)
        return angles_NE.cos(), angles_NE.sin()


class Places(NamedTuple):
    """Where each token of a stream is: its document, the rotation of its position."""

    begin_N: Tensor
    end_N: Tensor
    cos_NE: Tensor
    sin_NE: Tensor
    documents: Documents | None


class Layer(nn.Module):
    """Attention, then feed-forward, each on the normed stream and added to it."""

    def __init__(self, config: ModelConfig, checkpointing: Checkpointing = "none") -> None:
        super().__init__()
        self.checkpointing = checkpointing
        self.self_attn = Attention(config)
        self.mlp = FeedForward(config)
        self.input_layernorm = Norm(config.hidden_size, config.rms_norm_eps)
        self.post_attention_layernorm = Norm(config.hidden_size, config.rms_norm_eps)

    def forward(self, x_ND: Tensor, places: Places) -> Tensor:
        if self.checkpointing == "none" or not torch.is_grad_enabled():
            return self._forward(x_ND, places)
        if self.checkpointing == "full":
            return checkpoint(self._forward, x_ND, places, use_reentrant=False)
        # Named here and not chosen before: a compiled layer has to see which function it is.
        return checkpoint(
            self._forward, x_ND, places, use_reentrant=False, context_fn=keep_products
        )

    def _forward(self, x_ND: Tensor, places: Places) -> Tensor:
        x_ND = x_ND + self.self_attn(self.input_layernorm(x_ND), places)
        y_ND: Tensor = x_ND + self.mlp(self.post_attention_layernorm(x_ND))
        return y_ND


class Attention(nn.Module):
    """Grouped-query attention with rotary positions, and with normed heads in Qwen3."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        D, E = config.hidden_size, config.head_dim
        self.head_dim = E
        self.eps = config.rms_norm_eps
        self.q_proj = nn.Linear(D, config.num_attention_heads * E, bias=False)
        self.k_proj = nn.Linear(D, config.num_key_value_heads * E, bias=False)
        self.v_proj = nn.Linear(D, config.num_key_value_heads * E, bias=False)
        self.o_proj = nn.Linear(config.num_attention_heads * E, D, bias=False)
        normed = config.architecture == "qwen3"
        self.q_norm = Norm(E, config.rms_norm_eps) if normed else None
        self.k_norm = Norm(E, config.rms_norm_eps) if normed else None

    def forward(self, x_ND: Tensor, places: Places) -> Tensor:
        heads = (len(x_ND), -1, self.head_dim)
        begin_N, end_N, cos_NE, sin_NE, documents = places
        attend = (
            partial(document_attention, begin_N=begin_N, end_N=end_N)
            if documents is None
            else partial(varlen_attention, documents=documents)
        )
        o_NHE = attend(
            self.q_proj(x_ND).view(heads),
            self.k_proj(x_ND).view(heads),
            self.v_proj(x_ND).view(heads),
            cos_NE=cos_NE,
            sin_NE=sin_NE,
            q_norm_E=None if self.q_norm is None else self.q_norm.weight,
            k_norm_E=None if self.k_norm is None else self.k_norm.weight,
            eps=self.eps,
        )
        y_ND: Tensor = self.o_proj(o_NHE.flatten(1))
        return y_ND


class FeedForward(nn.Module):
    """SwiGLU."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.up_proj = nn.Linear(config.hidden_size, config.intermediate_size, bias=False)
        self.down_proj = nn.Linear(config.intermediate_size, config.hidden_size, bias=False)

    def forward(self, x_ND: Tensor) -> Tensor:
        h_NF = F.silu(self.gate_proj(x_ND)) * self.up_proj(x_ND)
        y_ND: Tensor = self.down_proj(h_NF)
        return y_ND


class Norm(nn.Module):
    """Root-mean-square norm over the last axis."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x_ND: Tensor) -> Tensor:
        return F.rms_norm(x_ND, self.weight.shape, self.weight, self.eps)


def rotary_frequencies(config: ModelConfig) -> Tensor:
    """Return the angles of position 1, float32 [E / 2], scaled as Llama 3 scales them."""
    E = config.head_dim
    halves = torch.arange(0, E, 2, dtype=torch.int64, device="cpu").float()
    frequencies = 1.0 / config.rope_theta ** (halves / E)
    scaling = config.rope_scaling
    if scaling is None:
        return frequencies
    # Long waves are stretched by `factor`, short ones kept, those between interpolated.
    turns = scaling.original_max_position_embeddings * frequencies / (2 * math.pi)
    low, high = scaling.low_freq_factor, scaling.high_freq_factor
    kept = ((turns - low) / (high - low)).clamp(0.0, 1.0)
    return (1.0 - kept) * frequencies / scaling.factor + kept * frequencies
