"""Costs: floating-point operations of a token, memory of a rank, and what a GPU can do.

Counted, not measured. Nominal operations take a row of one document for granted, as it is usual;
real ones take what each token attended to. With short documents the nominal count is far too high.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch

from logos_model.config import Config, ModelConfig

_PEAK_FLOPS = {
    "B200": 2.25e15,
    "H200": 989e12,
    "H100 PCIe": 756e12,
    "H100": 989e12,
    "GH200": 989e12,
    "A100": 312e12,
    "L40S": 362e12,
    "4090": 165e12,
}
"""Dense bfloat16 operations a second by a part of the GPU's name, as the vendor states them."""

_LAYER_VECTORS = 8
"""Vectors of the stream's width that a layer keeps for the backward pass, beside its heads."""


@dataclass(frozen=True, kw_only=True)
class Flops:
    """Operations of one token, forward and backward.

    Attributes
    ----------
    matrices
        Of the products with weights: six a weight, embedding rows left out.
    per_context
        Of attention, for each token that is attended to.
    """

    matrices: int
    per_context: int

    def of(self, tokens: int, context: float) -> float:
        """Return the operations of tokens that attend to `context` tokens in all."""
        return self.matrices * tokens + self.per_context * context


def parameters(shape: ModelConfig) -> dict[str, int]:
    """Return the parameters of a model by their kind."""
    D, E = shape.hidden_size, shape.head_dim
    heads = 2 * (shape.num_attention_heads + shape.num_key_value_heads) * E * D
    norms = 2 * D + (2 * E if shape.architecture == "qwen3" else 0)
    rows = shape.vocab_size * D
    return {
        "embedding": rows,
        "layers": shape.num_hidden_layers * (heads + 3 * D * shape.intermediate_size + norms),
        "norm": D,
        "head": 0 if shape.tie_word_embeddings else rows,
    }


def flops(shape: ModelConfig) -> Flops:
    """Return the operations of one token."""
    D, E = shape.hidden_size, shape.head_dim
    heads = 2 * (shape.num_attention_heads + shape.num_key_value_heads) * E * D
    layers = shape.num_hidden_layers * (heads + 3 * D * shape.intermediate_size)
    weights = layers + shape.vocab_size * D
    heads = shape.num_hidden_layers * shape.num_attention_heads * E
    return Flops(matrices=6 * weights, per_context=12 * heads)


def peak_flops(device: torch.device) -> float | None:
    """Return the bfloat16 operations a second of a GPU; None where they are not known."""
    if device.type != "cuda":
        return None
    name = torch.cuda.get_device_name(device)
    return next((peak for part, peak in _PEAK_FLOPS.items() if part in name), None)


def memory(config: Config, ranks: int) -> dict[str, int]:
    """Return the bytes of one of `ranks` GPUs by what they hold, an estimate.

    What torch itself takes, and what lies between its blocks, comes on top: 1 to 3 GB.
    """
    shape, training = config.model, config.training
    D, F, L = shape.hidden_size, shape.intermediate_size, shape.num_hidden_layers
    counts = parameters(shape)
    total = sum(counts.values())
    product = 4 if config.system.precision == "float32" else 2
    tokens = training.rows_of_a_pass(ranks) * training.context
    heads = (2 * shape.num_attention_heads + 2 * shape.num_key_value_heads) * shape.head_dim
    of_layer = {
        "none": _LAYER_VECTORS * D + heads + 3 * F,
        # The input, attention's output, and four of the seven matrix products.
        "selective": 2 * D + heads // 2 + 2 * F,
        "full": D,
    }[config.system.activation_checkpointing]
    whole_layer = counts["layers"] // L
    moments = 2 if config.optimizer.method == "adamw" else 1
    return {
        "parameters": 4 * total // ranks,
        "gradients": 4 * total // ranks,
        "optimizer": 4 * moments * total // ranks,
        # Two layers at a time are whole, and the root always is; their gradients are, too.
        "gathered": (product + 4) * (2 * whole_layer + counts["embedding"] + counts["head"]),
        "activations": product * tokens * (L * of_layer + 4 * D),
        "logits": 3 * product * min(tokens * shape.vocab_size, 2**28),
    }
