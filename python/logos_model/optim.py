"""Optimisation: AdamW in two groups, and a learning rate that warms up and falls as a cosine."""

from __future__ import annotations

import math

import torch
from torch import nn

from logos_model.config import TrainingConfig


def adamw(model: nn.Module, config: TrainingConfig) -> torch.optim.AdamW:
    """Return decoupled AdamW over `model`, its decay on the matrices of the layers and the head.

    Norms and embeddings (and so a head tied to the embedding) are not decayed.
    """
    decayed: list[nn.Parameter] = []
    kept: list[nn.Parameter] = []
    for name, weight in model.named_parameters():
        (kept if weight.ndim < 2 or "embed_tokens" in name else decayed).append(weight)
    return torch.optim.AdamW(
        [
            {"params": decayed, "weight_decay": config.weight_decay},
            {"params": kept, "weight_decay": 0.0},
        ],
        lr=config.learning_rate,
        betas=(config.beta1, config.beta2),
    )


def learning_rate(step: int, config: TrainingConfig) -> float:
    """Return the learning rate of `step`, counted from 0."""
    if step < config.warmup_steps:
        return config.learning_rate * (step + 1) / config.warmup_steps
    falling = max(1, config.steps - config.warmup_steps)
    share = min(1.0, (step - config.warmup_steps) / falling)
    height = 0.5 * (1.0 + math.cos(math.pi * share))
    return height * config.learning_rate + (1.0 - height) * config.final_learning_rate


def set_learning_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Give every group of `optimizer` the learning rate `rate`."""
    for group in optimizer.param_groups:
        group["lr"] = rate
